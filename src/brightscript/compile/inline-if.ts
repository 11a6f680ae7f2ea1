/**
 * The end of an `if` on one line. It reaches to the end of the line, or to where a block around it ends on the same line, as in
 * `for i = 1 to 3 : if i = 2 then print i : end for`. The parser knows the first only, so it gets a line end here as well.
 */
import { closing, opening, set, type Token } from "./tokens.js";

/** What is open: a bracket, a block that has an end of its own, or an `if` on one line. */
type Open = "bracket" | "function" | "loop" | "try" | "if" | "inline if";

const starting: Readonly<Record<string, Open>> = {
  For: "loop",
  ForEach: "loop",
  While: "loop",
  Try: "try",
};

const ending: Readonly<Record<string, Open>> = {
  EndFor: "loop",
  Next: "loop",
  EndWhile: "loop",
  Catch: "try",
  EndTry: "try",
  EndFunction: "function",
  EndSub: "function",
  EndIf: "if",
};

/** What ends a part of a block, and not the block. */
const inBetween = set("Catch Else");

/** What stands before a statement. */
const beforeStatement = set("Newline Colon Then Else");

const functions = set("Function Sub");
const beforeBlock = set("Newline Colon Eof");
const wordOperators = set("And Or Not Mod");

export function endInlineIfs(tokens: readonly Token[]): Token[] {
  const output: Token[] = [];
  const open: Open[] = [];
  /** Where the statement of an `if` without `then` begins. */
  let statementAt = 0;

  const endLine = (token: Token): void => {
    const line = { ...token, kind: "Newline", text: "\n" };
    if (output.at(-1)?.kind === "Colon") output[output.length - 1] = line;
    else output.push(line);
  };

  /** The end of a block, which ends every `if` on one line within it. */
  const close = (token: Token, kind: Open): void => {
    let depth = open.length;
    // A variable may be called `try`, so what a function leaves open is forgotten.
    if (kind === "function") depth = open.lastIndexOf(kind) + 1;
    else while (open[depth - 1] === "inline if") depth--;
    if (open[depth - 1] !== kind) return;
    if (open.at(-1) === "inline if") endLine(token);
    open.length = inBetween.has(token.kind) ? depth : depth - 1;
  };

  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!;
    const { kind } = token;
    const before = tokens[i - 1]?.kind ?? "Newline";
    const after = tokens[i + 1]?.kind;
    if (opening.has(kind)) open.push("bracket");
    else if (closing.has(kind)) open.splice(Math.max(0, open.lastIndexOf("bracket")));
    else if (functions.has(kind) && before !== "As" && (after === "LeftParen" || after === "Identifier"))
      open.push("function");
    else if (open.at(-1) !== "bracket" && (beforeStatement.has(before) || i === statementAt)) {
      const started = starting[kind];
      const ended = ending[kind];
      if (started !== undefined) open.push(started);
      else if (ended !== undefined) close(token, ended);
      else if (kind === "Else" && beforeBlock.has(after ?? "Eof")) close(token, "if");
      else if (kind === "If") {
        const statement = inlineStatement(tokens, i);
        // The `if` after an `else` goes on with the one before.
        if (before !== "Else") open.push(statement === undefined ? "if" : "inline if");
        statementAt = statement ?? 0;
      }
    }
    if (kind === "Newline") while (open.at(-1) === "inline if") open.pop();
    output.push(token);
  }
  return output;
}

/** Where the first statement of an `if` on one line is; undefined when it is a block. */
function inlineStatement(tokens: readonly Token[], at: number): number | undefined {
  let depth = 0;
  for (let i = at + 1; i < tokens.length; i++) {
    const { kind } = tokens[i]!;
    if (opening.has(kind)) depth++;
    else if (closing.has(kind)) depth--;
    else if (depth > 0) continue;
    else if (kind === "Then") return beforeBlock.has(tokens[i + 1]!.kind) ? undefined : i + 1;
    else if (beforeBlock.has(kind)) return undefined;
    else if (isWord(tokens[i]!) && isOperand(tokens[i - 1]!)) return i;
  }
  return undefined;
}

const isWord = ({ kind, text }: Token): boolean => /^[a-z_?]/i.test(text) && !wordOperators.has(kind);

/** Whether the token is the last of an operand. */
const isOperand = (token: Token): boolean =>
  token.kind !== "If" &&
  !wordOperators.has(token.kind) &&
  (closing.has(token.kind) || /^([\w"&]|\.\d)/.test(token.text));
