/**
 * Strings by characters, as BrightScript counts them: by Unicode characters, of which JavaScript keeps those past U+FFFF as two
 * units. Strings without such pass at once: for those of one byte a character V8 need not even look.
 */

const pair = /[\ud800-\udbff][\udc00-\udfff]/;

/** The string that was asked for last: programs go through one character by character. */
let known = "";
let knownHasPairs = false;

function hasPairs(text: string): boolean {
  if (text !== known) {
    known = text;
    knownHasPairs = pair.test(text);
  }
  return knownHasPairs;
}

/** The place in units of the character at `index`, which is 0 or more; the length when there is none. */
function unitAt(text: string, index: number): number {
  if (index >= text.length) return text.length;
  let unit = 0;
  for (let i = 0; i < index && unit < text.length; i++) unit += text.codePointAt(unit)! > 0xffff ? 2 : 1;
  return unit;
}

/** How many characters. */
export function length(text: string): number {
  if (!hasPairs(text)) return text.length;
  let count = text.length;
  for (let unit = 0; unit < text.length; unit++) if (text.codePointAt(unit)! > 0xffff) count--;
  return count;
}

/** At most `count` characters from `start`, which counts from 0; negative numbers are taken for 0. */
export function slice(text: string, start: number, count = Number.POSITIVE_INFINITY): string {
  const from = Math.max(0, start);
  const to = from + Math.max(0, count);
  return hasPairs(text) ? text.slice(unitAt(text, from), unitAt(text, to)) : text.slice(from, to);
}

/** The last `count` characters. */
export function last(text: string, count: number): string {
  return count <= 0 ? "" : slice(text, length(text) - count);
}

/** Where `part` first stands at or after `start`; both count from 0. -1: nowhere. */
export function indexOf(text: string, part: string, start = 0): number {
  const from = Math.max(0, start);
  if (!hasPairs(text)) return from > text.length ? -1 : text.indexOf(part, from);
  if (from > length(text)) return -1;
  const unit = find(text, part, unitAt(text, from));
  return unit < 0 ? -1 : length(text.slice(0, unit));
}

const isFirstHalf = (unit: number): boolean => (unit & 0xfc00) === 0xd800;
const isSecondHalf = (unit: number): boolean => (unit & 0xfc00) === 0xdc00;

/** As JavaScript's indexOf(), but a byte that is no UTF-8 is not found in the second half of a character past U+FFFF. */
function find(text: string, part: string, from: number): number {
  let at = text.indexOf(part, from);
  if (isSecondHalf(part.charCodeAt(0))) {
    while (at > 0 && isFirstHalf(text.charCodeAt(at - 1))) at = text.indexOf(part, at + 1);
  }
  return at;
}

/** All the parts between separators; `separator` is not "". */
export function split(text: string, separator: string): string[] {
  if (!isSecondHalf(separator.charCodeAt(0))) return text.split(separator);
  const parts: string[] = [];
  let start = 0;
  for (let at = find(text, separator, 0); at >= 0; at = find(text, separator, start)) {
    parts.push(text.slice(start, at));
    start = at + separator.length;
  }
  parts.push(text.slice(start));
  return parts;
}

export function endsWith(text: string, part: string): boolean {
  const at = text.length - part.length;
  return text.endsWith(part) && !(isSecondHalf(part.charCodeAt(0)) && isFirstHalf(text.charCodeAt(at - 1)));
}

/** The Unicode number of the first character, or the byte that is no valid UTF-8 (row S19); 0 for "". */
export function code(text: string): number {
  const value = text.codePointAt(0) ?? 0;
  return value >= 0xdc80 && value <= 0xdcff ? value - 0xdc00 : value;
}

/** The character of a Unicode number; "" for 0 and for what is none. */
export function character(code: number): string {
  const valid = Number.isInteger(code) && code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
  return valid ? String.fromCodePoint(code) : "";
}
