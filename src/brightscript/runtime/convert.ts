/**
 * Conversions of arguments, typed variables and returned values: what `as Type` and the type designators do.
 *
 * Numbers become numbers of any type, and Booleans; a LongInteger gives an Integer its low 32 bits, a Float or Double loses its
 * fraction. The reference says that it is rounded down, but devices cut it off, of negative numbers too (brs does so, and
 * wasm2brs, which passes WebAssembly's tests on devices, relies on it). A boxed value is taken out of its component
 * where the intrinsic type is wanted, and an intrinsic one boxed where an Object is. Nothing else is converted: a number never
 * becomes a String by itself.
 */
import { cannotCast } from "./errors.js";
import { integerFrom, isNumeric, longFrom, plain } from "./numbers.js";
import { type BrsFunction, Double, Float, unboxed, type Value } from "./values.js";

/** Integer */
export function toInteger(value: Value): number {
  return typeof value === "number" ? value : toIntegerSlow(value);
}

function toIntegerSlow(value: Value): number {
  const given = unboxed(value);
  if (typeof given === "bigint") return Number(BigInt.asIntN(32, given));
  if (isNumeric(given)) return typeof given === "number" ? given : integerFrom(given.value);
  throw cannotCast(value, "Integer");
}

/** Any number as JavaScript's. */
export function toNumber(value: Value, type = "Double"): number {
  if (typeof value === "number") return value;
  const given = unboxed(value);
  if (isNumeric(given)) return plain(given);
  throw cannotCast(value, type);
}

/** LongInteger */
export function toLong(value: Value): bigint {
  const given = unboxed(value);
  return typeof given === "bigint" ? given : longFrom(toNumber(value, "LongInteger"));
}

/** Float */
export function toFloat(value: Value): Float {
  return value instanceof Float ? value : new Float(toNumber(value, "Float"));
}

/** Double */
export function toDouble(value: Value): Double {
  return value instanceof Double ? value : new Double(toNumber(value));
}

/** String */
export function toText(value: Value): string {
  if (typeof value === "string") return value;
  const given = unboxed(value);
  if (typeof given === "string") return given;
  throw cannotCast(value, "String");
}

/** Boolean */
export function toBoolean(value: Value): boolean {
  if (typeof value === "boolean") return value;
  const given = unboxed(value);
  if (typeof given === "boolean") return given;
  if (isNumeric(given)) return plain(given) !== 0;
  throw cannotCast(value, "Boolean");
}

/** Object of the library, Interface: a component, or invalid, boxed or not. */
export function toComponent(value: Value): object | null {
  return unboxed(value) === null ? null : toObject(value);
}

/** Object of a program: a component. Everything else is boxed, invalid too. */
export function toObject(value: Value): object {
  if (typeof value === "object" && value !== null && !(value instanceof Float) && !(value instanceof Double))
    return value;
  if (value === undefined) throw cannotCast(value, "Object");
  // Not loaded before it is needed: the boxes need this module.
  return (require("../library/boxed.js") as typeof import("../library/boxed.js")).box(value);
}

/** Function */
export function toFunction(value: Value): BrsFunction {
  const given = unboxed(value);
  if (typeof given === "function") return given as BrsFunction;
  throw cannotCast(value, "Function");
}

/** How an argument of a library's method or function is converted, by the type in its signature; numbers become JavaScript's. */
export const convert: Readonly<Record<string, (value: Value) => unknown>> = {
  Integer: toInteger,
  Float: (value) => Math.fround(toNumber(value, "Float")),
  Double: toNumber,
  LongInteger: toLong,
  String: toText,
  Boolean: toBoolean,
  Object: toComponent,
  "Object|String": (value) => (typeof unboxed(value) === "string" ? unboxed(value) : toComponent(value)),
  Function: toFunction,
  Dynamic: (value) => value,
};
