/** Tokens, and how many of them the compiler takes. */
import type { Diagnostics } from "./diagnostics.js";

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

/**
 * Brackets within one another, and operators, calls and accesses in one expression. More could overflow the
 * stack.
 */
const maxNesting = 250;
const maxOperators = 500;

export const opening = set("LeftParen LeftSquareBracket LeftCurlyBrace QuestionLeftParen QuestionLeftSquare");
export const closing = set("RightParen RightSquareBracket RightCurlyBrace");
export const separators = set("Newline Colon Comma Comment Eof");
const operators = set(
  "Plus Minus Star Forwardslash Backslash Mod Caret LeftShift RightShift And Or Not " +
    "Equal LessGreater Less LessEqual Greater GreaterEqual Dot",
);

/** Reports the first place that is too complex to be compiled; false if there is one. */
export function checkComplexity(tokens: readonly Token[], diagnostics: Diagnostics): boolean {
  /** The operators so far of the expression within each bracket that is open. */
  const counts = [0];
  for (const token of tokens) {
    const innermost = counts.length - 1;
    if (separators.has(token.kind)) counts[innermost] = 0;
    else if (operators.has(token.kind)) counts[innermost]!++;
    else if (opening.has(token.kind)) {
      counts[innermost]!++;
      counts.push(0);
    } else if (closing.has(token.kind) && innermost > 0) counts.pop();
    if (counts.length > maxNesting || counts[innermost]! > maxOperators) {
      diagnostics.error(lineOf(token), "limit");
      return false;
    }
  }
  return true;
}
