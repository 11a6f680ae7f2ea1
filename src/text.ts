/**
 * Text and bytes, both ways, without loss (contract row S19; the method of Python's PEP 383).
 *
 * Bytes are UTF-8. A byte that is part of no valid UTF-8 sequence where it stands becomes the lone surrogate
 * U+DC80 + (byte - 128), and a lone surrogate from U+DC80 to U+DCFF turns back into its byte. So any bytes, cut
 * anywhere, survive decoding, joining and encoding. Zero bytes and a byte order mark are kept.
 *
 * A BrightScript program's strings hold no such bytes that are valid UTF-8 together: what puts a string together from others
 * does it with join(), or passes the result through whole(). A part of such a string is such a string too, because no valid
 * sequence begins within another.
 */
import { isUtf8 } from "node:buffer";

// Buffer's own methods work on any Uint8Array; a Buffer made around the bytes first would cost more than they do.
const { utf8Slice, utf8Write } = Buffer.prototype as unknown as {
  utf8Slice(this: Uint8Array, start: number, end: number): string;
  utf8Write(this: Uint8Array, text: string, offset: number, length: number): number;
};

/** Whether this thread has met bytes that are no UTF-8 where they stand: until then strings need no looking at. */
let undecoded = false;

/** TypeScript's ES2023 library lacks it; every supported Node has it. */
export function isWellFormed(text: string): boolean {
  return (text as string & { isWellFormed(): boolean }).isWellFormed();
}

/**
 * The text of `bytes` from `start` up to, not including, `end`. Never fails on any bytes.
 *
 * @param start - 0 to `end`
 * @param end - `start` to `bytes.length`
 * @throws Error ERR_STRING_TOO_LONG: more than the engine's longest string (about 512 MiB)
 */
export function decode(bytes: Uint8Array, start: number, end: number): string {
  const text = utf8Slice.call(bytes, start, end);
  // Only where the decoder put a replacement character can anything be invalid.
  if (!text.includes("\ufffd") || isUtf8(bytes.subarray(start, end))) return text;
  return decodeCut(bytes, start, end);
}

/** Most invalid text is valid but for a character cut at either end: then only the ends need a closer look. */
function decodeCut(bytes: Uint8Array, start: number, end: number): string {
  let from = start;
  while (from < end && from - start < 3 && (bytes[from]! & 0xc0) === 0x80) from++;
  let to = end;
  for (let at = end - 1; at >= from && at >= end - 3; at--) {
    const byte = bytes[at]!;
    if ((byte & 0xc0) === 0x80) continue;
    if (at + (byte < 0xc0 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4) > end) to = at;
    break;
  }
  if (!isUtf8(bytes.subarray(from, to))) return decodeAny(bytes, start, end);
  return decodeAny(bytes, start, from) + utf8Slice.call(bytes, from, to) + decodeAny(bytes, to, end);
}

function decodeAny(bytes: Uint8Array, start: number, end: number): string {
  const units = Buffer.allocUnsafe((end - start) * 2);
  let length = 0;
  for (let at = start; at < end; ) {
    const size = sequenceLength(bytes, at, end);
    let unit = bytes[at]!;
    if (size === 0) {
      unit += 0xdc00;
      undecoded = true;
    } else if (size > 1) {
      let code = unit & (0x7f >> size);
      for (let i = 1; i < size; i++) code = (code << 6) | (bytes[at + i]! & 0x3f);
      unit = code;
      if (size === 4) {
        const high = 0xd7c0 + (code >> 10);
        units[length++] = high & 0xff;
        units[length++] = high >> 8;
        unit = 0xdc00 | (code & 0x3ff);
      }
    }
    units[length++] = unit & 0xff;
    units[length++] = unit >> 8;
    at += size || 1;
  }
  return units.toString("utf16le", 0, length);
}

/** How many bytes the valid UTF-8 sequence at `at` has (RFC 3629, section 4), or 0 when there is none. */
function sequenceLength(bytes: Uint8Array, at: number, end: number): number {
  const lead = bytes[at]!;
  if (lead < 0x80) return 1;
  const size = lead < 0xc2 || lead > 0xf4 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  if (size === 0 || at + size > end) return 0;
  const second = bytes[at + 1]!;
  // The second byte's range shuts out overlong forms, surrogates and what lies beyond U+10FFFF.
  const least = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
  const most = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  if (second < least || second > most) return 0;
  for (let i = 2; i < size; i++) if ((bytes[at + i]! & 0xc0) !== 0x80) return 0;
  return size;
}

/** The bytes of `text`. A lone surrogate outside U+DC80 to U+DCFF stands for no byte: it becomes U+FFFD. */
export function encode(text: string): Uint8Array {
  if (isWellFormed(text)) return Buffer.from(text);
  const bytes = new Uint8Array(escapedLength(text));
  encodeEscaped(text, bytes, 0);
  return bytes;
}

