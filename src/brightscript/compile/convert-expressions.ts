/** Expressions of the parser's syntax tree as ours. */
import type * as E from "brighterscript/dist/parser/Expression";
import type { Diagnostics } from "./diagnostics.js";
import { literal, unquoted } from "./literal.js";
import { arrange, type Item, type OperatorItem } from "./precedence.js";
import { lineOf, type Token } from "./tokens.js";
import type { Expression, FunctionNode, Member, Variable } from "./tree.js";

/** A node of the parser's tree; the name of its class tells what it is. */
export type ParserNode = object;

export type Converters<T> = Readonly<Record<string, (node: never) => T>>;

export const isComment = (node: ParserNode): boolean => node.constructor.name === "CommentStatement";

export abstract class ExpressionConverter {
  constructor(protected readonly diagnostics: Diagnostics) {}

  /** A function with its statements. */
  protected abstract functionNode(name: string, node: E.FunctionExpression): FunctionNode;

  /** Reports something of BrighterScript, or something out of place. */
  protected error(token: Token | undefined, detail: string): void {
    this.diagnostics.error(token === undefined ? 1 : lineOf(token), "syntax", detail);
  }

  readonly #converters: Converters<Expression> = {
    LiteralExpression: ({ token }: E.LiteralExpression) => literal(token),
    SourceLiteralExpression: ({ token }: E.SourceLiteralExpression) => ({
      kind: "literal",
      type: "integer",
      value: lineOf(token),
      line: lineOf(token),
    }),
    VariableExpression: ({ name }: E.VariableExpression) => {
      // The parser takes `throw exit for` for a variable of two words.
      if (/\s/.test(name.text)) this.error(name, `Unexpected token '${name.text}'`);
      return this.variable(name);
    },
    GroupingExpression: ({ expression: inner }: E.GroupingExpression) => this.expression(inner),
    BinaryExpression: (node: E.BinaryExpression) => arrange(this.#items(node)),
    UnaryExpression: (node: E.UnaryExpression) => arrange(this.#items(node)),
    DottedGetExpression: ({ obj, name, dot }: E.DottedGetExpression) => ({
      kind: "field",
      object: this.expression(obj),
      name: name.text,
      optional: dot.text === "?.",
      line: lineOf(name),
    }),
    IndexedGetExpression: (node: E.IndexedGetExpression) => ({
      kind: "index",
      object: this.expression(node.obj),
      keys: [node.index, ...(node.additionalIndexes ?? [])].map((each) => this.expression(each)),
      optional: node.openingSquare.text === "?[" || node.questionDotToken !== undefined,
      line: lineOf(node.openingSquare),
    }),
    XmlAttributeGetExpression: ({ obj, name, at }: E.XmlAttributeGetExpression) => ({
      kind: "attribute",
      object: this.expression(obj),
      name: name.text,
      optional: at.text === "?@",
      line: lineOf(name),
    }),
    CallExpression: ({ callee, args, openingParen }: E.CallExpression) => ({
      kind: "call",
      callee: this.expression(callee),
      arguments: args.map((each) => this.expression(each)),
      optional: openingParen.text === "?(",
      line: lineOf(openingParen),
    }),
    ArrayLiteralExpression: ({ elements, open }: E.ArrayLiteralExpression) => ({
      kind: "array",
      items: elements.filter((node) => !isComment(node)).map((each) => this.expression(each)),
      line: lineOf(open),
    }),
    AALiteralExpression: ({ elements, open }: E.AALiteralExpression) => ({
      kind: "aa",
      members: elements
        .filter((node) => !isComment(node))
        .map((node) => this.#member(node as E.AAMemberExpression)),
      line: lineOf(open),
    }),
    FunctionExpression: (node: E.FunctionExpression) => ({
      kind: "function",
      function: this.functionNode("", node),
      line: lineOf(node.functionType!),
    }),
  };

  protected expression(node: ParserNode | undefined): Expression {
    const convert = this.#converters[node?.constructor.name ?? ""] as
      | ((node: unknown) => Expression)
      | undefined;
    if (convert !== undefined) return convert(node);
    const { range } = (node ?? {}) as Partial<Token>;
    this.error(range && ({ range } as Token), "Not an expression of BrightScript");
    return { kind: "literal", type: "invalid", value: null, line: 1 };
  }

  protected variable(name: Token): Variable {
    return { kind: "variable", name: name.text.toLowerCase(), line: lineOf(name) };
  }

  /** The operands and operators of an expression, as they stand in the source. */
  #items(node: ParserNode): Item[] {
    if (node.constructor.name === "UnaryExpression") {
      const { operator, right } = node as E.UnaryExpression;
      return [this.#operator(operator, true), ...this.#items(right)];
    }
    if (node.constructor.name === "BinaryExpression") {
      const { left, operator, right } = node as E.BinaryExpression;
      return [...this.#items(left), this.#operator(operator, false), ...this.#items(right)];
    }
    return [this.expression(node)];
  }

  #operator(token: Token, unary: boolean): OperatorItem {
    return { operator: token.text.toLowerCase() as OperatorItem["operator"], unary, line: lineOf(token) };
  }

  #member(node: E.AAMemberExpression | E.AAIndexedMemberExpression): Member {
    const value = this.expression(node.value);
    if (!("keyToken" in node)) return { name: this.expression(node.key), value };
    const { text } = node.keyToken;
    return { name: text.startsWith('"') ? unquoted(text) : text.toLowerCase(), value };
  }
}
