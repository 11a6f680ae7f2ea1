/** From the parser's syntax tree to ours (tree.ts). What only BrighterScript has is an error here. */
import type * as E from "brighterscript/dist/parser/Expression";
import type * as S from "brighterscript/dist/parser/Statement";
import { type Converters, ExpressionConverter, isComment, type ParserNode } from "./convert-expressions.js";
import type { Diagnostics } from "./diagnostics.js";
import { exceeds, tooMany } from "./limits.js";
import { isName, typeOfDesignator } from "./names.js";
import type { Remarks } from "./tidy.js";
import { lineOf, type Token } from "./tokens.js";
import {
  type BinaryOperator,
  type Branch,
  type Expression,
  type FunctionNode,
  type LoopKind,
  type Parameter,
  type Place,
  type Print,
  type Statement,
  type TypeName,
  typeNames,
} from "./tree.js";

const compound = /^(\+|-|\*|\/|\\|<<|>>)=$/;

/** Converts a file without syntax errors. */
export class FileConverter extends ExpressionConverter {
  /** How many blocks enclose what is converted. */
  #depth = 0;

  constructor(
    diagnostics: Diagnostics,
    readonly remarks: Remarks,
  ) {
    super(diagnostics);
  }

  /** Its functions. */
  file({ statements }: S.Body): FunctionNode[] {
    const functions: FunctionNode[] = [];
    for (const node of statements as readonly ParserNode[]) {
      if (node.constructor.name === "FunctionStatement") {
        const { name, func } = node as S.FunctionStatement;
        functions.push(this.functionNode(name.text, func));
      } else if (node.constructor.name === "LibraryStatement") this.#library(node as S.LibraryStatement);
      else if (!isComment(node)) this.error(node as Token, "Statement outside of a function");
    }
    return functions;
  }

