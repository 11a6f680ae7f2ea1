/** The global functions for numbers. Angles are in radians. */
import { globals } from "../../runtime/component.js";
import { cannotCast } from "../../runtime/errors.js";
import { integerFrom, isNumeric } from "../../runtime/numbers.js";
import { Double, Float, unboxed, type Value } from "../../runtime/values.js";

/** Of the argument's own type, so that a large one keeps its digits. */
function absolute(value: Value): Value {
  const plain = unboxed(value);
  if (!isNumeric(plain)) throw cannotCast(value, "Float");
  if (typeof plain === "number") return Math.abs(plain) | 0;
  if (typeof plain === "bigint") return BigInt.asIntN(64, plain < 0n ? -plain : plain);
  return plain instanceof Float ? new Float(Math.abs(plain.value)) : new Double(Math.abs(plain.value));
}

/** 1 to `range`; below 1: a Float from 0 up to, not including, 1. */
function random(range: number): Value {
  if (range >= 1) return 1 + Math.floor(Math.random() * range);
  return new Float(Math.floor(Math.random() * 2 ** 24) / 2 ** 24);
}

export const mathFunctions = globals({
  "Abs(x as Dynamic) as Dynamic": absolute,
  "Atn(x as Float) as Float": Math.atan,
  "Cdbl(x as Float) as Float": (x: number) => x,
  "Cint(x as Double) as Integer": (x: number) => integerFrom(Math.floor(x + 0.5)),
  "Cos(x as Float) as Float": Math.cos,
  "Csng(x as Float) as Float": (x: number) => x,
  "Exp(x as Float) as Float": Math.exp,
  "Fix(x as Double) as Integer": integerFrom,
  "Int(x as Double) as Integer": (x: number) => integerFrom(Math.floor(x)),
  "Log(x as Float) as Float": Math.log,
  "Rnd(range as Integer) as Dynamic": random,
  "Sgn(x as Double) as Integer": (x: number) => integerFrom(Math.sign(x)),
  "Sin(x as Float) as Float": Math.sin,
  "Sqr(x as Float) as Float": Math.sqrt,
  "Tan(x as Float) as Float": Math.tan,
});
