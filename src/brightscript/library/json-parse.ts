/** ParseJson(). */
import { adopt } from "../../text.js";
import { integerFrom } from "../runtime/numbers.js";
import { Double, Float, type Value } from "../runtime/values.js";
import { RoArray } from "./array.js";
import { RoAssociativeArray } from "./associative-array.js";
import { warn } from "./warn.js";

/** How deep arrays and objects may be within each other, as on a device. */
export const deepest = 256;

/** What is wrong with a text, in the words of a console. */
class Malformed extends Error {}

const escapes: Readonly<Record<string, string>> = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};

const literals: Readonly<Record<string, Value>> = { true: true, false: false, null: null };

class Parser {
  #at = 0;
  #depth = 0;
  readonly #number = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?/y;
  readonly #word = /\w+/y;

  constructor(
    readonly text: string,
    readonly ignoreCase: boolean,
    readonly Real: typeof Float | typeof Double,
  ) {}

  /** The one value that the text is. */
  document(): Value {
    if (this.#next() === "") throw new Malformed("Data is empty");
    const value = this.#value();
    if (this.#next() !== "") throw this.#unexpected();
    return value;
  }

  /** Past white space; "" at the end. */
  #next(): string {
    for (;;) {
      const code = this.text.charCodeAt(this.#at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return this.text.charAt(this.#at);
      this.#at++;
    }
  }

  #unexpected(): Malformed {
    this.#word.lastIndex = this.#at;
    const word = this.#word.exec(this.text)?.[0];
    if (word !== undefined && /^[a-z_]/i.test(word)) return new Malformed(`Unknown identifier '${word}'`);
    const found = this.#at < this.text.length ? `character '${this.text.charAt(this.#at)}'` : "end of data";
    return new Malformed(`Unexpected ${found} at offset ${this.#at}`);
  }

  #expect(character: string): void {
    if (this.#next() !== character) throw this.#unexpected();
    this.#at++;
  }

  #value(): Value {
    switch (this.#next()) {
      case '"':
        return this.#string();
      case "{":
        return this.#nested("}", this.#object(), (made) => this.#member(made));
      case "[":
        return this.#nested("]", RoArray.of([]), (made) => made.items.push(this.#value()));
      default:
        return this.#numberOrLiteral();
    }
  }

  /** Items with commas between them, up to the closing bracket. */
  #nested<Container>(close: string, made: Container, item: (made: Container) => void): Container {
    if (++this.#depth > deepest) throw new Malformed(`Nested more than ${deepest} levels deep`);
    this.#at++;
    if (this.#next() !== close) {
      item(made);
      while (this.#next() === ",") {
        this.#at++;
        item(made);
      }
    }
    this.#expect(close);
    this.#depth--;
    return made;
  }

  #object(): RoAssociativeArray {
    const made = RoAssociativeArray.of({});
    if (!this.ignoreCase) made.setModeCaseSensitive();
    return made;
  }

  #member(made: RoAssociativeArray): void {
    if (this.#next() !== '"') throw this.#unexpected();
    const key = this.#string();
    this.#expect(":");
    made.set(key, this.#value());
  }

  #string(): string {
    const { text } = this;
    let made = "";
    let from = ++this.#at;
    for (;;) {
      const code = text.charCodeAt(this.#at);
      if (code === 0x22) {
        const rest = text.slice(from, this.#at++);
        return made === "" ? rest : adopt(made + rest);
      }
      if (!(code >= 0x20)) throw this.#unexpected(); // also at the end
      if (code === 0x5c) {
        made += text.slice(from, this.#at++) + this.#escape();
        from = this.#at;
      } else this.#at++;
    }
  }

  #escape(): string {
    const simple = escapes[this.text.charAt(this.#at)];
    if (simple !== undefined) {
      this.#at++;
      return simple;
    }
    const digits = /^u([0-9a-f]{4})/i.exec(this.text.slice(this.#at, this.#at + 5))?.[1];
    if (digits === undefined) throw new Malformed(`Invalid escape at offset ${this.#at - 1}`);
    this.#at += 5;
    return String.fromCharCode(Number.parseInt(digits, 16));
  }

  #numberOrLiteral(): Value {
    this.#number.lastIndex = this.#at;
    const [digits, fraction, exponent] = this.#number.exec(this.text) ?? [];
    if (digits === undefined) return this.#literal();
    this.#at += digits.length;
    if (fraction !== undefined || exponent !== undefined) return new this.Real(Number(digits));
    const number = Number(digits);
    if (number === integerFrom(number)) return number | 0;
    const long = BigInt(digits);
    return long === BigInt.asIntN(64, long) ? long : new this.Real(number);
  }

  #literal(): Value {
    this.#word.lastIndex = this.#at;
    const word = this.#word.exec(this.text)?.[0] ?? "";
    if (!Object.hasOwn(literals, word)) throw this.#unexpected();
    this.#at += word.length;
    return literals[word];
  }
}

/**
 * What the text says in JSON (RFC 4627, any value at the top); invalid, and a line on the console, when it says nothing. Whole
 * numbers are Integers or LongIntegers as their size wants, others Floats.
 *
 * @param flags - "i": keys without regard to case; "d": Doubles instead of Floats
 */
export function parseJson(text: string, flags = ""): Value {
  try {
    return new Parser(text, flags.includes("i"), flags.includes("d") ? Double : Float).document();
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    warn(`ParseJSON: ${error.message}`);
    return null;
  }
}
