/** The tokens of a source file. */

export type TokenKind =
  /** A name or a keyword: its place decides which. With its type designator, if it has one. */
  | "word"
  | "number"
  | "string"
  /** An operator, a bracket or a separator. */
  | "sign"
  /** The directives of conditional compilation. */
  | "directive"
  /** Characters that begin no token. */
  | "stray"
  | "newline"
  /** The end of the file: the last token. */
  | "end";

/** A place in a source file: of a token, or of a node of the tree. */
export interface Place {
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units. */
  readonly column: number;
}

export interface Token extends Place {
  readonly kind: TokenKind;
  /** As in the source. */
  readonly text: string;
  /** A word in lower case; a directive as "#if", "#elseif" and so on; else the same as `text`. */
  readonly key: string;
  /** Whether nothing separates it from the token before it. */
  readonly joined: boolean;
}

export const wordSet = (words: string): ReadonlySet<string> => new Set(words.split(" "));

const longest = 40;

/** How messages name a token. */
export function tokenName({ kind, text }: Token): string {
  if (kind === "newline") return "end of line";
  if (kind === "end") return "end of file";
  return `token '${text.length > longest ? `${text.slice(0, longest)}…` : text}'`;
}
