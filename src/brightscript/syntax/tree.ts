/**
 * The syntax tree that the compiler works on: what parser.ts makes of a file. Names are in lower case unless
 * said otherwise.
 */

import type { Place as SourcePlace } from "./token.js";

/** The types, and how the backtrace spells them. */
export const typeNames = {
  boolean: "Boolean",
  integer: "Integer",
  longinteger: "LongInteger",
  float: "Float",
  double: "Double",
  string: "String",
  object: "Object",
  function: "Function",
  interface: "Interface",
  dynamic: "Dynamic",
  void: "Void",
} as const;

export type TypeName = keyof typeof typeNames;

export type BinaryOperator =
  | "or"
  | "and"
  | "="
  | "<>"
  | "<"
  | "<="
  | ">"
  | ">="
  | "<<"
  | ">>"
  | "+"
  | "-"
  | "*"
  | "/"
  | "\\"
  | "mod"
  | "^";

export type UnaryOperator = "not" | "-" | "+";

type Node = SourcePlace;

export interface Literal extends Node {
  readonly kind: "literal";
  /** The type decides how `value` is to be read: a number is an Integer, a Float or a Double. */
  readonly type: "invalid" | "boolean" | "integer" | "longinteger" | "float" | "double" | "string";
  readonly value: null | boolean | number | bigint | string;
}

/** A local variable or a function. */
export interface Variable extends Node {
  readonly kind: "variable";
  /** With its type designator, if it has one. */
  readonly name: string;
}

export interface Binary extends Node {
  readonly kind: "binary";
  readonly operator: BinaryOperator;
  readonly left: Expression;
  readonly right: Expression;
}

export interface Unary extends Node {
  readonly kind: "unary";
  readonly operator: UnaryOperator;
  readonly operand: Expression;
}

/** `object.name` or `object?.name` */
export interface Field extends Node {
  readonly kind: "field";
  readonly object: Expression;
  /** As the program spells it. */
  readonly name: string;
  readonly optional: boolean;
}

/** `object[key, key]`, `object?[key]` */
export interface Index extends Node {
  readonly kind: "index";
  readonly object: Expression;
  readonly keys: readonly Expression[];
  readonly optional: boolean;
}

/** `object@name`, `object?@name` */
export interface Attribute extends Node {
  readonly kind: "attribute";
  readonly object: Expression;
  /** As the program spells it. */
  readonly name: string;
  readonly optional: boolean;
}

/** `callee(…)`, `callee?(…)` */
export interface Call extends Node {
  readonly kind: "call";
  readonly callee: Expression;
  readonly arguments: readonly Expression[];
  readonly optional: boolean;
}

export interface ArrayLiteral extends Node {
  readonly kind: "array";
  readonly items: readonly Expression[];
}

export interface Member {
  /** In lower case unless the program has it in quotes; an expression in `[name]: value`. */
  readonly name: string | Expression;
  readonly value: Expression;
}

export interface AssociativeArrayLiteral extends Node {
  readonly kind: "aa";
  readonly members: readonly Member[];
}

export interface FunctionLiteral extends Node {
  readonly kind: "function";
  readonly function: FunctionNode;
}

export type Expression =
  | Literal
  | Variable
  | Binary
  | Unary
  | Field
  | Index
  | Attribute
  | Call
  | ArrayLiteral
  | AssociativeArrayLiteral
  | FunctionLiteral;

export interface Parameter extends Node {
  readonly name: string;
  readonly type: TypeName;
  readonly default: Expression | undefined;
}

export interface FunctionNode extends Node {
  /** "" when it is anonymous. */
  readonly name: string;
  readonly parameters: readonly Parameter[];
  readonly returns: TypeName;
  readonly body: readonly Statement[];
  readonly endLine: number;
}

export type Place = Variable | Field | Index;

export type LoopKind = "for" | "while";

export interface Assign extends Node {
  readonly kind: "assign";
  readonly target: Place;
  readonly value: Expression;
}

/** `target += value`, `target++` and so on. */
export interface Update extends Node {
  readonly kind: "update";
  readonly target: Place;
  readonly operator: BinaryOperator;
  readonly value: Expression;
}

