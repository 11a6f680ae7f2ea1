/** What the language does with objects: `.name`, `[key]`, `@name`, calls and `for each`. */
import { box } from "../library/boxed.js";
import { interfaceOf } from "../library/interface.js";
import { warn } from "../library/warn.js";
import { type Enumeration, enumeration, type Protocol } from "./component.js";
import { type BrsError, brsError } from "./errors.js";
import { type BrsFunction, Double, Float, unboxed, type Value } from "./values.js";

type Component = Protocol & { readonly [name: `$${string}`]: unknown };

/** The value as a component; undefined when it is none. */
function component(value: Value): Component | undefined {
  if (typeof value !== "object" || value === null || value instanceof Float || value instanceof Double) {
    return undefined;
  }
  return value as Component;
}

/** The error for a dot after something that is no component. */
const noObject = (value: Value): BrsError => brsError(value === undefined ? "uninitialized" : "dotOnNothing");

/** `value.name`, the name in lower case. Of a component without fields it is an interface, as in `list.ifList.AddTail(1)`. */
export function field(value: Value, name: string): Value {
  const object = component(value);
  if (object?.$$field !== undefined) return object.$$field(name);
  if (value === undefined || value === null) throw noObject(value);
  const found = interfaceOf(object ?? box(value), name);
  if (found !== null) return found;
  throw brsError(object === undefined ? "syntax" : "noMember"); // The reference shows it, under "The error number".
}

/** `value.Name = assigned`, the name as the program spells it. */
export function setField(value: Value, name: string, assigned: Value): void {
  const object = component(value);
  if (object?.$$setField === undefined) throw brsError(object === undefined ? "badLeftSide" : "noMember");
  object.$$setField(name, assigned);
}

/** `value[key]` */
export function index(value: Value, key: Value): Value {
  const object = value as Component | null | undefined; // What is no component has no $$index either.
  if (object?.$$index === undefined) throw brsError("notArray");
  return object.$$index(key);
}

/** `value[key] = assigned` */
export function setIndex(value: Value, key: Value, assigned: Value): void {
  const object = value as Component | null | undefined;
  if (object?.$$setIndex === undefined) throw brsError("notArray");
  object.$$setIndex(key, assigned);
}

/** `value@name`, the name as the program spells it. */
export function attribute(value: Value, name: string): Value {
  const object = component(value);
  if (object?.$$attribute === undefined) throw object === undefined ? noObject(value) : brsError("noMember");
  return object.$$attribute(name);
}

/**
 * What to call for `value.name(…)`, with the value as `this`, when the value has no method `$name`: the function that an
 * roAssociativeArray holds there, or a method of the component that stands for an intrinsic value. The name is in lower case.
 */
export function missing(value: Value, name: string): BrsFunction {
  const found = member(value, name);
  if (isInvalid(found)) throw brsError("noMember");
  return fn(found);
}

/** The same for `value.name?(…)`: invalid, when an roAssociativeArray has nothing there. */
export function member(value: Value, name: string): Value {
  const object = component(value);
  if (object !== undefined) {
    if (object.$$member === undefined) throw brsError("noMember");
    return object.$$member(name) ?? null;
  }
  if (value === undefined) throw noObject(value);
  let method = intrinsicMethods.get(name);
  if (method === undefined) {
    method = intrinsicMethod(name);
    intrinsicMethods.set(name, method);
  }
  return method;
}

/** What `value[key](…)` gives the function as its `m`: the value, if it has members; else the global one. */
export const holder = (value: Value): object | undefined =>
  component(value)?.$$member === undefined ? undefined : (value as object);

const intrinsicMethods = new Map<string, BrsFunction>();

/** A function that calls the method of this name on the component for whatever intrinsic value `this` is. */
function intrinsicMethod(name: string): BrsFunction {
  const key = `$${name}` as const;
  return function (this: Value, ...values) {
    const boxed = box(this) as Component;
    const method = boxed[key];
    if (typeof method !== "function") throw this === null ? noObject(this) : brsError("noMember");
    return method.apply(boxed, values);
  };
}

/** For `?.` and its kin: whether a value is invalid, boxed or not. */
export function isInvalid(value: Value): boolean {
  if (value === undefined) throw brsError("uninitialized");
  return unboxed(value) === null;
}

/** A value that is called. */
export function fn(value: Value): BrsFunction {
  if (typeof value === "function") return value as BrsFunction;
  const given = unboxed(value);
  if (typeof given === "function") return given as BrsFunction;
  throw brsError("notFunction");
}

/** What `for each` goes through: nothing, and a warning, when the value cannot be enumerated. */
export function each(value: Value): Enumeration {
  const items = component(value)?.$$each?.();
  if (items !== undefined) return items;
  warn(`Runtime: FOR EACH value is ${unboxed(value) === null ? "Invalid" : "not an enumerable object"}`);
  return enumeration([].values());
}
