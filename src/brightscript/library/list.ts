/** roList: values in a row, with a position that moves along. */
import { expose } from "../runtime/component.js";
import type { Value } from "../runtime/values.js";
import { RoArray } from "./array.js";
import { Sequence, sequenceInterfaces } from "./sequence.js";

export class RoList extends Sequence {
  /** The place of the item that getIndex() gives next. It stays with its item when others come and go before it. */
  #index = 0;

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
    this.#index = 0;
    return this.items.length > 0;
  }

  /** The item at the position, which moves on; invalid past the end. */
  getIndex(): Value {
    return this.#index < this.items.length ? this.getEntry(this.#index++) : null;
  }

  /** Takes the item at the position out; the position is then at the one after it. */
  removeIndex(): Value {
    const value = this.getEntry(this.#index);
    this.delete(this.#index);
    return value;
  }

  toArray(): RoArray {
    return new RoArray(this.items.slice());
  }

  override unshift(value: Value): void {
    if (this.#index > 0) this.#index++;
    super.unshift(value);
  }

  override shift(): Value {
    if (this.#index > 0) this.#index--;
    return super.shift();
  }

  override pop(): Value {
    const value = super.pop();
    this.#index = Math.min(this.#index, this.items.length);
    return value;
  }

  override delete(index: number): boolean {
    if (!super.delete(index)) return false;
    if (index < this.#index) this.#index--;
    return true;
  }

  override clear(): void {
    this.#index = 0;
    super.clear();
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