export interface Evaluate extends Node {
  readonly kind: "evaluate";
  readonly expression: Expression;
}

export interface Print extends Node {
  readonly kind: "print";
  readonly items: readonly (Expression | "," | ";")[];
}

export interface Branch extends Node {
  readonly condition: Expression;
  readonly body: readonly Statement[];
}

/** `if … else if … else …` */
export interface If extends Node {
  readonly kind: "if";
  readonly branches: readonly Branch[];
  /** Empty if there is none. */
  readonly otherwise: readonly Statement[];
}

export interface For extends Node {
  readonly kind: "for";
  readonly name: string;
  readonly start: Expression;
  readonly end: Expression;
  readonly step: Expression | undefined;
  readonly body: readonly Statement[];
}

export interface ForEach extends Node {
  readonly kind: "forEach";
  readonly name: string;
  readonly target: Expression;
  readonly body: readonly Statement[];
}

export interface While extends Node {
  readonly kind: "while";
  readonly condition: Expression;
  readonly body: readonly Statement[];
}

/** `exit for`, `continue while` and so on. */
export interface Leave extends Node {
  readonly kind: "exit" | "continue";
  readonly loop: LoopKind;
}

export interface Goto extends Node {
  readonly kind: "goto";
  readonly label: string;
}

export interface Label extends Node {
  readonly kind: "label";
  readonly label: string;
}

export interface Return extends Node {
  readonly kind: "return";
  readonly value: Expression | undefined;
}

export interface Dim extends Node {
  readonly kind: "dim";
  readonly name: string;
  readonly sizes: readonly Expression[];
}

export interface Try extends Node {
  readonly kind: "try";
  readonly body: readonly Statement[];
  readonly name: string;
  readonly handler: readonly Statement[];
}

export interface Throw extends Node {
  readonly kind: "throw";
  readonly value: Expression;
}

/** `end` or `stop` */
export interface Halt extends Node {
  readonly kind: "end" | "stop";
}

export type Statement =
  | Assign
  | Update
  | Evaluate
  | Print
  | If
  | For
  | ForEach
  | While
  | Leave
  | Goto
  | Label
  | Return
  | Dim
  | Try
  | Throw
  | Halt;

/** The blocks of statements within a statement. */
export function blocks(statement: Statement): readonly (readonly Statement[])[] {
  switch (statement.kind) {
    case "if":
      return [...statement.branches.map(({ body }) => body), statement.otherwise];
    case "for":
    case "forEach":
    case "while":
      return [statement.body];
    case "try":
      return [statement.body, statement.handler];
    default:
      return [];
  }
}

/** Every statement of a function's body, those within others too, in the order of the source. */
export function* everyStatement(statements: readonly Statement[]): Generator<Statement> {
  for (const statement of statements) {
    yield statement;
    for (const block of blocks(statement)) yield* everyStatement(block);
  }
}

/** The expressions that a statement consists of; not those of statements within it. */
export function expressionsOf(statement: Statement): readonly Expression[] {
  switch (statement.kind) {
    case "assign":
    case "update":
      return [statement.target, statement.value];
    case "evaluate":
      return [statement.expression];
    case "print":
      return statement.items.filter((item) => typeof item !== "string");
    case "if":
      return statement.branches.map(({ condition }) => condition);
    case "while":
      return [statement.condition];
    case "for":
      return [statement.start, statement.end, ...(statement.step === undefined ? [] : [statement.step])];
    case "forEach":
      return [statement.target];
    case "return":
      return statement.value === undefined ? [] : [statement.value];
    case "dim":
      return statement.sizes;
    case "throw":
      return [statement.value];
    default:
      return [];
  }
}

/** The expressions directly within an expression; not those of a function. */
export function operandsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case "binary":
      return [expression.left, expression.right];
    case "unary":
      return [expression.operand];
    case "field":
    case "attribute":
      return [expression.object];
    case "index":
      return [expression.object, ...expression.keys];
    case "call":
      return [expression.callee, ...expression.arguments];
    case "array":
      return expression.items;
    case "aa":
      return expression.members.flatMap(({ name, value }) =>
        typeof name === "string" ? [value] : [name, value],
      );
    default:
      return [];
  }
}
