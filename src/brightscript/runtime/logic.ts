/** `and`, `or`, `not`, `<<`, `>>`, and what a condition takes. */
import { toBoolean } from "./convert.js";
import { brsError, mismatch } from "./errors.js";
import { integerFrom, isNumeric, type Numeric, plain, wrapLong } from "./numbers.js";
import { unboxed, type Value } from "./values.js";

/** The value of a condition: a Boolean, or a number, which holds unless it is 0. */
export function truth(value: Value): boolean {
  return typeof value === "boolean" ? value : toBoolean(value);
}

/** A number's bits: an Integer's, to which Float and Double are cut, or a LongInteger's. */
const bits = (value: Numeric): number | bigint =>
  typeof value === "object" ? integerFrom(value.value) : value;

/**
 * `left and right`: of Booleans, or bit by bit; of a Boolean and a number a Boolean. A compiled program asks only when the left
 * side does not decide.
 */
export function and(left: Value, right: Value): Value {
  if (typeof left === "boolean" && typeof right === "boolean") return left && right;
  return typeof left === "number" && typeof right === "number" ? left & right : combine("and", left, right);
}

/** `left or right`, as and(). */
export function or(left: Value, right: Value): Value {
  if (typeof left === "boolean" && typeof right === "boolean") return left || right;
  return typeof left === "number" && typeof right === "number" ? left | right : combine("or", left, right);
}

function combine(symbol: "and" | "or", left: Value, right: Value): Value {
  const x = unboxed(left);
  const y = unboxed(right);
  const logical = typeof x === "boolean" || typeof y === "boolean";
  const fit = (value: Value): boolean => typeof value === "boolean" || isNumeric(value);
  if (!fit(x) || !fit(y)) throw mismatch(symbol, left, right);
  if (logical) return symbol === "and" ? truth(x) && truth(y) : truth(x) || truth(y);
  const a = bits(x as Numeric);
  const b = bits(y as Numeric);
  if (typeof a === "number" && typeof b === "number") return symbol === "and" ? a & b : a | b;
  return symbol === "and" ? BigInt(a) & BigInt(b) : BigInt(a) | BigInt(b);
}

/** `not value` */
export function not(value: Value): Value {
  return typeof value === "boolean" ? !value : notSlow(value);
}

function notSlow(value: Value): Value {
  const given = unboxed(value);
  if (typeof given === "boolean") return !given;
  if (isNumeric(given)) return ~bits(given);
  throw mismatch("not", value);
}

/** `left << right`, by 0 to 32 bits; with a LongInteger on either side as LongIntegers, by up to 64. */
export function shl(left: Value, right: Value): Value {
  return typeof left === "number" && typeof right === "number" && right >>> 0 < 32
    ? left << right
    : shlSlow(left, right);
}

function shlSlow(left: Value, right: Value): Value {
  const [value, count] = shift("<<", left, right);
  if (typeof value === "bigint") return wrapLong(value << BigInt(count));
  return count === 32 ? 0 : value << count;
}

/** `left >> right`, as shl(): zeros come in at the left. */
export function shr(left: Value, right: Value): Value {
  return typeof left === "number" && typeof right === "number" && right >>> 0 < 32
    ? (left >>> right) | 0
    : shrSlow(left, right);
}

function shrSlow(left: Value, right: Value): Value {
  const [value, count] = shift(">>", left, right);
  if (typeof value === "bigint") return wrapLong(BigInt.asUintN(64, value) >> BigInt(count));
  return count === 32 ? 0 : (value >>> count) | 0;
}

function shift(symbol: string, left: Value, right: Value): [value: number | bigint, count: number] {
  const a = unboxed(left);
  const b = unboxed(right);
  if (!isNumeric(a) || !isNumeric(b)) throw mismatch(symbol, left, right);
  const value = typeof b === "bigint" ? BigInt(bits(a)) : bits(a);
  const count = integerFrom(plain(b));
  if (count < 0 || count > (typeof value === "bigint" ? 64 : 32)) throw brsError("badShift");
  return [value, count];
}
