/** What roArray and roList have in common: values by their places. */
import { interfaces } from "../../components/interfaces.js";
import type { Protocol } from "../runtime/component.js";
import { toInteger } from "../runtime/convert.js";
import { brsError } from "../runtime/errors.js";
import { isNumeric } from "../runtime/numbers.js";
import { unboxed, type Value } from "../runtime/values.js";
import { warn } from "./warn.js";

/** The signatures of what every sequence offers. */
export const sequenceInterfaces = {
  ifArray: [
    "push(value as Dynamic) as Void",
    "pop() as Dynamic",
    "peek() as Dynamic",
    "shift() as Dynamic",
    "unshift(value as Dynamic) as Void",
    "delete(index as Integer) as Boolean",
    "count() as Integer",
    "clear() as Void",
    "append(array as Object) as Void",
  ],
  ifArrayGet: interfaces.ifArrayGet,
  ifArraySet: ["setEntry(index as Integer, value as Dynamic) as Void"],
  ifEnum: interfaces.ifEnum,
} as const;

/** Places up to here may be set; what looks at all of an array could not cope with one that is longer and mostly empty. */
const mostItems = 2 ** 25;

/** An iterable or sequence to append; undefined for anything else. */
function contents(source: object | null): Iterable<Value> | undefined {
  if (source instanceof Sequence) return source.items.slice();
  return source !== null && Symbol.iterator in source ? (source as Iterable<Value>) : undefined;
}

function place(key: Value): number {
  if (!isNumeric(unboxed(key))) throw brsError("badIndex");
  return toInteger(key);
}

export abstract class Sequence implements Partial<Protocol> {
  declare readonly $$type: string;
  /** Places that were never set are holes or undefined; programs read them as invalid. */
  readonly items: Value[];
  /** What print shows the items between. */
  protected abstract readonly brackets: readonly [string, string];
  #position = 0;

  constructor(items: Value[] = []) {
    this.items = items;
  }

  // ifArray

  push(value: Value): void {
    this.items.push(value);
  }

  pop(): Value {
    return this.items.pop() ?? null;
  }

  peek(): Value {
    return this.getEntry(this.items.length - 1);
  }

  shift(): Value {
    return this.items.shift() ?? null;
  }

  unshift(value: Value): void {
    this.items.unshift(value);
  }

  /** Removes the item at `index` and closes the gap. False: there is none. */
  delete(index: number): boolean {
    if (index < 0 || index >= this.items.length) return false;
    this.items.splice(index, 1);
    return true;
  }

  count(): number {
    return this.items.length;
  }

  clear(): void {
    this.items.length = 0;
    this.#position = 0;
  }

  /** Adds another's items at the end, but for the places that were never set. */
  append(source: object | null): void {
    const added = contents(source);
    if (added === undefined) warn(`${this.$$type}.Append: the parameter is no array`);
    else for (const value of added) if (value !== undefined) this.push(value);
  }

  // ifArrayGet, ifArraySet

  /** The value at `index`, invalid where there is none. */
  getEntry(index: number): Value {
    return this.items[index] ?? null;
  }

  /** Past the end the array grows. */
  setEntry(index: number, value: Value): void {
    if (index >= mostItems) throw brsError("outOfMemory");
    if (index >= 0) this.items[index] = value;
    else warn(`${this.$$type}.SetEntry: set ignored for negative array index`);
  }

  // ifEnum

  reset(): void {
    this.#position = 0;
  }

  next(): Value {
    return this.isNext() ? this.getEntry(this.#position++) : null;
  }

  isNext(): boolean {
    return this.#position < this.items.length;
  }

  isEmpty(): boolean {
    return this.items.length === 0;
  }

  // The language

  $$index(key: Value): Value {
    return this.items[typeof key === "number" ? key : place(key)] ?? null;
  }

  $$setIndex(key: Value, value: Value): void {
    this.setEntry(typeof key === "number" ? key : place(key), value);
  }

  /** Live: a loop meets what it adds, and ends early when it removes. Independent of reset() and next(). */
  $$each(): Iterator<Value> {
    let at = 0;
    return {
      next: () =>
        at < this.items.length
          ? { done: false, value: this.getEntry(at++) }
          : { done: true, value: undefined },
    };
  }

  $$members() {
    return { brackets: this.brackets, entries: this.#entries() };
  }

  *#entries(): Generator<readonly [string, Value]> {
    for (const value of this.items) yield ["", value ?? null];
  }
}
