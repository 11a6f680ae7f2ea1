/** roArray: an array that grows as needed, or one of a fixed size. */
import { interfaces } from "../../components/interfaces.js";
import { whole } from "../../text.js";
import { expose, type Protocol } from "../runtime/component.js";
import { unboxed, type Value } from "../runtime/values.js";
import { Sequence, sequenceInterfaces } from "./sequence.js";
import { sorted } from "./sorting.js";
import { warn } from "./warn.js";

export class RoArray extends Sequence {
  /** How many values there is room for at the least; it matters only when the size is fixed. */
  #capacity: number;
  readonly #limit: number;

  /** @param size - room for as many values; without `resizable`, what would go beyond it is ignored */
  constructor(items: Value[] = [], size = 0, resizable = true) {
    super(items);
    this.#capacity = size;
    this.#limit = resizable ? Number.POSITIVE_INFINITY : size;
  }

  override push(value: Value): void {
    if (this.length < this.#limit) this.addLast(value);
    else this.#ignore("Push");
  }

  override unshift(value: Value): void {
    if (this.length < this.#limit) this.addFirst(value);
    else this.#ignore("Unshift");
  }

  override setEntry(index: number, value: Value): void {
    if (index < this.#limit) super.setEntry(index, value);
    else this.#ignore("SetEntry");
  }

  #ignore(method: string): void {
    warn(`roArray.${method}: set ignored for index out of bounds on non-resizable array`);
  }

  // ifArrayJoin

  /** The strings with the separator between them; "" when there is anything but strings. */
  join(separator: string): string {
    const texts = Array.from(this.items, unboxed);
    return texts.every((text) => typeof text === "string") ? whole(texts.join(separator)) : "";
  }

  // ifArraySlice

  /** A new array of the values from `start` up to, not including, `end`; negative: counted from the end. */
  slice(start?: number, end?: number): RoArray {
    const made = new RoArray(this.items.slice(start, end));
    made.fromLibrary = this.fromLibrary;
    return made;
  }

  // ifArraySort

  sort(flags = ""): void {
    this.#replace(sorted(this.items, (item) => item, flags));
  }

  /** By a member of the associative arrays that the array holds. */
  sortBy(name: string, flags = ""): void {
    const field = name.toLowerCase();
    this.#replace(sorted(this.items, (item) => (item as Protocol | null)?.$$field?.(field), flags));
  }

  reverse(): void {
    this.items.reverse();
  }

  #replace(items: readonly Value[]): void {
    for (let i = 0; i < items.length; i++) this.put(i, items[i]);
  }

  // ifArraySizeInfo

  isResizable(): boolean {
    return this.#limit === Number.POSITIVE_INFINITY;
  }

  /** How many values there is room for without more memory. */
  capacity(): number {
    return Math.max(this.#capacity, this.length);
  }

  /** Whether there is room for `size` values now. */
  reserve(size: number): boolean {
    if (this.isResizable()) this.#capacity = Math.max(this.#capacity, size);
    return size <= this.capacity();
  }

  shrinkToFit(): boolean {
    if (this.isResizable()) this.#capacity = 0;
    return this.isResizable();
  }

  protected override get brackets() {
    return ["[", "]"] as const;
  }
}

expose(RoArray, "roArray", {
  ...sequenceInterfaces,
  ifArrayJoin: ["join(separator as String) as String"],
  ifArraySlice: interfaces.ifArraySlice,
  ifArraySort: [
    "sort([flags as String]) as Void",
    "sortBy(name as String[, flags as String]) as Void",
    "reverse() as Void",
  ],
  ifArraySizeInfo: [
    "isResizable() as Boolean",
    "capacity() as Integer",
    "reserve(size as Integer) as Boolean",
    "shrinkToFit() as Boolean",
  ],
});
