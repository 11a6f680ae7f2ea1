import { endianness } from "node:os";
import { inspect } from "node:util";
import { Bytes } from "../bytes.js";
import { decode, encodedLength, encodeInto } from "../text.js";
import { appendAll, readRange, writeAll } from "./byte-array-files.js";
import { crc32 } from "./crc32.js";

/** Indices are BrightScript Integers. */
const MOST = 2 ** 31 - 1;
const TOO_MANY = "RoByteArray.from: more than 2147483647 bytes";
const SHOWN = 32;

function allocate(capacity: number): Uint8Array {
  // With a buffer of its own the memory never moves, so native code may keep its address.
  return new Uint8Array(new ArrayBuffer(capacity));
}

function wrongType(expected: string): TypeError {
  return Object.assign(new TypeError(expected), { code: "ERR_INVALID_ARG_TYPE" });
}

// What the sockets and the library may do with an array, and its users may not. They are no methods, since its memory must not
// be reachable: the system reads from it and writes to it.

/** The memory, for the system calls of the addon; until the array grows. @internal */
export let bytesOf: (array: RoByteArray) => Bytes;
/** The bytes themselves, not a copy: for use at once. @internal */
export let viewOf: (array: RoByteArray) => Uint8Array;
/** Bytes have been written into the memory and end at `length`, at most its size: count() becomes at least that. @internal */
export let commit: (array: RoByteArray, length: number) => void;

/**
 * An array of unsigned bytes that grows as needed: Roku's roByteArray, with the interfaces ifByteArray, ifArray,
 * ifArrayGet, ifArraySet, ifArraySlice and ifEnum. `invalid` is null.
 *
 * Values keep their low eight bits. After {@link setResize} with false the array has a fixed size, and what would
 * make it larger is ignored as a whole: the array stays as it was. A method that must allocate throws a RangeError
 * when the system has no memory left, and one that gives text an Error (ERR_STRING_TOO_LONG) past some 512 MiB of it.
 */
export class RoByteArray {
  /**
   * The memory, which the array may replace when it grows. Every byte at or past count() is zero: that is why bytes
   * skipped by setEntry or by a receive need no clearing, and what every method here must keep so. Never handed out.
   */
  #storage: Uint8Array = allocate(0);
  /** The same memory, for the system calls. */
  #bytes = new Bytes(this.#storage);
  #count = 0;
  #position = 0;
  #autoResize = true;
  #fixedSize = 0;

  /** Whether a value is one, and not only looks like one. @internal */
  static is(value: unknown): value is RoByteArray {
    return typeof value === "object" && value !== null && #count in value;
  }

