/** What `for` loops ask of the runtime. */

import { add } from "./arithmetic.js";
import { le, lt } from "./comparison.js";
import { toDouble, toFloat, toInteger, toLong, toNumber } from "./convert.js";
import { Double, Float, unboxed, type Value } from "./values.js";

/**
 * The step as the counter takes it: the counter has its initial value's type throughout, so of an Integer's step only the whole
 * part counts.
 */
export function forStep(counter: Value, step: Value): Value {
  const value = unboxed(counter);
  if (typeof value === "number") return toInteger(step);
  if (typeof value === "bigint") return toLong(step);
  if (value instanceof Float) return toFloat(step);
  return value instanceof Double ? toDouble(step) : step;
}

/** Whether the loop is over before the next turn. With a step of 0 there are turns only when the first value is the last one. */
export function forDone(counter: Value, last: Value, step: Value): boolean {
  if (typeof counter === "number" && typeof last === "number" && typeof step === "number") {
    return step > 0 ? counter > last : step < 0 ? counter < last : counter !== last;
  }
  if (lt(0, step)) return !le(counter, last);
  return !le(last, counter) || (!lt(step, 0) && lt(last, counter));
}

/** A limit that an Integer can pass by one step, for a counter that is a JavaScript number. */
export const forLimit = (last: Value): number => Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, toNumber(last)));

/**
 * The limit for the next turn: one that ends the loop when the counter would pass the end of its type and wrap, or, as a large
 * Float, would stay where it is.
 */
export function forNext(counter: Value, last: Value, step: Value): Value {
  if (typeof counter === "number" && typeof step === "number") {
    const next = counter + step;
    if (next === (next | 0)) return last;
  } else {
    const next = add(counter, step);
    if (lt(0, step) ? lt(counter, next) : !lt(step, 0) || lt(next, counter)) return last;
  }
  return new Double(lt(step, 0) ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY);
}
