/** Expressions. (Reference: "Expressions, variables, and types".) */

import { numberLiteral, unquoted } from "./literal.js";
import { isName, typeOfDesignator } from "./names.js";
import { Reader } from "./reader.js";
import { type Token, tokenName, wordSet } from "./token.js";
import {
  type BinaryOperator,
  type Expression,
  type FunctionNode,
  type Member,
  type Parameter,
  type Statement,
  type TypeName,
  typeNames,
  type UnaryOperator,
} from "./tree.js";

/** From the loosest to the tightest. Operators of one row are applied from left to right, but ^ from right to left. */
const rows: readonly (readonly BinaryOperator[])[] = [
  ["or"],
  ["and"],
  [], // not
  ["=", "<>", "<", "<=", ">", ">="],
  ["<<", ">>"],
  ["+", "-"],
  ["*", "/", "\\", "mod"],
  [], // a sign
  ["^"],
];
const unaryLevels = new Map([
  ["not", 2],
  ["-", 7],
  ["+", 7],
]);
const levels = new Map<string, number>(
  rows.flatMap((row, level) => row.map((operator) => [operator, level] as const)),
);

/** Words of statements, which no expression can begin with. `mod`, `each`, `in` and the like are names where a name can be. */
const keywords = wordSet(
  "and dim else elseif end endfor endfunction endif endsub endwhile exit exitwhile for goto if let next or print rem return step " +
    "stop then to while",
);

const signature = { function: "dynamic", sub: "void" } as const;

export abstract class ExpressionReader extends Reader {
  /** The height of the last expression that was read. */
  #height = 0;
  /** That of the highest one of the function that is being read. */
  #tallest = 0;

  /** The statements of a function, up to its end, which is read as well; and the line where it ends. */
  protected abstract functionBody(opening: Token): { body: Statement[]; endLine: number };

