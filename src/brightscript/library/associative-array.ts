/** roAssociativeArray: values by their names. */
import { interfaces } from "../../components/interfaces.js";
import { type Enumeration, expose, type Protocol } from "../runtime/component.js";
import { toText } from "../runtime/convert.js";
import type { BrsFunction, Value } from "../runtime/values.js";
import { RoArray } from "./array.js";
import { interfaceOf } from "./interface.js";
import { warn } from "./warn.js";

export class RoAssociativeArray implements Partial<Protocol> {
  /** By the key as it is spelled; without the case-sensitive mode no two keys differ only in case. Never undefined. */
  readonly #values = new Map<string, Value>();
  #caseSensitive = false;
  /** How many keys are not in lower case. */
  #mixed = 0;
  /** The spellings of those, by the key in lower case; undefined: to be made when it is needed. */
  #spellings: Map<string, string[]> | undefined;
  /** The keys in order, from the place `#first` on; undefined: to be made when they are needed. */
  #sorted: readonly string[] | undefined;
  /** Keys before that were deleted since. So a program that takes out key by key, in order, has them sorted once. */
  #first = 0;
  #enumerated: readonly string[] = [];
  #start = 0;
  #position = 0;
  /** Whether a function was ever stored under the name of one of the component's methods. */
  #overriding = false;
  /** Whether the library made it of Strings that it computed: `type(x, 3)` of these is roString. */
  fromLibrary = false;

  /** With the members of an object, which keep their spelling. */
  static of(members: Readonly<Record<string, Value>>): RoAssociativeArray {
    const made = new RoAssociativeArray();
    made.fromLibrary = true;
    for (const [key, value] of Object.entries(members)) made.set(key, value);
    return made;
  }

  /** An empty one in the same mode, for a copy. */
  blank(): RoAssociativeArray {
    const made = new RoAssociativeArray();
    made.#caseSensitive = this.#caseSensitive;
    made.fromLibrary = this.fromLibrary;
    return made;
  }

  /** The value, without regard to case unless the mode was set; undefined when there is none. */
  get(key: string): Value {
    const value = this.#values.get(key);
    return value !== undefined || this.#caseSensitive ? value : this.lookupAnyCase(key);
  }

