/** Tokens as the parser takes them: without what it would not understand, or would understand as BrighterScript. */
import type { Diagnostics } from "./diagnostics.js";
import { closing, lineOf, opening, separators, set, type Token } from "./tokens.js";

/** Words that mean something in BrighterScript only: here they are names. */
const foreign = set(
  "Class EndClass Namespace EndNamespace Enum EndEnum Interface EndInterface Import Const Alias Typecast Type " +
    "Public Protected Private Override New Optional",
);

/** What was taken out of the tokens, by the tokens that remain. */
export interface Remarks {
  /** The variable after a `next`. */
  readonly nextVariables: Map<Token, string>;
  /** `dim name[sizes]` is parsed as `name = [sizes]`: these are the signs in between. */
  readonly dims: Set<Token>;
  /** The lines from brackets that are not closed to where their functions end. */
  readonly unclosed: readonly { readonly first: number; readonly last: number }[];
}

/** What encloses a token: brackets, and the function literals within them, where lines count again. */
class Enclosure {
  readonly unclosed: { first: number; last: number }[] = [];
  readonly #stack: Token[] = [];

  constructor(readonly diagnostics: Diagnostics) {}

  /** Whether a line may be broken here: directly within parentheses. */
  get continues(): boolean {
    return /LeftParen$/.test(this.#stack.at(-1)?.kind ?? "");
  }

  pass(token: Token, before: string | undefined, after: string | undefined): void {
    const { kind } = token;
    if (opening.has(kind)) this.#stack.push(token);
    else if (closing.has(kind)) this.#stack.pop();
    else if (kind === "EndFunction" || kind === "EndSub" || kind === "Eof") this.#end(token);
    else if ((kind === "Function" || kind === "Sub") && before !== "As" && after === "LeftParen")
      this.#stack.push(token);
  }

  /** The end of a function, or of the file. */
  #end(end: Token): void {
    for (
      let open = this.#stack.pop();
      open !== undefined && opening.has(open.kind);
      open = this.#stack.pop()
    ) {
      const first = lineOf(open);
      this.diagnostics.error(first, "syntax", `'${open.text}' is not closed`);
      this.unclosed.push({ first, last: lineOf(end) });
    }
  }
}

export function tidy(
  tokens: readonly Token[],
  diagnostics: Diagnostics,
): Remarks & { readonly tokens: Token[] } {
  const tidied: Token[] = [];
  const nextVariables = new Map<Token, string>();
  const dims = new Set<Token>();
  const enclosure = new Enclosure(diagnostics);

  /** Takes one of the lexer's tokens for two. */
  const split = (token: Token, length: number, first: string, second: string): void => {
    tidied.push({ ...token, kind: first, text: token.text.slice(0, length) });
    tidied.push({ ...token, kind: second, text: token.text.slice(length) });
  };

  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!;
    const { kind, text } = token;
    const previous = tidied.at(-1);
    const before = previous?.kind;
    const next = tokens[i + 1];
    const after = next?.kind ?? "Eof";
    enclosure.pass(token, before, after);
    if (kind === "Comment" || (kind === "Newline" && enclosure.continues)) continue;
    if (kind === "Identifier" && before === "Next" && separators.has(after)) {
      nextVariables.set(previous!, text.toLowerCase());
    } else if (kind === "Dim" && !/Dot$/.test(before ?? "") && after !== "Colon") {
      if (isWord(next) && tokens[i + 2]?.kind === "LeftSquareBracket") {
        const sign = { ...token, kind: "Equal", text: "=" };
        dims.add(sign);
        tidied.push(next!, sign);
        i++;
      } else diagnostics.error(lineOf(token), "syntax", "Expected 'dim name[…]'");
    } else if (/At$/.test(kind) && (separators.has(before ?? "Newline") || !isWord(next))) {
      diagnostics.error(lineOf(token), "syntax", `Unexpected token '${text}'`);
    } else if (foreign.has(kind) && before !== "As") {
      tidied.push({ ...token, kind: "Identifier" });
    } else if (kind === "FloatLiteral" && text.endsWith(".") && isWord(next) && areAdjacent(token, next!)) {
      split(token, text.length - 1, "IntegerLiteral", "Dot"); // 5.toStr()
    } else if (/^QuestionLeft/.test(kind) && /^(Then|Else)$/.test(before ?? "")) {
      split(token, 1, "Question", kind.slice("Question".length)); // if a then ?(b)
    } else if (kind === "QuestionDot" && isNumber(next)) {
      tidied.push({ ...token, kind: "Question", text: "?" }); // ?.5
      tidied.push({ ...next!, kind: "FloatLiteral", text: `.${next!.text}` });
      i++;
    } else tidied.push(token);
  }
  return { tokens: tidied, nextVariables, dims, unclosed: enclosure.unclosed };
}

const isWord = (token: Token | undefined): boolean => /^[a-z_]/i.test(token?.text ?? "");

const isNumber = (token: Token | undefined): boolean => /^\d/.test(token?.text ?? "");

const areAdjacent = (a: Token, b: Token): boolean =>
  a.range.end.line === b.range.start.line && a.range.end.character === b.range.start.character;