  /**
   * A byte array of the given values, each cut to its low eight bits. Copies.
   *
   * @throws TypeError (ERR_INVALID_ARG_TYPE): not iterable, or a value that is no number
   * @throws RangeError: more than 2^31 - 1 bytes
   */
  static from(source: Iterable<number>): RoByteArray {
    const made = new RoByteArray();
    const given: unknown = source instanceof RoByteArray ? source.#view() : source;
    if (given instanceof Uint8Array) {
      if (!made.#append(given)) throw new RangeError(TOO_MANY);
      return made;
    }
    if (typeof given !== "object" || given === null || !(Symbol.iterator in given)) {
      throw wrongType("RoByteArray.from: expected a Uint8Array or an iterable of numbers");
    }
    for (const value of given as Iterable<unknown>) {
      if (typeof value !== "number") throw wrongType("RoByteArray.from: expected every value to be a number");
      if (!made.#room(made.#count + 1)) throw new RangeError(TOO_MANY);
      made.#storage[made.#count++] = value;
    }
    return made;
  }

  /** count(), as TypeScript programs expect it. */
  get length(): number {
    return this.#count;
  }

  /** A copy of the bytes. */
  toUint8Array(): Uint8Array {
    return this.#storage.slice(0, this.#count);
  }

  /** The bytes in order, live: bytes added meanwhile are met too. Independent of reset() and next(). */
  *[Symbol.iterator](): IterableIterator<number> {
    for (let i = 0; i < this.#count; i++) yield this.#storage[i]!;
  }

  /** For console.log and util.inspect. */
  [inspect.custom](): string {
    const shown = Array.from(this.#storage.subarray(0, Math.min(this.#count, SHOWN)), (byte) =>
      byte.toString(16).padStart(2, "0"),
    );
    if (this.#count > SHOWN) shown.push(`.. ${this.#count - SHOWN} more`);
    return `RoByteArray(${this.#count}) [${shown.length === 0 ? "" : ` ${shown.join(" ")} `}]`;
  }

  // ifArray

  /** Adds a byte at the end. (ifArray) */
  push(value: number): void {
    if (this.#room(this.#count + 1)) this.#storage[this.#count++] = value;
  }

  /** Takes the last byte off and returns it, 0 to 255; null when empty. (ifArray) */
  pop(): number | null {
    if (this.#count === 0) return null;
    const value = this.#storage[--this.#count]!;
    this.#storage[this.#count] = 0;
    return value;
  }

  /** The last byte, 0 to 255; null when empty. (ifArray) */
  peek(): number | null {
    return this.getEntry(this.#count - 1);
  }

  /** Takes the first byte off and returns it, 0 to 255; null when empty. Moves all the others. (ifArray) */
  shift(): number | null {
    const value = this.getEntry(0);
    this.delete(0);
    return value;
  }

  /** Adds a byte at the start. Moves all the others. (ifArray) */
  unshift(value: number): void {
    if (!this.#room(this.#count + 1)) return;
    this.#storage.copyWithin(1, 0, this.#count++);
    this.#storage[0] = value;
  }

  /** Removes the byte at `index` and closes the gap. False: there is none, nothing changed. (ifArray) */
  delete(index: number): boolean {
    if (index < 0 || index >= this.#count) return false;
    this.#storage.copyWithin(index, index + 1, this.#count);
    this.#storage[--this.#count] = 0;
    return true;
  }

  /** The number of bytes, one more than the highest index. (ifArray) */
  count(): number {
    return this.#count;
  }

  /** Removes every byte and starts the enumeration over. Memory, and a fixed size, are kept. (ifArray) */
  clear(): void {
    this.#replace(0);
  }

  /** Adds a copy of another array's bytes at the end; anything but a roByteArray is ignored. (ifArray) */
  append(array: RoByteArray | null): void {
    if (RoByteArray.is(array)) this.#append(array.#view());
  }

  // ifArrayGet, ifArraySet, ifArraySlice

  /** The byte at `index`, 0 to 255; null when there is none: negative, or at or past count(). (ifArrayGet) */
  getEntry(index: number): number | null {
    return index >= 0 && index < this.#count ? this.#storage[index]! : null;
  }

  /**
   * Sets the byte at `index`. Past the end the array grows, and the bytes between are 0; a negative index is
   * ignored. (ifArraySet)
   */
  setEntry(index: number, value: number): void {
    if (index < 0) return;
    if (index >= this.#count) {
      if (!this.#room(index + 1)) return;
      this.#count = index + 1;
    }
    this.#storage[index] = value;
  }

  /**
   * A new array with a copy of the bytes from `start` up to, not including, `end`. Negative: counted from the end;
   * beyond either end: that end. (ifArraySlice)
   */
  slice(start = 0, end = this.#count): RoByteArray {
    return RoByteArray.from(this.#view().subarray(start, end));
  }

  // ifEnum

  /** Starts the enumeration over, as replacing the array's contents does. (ifEnum) */
  reset(): void {
    this.#position = 0;
  }

  /** The byte at the enumeration's position, which moves on; null past the end. (ifEnum) */
  next(): number | null {
    return this.#position < this.#count ? this.#storage[this.#position++]! : null;
  }

  /** Whether next() has a byte to give. (ifEnum) */
  isNext(): boolean {
    return this.#position < this.#count;
  }

  /** Whether there are no bytes at all. (ifEnum) */
  isEmpty(): boolean {
    return this.#count === 0;
  }

  // ifArraySizeInfo

  /** Whether the array grows as needed: until {@link setResize} says otherwise. (ifArraySizeInfo) */
  isResizable(): boolean {
    return this.#autoResize;
  }

  /** How many bytes there is room for without more memory. (ifArraySizeInfo) */
  capacity(): number {
    return this.#storage.length;
  }

  // ifByteArray

  /**
   * Writes the bytes, or `length` of them from `start`, into a file, made or replaced. (ifByteArray)
   *
   * @param length - what lies past the end is left out
   * @returns false: not written in full, or (the file untouched) a negative argument or a start past the end
   */
  writeFile(path: string, start?: number, length?: number): boolean {
    const part = this.#part(start, length);
    return part !== null && writeAll(path, part);
  }

  /** As writeFile(), but adds to the end of the file, which is made when there is none. (ifByteArray) */
  appendFile(path: string, start?: number, length?: number): boolean {
    const part = this.#part(start, length);
    return part !== null && appendAll(path, part);
  }

  /**
   * Replaces the contents by those of a file, or by `length` bytes of it from `start`; fewer when it ends before.
   * (ifByteArray)
   *
   * @returns false, and the array unchanged: it cannot be read or does not fit, a negative argument, or a start past
   * the file's end
   */
  readFile(path: string, start = 0, length = Number.POSITIVE_INFINITY): boolean {
    const bytes = readRange(path, start, length, this.limit());
    if (bytes === null || !this.#replace(bytes.length)) return false;
    this.#storage.set(bytes);
    return true;
  }

  /**
   * Makes room for at least `minSize` bytes, without changing count(), and says whether the array may grow further.
   * With `autoResize` false its size is fixed to the largest of `minSize`, count() and what earlier calls asked for.
   * (ifByteArray)
   */
  setResize(minSize: number, autoResize: boolean): void {
    this.#fixedSize = Math.max(this.#fixedSize, minSize, this.#count);
    this.#autoResize = autoResize;
    // Only ahead of time: where memory is short, the call that really needs it says so.
    this.reserve(this.#fixedSize, true);
  }

  /** Two upper-case hexadecimal digits a byte. (ifByteArray) */
  toHexString(): string {
    return this.#buffer().toString("hex").toUpperCase();
  }

  /**
   * Replaces the contents by the bytes written as two hexadecimal digits each, of either case. A pair that is not two
   * digits gives a 0 byte; an odd number of characters leaves the array unchanged. (ifByteArray; the page leaves
   * both undefined.)
   */
  fromHexString(hex: string): void {
    if (hex.length % 2 !== 0 || !this.#replace(hex.length / 2)) return;
    if (!/[^0-9A-Fa-f]/.test(hex)) {
      this.#buffer().write(hex, "hex");
      return;
    }
    for (let i = 0; i < this.#count; i++) {
      const pair = hex.slice(i * 2, i * 2 + 2);
      this.#storage[i] = /[^0-9A-Fa-f]/.test(pair) ? 0 : Number.parseInt(pair, 16);
    }
  }

  /** Base 64 as in RFC 4648, section 4, padded, on one line. (ifByteArray) */
  toBase64String(): string {
    return this.#buffer().toString("base64");
  }

  /**
   * Replaces the contents by the bytes written in base 64 (RFC 4648, section 4). White space is skipped and all of the
   * padding may be missing; anything else that is no such encoding leaves the array unchanged. (ifByteArray)
   */
  fromBase64String(text: string): void {
    const base64 = text.replace(/[ \t\r\n]+/g, "");
    const digits = base64.replace(/==?$/, "");
    if (/[^A-Za-z0-9+/]/.test(digits) || digits.length % 4 === 1) return;
    if (base64.length > digits.length && base64.length % 4 !== 0) return;
    if (this.#replace(Math.floor((digits.length * 3) / 4))) this.#buffer().write(digits, "base64");
  }

  /** The bytes as text, up to the first zero byte. Invalid UTF-8 is kept as row S19 says. (ifByteArray) */
  toAsciiString(): string {
    const zero = this.#view().indexOf(0);
    return decode(this.#storage, 0, zero < 0 ? this.#count : zero);
  }

  /** Replaces the contents by the text's bytes: UTF-8, and row S19's exact bytes; no zero byte is added. (ifByteArray) */
  fromAsciiString(text: string): void {
    if (this.#replace(encodedLength(text))) encodeInto(text, this.#storage, 0);
  }

  /** The byte at `index` as a signed number, -128 to 127; 0 when there is none. (ifByteArray) */
  getSignedByte(index: number): number {
    return ((this.getEntry(index) ?? 0) << 24) >> 24;
  }

  /**
   * The four bytes from `index` on, a byte index, as a signed 32-bit number, the lowest byte first; 0 when there are
   * not four. (ifByteArray)
   */
  getSignedLong(index: number): number {
    if (index < 0 || index + 4 > this.#count) return 0;
    const from = this.#storage;
    return from[index]! | (from[index + 1]! << 8) | (from[index + 2]! << 16) | (from[index + 3]! << 24);
  }

  /**
   * The CRC-32 (IEEE 802.3) of the bytes, or of `length` of them from `start`, as a signed 32-bit number. What lies
   * past the end is left out; 0, the CRC of nothing, for a negative argument or a start past the end. (ifByteArray)
   */
  getCRC32(start?: number, length?: number): number {
    return crc32(this.#part(start, length) ?? new Uint8Array(0));
  }

  /** Whether this machine stores a number's lowest byte first. (ifByteArray) */
  isLittleEndianCPU(): boolean {
    return endianness() === "LE";
  }

  // For the sockets, which let the system write straight into the memory.

  /** The largest count() it may have. @internal */
  limit(): number {
    return this.#autoResize ? MOST : this.#fixedSize;
  }

  /**
   * Makes room for at least `capacity` bytes, keeping the contents.
   *
   * @returns false: past {@link limit}, or no memory; nothing changed
   * @internal
   */
  reserve(capacity: number, exact = false): boolean {
    try {
      return this.#room(capacity, exact);
    } catch {
      return false;
    }
  }

  static {
    bytesOf = (array) => array.#bytes;
    viewOf = (array) => array.#view();
    commit = (array, length) => {
      if (length > array.#count) array.#count = length;
    };
  }

  #view(): Uint8Array {
    return this.#storage.subarray(0, this.#count);
  }

  #buffer(): Buffer {
    return Buffer.from(this.#storage.buffer, 0, this.#count);
  }

  #part(start = 0, length = this.#count): Uint8Array | null {
    if (start < 0 || length < 0 || start > this.#count) return null;
    return this.#storage.subarray(start, Math.min(start + length, this.#count));
  }

  /** Whether the array may have `size` bytes; if so, there is memory for them. Throws when the system has none. */
  #room(size: number, exact = false): boolean {
    if (size <= this.#storage.length && this.#autoResize) return true;
    const limit = this.limit();
    if (size > limit) return false;
    const old = this.#storage;
    if (size > old.length) {
      this.#storage = allocate(
        Math.min(limit, exact ? size : Math.max(size, old.length + Math.max(old.length >> 1, 16))),
      );
      this.#storage.set(old);
      this.#bytes = new Bytes(this.#storage);
    }
    return true;
  }

  /** Makes count() `size`, for contents that the caller writes over all of it. */
  #replace(size: number): boolean {
    if (!this.#room(size, true)) return false;
    this.#storage.fill(0, size, Math.max(size, this.#count));
    this.#count = size;
    this.#position = 0;
    return true;
  }

  #append(bytes: Uint8Array): boolean {
    if (!this.#room(this.#count + bytes.length)) return false;
    this.#storage.set(bytes, this.#count);
    this.#count += bytes.length;
    return true;
  }
}
