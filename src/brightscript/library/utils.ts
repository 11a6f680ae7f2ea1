/** roUtils: copies, and what else can be asked of any object. */
import { RoByteArray } from "../../components/byte-array.js";
import { expose } from "../runtime/component.js";
import { isNumeric } from "../runtime/numbers.js";
import { Double, Float, unboxed, type Value } from "../runtime/values.js";
import { RoArray } from "./array.js";
import { RoAssociativeArray } from "./associative-array.js";
import { box } from "./boxed.js";
import { hasComponent } from "./index.js";
import { Intrinsic } from "./intrinsic.js";
import { RoList } from "./list.js";
import { Sequence } from "./sequence.js";

/** What the copy is of each array, list and associative array that was met: each is copied once, also one that holds itself. */
type Copies = Map<object, object>;

/** Undefined for what cannot be copied. */
function copy(value: Value, copies: Copies): Value {
  if (typeof value !== "object" || value === null || value instanceof Float || value instanceof Double) {
    return value;
  }
  if (copies.has(value)) return copies.get(value);
  if (value instanceof Intrinsic) return box(value.value);
  if (value instanceof RoByteArray) return value.slice();
  if (value instanceof RoAssociativeArray) return copyMembers(value, copies);
  return value instanceof Sequence ? copyItems(value, copies) : undefined;
}

function copyMembers(from: RoAssociativeArray, copies: Copies): RoAssociativeArray {
  const to = from.blank();
  copies.set(from, to);
  for (const [key, value] of from.$$members().entries) {
    const copied = copy(value, copies);
    if (copied !== undefined) to.set(key, copied);
  }
  return to;
}

function copyItems(from: Sequence, copies: Copies): Sequence {
  const to = from instanceof RoList ? new RoList() : new RoArray();
  to.fromLibrary = from.fromLibrary;
  copies.set(from, to);
  for (const value of from.items) to.items.push(copy(value, copies));
  return to;
}

export class RoUtils {
  /** A copy of collections and of all that they hold. What cannot be copied is left out; by itself it is invalid. */
  deepCopy(value: object | null): Value {
    return copy(value, new Map()) ?? null;
  }

  isSameObject(left: object | null, right: object | null): boolean {
    return left === right;
  }

  /** Whether createObject() knows the name. */
  hasComponent(name: string): boolean {
    return hasComponent(name);
  }

  // Each is true of a value and of its component alike.

  isNumber(value: Value): boolean {
    return isNumeric(unboxed(value));
  }

  /** Whether it is an Integer or a LongInteger. */
  isInteger(value: Value): boolean {
    const given = unboxed(value);
    return typeof given === "number" || typeof given === "bigint";
  }

  /** Whether it is a Float or a Double. */
  isFloatingPoint(value: Value): boolean {
    const given = unboxed(value);
    return given instanceof Float || given instanceof Double;
  }

  isString(value: Value): boolean {
    return typeof unboxed(value) === "string";
  }
}

expose(RoUtils, "roUtils", {
  ifUtils: [
    "deepCopy(value as Object) as Object",
    "isSameObject(left as Object, right as Object) as Boolean",
    "hasComponent(name as String) as Boolean",
    "isNumber(value as Dynamic) as Boolean",
    "isInteger(value as Dynamic) as Boolean",
    "isFloatingPoint(value as Dynamic) as Boolean",
    "isString(value as Dynamic) as Boolean",
  ],
});
