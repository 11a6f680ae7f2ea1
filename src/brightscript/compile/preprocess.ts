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

  const value = (words: readonly Token[], line: number): boolean => {
    const [first, second] = words;
    if (first?.kind === "Not" && words.length === 2) return !value([second!], line);
    if (first?.kind === "True") return true;
    if (first?.kind === "False") return false;
    const constant = known.get(first?.text.toLowerCase() ?? "");
    if (constant !== undefined && words.length === 1) return constant;
    diagnostics.error(line, "syntax", `Unknown constant '${words.map(({ text }) => text).join(" ")}'`);
    return false;
  };

  const directive = (token: Token, words: readonly Token[]): void => {
    const line = lineOf(token);
    const branch = branches.at(-1);
    const active = branch?.active ?? true;
    if (token.kind === "HashConst") {
      if (!active) return;
      const [name, equal, ...rest] = words;
      if (name?.kind !== "Identifier" || equal?.kind !== "Equal") diagnostics.error(line, "syntax");
      else known.set(name.text.toLowerCase(), value(rest, line));
    } else if (token.kind === "HashError") {
      if (active) diagnostics.error(line, "syntax", `#error ${words.map(({ text }) => text).join(" ")}`);
    } else if (token.kind === "HashIf") {
      const taken = active && value(words, line);
      branches.push({ line, enclosed: active, taken, active: taken, elseSeen: false });
    } else if (branch === undefined || (branch.elseSeen && token.kind !== "HashEndIf")) {
      diagnostics.error(line, "syntax", `${token.text} without #if`);
    } else if (token.kind === "HashEndIf") {
      branches.pop();
    } else {
      branch.elseSeen = token.kind === "HashElse";
      branch.active = branch.enclosed && !branch.taken && (branch.elseSeen || value(words, line));
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
