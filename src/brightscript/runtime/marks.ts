/**
 * Values with marks, for type(): see compile/marks.ts, which decides where these functions are used. As on a device, an Integer
 * that was in a collection is an roInteger for `type(x)`, and a String that was computed an roString for `type(x, 3)`.
 */
import { RoAssociativeArray } from "../library/associative-array.js";
import { Sequence } from "../library/sequence.js";
import { attribute, each, field, index, missing } from "./access.js";
import { toInteger, toText } from "./convert.js";
import { type BrsFunction, Double, Float, Marked, plain, typeName, type Value } from "./values.js";

/** What `type(x)` says of a value that was in a collection. */
const storedTypes: Readonly<Record<string, string>> = {
  Integer: "roInteger",
  Float: "roFloat",
  Double: "roFloat",
  String: "roString",
  Boolean: "roBoolean",
  Invalid: "roInvalid",
};

const isScalar = (value: Value): boolean =>
  typeof value !== "object" || value === null || value instanceof Float || value instanceof Double;

/** The value with the mark of having been in a collection. */
function stored(value: Value): Value {
  if (value instanceof Marked) return stored(value.value);
  const type = isScalar(value) ? typeName(value) : "";
  const marked = storedTypes[type];
  return marked === undefined ? value : new Marked(value, marked, type);
}

/** The value with the mark of having been computed, which only a String has. */
export const computed = (value: Value): Value =>
  typeof value === "string" ? new Marked(value, "String", "roString") : value;

/** Whether an object keeps something there, invalid or not. */
function keeps(object: Value, key: Value): boolean {
  if (object instanceof Sequence) return object.items[toInteger(key)] !== undefined;
  if (!(object instanceof RoAssociativeArray)) return false;
  const name = toText(key);
  return (object.get(name) ?? object.lookupAnyCase(name)) !== undefined;
}

/** What was read, marked if it is what the object keeps there. */
const read = (object: Value, key: Value, value: Value): Value =>
  isScalar(value) && keeps(object, key) ? stored(value) : value;

export const storedField = (object: Value, name: string): Value => read(object, name, field(object, name));

export const storedIndex = (object: Value, key: Value): Value => read(object, key, index(object, key));

export function storedAttribute(object: Value, name: string): Value {
  const value = attribute(object, name);
  return value === null ? value : stored(value);
}

/** As each(): the items of an array are marked, and the keys of an roAssociativeArray, which are new Strings. */
export function* eachMarked(value: Value): Iterable<Value> {
  const mark = value instanceof Sequence ? stored : computed;
  for (const item of each(value)) yield mark(item);
}

/** Calls a function, which gets the marks that it can take. A String from the library was computed. */
export function invoke(fn: BrsFunction, values: readonly Value[], self?: Value): Value {
  const marked = fn.signature?.marked;
  const result = fn.apply(
    self,
    values.map((value, i) => (marked?.[i] ? value : plain(value))),
  );
  return marked === undefined ? computed(result) : result;
}

/** Methods whose value is one that was kept: of arrays and lists, at a place or at the position, and of associative arrays. */
const takes = {
  some: new Set("gethead getindex gettail next peek pop removehead removeindex removetail shift".split(" ")),
  at: new Set(["getentry"]),
  named: new Set(["lookup", "lookupci"]),
};

/** `object.name(…)`, as invoke(). */
export function send(object: Value, name: string, values: readonly Value[]): Value {
  const method =
    (object as Record<`$${string}`, BrsFunction> | null | undefined)?.[`$${name}`] ?? missing(object, name);
  const hadSome = object instanceof Sequence && !object.isEmpty();
  const result = invoke(method, values, object);
  if (method.signature?.marked !== undefined) return result;
  const isTaken =
    object instanceof Sequence
      ? takes.some.has(name)
        ? hadSome
        : takes.at.has(name) && keeps(object, plain(values[0]))
      : object instanceof RoAssociativeArray && takes.named.has(name) && keeps(object, plain(values[0]));
  return isTaken ? stored(result) : result;
}
