/** Which bracket closes which: known before anything is parsed, so that one that is not closed is reported where it was opened. */
import type { Place, Token } from "./token.js";

export interface Brackets {
  /** For the index of an opening bracket, that of what closes it, or of the end of its function where nothing does. */
  readonly ends: ReadonlyMap<number, number>;
  readonly unclosed: readonly Unclosed[];
  /** The lines from brackets that are not closed to the ends of their functions: what is wrong there may follow from these. */
  readonly doubtful: ReadonlyMap<number, unknown>;
}

export interface Unclosed extends Place {
  /** "[" or, of optional chaining, "?[" */
  readonly text: string;
}

export function findBrackets(tokens: readonly Token[]): Brackets {
  const ends = new Map<number, number>();
  const unclosed: Unclosed[] = [];
  /** For a line, the last one of the lines that it belongs to. */
  const doubtful = new Map<number, number>();
  /** The brackets that are open, and the function literals within them, by their first tokens. */
  const open: number[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const { kind, key } = tokens[i]!;
    if (kind === "sign") {
      if (/^[([{]$/.test(key)) open.push(i);
      else if (/^[)\]}]$/.test(key) && isBracket(tokens[open.at(-1)!])) ends.set(open.pop()!, i);
    } else if (kind === "end" || isFunctionEnd(tokens, i)) {
      for (let first = open.pop(); first !== undefined && isBracket(tokens[first]); first = open.pop()) {
        ends.set(first, i);
        unclosed.push(unclosedAt(tokens, first));
        addLines(doubtful, tokens[first]!.line, tokens[i]!.line);
      }
    } else if (isFunctionLiteral(tokens, i)) open.push(i);
  }
  return { ends, unclosed, doubtful };
}

const isBracket = (token: Token | undefined): boolean => token?.kind === "sign";

function isFunctionEnd(tokens: readonly Token[], at: number): boolean {
  const { kind, key } = tokens[at]!;
  if (kind !== "word" || tokens[at - 1]?.key === ".") return false;
  if (key === "endfunction" || key === "endsub") return true;
  return key === "end" && /^(function|sub)$/.test(tokens[at + 1]!.key);
}

function isFunctionLiteral(tokens: readonly Token[], at: number): boolean {
  const { kind, key } = tokens[at]!;
  if (kind !== "word" || (key !== "function" && key !== "sub") || tokens[at + 1]!.key !== "(") return false;
  return !/^(as|end|\.)$/.test(tokens[at - 1]?.key ?? "");
}

function unclosedAt(tokens: readonly Token[], at: number): Unclosed {
  const { text, line, column, joined } = tokens[at]!;
  const isOptional = joined && tokens[at - 1]?.key === "?";
  return { text: isOptional ? `?${text}` : text, line, column };
}

function addLines(lines: Map<number, number>, first: number, last: number): void {
  for (let line = first; line <= last; ) {
    const known = lines.get(line);
    if (known === undefined) lines.set(line, last);
    line = (known ?? line) + 1;
  }
}
