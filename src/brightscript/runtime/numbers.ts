/** What the four types of numbers have in common. */
import { Double, Float, type Value } from "./values.js";

export type Numeric = number | bigint | Float | Double;

export const isNumeric = (value: Value): value is Numeric =>
  typeof value === "number" || typeof value === "bigint" || value instanceof Float || value instanceof Double;

/** Any number as JavaScript's. A LongInteger past 2^53 loses digits. */
export function plain(value: Numeric): number {
  if (typeof value === "number") return value;
  return typeof value === "bigint" ? Number(value) : value.value;
}

/** The number without its fraction, held within 32 bits; 0 for what is no number. */
export const integerFrom = (number: number): number =>
  Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, number)) | 0;

const largestLong = 2n ** 63n - 1n;

/** The number without its fraction, held within 64 bits; 0 for what is no number. */
export function longFrom(number: number): bigint {
  if (Number.isNaN(number)) return 0n;
  if (number >= 2 ** 63) return largestLong;
  return number <= -(2 ** 63) ? -largestLong - 1n : BigInt(Math.trunc(number));
}

export const wrapLong = (value: bigint): bigint => BigInt.asIntN(64, value);