  /** Whether an expression can begin with the next token. */
  get isExpression(): boolean {
    const { kind, key } = this.token;
    if (kind === "word") return !keywords.has(key);
    return kind === "number" || kind === "string" || (kind === "sign" && /^[-+([{]$/.test(key));
  }

  /** @param level - that of the loosest operators in it */
  expression(level = 0): Expression {
    let left = this.#operand();
    for (;;) {
      const { key, line, column } = this.token;
      const own = levels.get(key);
      if (own === undefined || own < level) return left;
      const height = this.#height;
      this.advance();
      this.skipLineEnds(); // An operator continues on the next line.
      this.enter("depth");
      const right = this.expression(key === "^" ? own : own + 1);
      this.leave("depth");
      this.#raise(Math.max(height, this.#height));
      left = { kind: "binary", operator: key as BinaryOperator, left, right, line, column };
    }
  }

  #operand(): Expression {
    const { key, line, column } = this.token;
    const level = unaryLevels.get(key);
    if (level === undefined) return this.chain();
    this.advance();
    this.enter("depth");
    const operand = this.expression(level);
    this.leave("depth");
    this.#raise(this.#height);
    return { kind: "unary", operator: key as UnaryOperator, operand, line, column };
  }

  /** A value with the members, elements, attributes and calls that follow it. */
  chain(): Expression {
    let object = this.#value();
    for (;;) {
      const height = this.#height;
      const link = this.#link(object);
      if (link === undefined) return object;
      // The code of optional chaining is nested twice as deep.
      this.#raise(Math.max(height, this.#height) + ("optional" in link && link.optional ? 1 : 0));
      object = link;
    }
  }

  #link(object: Expression): Expression | undefined {
    const optional = this.is("?") && this.#isOptionalChain();
    if (optional) this.advance();
    // `?.[` and `?.(` are the same as `?[` and `?(`.
    if (optional && this.is(".") && /^[[(]$/.test(this.following.key)) this.advance();
    const { token } = this;
    switch (token.kind === "sign" ? token.key : "") {
      case ".":
        this.advance();
        return this.#named("field", object, optional);
      case "@":
        this.advance();
        return this.#named("attribute", object, optional);
      case "[": {
        const keys = this.enclosed("]", false, () => this.#list("]"));
        if (keys.length === 0) throw this.fault("Expected a key between '[' and ']'");
        return { kind: "index", object, keys, optional, line: token.line, column: token.column };
      }
      case "(": {
        const given = this.enclosed(")", true, () => this.#list(")"));
        return {
          kind: "call",
          callee: object,
          arguments: given,
          optional,
          line: token.line,
          column: token.column,
        };
      }
      default:
        return undefined;
    }
  }

  /** Whether a question mark is part of `?.`, `?[`, `?(` or `?@`; else it begins a print statement. */
  #isOptionalChain(): boolean {
    const { kind, key, joined } = this.following;
    return joined && kind === "sign" && /^[.[(@]$/.test(key);
  }

  #named(kind: "field" | "attribute", object: Expression, optional: boolean): Expression {
    const { token } = this;
    if (token.kind !== "word") throw this.fault(`Expected a name instead of ${tokenName(token)}`);
    this.advance();
    return { kind, object, name: token.text, optional, line: token.line, column: token.column };
  }

  /** Expressions with commas between them, which may be on several lines. */
  #list(closing: string): Expression[] {
    const items: Expression[] = [];
    let height = 0;
    this.skipLineEnds();
    while (!this.is(closing)) {
      items.push(this.expression());
      height = Math.max(height, this.#height);
      this.skipLineEnds();
      if (!this.take(",")) break;
      this.skipLineEnds();
      if (this.is(closing)) throw this.fault();
    }
    this.#height = height;
    return items;
  }

  #value(): Expression {
    const { token } = this;
    const { kind, key, line, column } = token;
    this.#height = 1;
    switch (kind) {
      case "number":
        this.advance();
        // `12ab` is neither a number nor two values.
        if (
          this.token.kind === "word" &&
          this.token.joined &&
          !keywords.has(this.token.key) &&
          !levels.has(this.token.key)
        )
          throw this.fault();
        return { kind: "literal", ...numberLiteral(token), line, column };
      case "string":
        this.advance();
        return { kind: "literal", type: "string", value: unquoted(token), line, column };
      case "word":
        return this.#word(token);
      case "sign":
        if (key === "(") return this.enclosed(")", true, () => this.expression());
        if (key === "[") return this.#array(token);
        if (key === "{") return this.#associativeArray(token);
    }
    throw this.fault();
  }

  #word(token: Token): Expression {
    const { key, line, column } = token;
    switch (key) {
      case "true":
      case "false":
        this.advance();
        return { kind: "literal", type: "boolean", value: key === "true", line, column };
      case "invalid":
        this.advance();
        return { kind: "literal", type: "invalid", value: null, line, column };
      case "line_num":
        this.advance();
        return { kind: "literal", type: "integer", value: line, line, column };
      case "function":
      case "sub":
        return { kind: "function", function: this.function(""), line, column };
    }
    if (keywords.has(key)) throw this.fault();
    this.advance();
    return { kind: "variable", name: key, line, column };
  }

  #array({ line, column }: Token): Expression {
    const items: Expression[] = [];
    this.enclosed("]", false, () => this.#items("]", () => items.push(this.expression())));
    return { kind: "array", items, line, column };
  }

  #associativeArray({ line, column }: Token): Expression {
    const members: Member[] = [];
    this.enclosed("}", false, () => this.#items("}", () => members.push(this.#member())));
    return { kind: "aa", members, line, column };
  }

  /** Items of a literal, between which stand commas or ends of lines. */
  #items(closing: string, read: () => void): void {
    let height = 0;
    this.skipLineEnds();
    while (!this.is(closing)) {
      read();
      height = Math.max(height, this.#height);
      const separated = this.token.kind === "newline";
      this.skipLineEnds();
      if (!this.take(",") && !separated) break;
      this.skipLineEnds();
    }
    this.#raise(height);
  }

  #member(): Member {
    const { token } = this;
    let name: string | Expression;
    if (token.kind === "string") name = unquoted(this.advance());
    else if (token.kind === "word") name = this.advance().key;
    else if (this.is("[")) name = this.enclosed("]", false, () => this.expression());
    else throw this.fault(`Expected the name of a member instead of ${tokenName(token)}`);
    this.skipLineEnds();
    this.expect(":");
    this.skipLineEnds();
    return { name, value: this.expression() };
  }

  /** A function from its first word on; `name` is "" where it has none. */
  protected function(name: string): FunctionNode {
    const opening = this.token;
    const { line, column } = opening;
    this.advance();
    if (name !== "") this.advance();
    if (!this.is("(")) throw this.fault(`Expected '(' instead of ${tokenName(this.token)}`);
    const parameters: Parameter[] = [];
    this.enclosed(")", true, () => this.#parameters(parameters));
    const tallest = this.#tallest;
    this.#tallest = 0;
    const read = this.lines(() => {
      const returns = this.#type(signature[opening.key as keyof typeof signature]);
      return { returns, ...this.functionBody(opening) };
    });
    this.#raise(this.#tallest);
    this.#tallest = Math.max(tallest, this.#height);
    return { name, parameters, ...read, line, column };
  }

  /** Sets the height of an expression whose operands have at most this one. */
  #raise(height: number): void {
    this.#height = this.checkHeight(height + 1);
    this.#tallest = Math.max(this.#tallest, this.#height);
  }

  #parameters(parameters: Parameter[]): void {
    while (!this.is(")")) {
      const { key, kind, line, column } = this.token;
      if (kind !== "word" || !isName(key))
        throw this.fault(`Expected a parameter instead of ${tokenName(this.token)}`);
      this.advance();
      const value = this.take("=") ? this.expression() : undefined;
      if (value === undefined && parameters.at(-1)?.default !== undefined)
        this.error(
          { line, column },
          "syntax",
          `The parameter '${key}' needs a default value, as the one before it has`,
        );
      const type = this.#type(typeOfDesignator(key) ?? "dynamic");
      parameters.push({ name: key, type, default: value, line, column });
      if (!this.take(",")) return;
      if (this.is(")")) throw this.fault();
    }
  }

  #type(otherwise: TypeName): TypeName {
    if (!this.take("as")) return otherwise;
    const { token } = this;
    if (token.kind !== "word") throw this.fault(`Expected a type instead of ${tokenName(token)}`);
    this.advance();
    if (Object.hasOwn(typeNames, token.key)) return token.key as TypeName;
    this.error(token, "badType", `'${token.key}'`);
    return "dynamic";
  }
}
