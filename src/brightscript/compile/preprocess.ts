/** Conditional compilation: `#const`, `#if`, `#else if`, `#else`, `#end if` and `#error`. */
import type { Diagnostics } from "./diagnostics.js";
import { lineOf, type Token } from "./tokens.js";

/** An `#if` whose `#end if` is still to come. */
interface Branch {
  readonly line: number;
  /** Whether what encloses it is compiled. */
  readonly enclosed: boolean;
  /** Whether one of its branches has been taken. */
  taken: boolean;
  /** Whether the present branch is compiled. */
  active: boolean;
  elseSeen: boolean;
}

/**
 * The tokens that are compiled. `constants` are those of the manifest's bs_const, their names in lower case.
 * `compiled` tells whether a line belongs to what is compiled.
 */
export function preprocess(
  tokens: readonly Token[],
  constants: Readonly<Record<string, boolean>>,
  diagnostics: Diagnostics,
): { tokens: Token[]; compiled: (line: number) => boolean } {
  const known = new Map(Object.entries(constants));
  const branches: Branch[] = [];
  const output: Token[] = [];
  const skipped = new Set<number>();
  /** The first line after the last directive. */
  let nextLine = 1;

  const syntaxError = (line: number, detail: string): void => diagnostics.error(line, "syntax", detail);

  /** Whether the words are a condition: a name, true or false, or one of these after not. */
  const isCondition = (words: readonly Token[], line: number): boolean => {
    const [last, ...others] = words.toReversed();
    const isOne = last !== undefined && /^(Identifier|True|False)$/.test(last.kind);
    if (isOne && (others.length === 0 || (others.length === 1 && others[0]!.kind === "Not"))) return true;
    syntaxError(line, `Expected a constant, true or false instead of '${textOf(words)}'`);
    return false;
  };

  const value = (words: readonly Token[], line: number): boolean => {
    const { kind, text } = words.at(-1)!;
    const constant = kind === "Identifier" ? known.get(text.toLowerCase()) : kind === "True";
    if (constant === undefined) syntaxError(line, `Unknown constant '${text}'`);
    return (constant ?? false) !== (words.length === 2);
  };

  const define = ([name, equal, ...rest]: readonly Token[], line: number): void => {
    if (name?.kind !== "Identifier" || equal?.kind !== "Equal")
      syntaxError(line, "Expected '#const name = value'");
    else if (isCondition(rest, line)) known.set(name.text.toLowerCase(), value(rest, line));
  };

  const directive = (token: Token, words: readonly Token[]): void => {
    const line = lineOf(token);
    const branch = branches.at(-1);
    const active = branch?.active ?? true;
    if (token.kind === "HashConst") {
      if (active) define(words, line);
    } else if (token.kind === "HashError") {
      if (active) syntaxError(line, `#error ${textOf(words)}`);
    } else if (token.kind === "HashIf") {
      const taken = active && isCondition(words, line) && value(words, line);
      branches.push({ line, enclosed: active, taken, active: taken, elseSeen: false });
    } else if (branch === undefined) {
      syntaxError(line, `${token.text} without #if`);
    } else if (branch.elseSeen && token.kind !== "HashEndIf") {
      syntaxError(line, `${token.text} after #else`);
    } else {
      const isElseIf = token.kind === "HashElseIf";
      if (!isElseIf && words.length > 0)
        syntaxError(line, `Unexpected '${textOf(words)}' after ${token.text}`);
      if (token.kind === "HashEndIf") {
        branches.pop();
        return;
      }
      branch.elseSeen = !isElseIf;
      const isAsked = branch.enclosed && (!isElseIf || isCondition(words, line)) && !branch.taken;
      branch.active = isAsked && (!isElseIf || value(words, line));
      branch.taken ||= branch.active;
    }
  };

  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!;
    const isActive = branches.at(-1)?.active ?? true;
    if (/^Hash/.test(token.kind)) {
      const start = i + 1;
      while (!/^(Newline|Comment|Eof)$/.test(tokens[i + 1]!.kind)) i++;
      if (!isActive) for (let line = nextLine; line < lineOf(token); line++) skipped.add(line);
      nextLine = lineOf(token) + 1;
      directive(token, tokens.slice(start, i + 1));
    } else if (isActive || token.kind === "Eof") output.push(token);
  }
  for (const { line } of branches) diagnostics.error(line, "unterminatedBlock", "#if without #end if");
  return { tokens: output, compiled: (line) => !skipped.has(line) };
}

const textOf = (words: readonly Token[]): string => words.map(({ text }) => text).join(" ");
