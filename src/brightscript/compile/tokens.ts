/** Tokens, and how many of them the compiler takes. */
import type { Diagnostics } from "./diagnostics.js";
import { exceeds, type LimitName, tooMany } from "./limits.js";

/** A token of the lexer's. */
export interface Token {
  readonly kind: string;
  readonly text: string;
  /** From 0. */
  readonly range: { readonly start: Position; readonly end: Position };
}

interface Position {
  readonly line: number;
  readonly character: number;
}

export const lineOf = (token: Token): number => token.range.start.line + 1;

export const set = (kinds: string): ReadonlySet<string> => new Set(kinds.split(" "));

export const opening = set("LeftParen LeftSquareBracket LeftCurlyBrace QuestionLeftParen QuestionLeftSquare");
export const closing = set("RightParen RightSquareBracket RightCurlyBrace");
export const separators = set("Newline Colon Comma Comment Eof");
const operators = set(
  "Plus Minus Star Forwardslash Backslash Mod Caret LeftShift RightShift And Or Not " +
    "Equal LessGreater Less LessEqual Greater GreaterEqual Dot QuestionDot At QuestionAt",
);

/** Those whose code is nested twice as deep. */
const optional = set("QuestionDot QuestionAt QuestionLeftParen QuestionLeftSquare");

/** What a pair of brackets holds, as far as it has been read. */
class Bracket {
  /** The operators of the present expression. */
  operators = 0;
  /** The deepest expression before that. */
  deepest = 0;
  /** How deep they are, and the deepest that is within brackets among them. */
  #weight = 0;
  #inner = 0;

  get depth(): number {
    return this.#weight + this.#inner;
  }

  operator(kind: string): void {
    this.operators++;
    this.#weight += optional.has(kind) ? 2 : 1;
  }

  hold({ depth, deepest }: Bracket): void {
    this.#inner = Math.max(this.#inner, depth, deepest);
  }

  endExpression(): void {
    this.deepest = Math.max(this.deepest, this.depth);
    this.operators = this.#weight = this.#inner = 0;
  }
}

/** Reports the first place that is too complex to be compiled; false if there is one. */
export function checkComplexity(tokens: readonly Token[], diagnostics: Diagnostics): boolean {
  const open = [new Bracket()];
  for (const token of tokens) {
    const { kind } = token;
    const bracket = open.at(-1)!;
    if (separators.has(kind)) bracket.endExpression();
    else if (closing.has(kind)) {
      if (open.length > 1) open.pop();
      if (open.at(-1) !== bracket) open.at(-1)!.hold(bracket);
    } else if (operators.has(kind) || opening.has(kind)) {
      bracket.operator(kind);
      if (opening.has(kind)) open.push(new Bracket());
    }
    const name = exceeded(open);
    if (name !== undefined) {
      diagnostics.error(lineOf(token), "limit", tooMany(name));
      return false;
    }
  }
  return true;
}

function exceeded(open: readonly Bracket[]): LimitName | undefined {
  const { operators, depth } = open.at(-1)!;
  if (exceeds(open.length, "brackets")) return "brackets";
  if (exceeds(operators, "operators")) return "operators";
  return exceeds(depth, "depth") ? "depth" : undefined;
}
