/**
 * Values as text. A Float has six significant digits, as C's `%g` gives them, a Double as many as it needs, up to 16; but
 * toStr() gives a Double no more than a Float. (brs-engine's notes of what devices print.)
 */
import type { Protocol } from "./component.js";
import { isNumeric, type Numeric, plain } from "./numbers.js";
import { Boxed, type BrsFunction, Double, Float, typeName, type Value } from "./values.js";

/** A number as C's printf shows it with `%.<digits>g`. */
export function general(value: number, digits: number): string {
  if (Number.isNaN(value)) return "nan";
  if (Object.is(value, -0)) return "-0"; // as C and devices have it
  if (!Number.isFinite(value)) return value < 0 ? "-inf" : "inf";
  const [mantissa, power] = value.toExponential(digits - 1).split("e") as [string, string];
  const exponent = Number(power);
  if (exponent >= -4 && exponent < digits) return withoutZeros(value.toFixed(digits - 1 - exponent));
  const size = String(Math.abs(exponent)).padStart(2, "0");
  return `${withoutZeros(mantissa)}e${exponent < 0 ? "-" : "+"}${size}`;
}

const withoutZeros = (text: string): string => (text.includes(".") ? text.replace(/\.?0+$/, "") : text);

/** A number as toStr() gives it. */
export const formatNumber = (value: Numeric): string =>
  typeof value === "object" ? general(plain(value), 6) : String(value);

/** A function as toStr() gives it. */
export const formatFunction = ({ signature, name }: BrsFunction): string =>
  `Function: ${(signature?.name ?? name).toLowerCase()}`;

/** A value as print shows it, without the space that print puts before a number. */
export function format(value: Value): string {
  switch (typeof value) {
    case "string":
      return value;
    case "undefined":
      return "<UNINITIALIZED>";
    case "function":
      return `<${formatFunction(value as BrsFunction)}>`;
    case "object":
      if (value === null) return "invalid";
      if (value instanceof Double) return general(value.value, 16);
      if (value instanceof Float) return formatNumber(value);
      return value instanceof Boxed && value.value !== null
        ? format(value.value)
        : formatObject(value as Protocol);
    default:
      return String(value);
  }
}

const component = (object: Protocol): string => object.$$text?.() ?? `<Component: ${typeName(object)}>`;

/** An object's members on lines of their own; the members of these are not shown. */
function formatObject(object: Protocol): string {
  const members = object.$$members?.();
  if (members === undefined) return component(object);
  const [open, close] = members.brackets;
  const lines = [`${component(object)} =`, open];
  for (const [name, value] of members.entries) {
    lines.push(`    ${name === "" ? "" : `${name}: `}${formatMember(value ?? null)}`);
  }
  lines.push(close);
  return lines.join("\n");
}

function formatMember(value: Value): string {
  const given = value instanceof Boxed ? ((value.value as Value) ?? value) : value;
  if (typeof given === "string") return `"${given}"`;
  return typeof given !== "object" || given === null || isNumeric(given)
    ? format(given)
    : component(given as Protocol);
}
