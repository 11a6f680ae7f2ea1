/** Conditional compilation: `#const`, `#if`, `#else if`, `#else`, `#end if` and `#error`. (Reference: "Conditional compilation".) */
import type { Diagnostics } from "./diagnostics.js";
import { isTerminated } from "./literal.js";
import type { Place, Token } from "./token.js";

/** An `#if` whose `#end if` is still to come. */
interface Branch extends Place {
  /** Whether what encloses it is compiled. */
  readonly enclosed: boolean;
  /** Whether one of its branches has been taken. */
  taken: boolean;
  /** Whether the present branch is compiled. */
  active: boolean;
  elseSeen: boolean;
}

/**
 * The tokens that are compiled, without the directives. Reports those that are no tokens of the language among them.
 *
 * @param constants - those of the manifest's bs_const, their names in lower case
 */
export function preprocess(
  tokens: readonly Token[],
  constants: Readonly<Record<string, boolean>>,
  diagnostics: Diagnostics,
): Token[] {
  const preprocessor = new Preprocessor(constants, diagnostics);
  const output: Token[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!;
    if (token.kind === "directive") {
      const start = i + 1;
      while (!isLineEnd(tokens[i + 1]!)) i++;
      preprocessor.directive(token, tokens.slice(start, i + 1));
    } else if (token.kind === "end" || preprocessor.active) {
      if (token.kind === "stray")
        diagnostics.error(token, "syntax", `Unexpected character ${codePoint(token)}`);
      else output.push(token);
      if (token.kind === "string" && !isTerminated(token))
        diagnostics.error(token, "unterminatedString", "Unterminated string at end of line");
    }
  }
  preprocessor.end();
  return output;
}

const isLineEnd = ({ kind }: Token): boolean => kind === "newline" || kind === "end";

const codePoint = ({ text }: Token): string =>
  `U+${text.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")}`;

const textOf = (words: readonly Token[]): string => words.map(({ text }) => text).join(" ");

class Preprocessor {
  readonly #known: Map<string, boolean>;
  readonly #branches: Branch[] = [];

  constructor(
    constants: Readonly<Record<string, boolean>>,
    readonly diagnostics: Diagnostics,
  ) {
    this.#known = new Map(Object.entries(constants));
  }

  /** Whether what follows is compiled. */
  get active(): boolean {
    return this.#branches.at(-1)?.active ?? true;
  }

  /** @param words - the rest of its line */
  directive(token: Token, words: readonly Token[]): void {
    switch (token.key) {
      case "#const":
        if (this.active) this.#const(token, words);
        break;
      case "#error":
        if (this.active) this.#report(token, `#error ${words[0]!.text.trim()}`);
        break;
      case "#if": {
        const { active } = this;
        const taken = active && this.#isCondition(words, token) && this.#value(words);
        const { line, column } = token;
        this.#branches.push({ line, column, enclosed: active, taken, active: taken, elseSeen: false });
        break;
      }
      default:
        this.#branch(token, words);
    }
  }

  /** `#else if`, `#else` and `#end if` */
  #branch(token: Token, words: readonly Token[]): void {
    const branch = this.#branches.at(-1);
    if (branch === undefined || (branch.elseSeen && token.key !== "#endif")) {
      this.#report(token, `${token.text} ${branch === undefined ? "without #if" : "after #else"}`);
      return;
    }
    const isElseIf = token.key === "#elseif";
    if (!isElseIf && words.length > 0)
      this.#report(words[0]!, `Unexpected '${textOf(words)}' after ${token.text}`);
    if (token.key === "#endif") {
      this.#branches.pop();
      return;
    }
    branch.elseSeen = !isElseIf;
    const isAsked = branch.enclosed && (!isElseIf || this.#isCondition(words, token)) && !branch.taken;
    branch.active = isAsked && (!isElseIf || this.#value(words));
    branch.taken ||= branch.active;
  }

  #const(token: Token, [name, equal, ...rest]: readonly Token[]): void {
    if (name?.kind !== "word" || equal?.text !== "=") this.#report(token, "Expected '#const name = value'");
    else if (this.#isCondition(rest, token)) this.#known.set(name.key, this.#value(rest));
  }

  /** Whether the words are a name, true or false, or one of these after not. */
  #isCondition(words: readonly Token[], place: Place): boolean {
    const [last, ...others] = words.toReversed();
    const isOne = last?.kind === "word" && last.key !== "not";
    if (isOne && (others.length === 0 || (others.length === 1 && others[0]!.key === "not"))) return true;
    this.#report(words[0] ?? place, `Expected a constant, true or false instead of '${textOf(words)}'`);
    return false;
  }

  #value(words: readonly Token[]): boolean {
    const last = words.at(-1)!;
    const constant =
      last.key === "true" || last.key === "false" ? last.key === "true" : this.#known.get(last.key);
    if (constant === undefined) this.#report(last, `Unknown constant '${last.text}'`);
    return (constant ?? false) !== (words.length === 2);
  }

  end(): void {
    for (const branch of this.#branches)
      this.diagnostics.error(branch, "unterminatedBlock", "#if without #end if");
  }

  #report(place: Place, detail: string): void {
    this.diagnostics.error(place, "syntax", detail);
  }
}
