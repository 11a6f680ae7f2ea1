/**
 * Source text to tokens, in one pass whose time is proportional to the text, whatever it holds. Nothing is reported here: what is
 * wrong may be in a part that conditional compilation leaves out.
 * (Reference: "Expressions, variables, and types", "Conditional compilation".)
 */
import type { Token, TokenKind } from "./token.js";

/** Signs of more than one character. `?` never joins what follows: the parser decides by the place what `?.` means. */
const longSign = /<<=|>>=|<>|<=|>=|<<|>>|\+\+|--|[-+*/\\]=/y;
const signs: ReadonlySet<string> = new Set("()[]{}.,:;=<>+-*/\\^?@");

/** They begin a line, and may be written in two words. */
const directive = /#[ \t]*(?:const|else[ \t]*if|else|end[ \t]*if|error|if)(?!\w)/iy;
const word = /[a-z_]\w*[$%!#&]?/iy;
/** The point of `5.toStr()` is no part of the number. Of `&h` and `1e` the digits are missing: they count as 0. */
const number =
  /&h[\da-f]*[%&]?|(?:\d+(?:\.(?:\d+|(?![a-z_])|(?=[ed][-+\d])))?|\.\d+)(?:[ed][-+]?\d*)?[%&!#]?/iy;
const blanks = /[ \t\v\f]+/y;
const newline = /\r\n?|\n/y;
const toLineEnd = /[^\r\n]*/y;
const quotationMark = /"/y;

type Found = TokenKind | "blank";

/** What may begin with a character; the others begin signs only. */
const firsts = new Map<string, readonly [kind: Found, pattern: RegExp]>();
const none: readonly [Found, undefined] = ["stray", undefined];

for (const [kind, pattern, characters] of [
  ["blank", blanks, " \t\v\f"],
  ["blank", toLineEnd, "'"],
  ["newline", newline, "\r\n"],
  ["string", quotationMark, '"'],
  ["word", word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"],
  ["number", number, "0123456789.&"],
  ["directive", directive, "#"],
] as const) {
  for (const character of characters) firsts.set(character, [kind, pattern]);
}

/** The tokens of a text; the last one is its end. */
export function scan(source: string): Token[] {
  return new Lexer(source).scan();
}

class Lexer {
  readonly #tokens: Token[] = [];
  #at = 0;
  #line = 1;
  #lineStart = 0;
  /** Where the last token ended. */
  #lastEnd = -1;

  constructor(readonly source: string) {
    if (source.startsWith("\uFEFF")) this.#at = this.#lineStart = 1;
  }

  scan(): Token[] {
    const { source } = this;
    while (this.#at < source.length) {
      const [kind, pattern] = firsts.get(source[this.#at]!) ?? none;
      const text = pattern === undefined ? "" : this.#match(pattern);
      if (text === "") this.#sign();
      else this.#found(kind, text);
    }
    this.#add("end", "");
    return this.#tokens;
  }

  #found(kind: Found, text: string): void {
    if (kind === "blank") this.#at += text.length;
    else if (kind === "newline") this.#newline(text);
    else if (kind === "string") this.#add("string", this.source.slice(this.#at, this.#stringEnd()));
    else if (kind === "directive") this.#directive(text);
    else if (kind !== "word") this.#add(kind, text);
    // `rem` is a member's name after a dot.
    else if (/^rem$/i.test(text) && this.#tokens.at(-1)?.text !== ".")
      this.#at += this.#match(toLineEnd).length;
    else this.#add("word", text, text.toLowerCase());
  }

  /** A sign, or what is no token: also a number's or a directive's first character that begins none. */
  #sign(): void {
    const text = this.#match(longSign);
    const character = String.fromCodePoint(this.source.codePointAt(this.#at)!);
    if (text !== "") this.#add("sign", text);
    else if (signs.has(character)) this.#add("sign", character);
    else this.#add("stray", character);
  }

  /** The text that a pattern matches here; "" for none. */
  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    return pattern.exec(this.source)?.[0] ?? "";
  }

  #add(kind: TokenKind, text: string, key = text): void {
    const column = this.#at - this.#lineStart + 1;
    this.#tokens.push({ kind, text, key, line: this.#line, column, joined: this.#lastEnd === this.#at });
    this.#at += text.length;
    this.#lastEnd = this.#at;
  }

  get #isLineStart(): boolean {
    return (this.#tokens.at(-1)?.kind ?? "newline") === "newline";
  }

  #newline(text: string): void {
    this.#add("newline", text);
    this.#line++;
    this.#lineStart = this.#at;
  }

  /** The end of a string, whose quotation marks are doubled within it; a line's end ends one whose mark is missing. */
  #stringEnd(): number {
    const { source } = this;
    for (let end = this.#at + 1; ; end++) {
      const character = source[end];
      if (character === undefined || character === "\n" || character === "\r") return end;
      if (character !== '"') continue;
      if (source[end + 1] !== '"') return end + 1;
      end++;
    }
  }

  /** What follows `#error` is one token. */
  #directive(text: string): void {
    const key = text.toLowerCase().replace(/[ \t]+/g, "");
    if (!this.#isLineStart) {
      this.#add("stray", "#");
      return;
    }
    this.#add("directive", text, key);
    if (key === "#error") this.#add("word", this.#match(toLineEnd));
  }
}