  /** Without the case-sensitive mode the key replaces one that differs in case, spelling and all. */
  set(key: string, value: Value): void {
    if (!this.#values.has(key)) {
      if (!this.#caseSensitive) this.#remove(this.#spelling(key));
      this.#add(key);
    }
    this.#values.set(key, value ?? null);
    if (typeof value === "function" || this.#overriding) this.#override(key);
  }

  /** The value without regard to case, whatever the mode; undefined when there is none. */
  lookupAnyCase(key: string): Value {
    const spelling = this.#spelling(key);
    return spelling === undefined ? undefined : this.#values.get(spelling);
  }

  /** The key that there is, spelled like this one or differing only in case. */
  #spelling(key: string): string | undefined {
    if (this.#values.has(key)) return key;
    const lower = key.toLowerCase();
    if (this.#values.has(lower)) return lower;
    if (this.#mixed === 0) return undefined;
    if (this.#spellings === undefined) {
      this.#spellings = new Map();
      for (const each of this.#values.keys()) this.#spell(each.toLowerCase(), each);
    }
    return this.#spellings.get(lower)?.at(-1);
  }

  #spell(lower: string, key: string): void {
    if (lower === key) return;
    const others = this.#spellings?.get(lower);
    if (others === undefined) this.#spellings?.set(lower, [key]);
    else others.push(key);
  }

  #add(key: string): void {
    this.#sorted = undefined;
    const lower = key.toLowerCase();
    if (lower === key) return;
    this.#mixed++;
    this.#spell(lower, key);
  }

  #remove(key: string | undefined): boolean {
    if (key === undefined || !this.#values.delete(key)) return false;
    if (this.#sorted?.[this.#first] === key) this.#first++;
    else this.#sorted = undefined;
    const lower = key.toLowerCase();
    if (lower !== key) {
      this.#mixed--;
      const others = this.#spellings?.get(lower)?.filter((each) => each !== key) ?? [];
      if (others.length > 0) this.#spellings?.set(lower, others);
      else this.#spellings?.delete(lower);
    }
    if (this.#overriding) this.#override(key);
    return true;
  }

  /** A member function is called in place of a method with its name; one that is no function is not. */
  #override(key: string): void {
    const name = key.toLowerCase();
    const method = `$${name}`;
    if (method.startsWith("$$") || !(method in RoAssociativeArray.prototype)) return;
    this.#overriding = true; // Also when a key that differs in case hides the function: that key may be deleted.
    const value = this.lookupAnyCase(name);
    if (typeof value === "function") {
      Object.defineProperty(this, method, { value, configurable: true });
    } else {
      delete (this as unknown as Record<string, BrsFunction>)[method];
    }
  }

  #order(): readonly string[] {
    if (this.#sorted === undefined) {
      this.#sorted = [...this.#values.keys()].sort();
      this.#first = 0;
    }
    return this.#sorted;
  }

  #keys(): readonly string[] {
    const sorted = this.#order();
    return this.#first === 0 ? sorted : sorted.slice(this.#first);
  }

  // ifAssociativeArray

  addReplace(key: string, value: Value): void {
    this.set(key, value);
  }

  lookup(key: string): Value {
    return this.get(key) ?? null;
  }

  lookupCI(key: string): Value {
    return this.lookupAnyCase(key) ?? null;
  }

  doesExist(key: string): boolean {
    return this.get(key) !== undefined;
  }

  /** False: there is no such key. */
  delete(key: string): boolean {
    return this.#remove(this.#caseSensitive ? key : this.#spelling(key));
  }

  clear(): void {
    const overriding = this.#overriding ? [...this.#values.keys()] : [];
    this.#values.clear();
    this.#mixed = 0;
    this.#spellings = undefined;
    this.#sorted = undefined;
    for (const key of overriding) this.#override(key);
    this.#overriding = false;
    this.reset();
  }

  count(): number {
    return this.#values.size;
  }

  keys(): RoArray {
    return RoArray.of([...this.#keys()]);
  }

  values(): RoArray {
    const made = new RoArray(this.#keys().map((key) => this.#values.get(key)));
    made.fromLibrary = this.fromLibrary;
    return made;
  }

  /** An associative array of `key` and `value` for each member. */
  items(): RoArray {
    const item = (key: string) => RoAssociativeArray.of({ key, value: this.#values.get(key) });
    return new RoArray(this.#keys().map(item));
  }

  append(source: object | null): void {
    if (!(source instanceof RoAssociativeArray)) {
      warn("roAssociativeArray.Append: the parameter is no associative array");
      return;
    }
    for (const [key, value] of [...source.#values]) this.set(key, value);
  }

  /** From now on keys that differ in case are different keys; after a dot they are still the same. */
  setModeCaseSensitive(): void {
    this.#caseSensitive = true;
  }

  // ifEnum: the keys as they were when the enumeration began, less those that were deleted since

  reset(): void {
    this.#position = 0;
  }

  isNext(): boolean {
    return this.#nextKey() !== undefined;
  }

  next(): Value {
    const key = this.#nextKey();
    this.#position++;
    return key ?? null;
  }

  #nextKey(): string | undefined {
    if (this.#position === 0) {
      this.#enumerated = this.#order();
      this.#start = this.#first;
    }
    while (this.#start + this.#position < this.#enumerated.length) {
      const key = this.#enumerated[this.#start + this.#position]!;
      if (this.#values.has(key)) return key;
      this.#position++;
    }
    return undefined;
  }

  isEmpty(): boolean {
    return this.#values.size === 0;
  }

  // The language

  $$index(key: Value): Value {
    return this.get(typeof key === "string" ? key : toText(key)) ?? null;
  }

  $$setIndex(key: Value, value: Value): void {
    this.set(toText(key), value);
  }

  $$field(name: string): Value {
    const value = this.#values.get(name) ?? this.lookupAnyCase(name);
    if (value !== undefined) return value;
    return name.startsWith("if") ? interfaceOf(this, name) : null;
  }

  $$setField(name: string, value: Value): void {
    this.set(name.toLowerCase(), value);
  }

  $$member(name: string): Value {
    return this.lookupAnyCase(name);
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
    const entries = this.#keys().map((key) => [key, this.#values.get(key)] as const);
    return { brackets: ["{", "}"] as const, entries };
  }
}

expose(RoAssociativeArray, "roAssociativeArray", {
  ifAssociativeArray: [
    "addReplace(key as String, value as Dynamic) as Void",
    "lookup(key as String) as Dynamic",
    "lookupCI(key as String) as Dynamic",
    "doesExist(key as String) as Boolean",
    "delete(key as String) as Boolean",
    "clear() as Void",
    "count() as Integer",
    "keys() as Object",
    "values() as Object",
    "items() as Object",
    "append(source as Object) as Void",
    "setModeCaseSensitive() as Void",
  ],
  ifEnum: interfaces.ifEnum,
});
