/**
 * The comparison operators; each gives a JavaScript boolean.
 *
 * Numbers compare by value, in the more precise operand's type, Strings by their characters and with regard to case. Equality
 * also takes two Booleans, a Boolean and a number (which is true unless 0), two functions, and invalid with anything. Objects
 * have no equality but with invalid: on a device as well, `{} = {}` is a Type Mismatch.
 */
import { mismatch } from "./errors.js";
import { isNumeric, type Numeric, plain } from "./numbers.js";
import { Double, unboxed, type Value } from "./values.js";

/** `left = right` */
export function eq(left: Value, right: Value): boolean {
  return typeof left === "number" && typeof right === "number" ? left === right : same("=", left, right);
}

/** `left <> right` */
export function ne(left: Value, right: Value): boolean {
  return typeof left === "number" && typeof right === "number" ? left !== right : !same("<>", left, right);
}

function same(symbol: string, left: Value, right: Value): boolean {
  if (typeof left === "string" && typeof right === "string") return left === right;
  const a = unboxed(left);
  const b = unboxed(right);
  // An uninitialized variable is not invalid, but may be compared with it.
  if (a === null || b === null) return a === b;
  if (isNumeric(a)) {
    if (isNumeric(b)) return compare(a, b) === 0;
    if (typeof b === "boolean") return isTrue(a) === b;
  } else if (typeof a === "boolean" && isNumeric(b)) return a === isTrue(b);
  else if (typeof a === typeof b && typeof a !== "object" && a !== undefined) return a === b;
  throw mismatch(symbol, left, right);
}

const isTrue = (value: Numeric): boolean => plain(value) !== 0;

/** `left < right` */
export function lt(left: Value, right: Value): boolean {
  return typeof left === "number" && typeof right === "number" ? left < right : order("<", left, right) < 0;
}

/** `left <= right` */
export function le(left: Value, right: Value): boolean {
  return typeof left === "number" && typeof right === "number"
    ? left <= right
    : order("<=", left, right) <= 0;
}

/** `left > right` */
export function gt(left: Value, right: Value): boolean {
  return typeof left === "number" && typeof right === "number" ? left > right : order(">", left, right) > 0;
}

/** `left >= right` */
export function ge(left: Value, right: Value): boolean {
  return typeof left === "number" && typeof right === "number"
    ? left >= right
    : order(">=", left, right) >= 0;
}

function order(symbol: string, left: Value, right: Value): number {
  const a = unboxed(left);
  const b = unboxed(right);
  if (typeof a === "string" && typeof b === "string") return a < b ? -1 : a > b ? 1 : 0;
  if (isNumeric(a) && isNumeric(b)) return compare(a, b);
  throw mismatch(symbol, left, right);
}

/** Negative, zero or positive; NaN when either is no number, for which no comparison holds. */
function compare(a: Numeric, b: Numeric): number {
  if (typeof a !== "object" && typeof b !== "object") return ordered(a, b);
  if (a instanceof Double || b instanceof Double) return ordered(plain(a), plain(b));
  return ordered(Math.fround(plain(a)), Math.fround(plain(b)));
}

const ordered = (a: number | bigint, b: number | bigint): number =>
  a < b ? -1 : a > b ? 1 : a >= b ? 0 : Number.NaN;
