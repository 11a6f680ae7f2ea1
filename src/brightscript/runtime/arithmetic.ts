/**
 * The arithmetic operators. Each does two Integers itself, in a function small enough for V8 to inline, and leaves the rest to
 * a slower one.
 *
 * The result has the larger of the operands' types: Integer, LongInteger, Float, Double, in this order. Integers and
 * LongIntegers wrap. A zero divisor is an error whatever its type. (Reference: "Expressions, variables, and types".)
 */
import { join } from "../../text.js";
import { brsError, mismatch } from "./errors.js";
import { integerFrom, isNumeric, longFrom, type Numeric, plain, wrapLong } from "./numbers.js";
import { Double, Float, unboxed, type Value } from "./values.js";

/** What an operator does with two numbers, once both have the larger one's type; `real` for Float and Double. */
interface Operator {
  readonly symbol: string;
  readonly integer: (a: number, b: number) => Value;
  readonly long: (a: bigint, b: bigint) => Value;
  readonly real: (a: number, b: number) => number;
}

const addition: Operator = {
  symbol: "+",
  integer: (a, b) => (a + b) | 0,
  long: (a, b) => wrapLong(a + b),
  real: (a, b) => a + b,
};

const subtraction: Operator = {
  symbol: "-",
  integer: (a, b) => (a - b) | 0,
  long: (a, b) => wrapLong(a - b),
  real: (a, b) => a - b,
};

const multiplication: Operator = {
  symbol: "*",
  integer: Math.imul,
  long: (a, b) => wrapLong(a * b),
  real: (a, b) => a * b,
};

/** Never done with whole numbers. The reference is silent on LongIntegers: in a Float they would lose most of their digits. */
const division: Operator = {
  symbol: "/",
  integer: (a, b) => new Float(Math.fround(a) / Math.fround(divisor(b))), // "done as float"
  long: (a, b) => new Double(Number(a) / Number(divisor(b))),
  real: (a, b) => a / divisor(b),
};

/** The remainder of Floats and Doubles is cut to a whole number (brs-engine, whose author compares with devices). */
const remainder: Operator = {
  symbol: "mod",
  integer: (a, b) => (a % divisor(b)) | 0,
  long: (a, b) => a % divisor(b),
  real: (a, b) => Math.trunc(a % divisor(b)),
};

/** Of Integers a Float (as in brs-engine), so that 2 ^ 31 and 2 ^ -1 are what they should be. */
const power: Operator = {
  symbol: "^",
  integer: (a, b) => new Float(a ** b),
  long: (a, b) => (b < 0n ? longFrom(Number(a) ** Number(b)) : powerOf(a, b)),
  real: (a, b) => a ** b,
};

function divisor<T extends number | bigint>(value: T): T {
  if (!value) throw brsError("divisionByZero");
  return value;
}

/** By squaring, wrapped at each step: `**` would compute all the digits first, millions of them. */
function powerOf(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (let square = base, rest = exponent; rest > 0n; rest >>= 1n, square = wrapLong(square * square)) {
    if (rest & 1n) result = wrapLong(result * square);
  }
  return result;
}

function apply(operator: Operator, left: Value, right: Value): Value {
  const a = unboxed(left);
  const b = unboxed(right);
  if (!isNumeric(a) || !isNumeric(b)) throw mismatch(operator.symbol, left, right);
  if (a instanceof Double || b instanceof Double) return new Double(operator.real(plain(a), plain(b)));
  if (a instanceof Float || b instanceof Float) {
    return new Float(operator.real(Math.fround(plain(a)), Math.fround(plain(b))));
  }
  if (typeof a === "number" && typeof b === "number") return operator.integer(a, b);
  return operator.long(BigInt(a), BigInt(b));
}

/** `left + right`: numbers, or Strings, which are joined. */
export function add(left: Value, right: Value): Value {
  return typeof left === "number" && typeof right === "number" ? (left + right) | 0 : addSlow(left, right);
}

function addSlow(left: Value, right: Value): Value {
  if (typeof left === "string" && typeof right === "string") return join(left, right);
  const a = unboxed(left);
  const b = unboxed(right);
  return typeof a === "string" && typeof b === "string" ? join(a, b) : apply(addition, left, right);
}

/** `left - right` */
export function sub(left: Value, right: Value): Value {
  return typeof left === "number" && typeof right === "number"
    ? (left - right) | 0
    : apply(subtraction, left, right);
}

/** `left * right` */
export function mul(left: Value, right: Value): Value {
  return typeof left === "number" && typeof right === "number"
    ? Math.imul(left, right)
    : apply(multiplication, left, right);
}

/** `left / right`: of two Integers a Float. */
export function div(left: Value, right: Value): Value {
  return apply(division, left, right);
}

/** `left \ right`, cut towards zero: an Integer; a LongInteger when either is one. */
export function idiv(left: Value, right: Value): Value {
  return typeof left === "number" && typeof right === "number" && right !== 0
    ? (left / right) | 0
    : idivSlow(left, right);
}

function idivSlow(left: Value, right: Value): Value {
  const a = unboxed(left);
  const b = unboxed(right);
  if (!isNumeric(a) || !isNumeric(b)) throw mismatch("\\", left, right);
  if (isWhole(a) && isWhole(b)) {
    const quotient = BigInt(a) / divisor(BigInt(b));
    return typeof a === "number" && typeof b === "number" ? Number(quotient) | 0 : wrapLong(quotient);
  }
  const quotient = Math.trunc(plain(a) / divisor(plain(b)));
  return typeof a === "bigint" || typeof b === "bigint" ? longFrom(quotient) : integerFrom(quotient);
}

const isWhole = (value: Numeric): value is number | bigint =>
  typeof value === "number" || typeof value === "bigint";

/** `left mod right`: has the sign of `left`. */
export function mod(left: Value, right: Value): Value {
  return typeof left === "number" && typeof right === "number" && right !== 0
    ? (left % right) | 0
    : apply(remainder, left, right);
}

/** `left ^ right` */
export function pow(left: Value, right: Value): Value {
  return apply(power, left, right);
}

/** `-value` */
export function neg(value: Value): Value {
  return typeof value === "number" ? -value | 0 : negSlow(value);
}

function negSlow(value: Value): Value {
  const number = unboxed(value);
  if (typeof number === "number") return -number | 0;
  if (typeof number === "bigint") return wrapLong(-number);
  if (number instanceof Float) return new Float(-number.value);
  if (number instanceof Double) return new Double(-number.value);
  throw mismatch("-", value);
}
