/** roList: values in a row, with positions that move along. */
import { expose } from "../runtime/component.js";
import type { Value } from "../runtime/values.js";
import { RoArray } from "./array.js";
import { Sequence, sequenceInterfaces } from "./sequence.js";

export class RoList extends Sequence {
  // Both positions stay with their items when others come and go. They are nowhere, -1, until they are reset, and past the end.
  /** The place of what getIndex() gives. */
  #index = -1;
  /** The place of what next() gives. */
  #position = -1;

  addHead(value: Value): void {
    this.unshift(value);
  }

  addTail(value: Value): void {
    this.push(value);
  }

  getHead(): Value {
    return this.getEntry(0);
  }

  getTail(): Value {
    return this.peek();
  }

  removeHead(): Value {
    return this.shift();
  }

  removeTail(): Value {
    return this.pop();
  }

  /** Puts the position at the first item. False: there is none. */
  resetIndex(): boolean {
    this.#index = this.#valid(0);
    return this.#index === 0;
  }

  /** The item at the position, which moves on; invalid when it is nowhere. */
  getIndex(): Value {
    const value = this.getEntry(this.#index);
    if (this.#index >= 0) this.#index = this.#valid(this.#index + 1);
    return value;
  }

  /** Takes the item at the position out; the position is then at the one after it. */
  removeIndex(): Value {
    const value = this.getEntry(this.#index);
    this.delete(this.#index);
    return value;
  }

  toArray(): RoArray {
    const made = new RoArray(this.items.slice());
    made.fromLibrary = this.fromLibrary;
    return made;
  }

  override unshift(value: Value): void {
    if (this.#index >= 0) this.#index++;
    if (this.#position >= 0) this.#position++;
    super.unshift(value);
  }

  override shift(): Value {
    const value = super.shift();
    this.#removed(0);
    return value;
  }

  override pop(): Value {
    const value = super.pop();
    this.#removed(this.length);
    return value;
  }

  override delete(index: number): boolean {
    if (!super.delete(index)) return false;
    this.#removed(index);
    return true;
  }

  override clear(): void {
    super.clear();
    this.#index = -1;
    this.#position = -1;
  }

  override reset(): void {
    this.#position = this.#valid(0);
  }

  override isNext(): boolean {
    return this.#position >= 0;
  }

  override next(): Value {
    const value = this.getEntry(this.#position);
    if (this.#position >= 0) this.#position = this.#valid(this.#position + 1);
    return value;
  }

  /** The place, or nowhere when that is past the end. */
  #valid(place: number): number {
    return place < this.length ? place : -1;
  }

  /** The item at `place` is gone. A position at it is at the one after it. */
  #removed(place: number): void {
    this.#index = this.#valid(this.#index > place ? this.#index - 1 : this.#index);
    this.#position = this.#valid(this.#position > place ? this.#position - 1 : this.#position);
  }

  protected override get brackets() {
    return ["(", ")"] as const;
  }
}

expose(RoList, "roList", {
  ifList: [
    "addHead(value as Dynamic) as Void",
    "addTail(value as Dynamic) as Void",
    "getHead() as Dynamic",
    "getTail() as Dynamic",
    "removeHead() as Dynamic",
    "removeTail() as Dynamic",
    "resetIndex() as Boolean",
    "getIndex() as Dynamic",
    "removeIndex() as Dynamic",
    "count() as Integer",
    "clear() as Void",
  ],
  ifListToArray: ["toArray() as Object"],
  ...sequenceInterfaces,
});