/** How many bytes {@link encode} makes of `text`. */
export function encodedLength(text: string): number {
  return isWellFormed(text) ? Buffer.byteLength(text) : escapedLength(text);
}

/**
 * Writes the bytes of `text` into `target` at `offset`, whole characters only, as long as they fit.
 *
 * @param offset - 0 to `target.length`
 * @returns the number of bytes written
 */
export function encodeInto(text: string, target: Uint8Array, offset: number): number {
  if (isWellFormed(text)) return utf8Write.call(target, text, offset, target.length - offset);
  return encodeEscaped(text, target, offset);
}

function characterLength(code: number): number {
  if (code < 0x80) return 1;
  if (code < 0x800) return 2;
  if (code > 0xffff) return 4;
  return isEscape(code) ? 1 : 3;
}

function isEscape(code: number): boolean {
  return code >= 0xdc80 && code <= 0xdcff;
}

function escapedLength(text: string): number {
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.codePointAt(i)!;
    if (code > 0xffff) i++;
    length += characterLength(code);
  }
  return length;
}

function encodeEscaped(text: string, target: Uint8Array, offset: number): number {
  let at = offset;
  for (let i = 0; i < text.length; i++) {
    let code = text.codePointAt(i)!;
    const size = characterLength(code);
    if (at + size > target.length) break;
    if (size === 1) {
      target[at++] = code; // of an escape, the low eight bits are the byte
      continue;
    }
    if (size === 4) i++;
    else if (code >= 0xd800 && code <= 0xdfff) code = 0xfffd;
    const lead = size === 2 ? 0xc0 : size === 3 ? 0xe0 : 0xf0;
    target[at++] = lead | (code >> (6 * (size - 1)));
    for (let shift = 6 * (size - 2); shift >= 0; shift -= 6) target[at++] = 0x80 | ((code >> shift) & 0x3f);
  }
  return at - offset;
}

/** Runs of undecoded bytes. With `u` the second half of a character past U+FFFF is none. */
const runs = /[\udc80-\udcff]{2,}/gu;
const otherSurrogates = /[\ud800-\udc7f\udd00-\udfff]/gu;
const ending = /[\udc80-\udcff]{1,3}$/u;

function decodeRun(units: string): string {
  const bytes = Uint8Array.from({ length: units.length }, (_, i) => units.charCodeAt(i) & 0xff);
  return decode(bytes, 0, bytes.length);
}

/** The text with those characters decoded whose bytes have come together in it. */
export function whole(text: string): string {
  return undecoded && !isWellFormed(text) ? text.replace(runs, decodeRun) : text;
}

/** Text that has lone surrogates from elsewhere than decode(), such as escapes in JSON, as a program may have it. */
export function adopt(text: string): string {
  if (isWellFormed(text)) return text;
  undecoded = true;
  return text.replace(runs, decodeRun).replace(otherSurrogates, "\ufffd");
}

/** The last result of join() that was looked at; it is `lastStart + lastEnd`, the latter of undecoded bytes, three at most. */
let last = "";
let lastStart = "";
let lastEnd = "";

/**
 * whole(left + right), of two such strings.
 *
 * V8 joins strings without copying them, and copies the result when it is asked for a unit. A program that appends or prepends
 * bit by bit would take quadratic time if its growing string were asked each time. So the shorter side is asked first, and the
 * end of the last result is remembered.
 */
export function join(left: string, right: string): string {
  return undecoded ? joinLooking(left, right) : left + right;
}

function joinLooking(left: string, right: string): string {
  if (left === "" || right === "") return left + right; // What was remembered of the other one still holds.
  let start = left;
  let rest = right;
  if (meet(left, right)) {
    const end = left === last ? lastEnd : endOf(left);
    if (end !== "") {
      start = left === last ? lastStart : left.slice(0, -end.length);
      rest = whole(end + right);
    }
  }
  const joined = start + rest;
  if (rest.length > start.length) last = lastStart = lastEnd = "";
  else {
    last = joined;
    lastEnd = endOf(rest);
    lastStart = lastEnd === "" ? joined : start + rest.slice(0, -lastEnd.length);
  }
  return joined;
}

/** Whether a character may have been cut here, as far as the shorter side tells. */
function meet(left: string, right: string): boolean {
  if (right.length > left.length) return isEscape(left.charCodeAt(left.length - 1));
  const unit = right.charCodeAt(0);
  return isEscape(unit) && unit < 0xdcc0; // No byte from 0xc0 on goes on with a character.
}

/** The undecoded bytes at the end that may belong to a character: no more than three. */
function endOf(text: string): string {
  if (!isEscape(text.charCodeAt(text.length - 1))) return "";
  return ending.exec(text.slice(-4))?.[0] ?? ""; // Of four, so that the third last is seen to be half a character.
}
