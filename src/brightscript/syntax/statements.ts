/** Statements and blocks. (Reference: "Program statements".) */

import { ExpressionReader } from "./expressions.js";
import { isName } from "./names.js";
import { type Place, type Token, tokenName, wordSet } from "./token.js";
import type {
  BinaryOperator,
  Branch,
  Expression,
  LoopKind,
  Print,
  Statement,
  Place as Target,
} from "./tree.js";

/** What a block is part of. */
type Construct = "function" | "if" | "for" | "while" | "try" | "catch";

/** Words that end a block, or a part of one, and of what. Most may also be written in two words. */
const closings: Readonly<Record<string, Construct>> = {
  endfunction: "function",
  endsub: "function",
  endif: "if",
  else: "if",
  elseif: "if",
  endfor: "for",
  next: "for",
  endwhile: "while",
  endtry: "catch",
};

const updates: Readonly<Record<string, BinaryOperator>> = {
  "+=": "+",
  "-=": "-",
  "*=": "*",
  "/=": "/",
  "\\=": "\\",
  "<<=": "<<",
  ">>=": ">>",
  "++": "+",
  "--": "-",
};

/** What follows a variable at the beginning of a statement; so `try` and `throw` can be names as well. */
const afterTarget = wordSet("= . [ ++ -- += -= *= /= \\= <<= >>=");

export class StatementReader extends ExpressionReader {
  /** The constructs around what is being read, from the function's first to the innermost. */
  readonly #open: Construct[] = [];

  protected functionBody(opening: Token): { body: Statement[]; endLine: number } {
    const ending = opening.key;
    const body = this.#block("function", opening);
    const { token } = this;
    const closing = this.#closingKey();
    if (closing === `end${ending}`) this.#takeClosing();
    else if (closing === "endfunction" || closing === "endsub") {
      this.report(this.fault(`Expected 'end ${ending}' instead of 'end ${closing.slice(3)}'`));
      this.#takeClosing();
    } else if (token.kind === "end") {
      const last = this.tokens.findLast(({ kind }) => kind !== "newline" && kind !== "end") ?? token;
      this.error(last, "endOfFile");
    } else this.report(this.fault(`Expected 'end ${ending}' before '${token.text}'`));
    return { body, endLine: token.line };
  }

  /** The statements up to what ends the block, or a construct around it. */
  #block(construct: Construct, opening: Place): Statement[] {
    const statements: Statement[] = [];
    this.enter("blocks", opening);
    this.#open.push(construct);
    const depth = this.#open.length;
    for (;;) {
      while (this.token.kind === "newline" || this.is(":")) this.advance();
      if (this.#isBlockEnd()) break;
      const read = this.recovering(
        () => this.#separated(),
        () => this.#skipLine(),
      );
      this.#open.length = depth;
      if (read !== undefined) statements.push(read);
    }
    this.#open.pop();
    this.leave("blocks");
    return statements;
  }

