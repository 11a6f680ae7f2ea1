/** The global functions for strings. Places count from 1, those of roString's methods from 0. */
import { whole } from "../../../text.js";
import { globals } from "../../runtime/component.js";
import { toInteger, toText } from "../../runtime/convert.js";
import { general } from "../../runtime/format.js";
import { Float, type Value } from "../../runtime/values.js";
import * as characters from "../characters.js";
import { parseAnyReal, parseRadix, parseWhole } from "../numerals.js";

/** `Instr([start,] text, part)`; 0 when the part is not there. */
function instr(first: Value, second: Value, third?: Value): number {
  const [start, text, part] = third === undefined ? [1, first, second] : [first, second, third];
  return characters.indexOf(toText(text), toText(part), toInteger(start) - 1) + 1;
}

/** With a blank in the place of a minus sign. */
const spaced = (digits: string): string => (digits.startsWith("-") ? digits : ` ${digits}`);

function strI(value: number, radix?: number): string {
  if (radix === undefined) return spaced(String(value));
  return radix >= 2 && radix <= 36 ? value.toString(radix) : "";
}

/** `{0}` or `^0` becomes the first text, `{1}` or `^1` the second, up to 3; what was put in is not looked at again. */
function substitute(text: string, ...texts: string[]): string {
  return whole(
    text.replace(/\{([0-3])\}|\^([0-3])/g, (_, braced, caret) => texts[Number(braced ?? caret)] ?? ""),
  );
}

export const stringFunctions = globals({
  "Asc(text as String) as Integer": characters.code,
  "Chr(code as Integer) as String": characters.character,
  "Instr(start as Dynamic, text as Dynamic[, part as Dynamic]) as Integer": instr,
  "LCase(text as String) as String": (text: string) => text.toLowerCase(),
  "Left(text as String, count as Integer) as String": (text: string, count: number) =>
    characters.slice(text, 0, count),
  "Len(text as String) as Integer": characters.length,
  "Mid(text as String, start as Integer[, count as Integer]) as String": (
    text: string,
    start: number,
    count?: number,
  ) => characters.slice(text, start - 1, count),
  "Right(text as String, count as Integer) as String": characters.last,
  // A digit more than print shows: Str(1.1 * 9) is " 9.900001" on a device.
  "Str(value as Float) as String": (value: number) => spaced(general(value, 7)),
  "StrI(value as Integer[, radix as Integer]) as String": strI,
  "String(count as Integer, text as String) as String": (count: number, text: string) =>
    whole(text.repeat(Math.max(0, count))),
  "StringI(count as Integer, code as Integer) as String": (count: number, code: number) =>
    characters.character(code).repeat(Math.max(0, count)),
  "StrToI(text as String) as Integer": parseWhole,
  "Substitute(text as String, first as String[, second as String, third as String, fourth as String]) as String":
    substitute,
  "UCase(text as String) as String": (text: string) => text.toUpperCase(),
  "Val(text as String[, radix as Integer]) as Dynamic": (text: string, radix?: number) =>
    radix === undefined ? new Float(parseAnyReal(text)) : parseRadix(text, radix),
});