  /** The functions of bslCore are always there; other libraries are not. */
  #library({ tokens: { library, filePath } }: S.LibraryStatement): void {
    if (/^"v30\/bslcore\.brs"$/i.test(filePath?.text ?? "")) return;
    this.diagnostics.error(lineOf(library), "file", `There is no library ${filePath?.text}`);
  }

  protected functionNode(name: string, node: E.FunctionExpression): FunctionNode {
    const line = lineOf(node.functionType!);
    const isSub = node.functionType?.text.toLowerCase() === "sub";
    return {
      name: name.toLowerCase(),
      parameters: node.parameters.map((each) => this.#parameter(each)),
      returns: this.#typeName(node.returnTypeToken, isSub ? "void" : "dynamic"),
      body: this.#block(node.body, line),
      line,
      endLine: lineOf(node.end),
    };
  }

  #parameter({ name, typeToken, defaultValue }: E.FunctionParameterExpression): Parameter {
    const written = name.text.toLowerCase();
    return {
      name: written,
      type: this.#typeName(typeToken, typeOfDesignator(written) ?? "dynamic"),
      default: defaultValue && this.expression(defaultValue),
      line: lineOf(name),
    };
  }

  #typeName(token: Token | undefined, otherwise: TypeName): TypeName {
    const name = token?.text.toLowerCase() ?? otherwise;
    if (Object.hasOwn(typeNames, name)) return name as TypeName;
    this.diagnostics.error(token === undefined ? 1 : lineOf(token), "badType", `'${name}'`);
    return "dynamic";
  }

  /** @param line - of the statement that the block is in */
  #block(node: S.Block | undefined, line: number): Statement[] {
    const nodes = (node?.statements ?? []).filter((each) => !isComment(each));
    if (exceeds(++this.#depth, "blocks")) this.diagnostics.error(line, "limit", tooMany("blocks"));
    const converted = this.#isTooDeep ? [] : nodes.map((each) => this.#statement(each));
    this.#depth--;
    return converted;
  }

  get #isTooDeep(): boolean {
    return exceeds(this.#depth, "blocks");
  }

  readonly #converters: Converters<Statement> = {
    AssignmentStatement: ({ name, value, equals }: S.AssignmentStatement) =>
      this.remarks.dims.has(equals)
        ? this.#dim(name, value, equals)
        : this.#assignment(this.variable(name), equals, value),
    DottedSetStatement: ({ obj, dot, name, value }: S.DottedSetStatement) => {
      const optional = dot?.text === "?.";
      const target: Place = {
        kind: "field",
        object: this.expression(obj),
        name: name.text,
        optional,
        line: lineOf(name),
      };
      return this.#assignment(target, name, value);
    },
    IndexedSetStatement: (node: S.IndexedSetStatement) => {
      const keys = [node.index, ...(node.additionalIndexes ?? [])].map((each) => this.expression(each));
      const line = lineOf(node.openingSquare);
      const optional = node.openingSquare.text === "?[";
      const target: Place = { kind: "index", object: this.expression(node.obj), keys, optional, line };
      return this.#assignment(target, node.openingSquare, node.value);
    },
    IncrementStatement: ({ value, operator }: S.IncrementStatement) => ({
      kind: "update",
      target: this.#place(value, operator),
      operator: operator.text === "++" ? "+" : "-",
      value: { kind: "literal", type: "integer", value: 1, line: lineOf(operator) },
      line: lineOf(operator),
    }),
    ExpressionStatement: ({ expression: inner }: S.ExpressionStatement) => {
      const evaluated = this.expression(inner);
      return { kind: "evaluate", expression: evaluated, line: firstLine(evaluated) };
    },
    PrintStatement: ({ tokens, expressions: printed }: S.PrintStatement): Print => ({
      kind: "print",
      items: printed
        .filter((item) => "kind" in item || item.range !== undefined) // an empty list has a made-up ""
        .map((item) => ("kind" in item ? (item.text as "," | ";") : this.expression(item))),
      line: lineOf(tokens.print),
    }),
    IfStatement: (node: S.IfStatement) => {
      const branches: Branch[] = [];
      let otherwise: S.IfStatement | S.Block | undefined = node;
      while (otherwise !== undefined && "condition" in otherwise) {
        const { tokens, condition, thenBranch, elseBranch }: S.IfStatement = otherwise;
        const line = lineOf(tokens.if);
        branches.push({ condition: this.expression(condition), body: this.#block(thenBranch, line), line });
        otherwise = elseBranch;
      }
      const { line } = branches[0]!;
      return { kind: "if", branches, otherwise: this.#block(otherwise as S.Block | undefined, line), line };
    },
    ForStatement: (node: S.ForStatement) => {
      const { name, value, equals } = node.counterDeclaration;
      if (this.remarks.dims.has(equals)) this.error(equals, "Unexpected token 'dim'");
      return {
        kind: "for",
        name: this.#counter(name, node.endForToken),
        start: this.expression(value),
        end: this.expression(node.finalValue),
        step: node.increment && this.expression(node.increment),
        body: this.#block(node.body, lineOf(node.forToken)),
        line: lineOf(node.forToken),
      };
    },
    ForEachStatement: ({ tokens, item, target, body }: S.ForEachStatement) => ({
      kind: "forEach",
      name: this.#counter(item, tokens.endFor),
      target: this.expression(target),
      body: this.#block(body, lineOf(tokens.forEach)),
      line: lineOf(tokens.forEach),
    }),
    WhileStatement: ({ tokens, condition, body }: S.WhileStatement) => ({
      kind: "while",
      condition: this.expression(condition),
      body: this.#block(body, lineOf(tokens.while)),
      line: lineOf(tokens.while),
    }),
    ExitForStatement: ({ tokens }: S.ExitForStatement) => this.#leave("exit", "for", tokens.exitFor),
    ExitWhileStatement: ({ tokens }: S.ExitWhileStatement) => this.#leave("exit", "while", tokens.exitWhile),
    ContinueStatement: ({ tokens }: S.ContinueStatement) =>
      this.#leave("continue", tokens.loopType.text.toLowerCase() as LoopKind, tokens.continue),
    GotoStatement: ({ tokens }: S.GotoStatement) => ({
      kind: "goto",
      label: tokens.label.text.toLowerCase(),
      line: lineOf(tokens.goto),
    }),
    LabelStatement: ({ tokens }: S.LabelStatement) => ({
      kind: "label",
      label: tokens.identifier.text.toLowerCase(),
      line: lineOf(tokens.identifier),
    }),
    ReturnStatement: ({ tokens, value }: S.ReturnStatement) => ({
      kind: "return",
      value: value && this.expression(value),
      line: lineOf(tokens.return),
    }),
    TryCatchStatement: ({ tokens, tryBranch, catchStatement }: S.TryCatchStatement) => ({
      kind: "try",
      body: this.#block(tryBranch, lineOf(tokens.try)),
      name: this.#name(catchStatement!.exceptionVariable!),
      handler: this.#block(catchStatement!.catchBranch, lineOf(tokens.try)),
      line: lineOf(tokens.try),
    }),
    ThrowStatement: ({ throwToken, expression: thrown }: S.ThrowStatement) => ({
      kind: "throw",
      value: this.expression(thrown),
      line: lineOf(throwToken),
    }),
    EndStatement: ({ tokens }: S.EndStatement) => ({ kind: "end", line: lineOf(tokens.end) }),
    StopStatement: ({ tokens }: S.StopStatement) => ({ kind: "stop", line: lineOf(tokens.stop) }),
  };

  #statement(node: ParserNode): Statement {
    const converter = this.#converters[node.constructor.name] as ((node: unknown) => Statement) | undefined;
    if (converter !== undefined) return converter(node);
    this.error(node as Token, "Not a statement of BrightScript");
    return { kind: "end", line: 1 };
  }

  /** The parser makes `target = target + value` of `target += value`. */
  #assignment(target: Place, token: Token, node: ParserNode): Statement {
    const line = lineOf(token);
    if (node.constructor.name === "BinaryExpression") {
      const { operator, right } = node as E.BinaryExpression;
      if (compound.test(operator.text)) {
        const applied = operator.text.slice(0, -1) as BinaryOperator;
        return { kind: "update", target, operator: applied, value: this.expression(right), line };
      }
    }
    return { kind: "assign", target, value: this.expression(node), line };
  }

  #dim(name: Token, node: ParserNode, token: Token): Statement {
    const value = this.expression(node);
    const sizes = value.kind === "array" ? value.items : [];
    if (sizes.length === 0 || node.constructor.name !== "ArrayLiteralExpression")
      this.error(token, "Expected 'dim name[…]'");
    return { kind: "dim", name: this.#name(name), sizes, line: lineOf(token) };
  }

  #place(node: ParserNode, token: Token): Place {
    const target = this.expression(node);
    // `(x)++` has brackets around a value.
    if (node.constructor.name === "GroupingExpression") this.error(token, "Not a place for a value");
    if (target.kind === "variable" || target.kind === "field" || target.kind === "index") return target;
    this.error(token, "Not a place for a value");
    return { kind: "variable", name: "", line: 1 };
  }

  /** The name of a variable that a statement gives a value. */
  #name(token: Token): string {
    const name = token.text.toLowerCase();
    if (!isName(name)) this.error(token, `Expected a name instead of '${name}'`);
    return name;
  }

  /** The variable of a loop, which its `next` may name again. */
  #counter(variable: Token, end: Token): string {
    const name = this.#name(variable);
    const after = this.remarks.nextVariables.get(end) ?? name;
    if (after !== name) this.diagnostics.error(lineOf(end), "badNext", `'${after}'`);
    return name;
  }

  #leave(kind: "exit" | "continue", loop: LoopKind, token: Token): Statement {
    return { kind, loop, line: lineOf(token) };
  }
}

/** The line where the text of an expression begins. */
function firstLine(expression: Expression): number {
  switch (expression.kind) {
    case "call":
      return firstLine(expression.callee);
    case "field":
    case "index":
    case "attribute":
      return firstLine(expression.object);
    case "binary":
      return firstLine(expression.left);
    default:
      return expression.line;
  }
}