  /** A statement, and what has to stand after it. */
  #separated(): Statement {
    const statement = this.#statement();
    const { previous } = this;
    if (!this.isLineEnd && !this.is(":") && previous?.kind !== "newline" && previous?.text !== ":")
      throw this.fault();
    return statement;
  }

  /** Whether the block that is being read ends here. What would end none is reported, and passed over. */
  #isBlockEnd(): boolean {
    while (!this.isHardEnd()) {
      const closing = this.#closing();
      if (closing === undefined) return false;
      if (this.#open.includes(closing)) return true;
      this.report(this.fault());
      this.#skipLine();
      while (this.token.kind === "newline" || this.is(":")) this.advance();
    }
    return true;
  }

  /** A function that begins on a line of its own means that the end of the one before is missing. */
  protected override isHardEnd(): boolean {
    if (this.token.kind === "end") return true;
    const isFunction = this.is("function") || this.is("sub");
    return isFunction && this.previous?.kind === "newline" && this.following.kind === "word";
  }

  /** What the next token ends, if it ends a construct or a part of one. */
  #closing(): Construct | undefined {
    const key = this.#closingKey();
    if (key !== "catch") return Object.hasOwn(closings, key) ? closings[key] : undefined;
    const { kind, key: next } = this.following;
    const isName = kind === "sign" && afterTarget.has(next);
    return !isName && this.#open.includes("try") ? "try" : undefined;
  }

  /** The next word; for `end if` and the like the two as one. */
  #closingKey(): string {
    const { kind, key } = this.token;
    if (kind !== "word") return "";
    if (key === "end" && this.following.kind === "word") return `end${this.following.key}`;
    return key;
  }

  #takeClosing(): void {
    if (this.advance().key === "end") this.advance();
  }

  /** Goes on after the line, or where a function ends on it. */
  #skipLine(): void {
    while (!this.isLineEnd) {
      const key = this.#closingKey();
      if (key === "endfunction" || key === "endsub") return;
      this.advance();
    }
  }

  /** Reads the end of a block; a missing one is reported at its beginning. */
  #end(
    opening: Token,
    closing: readonly string[],
    name: "unterminatedBlock" | "noEndIf" | "noEndWhile",
  ): void {
    if (closing.includes(this.#closingKey())) this.#takeClosing();
    else this.error(opening, name, `'${opening.text}' without '${closing[0]!.replace(/^end/, "end ")}'`);
  }

  #statement(): Statement {
    const { token } = this;
    const { key, kind, line, column } = token;
    if (key === "?" && kind === "sign") return this.#print();
    if (kind !== "word") return this.#other();
    switch (key) {
      case "print":
        return this.#print();
      case "if":
        return this.#if();
      case "for":
        return this.#for();
      case "while":
        return this.#while();
      case "return": {
        this.advance();
        const value = this.isExpression ? this.expression() : undefined;
        return { kind: "return", value, line, column };
      }
      case "exit":
      case "exitwhile":
      case "exitfor":
        return this.#leaveLoop("exit");
      case "goto": {
        this.advance();
        return { kind: "goto", label: this.#name("a label").key, line, column };
      }
      case "dim":
        return this.#dim();
      case "end":
      case "stop":
        this.advance();
        return { kind: key, line, column };
      default:
        return this.#contextual();
    }
  }

  /** Statements whose words can also be names. */
  #contextual(): Statement {
    const { token, following } = this;
    const { key, line, column } = token;
    const isName = following.kind === "sign" && afterTarget.has(following.key);
    if (isName) return this.#other();
    if (key === "try" && (following.kind === "newline" || following.key === ":")) return this.#try();
    if (key === "continue" && following.kind === "word") return this.#leaveLoop("continue");
    if (key === "throw") {
      this.advance();
      return { kind: "throw", value: this.expression(), line, column };
    }
    if (following.key === ":" && following.kind === "sign" && this.#isLabel(token)) {
      this.advance();
      this.advance();
      return { kind: "label", label: key, line, column };
    }
    return this.#other();
  }

  /** A label stands on a line by itself. */
  #isLabel({ key }: Token): boolean {
    const { kind } = this.ahead(2);
    return isName(key) && (kind === "newline" || kind === "end");
  }

  /** An assignment or a call. */
  #other(): Statement {
    const first = this.token;
    const { line, column } = first;
    if (!this.isExpression || /^[-+]$/.test(first.key)) throw this.fault();
    const expression = this.chain();
    const { token } = this;
    const { key } = token;
    const operator = token.kind === "sign" ? updates[key] : undefined;
    if (operator === undefined && key !== "=") {
      if (expression.kind !== "call") throw this.fault();
      return { kind: "evaluate", expression, line, column };
    }
    const target = this.#target(expression, first);
    this.advance();
    if (key === "++" || key === "--") {
      const value: Expression = {
        kind: "literal",
        type: "integer",
        value: 1,
        line: token.line,
        column: token.column,
      };
      return { kind: "update", target, operator: operator!, value, line: token.line, column: token.column };
    }
    const place = { line: target.line, column: target.column };
    const value = this.expression();
    return operator === undefined
      ? { kind: "assign", target, value, ...place }
      : { kind: "update", target, operator, value, ...place };
  }

  #target(expression: Expression, first: Token): Target {
    const { kind } = expression;
    if (kind === "variable" && first.key !== "(") {
      if (!isName(expression.name)) throw this.fault(`'${expression.name}' cannot be the name of a variable`);
      return expression;
    }
    if (kind === "field" || kind === "index") return expression;
    throw this.fault(`Unexpected ${tokenName(this.token)} after a value that is no place for another`);
  }

  /** The name of a variable that a statement gives a value, or of a label. */
  #name(what: string): Token {
    const { token } = this;
    if (token.kind !== "word" || !isName(token.key))
      throw this.fault(`Expected ${what} instead of ${tokenName(token)}`);
    return this.advance();
  }

  #print(): Print {
    const { line, column } = this.advance();
    const items: (Expression | "," | ";")[] = [];
    for (;;) {
      if (this.is(",") || this.is(";")) items.push(this.advance().key as "," | ";");
      else if (this.isExpression) items.push(this.expression());
      else return { kind: "print", items, line, column };
    }
  }

  #dim(): Statement {
    const { line, column } = this.advance();
    const { key: name } = this.#name("a variable");
    if (!this.is("[")) throw this.fault(`Expected '[' instead of ${tokenName(this.token)}`);
    const sizes: Expression[] = [];
    this.enclosed("]", false, () => {
      do sizes.push(this.expression());
      while (this.take(","));
    });
    return { kind: "dim", name, sizes, line, column };
  }

  #leaveLoop(kind: "exit" | "continue"): Statement {
    const { key, line, column } = this.advance();
    const inOne = /^exit(for|while)$/.exec(key)?.[1];
    const loop = inOne ?? this.token.key;
    if (loop !== "for" && loop !== "while")
      throw this.fault(`Expected 'for' or 'while' instead of ${tokenName(this.token)}`);
    if (inOne === undefined) this.advance();
    return { kind, loop: loop as LoopKind, line, column };
  }

  #if(): Statement {
    const opening = this.token;
    const { line, column } = opening;
    const branch = this.#condition();
    // After `then` and on the same line stands the only statement, or several with colons between them.
    if (!this.isLineEnd && !this.is(":")) return this.#inlineIf(branch);
    const branches: Branch[] = [{ ...branch, body: this.#block("if", opening) }];
    let otherwise: Statement[] = [];
    for (;;) {
      const key = this.#closingKey();
      if (key !== "else" && key !== "elseif") break;
      if (this.#isElseIf()) {
        const next = this.#condition();
        if (!this.isLineEnd && !this.is(":")) throw this.fault();
        branches.push({ ...next, body: this.#block("if", opening) });
      } else {
        this.advance();
        otherwise = this.#block("if", opening);
        break;
      }
    }
    this.#end(opening, ["endif"], "noEndIf");
    return { kind: "if", branches, otherwise, line, column };
  }

  #isElseIf(): boolean {
    return this.is("elseif") || (this.is("else") && this.following.key === "if");
  }

  /** `if` or `else if`, the condition, and `then` if it is there. */
  #condition(): Omit<Branch, "body"> {
    let { line, column } = this.advance();
    if (this.previous!.key === "else") ({ line, column } = this.advance());
    const condition = this.expression();
    this.take("then");
    return { condition, line, column };
  }

  /** An `if` on one line, with its `else` if that is not one of a block around it. */
  #inlineIf(first: Omit<Branch, "body">): Statement {
    const { line, column } = first;
    const branches: Branch[] = [{ ...first, body: this.#inlineBlock(first) }];
    let otherwise: Statement[] = [];
    while (this.is("else") || this.is("elseif")) {
      if (this.#isElseIf()) {
        const next = this.#condition();
        if (this.isLineEnd || this.is(":")) throw this.fault("Expected a statement on the line of the if");
        branches.push({ ...next, body: this.#inlineBlock(first) });
      } else {
        const { kind, key } = this.following;
        if (kind === "newline" || kind === "end" || key === ":") break;
        this.advance();
        otherwise = this.#inlineBlock(first);
        break;
      }
    }
    return { kind: "if", branches, otherwise, line, column };
  }

  /** Statements up to the end of the line, to `else`, or to where a block around them ends. */
  #inlineBlock(opening: Place): Statement[] {
    const statements: Statement[] = [];
    this.enter("blocks", opening);
    for (;;) {
      statements.push(this.#statement());
      if (!this.is(":")) break;
      while (this.is(":")) this.advance();
      if (this.isLineEnd || this.#closing() !== undefined) break;
    }
    this.leave("blocks");
    return statements;
  }

  #for(): Statement {
    const opening = this.advance();
    const { line, column } = opening;
    if (this.is("each") && this.following.kind === "word") {
      this.advance();
      const item = this.#name("a variable");
      if (!this.is("in")) throw this.fault(`Expected 'in' instead of ${tokenName(this.token)}`);
      this.advance();
      const target = this.expression();
      return {
        kind: "forEach",
        name: item.key,
        target,
        body: this.#loop("for", opening, item.key),
        line,
        column,
      };
    }
    const { key: name } = this.#name("a variable");
    this.expect("=");
    const start = this.expression();
    this.expect("to");
    const end = this.expression();
    const step = this.take("step") ? this.expression() : undefined;
    return { kind: "for", name, start, end, step, body: this.#loop("for", opening, name), line, column };
  }

  #while(): Statement {
    const opening = this.advance();
    const { line, column } = opening;
    const condition = this.expression();
    return { kind: "while", condition, body: this.#loop("while", opening), line, column };
  }

  /** The body of a loop with its end, which after `next` may name the variable again. */
  #loop(kind: LoopKind, opening: Token, variable?: string): Statement[] {
    if (!this.isLineEnd && !this.is(":")) throw this.fault();
    const body = this.#block(kind, opening);
    const { token } = this;
    this.#end(
      opening,
      kind === "for" ? ["endfor", "next"] : ["endwhile"],
      kind === "for" ? "unterminatedBlock" : "noEndWhile",
    );
    if (token.key === "next" && this.token.kind === "word") {
      const { key } = this.advance();
      if (key !== variable) this.error(token, "badNext", `'${key}'`);
    }
    return body;
  }

  #try(): Statement {
    const opening = this.advance();
    const { line, column } = opening;
    const body = this.#block("try", opening);
    if (!this.is("catch")) {
      this.error(opening, "unterminatedBlock", "'try' without 'catch'");
      return { kind: "try", body, name: "e", handler: [], line, column };
    }
    this.advance();
    const { key: name } = this.#name("a variable");
    if (!this.isLineEnd && !this.is(":")) throw this.fault();
    const handler = this.#block("catch", opening);
    this.#end(opening, ["endtry"], "unterminatedBlock");
    return { kind: "try", body, name, handler, line, column };
  }
}
