/** FormatJson(). */
import { general } from "../runtime/format.js";
import { isNumeric, type Numeric } from "../runtime/numbers.js";
import { Double, typeName, unboxed, type Value } from "../runtime/values.js";
import { RoArray } from "./array.js";
import { RoAssociativeArray } from "./associative-array.js";
import { deepest } from "./json-parse.js";
import { warn } from "./warn.js";

/** Characters past ASCII stand for themselves. */
const unescaped = 0x001;
/** What JSON has not becomes null. */
const ignored = 0x100;
/** What JSON has not becomes a string that names its type. */
const annotated = 0x200;

/** How many values are formatted: arrays that are held in several places could be more than there is memory for. */
const maxValues = 2_000_000;

/** Why a value has no JSON, in the words of a console. */
class Unsupported extends Error {}

const short: Readonly<Record<string, string>> = {
  '"': '\\"',
  "\\": "\\\\",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
};

function escaped(unit: string): string {
  return short[unit] ?? `\\u${unit.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
}

/** As few digits as give the same number again; null for what is none. */
function number(value: Numeric): string {
  if (typeof value !== "object") return String(value);
  if (!Number.isFinite(value.value)) return "null";
  if (value instanceof Double) return String(value.value);
  let digits = 6;
  while (Math.fround(Number(general(value.value, digits))) !== value.value) digits++;
  return general(value.value, digits);
}

class Formatter {
  #depth = 0;
  #values = 0;
  readonly #special: RegExp;

  constructor(readonly flags: number) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    this.#special = flags & unescaped ? /["\\\x00-\x1f]/g : /["\\\x00-\x1f\x7f-\uffff]/g;
  }

  /** @param path - "name: " of the member whose value it is, for the console */
  format(value: Value, path = ""): string {
    if (++this.#values > maxValues) throw new Unsupported(`More than ${maxValues} values`);
    const plain = unboxed(value);
    if (plain === null || typeof plain === "boolean") return String(plain);
    if (typeof plain === "string") return this.#string(plain);
    if (isNumeric(plain)) return number(plain);
    if (plain instanceof RoArray) return this.#array(plain, path);
    if (plain instanceof RoAssociativeArray) return this.#object(plain);
    return this.#unsupported(plain, path);
  }

  #string(text: string): string {
    return `"${text.replace(this.#special, escaped)}"`;
  }

  #array(array: RoArray, path: string): string {
    this.#enter();
    const items = Array.from(array.items, (item) => this.format(item ?? null, path));
    this.#depth--;
    return `[${items.join(",")}]`;
  }

  #object(object: RoAssociativeArray): string {
    this.#enter();
    const members = object
      .$$members()
      .entries.map(([key, value]) => `${this.#string(key)}:${this.format(value, `${key}: `)}`);
    this.#depth--;
    return `{${members.join(",")}}`;
  }

  /** Also where an array that holds itself comes to an end. */
  #enter(): void {
    if (++this.#depth > deepest) throw new Unsupported(`Nested more than ${deepest} levels deep`);
  }

  #unsupported(value: Value, path: string): string {
    if (this.flags & annotated) return this.#string(`<${typeName(value)}>`);
    if (this.flags & ignored) return "null";
    throw new Unsupported(`${path}Value type not supported: ${typeName(value)}`);
  }
}

/**
 * The value as JSON, the members of associative arrays in the order of their keys; "", and a line on the console, when it
 * holds what JSON has not, or itself.
 *
 * @param flags - see above; a string is taken for the number that it is
 */
export function formatJson(value: Value, flags: Value = 0): string {
  try {
    return new Formatter(Number(unboxed(flags))).format(value);
  } catch (error) {
    if (!(error instanceof Unsupported)) throw error;
    warn(`FormatJSON: ${error.message}`);
    return "";
  }
}
