/** Where arrays and lists keep their values. */
import type { Value } from "../runtime/values.js";

/** The gap moves this far value by value; farther, it is closed and opened anew. */
const near = 64;
/** A gap up to this wide is left alone. */
const small = 32;
/** The widest gap that is made ahead of time. */
const widest = 2 ** 20;

/**
 * Values in a row, with a gap where values were last taken out or put in. So taking out and putting in at either end, and taking
 * out at a place that moves along the row, takes constant time on average; elsewhere it takes as long as there are values.
 */
export class Slots {
  /** Within the gap everything is undefined. */
  #slots: Value[];
  /** How many values are before the gap. */
  #gap = 0;
  /** How many slots the gap has. */
  #width = 0;

  constructor(items: Value[]) {
    this.#slots = items;
  }

  /** All values in an array without a gap, which may be changed, but not kept. Closing the gap takes linear time. */
  get items(): Value[] {
    this.#close();
    return this.#slots;
  }

  get length(): number {
    return this.#slots.length - this.#width;
  }

  /** The value at a place; undefined where there is none. */
  at(index: number): Value {
    return this.#slots[index < this.#gap ? index : index + this.#width];
  }

  /** @param index - 0 or more; past the end the row grows, with holes between */
  protected put(index: number, value: Value): void {
    this.#slots[index < this.#gap ? index : index + this.#width] = value;
  }

  protected addLast(value: Value): void {
    this.#slots.push(value);
  }

  protected addFirst(value: Value): void {
    if (this.#width > 0) this.#move(0);
    if (this.#width === 0) {
      if (this.#slots.length < small) {
        this.#slots.unshift(value);
        return;
      }
      this.#width = Math.min(this.#slots.length, widest);
      this.#slots = new Array<Value>(this.#width).fill(undefined).concat(this.#slots);
    }
    this.#gap = 0;
    this.#slots[--this.#width] = value;
  }

  /** Undefined when there are none. */
  protected takeLast(): Value {
    if (this.#gap === this.length) this.#close();
    return this.#slots.pop();
  }

  /** Undefined when there are none. */
  protected takeFirst(): Value {
    return this.length > 0 ? this.take(0) : undefined;
  }

  /** @param index - of a value that there is */
  protected take(index: number): Value {
    if (this.length <= small) return this.items.splice(index, 1)[0];
    if (this.#width > 0 && Math.abs(index - this.#gap) > near) return this.#takeElsewhere(index);
    this.#move(index);
    const at = index + this.#width;
    const value = this.#slots[at];
    this.#slots[at] = undefined;
    this.#width++;
    if (this.#width > small && this.#width > this.#slots.length >> 1) this.#close();
    return value;
  }

  /** Far from the gap, which stays: the engine moves what follows, as a block. */
  #takeElsewhere(index: number): Value {
    const isBefore = index < this.#gap;
    if (isBefore) this.#gap--;
    return this.#slots.splice(isBefore ? index : index + this.#width, 1)[0];
  }

  protected takeAll(): void {
    this.#slots = [];
    this.#gap = 0;
    this.#width = 0;
  }

  #move(to: number): void {
    if (Math.abs(to - this.#gap) > near) this.#close();
    const slots = this.#slots;
    const width = this.#width;
    if (width > 0) {
      for (let from = this.#gap - 1; from >= to; from--) {
        slots[from + width] = slots[from];
        slots[from] = undefined;
      }
      for (let from = this.#gap; from < to; from++) {
        slots[from] = slots[from + width];
        slots[from + width] = undefined;
      }
    }
    this.#gap = to;
  }

  #close(): void {
    if (this.#width === 0) return;
    if (this.#gap === this.length) this.#slots.length = this.#gap;
    else this.#slots.splice(this.#gap, this.#width);
    this.#width = 0;
  }
}
