/** roString. Places in it count from 0, those of the global functions from 1. */
import { join, whole } from "../../text.js";
import { expose } from "../runtime/component.js";
import { toInteger, toText } from "../runtime/convert.js";
import type { Value } from "../runtime/values.js";
import { RoArray } from "./array.js";
import * as characters from "./characters.js";
import { formatValues } from "./format-string.js";
import { Intrinsic, ifToStr } from "./intrinsic.js";
import { RoList } from "./list.js";
import { parseDecimal, parseReal } from "./numerals.js";
import * as uri from "./uri.js";
import { warn } from "./warn.js";

const entities: Readonly<Record<string, string>> = {
  '"': "&quot;",
  "'": "&apos;",
  "<": "&lt;",
  ">": "&gt;",
  "&": "&amp;",
};

export class RoString extends Intrinsic<string> {
  // ifString

  getString(): string {
    return this.value;
  }

  /** Takes the text, or its first `length` characters. */
  setString(text: string, length?: number): void {
    this.value = characters.slice(text, 0, length);
  }

  isEmpty(): boolean {
    return this.value === "";
  }

  // ifStringOps: parts

  appendString(text: string, length: number): void {
    this.value = join(this.value, characters.slice(text, 0, length));
  }

  len(): number {
    return characters.length(this.value);
  }

  left(length: number): string {
    return characters.slice(this.value, 0, length);
  }

  right(length: number): string {
    return characters.last(this.value, length);
  }

  mid(start: number, length?: number): string {
    return characters.slice(this.value, start, length);
  }

  trim(): string {
    return this.value.trim();
  }

  /** The non-empty parts between any of the delimiters. */
  tokenize(delimiters: string): RoList {
    const tokens: string[] = [];
    const separators = new Set(delimiters);
    let token = "";
    for (const character of this.value) {
      if (!separators.has(character)) token += character;
      else if (token !== "") {
        tokens.push(token);
        token = "";
      }
    }
    if (token !== "") tokens.push(token);
    return RoList.of(tokens);
  }

  /** All the parts between separators; the characters, when the separator is "". */
  split(separator: string): RoArray {
    return RoArray.of(separator === "" ? [...this.value] : characters.split(this.value, separator));
  }

  // ifStringOps: looking

  /** `instr(part)` or `instr(start, part)`; -1 when the part is not there. */
  instr(start: Value, part?: Value): number {
    return part === undefined
      ? characters.indexOf(this.value, toText(start))
      : characters.indexOf(this.value, toText(part), toInteger(start));
  }

  startsWith(part: string, position = 0): boolean {
    return this.mid(position).startsWith(part);
  }

  /** Whether the first `length` characters end with the part. */
  endsWith(part: string, length?: number): boolean {
    return characters.endsWith(this.mid(0, length), part);
  }

  // ifStringOps: other text

  replace(from: string, to: string): string {
    return from === "" ? this.value : whole(characters.split(this.value, from).join(to));
  }

  toInt(): number {
    return parseDecimal(this.value);
  }

  toFloat(): number {
    return parseReal(this.value);
  }

  format(...values: Value[]): string {
    return formatValues(this.value, values);
  }

  /** The lowest of `%1` to `%9` becomes the first text, wherever it stands, the next lowest the second, and so on. */
  arg(...texts: string[]): string {
    const places = [...new Set(this.value.match(/%[1-9]/g))].sort();
    if (places.length < texts.length) warn("roString.Arg: unused parameters");
    return whole(this.value.replace(/%[1-9]/g, (place) => texts[places.indexOf(place)] ?? place));
  }

  getEntityEncode(): string {
    return this.value.replace(/["'<>&]/g, (character) => entities[character]!);
  }

  escape(): string {
    return uri.percentEncode(this.value);
  }

  unescape(): string {
    return uri.decodeUriComponent(this.value);
  }

  encodeUri(): string {
    return uri.encodeUri(this.value);
  }

  decodeUri(): string {
    return uri.decodeUri(this.value);
  }

  encodeUriComponent(): string {
    return uri.encodeUriComponent(this.value);
  }

  decodeUriComponent(): string {
    return uri.decodeUriComponent(this.value);
  }
}

const setString = "setString(text as String[, length as Integer]) as Void";

expose(RoString, "roString", {
  ifString: ["getString() as String", setString, "isEmpty() as Boolean"],
  ifStringOps: [
    setString,
    "appendString(text as String, length as Integer) as Void",
    "len() as Integer",
    "left(length as Integer) as String",
    "right(length as Integer) as String",
    "mid(start as Integer[, length as Integer]) as String",
    "trim() as String",
    "tokenize(delimiters as String) as Object",
    "split(separator as String) as Object",
    "instr(start as Dynamic[, part as Dynamic]) as Integer",
    "startsWith(part as String[, position as Integer]) as Boolean",
    "endsWith(part as String[, length as Integer]) as Boolean",
    "replace(from as String, to as String) as String",
    "toInt() as Integer",
    "toFloat() as Float",
    "format([values as Dynamic...]) as String",
    "arg(first as String[, second as String, third as String, fourth as String, fifth as String, sixth as String]) as String",
    "getEntityEncode() as String",
    "escape() as String",
    "unescape() as String",
    "encodeUri() as String",
    "decodeUri() as String",
    "encodeUriComponent() as String",
    "decodeUriComponent() as String",
  ],
  ifToStr,
});
