/**
 * Values with marks, for type(): see compile/marks.ts, which decides where these functions are used. As on a device, an Integer
 * that was in a collection is an roInteger for `type(x)`, and a String that was computed an roString for `type(x, 3)`.
 */
import { RoAssociativeArray } from "../library/associative-array.js";
import { g } from "../library/global/index.js";
import { Sequence } from "../library/sequence.js";
import { attribute, each, field, index, missing } from "./access.js";
import type { Enumeration } from "./component.js";
import { toInteger, toText } from "./convert.js";
import { type BrsFunction, Double, Float, Marked, plain, type Value } from "./values.js";

const isScalar = (value: Value): boolean =>
  typeof value !== "object" || value === null || value instanceof Float || value instanceof Double;

const [storedTrue, storedFalse] = [true, false].map((value) => new Marked(value, "roBoolean", "Boolean"));
const storedInvalid = new Marked(null, "roInvalid", "Invalid");

/**
 * The value with the mark of having been in a collection. LongIntegers, functions and objects have none.
 * @param fromLibrary - whether the collection is the library's, whose Strings were computed
 */
function stored(value: Value, fromLibrary: boolean): Value {
  switch (typeof value) {
    case "number":
      return new Marked(value, "roInteger", "Integer");
    case "string":
      return new Marked(value, "roString", fromLibrary ? "roString" : "String");
    case "boolean":
      return value ? storedTrue : storedFalse;
    case "object":
      if (value === null) return storedInvalid;
      if (value instanceof Float) return new Marked(value, "roFloat", "Float");
      if (value instanceof Double) return new Marked(value, "roFloat", "Double");
  }
  return value;
}

/** The value with the mark of having been computed, which only a String has. */
export const computed = (value: Value): Value =>
  typeof value === "string" ? new Marked(value, "String", "roString") : value;

const isCollection = (object: Value): object is Sequence | RoAssociativeArray =>
  object instanceof Sequence || object instanceof RoAssociativeArray;

/** Whether an object keeps something there, invalid or not. */
function keeps(object: Value, key: Value): boolean {
  if (object instanceof Sequence) return object.at(toInteger(key)) !== undefined;
  if (!(object instanceof RoAssociativeArray)) return false;
  const name = toText(key);
  return (object.get(name) ?? object.lookupAnyCase(name)) !== undefined;
}

/** What was read, marked if it is what the object keeps there. */
function read(object: Value, key: Value, value: Value): Value {
  if (!isScalar(value)) return value;
  if (!isCollection(object) || (value === null && !keeps(object, key))) return value;
  return stored(value, object.fromLibrary);
}

export const storedField = (object: Value, name: string): Value => read(object, name, field(object, name));

export const storedIndex = (object: Value, key: Value): Value => read(object, key, index(object, key));

export function storedAttribute(object: Value, name: string): Value {
  const value = attribute(object, name);
  return value === null ? value : stored(value, true);
}

/** As each(): the items of an array are marked, and the keys of an roAssociativeArray, which are new Strings. */
export function eachMarked(value: Value): Enumeration {
  const mark = (item: Value): Value =>
    value instanceof Sequence ? stored(item, value.fromLibrary) : computed(item);
  const items = each(value);
  return { $$more: () => items.$$more(), $$take: () => mark(items.$$take()) };
}

/** Methods whose value is one that was kept: at one end or at the position, at an index, under a name. */
const takes: Readonly<Record<string, "some" | "index" | "name">> = {
  ...{ gethead: "some", getindex: "some", gettail: "some", next: "some", peek: "some", pop: "some" },
  ...{ removehead: "some", removeindex: "some", removetail: "some", shift: "some" },
  ...{ getentry: "index", lookup: "name", lookupci: "name" },
};

const isLibrarys = (fn: BrsFunction): boolean => fn.signature?.marked === undefined;

/** The arguments as a function takes them: with their marks, or plain. */
function taken(fn: BrsFunction, values: readonly Value[]): Value[] {
  const marked = fn === g.type ? [true] : fn.signature?.marked;
  return values.map((value, i) => (marked?.[i] ? value : plain(value)));
}

/** Calls a function, with arguments that may be marked. A String from the library was computed. */
export function invoke(fn: BrsFunction, values: readonly Value[], m?: object): Value {
  const result = fn.apply(m, taken(fn, values));
  return isLibrarys(fn) ? computed(result) : result;
}

function methodOf(object: Value, name: string): BrsFunction {
  const methods = object as Readonly<Record<string, BrsFunction | undefined>> | null | undefined;
  return methods?.[`$${name}`] ?? missing(object, name);
}

const hasSome = (object: Value): boolean => object instanceof Sequence && object.length > 0;

/** What a method gave, marked: a value of a collection was kept there, a String of others was computed. */
function given(object: Value, name: string, key: Value, hadSome: boolean, value: Value): Value {
  if (!isScalar(value)) return value;
  const way = takes[name];
  if (way === undefined || !isCollection(object)) return computed(value);
  const isKept =
    object instanceof Sequence
      ? way === "some"
        ? hadSome
        : way === "index" && keeps(object, key)
      : way === "name" && keeps(object, key);
  return isKept ? stored(value, object.fromLibrary) : computed(value);
}

/** `object.name(…)`, as invoke(). */
export const send = (object: Value, name: string, values: readonly Value[]): Value =>
  sendTo(methodOf(object, name), object, name, values);

/** The same with the method that was found. */
export function sendTo(method: BrsFunction, object: Value, name: string, values: readonly Value[]): Value {
  const hadSome = hasSome(object);
  const value = method.apply(object, taken(method, values));
  return isLibrarys(method) ? given(object, name, plain(values[0]), hadSome, value) : value;
}

/** The same with one plain argument, or none. */
export function sendPlain(object: Value, name: string, argument?: Value): Value {
  const method = methodOf(object, name);
  const hadSome = hasSome(object);
  // biome-ignore lint/complexity/noArguments: an array for the arguments would be made for every call
  const value = arguments.length === 2 ? method.call(object) : method.call(object, argument);
  return isLibrarys(method) ? given(object, name, argument, hadSome, value) : value;
}
