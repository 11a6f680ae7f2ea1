/** What roArray and roList have in common: values by their places. */
import { interfaces } from "../../components/interfaces.js";
import type { Enumeration, Protocol } from "../runtime/component.js";
import { toInteger } from "../runtime/convert.js";
import { brsError } from "../runtime/errors.js";
import { isNumeric } from "../runtime/numbers.js";
import { unboxed, type Value } from "../runtime/values.js";
import { Slots } from "./slots.js";
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

/** The place that `object[key]` means. */
export function place(key: Value): number {
  if (!isNumeric(unboxed(key))) throw brsError("badIndex");
  return toInteger(key);
}

/** Places that were never set are holes or undefined; programs read them as invalid. */
export abstract class Sequence extends Slots implements Partial<Protocol> {
  declare readonly $$type: string;
  /** What print shows the items between. */
  protected abstract readonly brackets: readonly [string, string];
  /** The place of what next() gives, or past the end. */
  #position = 0;
  /** Whether the library made it of Strings that it computed: `type(x, 3)` of these is roString. */
  fromLibrary = false;

  constructor(items: Value[] = []) {
    super(items);
  }

  /** A collection of what the library found. */
  static of<Made extends Sequence>(this: new (items: Value[]) => Made, items: Value[]): Made {
    const made = new this(items);
    made.fromLibrary = true;
    return made;
  }

  // ifArray

  push(value: Value): void {
    this.addLast(value);
  }

  pop(): Value {
    return this.takeLast() ?? null;
  }

  peek(): Value {
    return this.getEntry(this.length - 1);
  }

  shift(): Value {
    return this.takeFirst() ?? null;
  }

  unshift(value: Value): void {
    this.addFirst(value);
  }

  /** Removes the item at `index` and closes the gap. False: there is none. */
  delete(index: number): boolean {
    if (index < 0 || index >= this.length) return false;
    this.take(index);
    return true;
  }

  count(): number {
    return this.length;
  }

  clear(): void {
    this.takeAll();
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
    return this.at(index) ?? null;
  }

  /** Past the end the array grows. */
  setEntry(index: number, value: Value): void {
    if (index >= mostItems) throw brsError("outOfMemory");
    if (index >= 0) this.put(index, value);
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
    return this.#position < this.length;
  }

  isEmpty(): boolean {
    return this.length === 0;
  }

  // The language

  $$index(key: Value): Value {
    return this.at(typeof key === "number" ? key : place(key)) ?? null;
  }

  $$setIndex(key: Value, value: Value): void {
    this.setEntry(typeof key === "number" ? key : place(key), value);
  }

  /** With the position that reset() and next() use, as on a device. */
  $$each(): Enumeration {
    this.reset();
    return this;
  }

  $$more(): boolean {
    return this.isNext();
  }

  $$take(): Value {
    return this.next();
  }

  $$members() {
    return { brackets: this.brackets, entries: this.#entries() };
  }

  *#entries(): Generator<readonly [string, Value]> {
    for (const value of this.items) yield ["", value ?? null];
  }
}
