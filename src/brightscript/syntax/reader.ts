/** Reads tokens one after the other, and reports what does not fit. */

import { type Brackets, findBrackets } from "./brackets.js";
import type { DiagnosticName, Diagnostics } from "./diagnostics.js";
import { exceeds, type LimitName, tooMany } from "./limits.js";
import { type Place, type Token, tokenName } from "./token.js";

/** Thrown where a statement cannot be read on. Its reader reports it, and goes on after the statement. */
export class SyntaxFault {
  constructor(
    readonly place: Place,
    readonly name: DiagnosticName,
    readonly detail: string,
  ) {}
}

/** Thrown where the source exceeds a limit of the compiler; nothing more of the file is read. */
export class LimitFault extends SyntaxFault {}

export class Reader {
  #at = 0;
  /** How much encloses the next token. All recursion over source text is bounded by these: here, and in what later walks the tree. */
  protected nesting = { blocks: 0, brackets: 0, depth: 0 };
  readonly #brackets: Brackets;
  /** Whether ends of lines are passed over, as they are directly within parentheses. */
  #joinsLines = false;

  /** @param tokens - the last one is the end */
  constructor(
    readonly tokens: readonly Token[],
    readonly diagnostics: Diagnostics,
  ) {
    this.#brackets = findBrackets(tokens);
    for (const bracket of this.#brackets.unclosed)
      diagnostics.error(bracket, "syntax", `'${bracket.text}' is not closed`);
  }

  /** The token that is next to be read. */
  get token(): Token {
    return this.tokens[this.#at]!;
  }

  /** The one after it. */
  get following(): Token {
    return this.ahead(1);
  }

  get previous(): Token | undefined {
    return this.tokens[this.#at - 1];
  }

  ahead(count: number): Token {
    return this.tokens[Math.min(this.#at + count, this.tokens.length - 1)]!;
  }

  is(key: string): boolean {
    return this.token.key === key;
  }

  get isLineEnd(): boolean {
    return this.token.kind === "newline" || this.token.kind === "end";
  }

  advance(): Token {
    const { token } = this;
    if (token.kind !== "end") this.#at++;
    if (this.#joinsLines) this.skipLineEnds();
    return token;
  }

  skipLineEnds(): void {
    while (this.token.kind === "newline") this.#at++;
  }

  /** Reads a token if it is the next one. */
  take(key: string): boolean {
    if (!this.is(key)) return false;
    this.advance();
    return true;
  }

  expect(key: string): Token {
    if (!this.is(key)) throw this.fault(`Expected '${key}' instead of ${tokenName(this.token)}`);
    return this.advance();
  }

  /** A fault at the next token, which does not fit unless `detail` says otherwise. */
  fault(detail = `Unexpected ${tokenName(this.token)}`, name: DiagnosticName = "syntax"): SyntaxFault {
    return new SyntaxFault(this.token, name, detail);
  }

  report({ place, name, detail }: SyntaxFault): void {
    this.error(place, name, detail);
  }

  /** Reports an error, but for what follows from a bracket that is not closed. */
  error(place: Place, name: DiagnosticName, detail = ""): void {
    if (!this.#brackets.doubtful.has(place.line)) this.diagnostics.error(place, name, detail);
  }

  /** What is read up to leave() is enclosed by one more of a kind. */
  enter(kind: keyof typeof this.nesting, place: Place = this.token): void {
    if (exceeds(++this.nesting[kind], kind)) throw this.limit(kind, place);
  }

  leave(kind: keyof typeof this.nesting): void {
    this.nesting[kind]--;
  }

  /** @throws LimitFault for an expression whose tree is too high */
  checkHeight(height: number): number {
    if (exceeds(height, "depth")) throw this.limit("depth");
    return height;
  }

  limit(name: LimitName, place: Place = this.token): LimitFault {
    return new LimitFault(place, "limit", tooMany(name));
  }

  /** Reads what stands between brackets, from the opening one, which is next, to the closing one. */
  enclosed<Result>(closing: string, joinsLines: boolean, read: () => Result): Result {
    const before = this.#joinsLines;
    this.#joinsLines = joinsLines;
    this.advance();
    this.enter("brackets");
    const result = read();
    this.leave("brackets");
    if (!this.is(closing)) throw this.fault(`Expected '${closing}' instead of ${tokenName(this.token)}`);
    this.#joinsLines = before;
    this.advance();
    return result;
  }

  /** Reads lines that count as such, wherever they are, up to a last token. */
  lines<Result>(read: () => Result): Result {
    const before = this.#joinsLines;
    this.#joinsLines = false;
    const result = read();
    this.#joinsLines = before;
    if (before) this.skipLineEnds();
    return result;
  }

  /** Reads something; reports a fault in it and goes on where `recover` leads to. */
  recovering<Result>(read: () => Result, recover: () => void): Result | undefined {
    const nesting = { ...this.nesting };
    const joinsLines = this.#joinsLines;
    const start = this.#at;
    try {
      return read();
    } catch (fault) {
      if (!(fault instanceof SyntaxFault) || fault instanceof LimitFault) throw fault;
      this.report(fault);
      this.nesting = nesting;
      this.#joinsLines = joinsLines;
      if (this.#at === start) this.advance();
      this.#skipBrackets(start);
      recover();
      return undefined;
    }
  }

  /** Goes on after the outermost of the brackets that are open where reading has stopped, or with the end of their function. */
  #skipBrackets(start: number): void {
    for (let i = start; i < this.#at; i++) {
      const end = this.#brackets.ends.get(i);
      if (end === undefined || end < this.#at) continue;
      this.#at = this.tokens[end]!.kind === "sign" ? end + 1 : end;
      return;
    }
  }

  /** Whether no bracket can reach beyond the next token: a function begins or ends, or the file ends. */
  protected isHardEnd(): boolean {
    return this.token.kind === "end";
  }
}
