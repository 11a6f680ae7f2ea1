/**
 * When two values are the same, and when one looks like a pattern, as tap has it. In odd cases (0 and -0, functions) stricter than
 * tap, never laxer: what passes on a box passes here.
 */
import assert from "node:assert";
import { isDeepStrictEqual } from "node:util";

type Fields = Record<string, unknown>;

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;

/** Bytes count as an array of numbers. */
const plain = (value: unknown): unknown => (value instanceof Uint8Array ? Array.from(value) : value);

/** Equal in depth, numbers and strings as `==` has it. */
export function same(found: unknown, wanted: unknown): boolean {
  try {
    assert.deepEqual(plain(found), plain(wanted));
    return true;
  } catch {
    return false;
  }
}

/** Equal in depth, of the same types. */
export const strictSame = (found: unknown, wanted: unknown): boolean => isDeepStrictEqual(found, wanted);

/** Looks like a pattern: contains the string, fits the regular expression, is of the class, has these fields and perhaps more. */
export function matches(value: unknown, pattern: unknown): boolean {
  if (pattern instanceof RegExp) return fits(value, pattern);
  if (typeof pattern === "string" && typeof value === "string") return contains(value, pattern);
  if (typeof pattern === "function") return isOf(value, pattern);
  if (!isObject(pattern) || !isObject(value)) return alike(value, pattern);
  if (pattern instanceof Error) return value instanceof Error && isLike(value, pattern);
  if (pattern instanceof Uint8Array) return same(value, pattern);
  if (!isPlain(pattern)) return isDeepStrictEqual(value, pattern);
  if (Array.isArray(pattern) && !Array.isArray(plain(value))) return false;
  return Object.entries(pattern).every(([key, part]) => matches((value as Fields)[key], part));
}

const isPlain = (value: object): boolean =>
  Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;

function contains(value: string, part: string): boolean {
  return part === "" ? value === "" : value.includes(part);
}

function fits(value: unknown, pattern: RegExp): boolean {
  if (value instanceof RegExp) return strictSame(value, pattern);
  return value !== null && value !== undefined && pattern.test(String(value));
}

function isOf(value: unknown, pattern: object): boolean {
  if (pattern === String) return typeof value === "string";
  if (pattern === Number) return typeof value === "number";
  if (pattern === Boolean) return typeof value === "boolean";
  return isObject(value) && "prototype" in pattern && value instanceof (pattern as () => unknown);
}

/** Of which one at least is no object: an object is like itself only. */
function alike(value: unknown, other: unknown): boolean {
  if (isObject(value) || isObject(other)) return false;
  // biome-ignore lint/suspicious/noDoubleEquals: as tap compares them
  return value == other || Object.is(value, other);
}

function isLike(value: Error, pattern: Error): boolean {
  const sameMessage = pattern.message === "" || matches(value.message, pattern.message);
  return sameMessage && matches(value.name, pattern.name);
}

/** Whether what was thrown is what was wanted: undefined and a name for the assertion want anything. */
export function isWanted(error: unknown, wanted: unknown): boolean {
  if (wanted === undefined || typeof wanted === "string") return true;
  return isObject(error) && matches(error, wanted);
}
