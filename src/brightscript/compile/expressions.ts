/** Expressions as JavaScript's. */
import { isWellFormed } from "../../text.js";
import { mark } from "./emit.js";
import { identifier, property } from "./names.js";
import type { Scope } from "./scope.js";
import type {
  AssociativeArrayLiteral,
  BinaryOperator,
  Call,
  Expression,
  Field,
  Index,
  Literal,
  Unary,
  Variable,
} from "./tree.js";
import type { Unit } from "./unit.js";

/** What is known for certain of a value. */
export type ValueType = "integer" | "boolean" | "string" | "other";

/** An expression as JavaScript text. */
export interface Code {
  /** As it can stand between operators, or before a dot. */
  readonly text: string;
  /** As it can stand within parentheses, after `=` or between commas: the same, or without parentheses of its own. */
  readonly bare: string;
  readonly type: ValueType;
}

/** Text that stands anywhere as it is: a name, a literal or a call. */
export const atom = (text: string, type: ValueType = "other"): Code => ({ text, bare: text, type });

/** Whether the text is an Integer literal. */
export const isNumber = (text: string): boolean => /^-?\d+$/.test(text);

/** Text with operators in it. */
const operation = (bare: string, type: ValueType = "other"): Code => ({ text: `(${bare})`, bare, type });

/** The runtime's functions for the operators. */
const functions = {
  "+": "add",
  "-": "sub",
  "*": "mul",
  "/": "div",
  "\\": "idiv",
  mod: "mod",
  "^": "pow",
  "<<": "shl",
  ">>": "shr",
  and: "and",
  or: "or",
  "=": "eq",
  "<>": "ne",
  "<": "lt",
  "<=": "le",
  ">": "gt",
  ">=": "ge",
} as const satisfies Record<BinaryOperator, string>;

const equality: Partial<Record<BinaryOperator, string>> = { "=": "===", "<>": "!==" };
const comparisons: Partial<Record<BinaryOperator, string>> = {
  ...equality,
  "<": "<",
  "<=": "<=",
  ">": ">",
  ">=": ">=",
};

/** What JavaScript says as well, when the types of both sides are known to be the same. */
function inJavaScript(operator: BinaryOperator, a: Code, b: Code): Code | undefined {
  if (a.type !== b.type || a.type === "other") return undefined;
  const { type } = a;
  const comparison = (type === "integer" ? comparisons : equality)[operator];
  if (comparison !== undefined) return operation(`${a.text} ${comparison} ${b.text}`, "boolean");
  if (operator === "+" && type === "string") return operation(`${a.text} + ${b.text}`, type);
  if (operator === "and" || operator === "or") {
    const [logical, bitwise] = operator === "and" ? ["&&", "&"] : ["||", "|"];
    if (type === "boolean") return operation(`${a.text} ${logical} ${b.text}`, type);
    if (type === "integer") return operation(`${a.text} ${bitwise} ${b.text}`, type);
  }
  if (type !== "integer") return undefined;
  if (operator === "+" || operator === "-") return operation(`${a.text} ${operator} ${b.text} | 0`, type);
  return operator === "*" ? atom(`Math.imul(${a.bare}, ${b.bare})`, type) : undefined;
}

export class Expressions {
  /** The line that the text has come to. */
  line = 1;

  constructor(
    readonly unit: Unit,
    readonly scope: Scope,
  ) {}

  /** As Code.bare. */
  bare(expression: Expression): string {
    return this.code(expression).bare;
  }

  /** For JavaScript's `if`: text for true or false. */
  condition(expression: Expression): string {
    const { bare, type } = this.code(expression);
    return type === "boolean" ? bare : `$.truth(${bare})`;
  }

  list(expressions: readonly Expression[]): string {
    return expressions.map((each) => this.at(each.line) + this.bare(each)).join(", ");
  }

  /** A mark, if what follows stands on a later line than what came before. */
  at(line: number): string {
    if (line <= this.line) return "";
    this.line = line;
    return mark(line);
  }

  code(expression: Expression): Code {
    switch (expression.kind) {
      case "literal":
        return this.#literal(expression);
      case "variable":
        return this.#variable(expression);
      case "binary": {
        const left = this.code(expression.left);
        const line = this.at(expression.line);
        return this.apply(expression.operator, left, this.code(expression.right), line);
      }
      case "unary":
        return this.#unary(expression);
      case "field": {
        const name = JSON.stringify(expression.name.toLowerCase());
        return this.#access(expression, (object) => `$.field(${object}, ${this.at(expression.line)}${name})`);
      }
      case "attribute": {
        const name = JSON.stringify(expression.name);
        return this.#access(
          expression,
          (object) => `$.attribute(${object}, ${this.at(expression.line)}${name})`,
        );
      }
      case "index":
        return this.#access(expression, (object) => this.indexed(object, expression.keys));
      case "call":
        return this.#call(expression);
      case "array":
        return atom(`$.array([${this.list(expression.items)}])`);
      case "aa":
        return this.#associativeArray(expression);
      case "function":
        return atom(this.unit.anonymous(expression.function, this));
    }
  }

  /** `object[key, key]` */
  indexed(object: string, keys: readonly Expression[]): string {
    return keys.reduce((text, key) => `$.index(${text}, ${this.at(key.line)}${this.bare(key)})`, object);
  }

  #literal({ type, value }: Literal): Code {
    switch (type) {
      case "string":
        return this.#text(value as string);
      case "integer":
      case "boolean":
        return atom(String(value), type);
      case "longinteger":
        return atom(`${value}n`);
      case "float":
      case "double":
        return atom(this.unit.constant(`$.${type}(${value})`));
      case "invalid":
        return atom("null");
    }
  }

  /** A source's bytes that are no UTF-8 are for the runtime to know of. */
  #text(value: string): Code {
    const text = JSON.stringify(value);
    return isWellFormed(value) ? atom(text, "string") : atom(this.unit.constant(`$.text(${text})`));
  }

  #variable({ name }: Variable): Code {
    const { scope, unit } = this;
    if (scope.isLocal(name)) return atom(identifier(name), scope.integers.has(name) ? "integer" : "other");
    if (name === "m") {
      scope.usesM = true;
      return atom("m");
    }
    if (unit.defines(name)) return atom(identifier(name));
    return atom(name === "global" ? "$.global" : `$f.${property(name)}`);
  }

  /** An operator with its operands; `line` is what has to stand before the second. */
  apply(operator: BinaryOperator, a: Code, second: Code, line = ""): Code {
    const b = line === "" ? second : { ...second, text: line + second.text, bare: line + second.bare };
    const code = inJavaScript(operator, a, b);
    if (code !== undefined) return code;
    if (operator === "and" || operator === "or") return this.#logical(operator, a, b);
    const type = operator in comparisons ? "boolean" : "other";
    return atom(`$.${functions[operator]}(${a.bare}, ${b.bare})`, type);
  }

  /** `and` and `or` leave out the right side when a Boolean on the left decides. */
  #logical(operator: "and" | "or", a: Code, b: Code): Code {
    const both = (left: string): string => `$.${operator}(${left}, ${b.bare})`;
    const [goesOn, join] = operator === "and" ? [true, "&&"] : [false, "||"];
    if (a.type === "boolean") return operation(`${a.text} ${join} ${both(String(goesOn))}`);
    if (a.type !== "other") return atom(both(a.bare));
    const [first, again] = this.twice(a.bare);
    return operation(`${first} ${goesOn ? "!== false" : "=== true"} ${join} ${both(again)}`);
  }

  /**
   * How to write a value that is used twice: as it is, if it is no more than a name or a short literal.
   * Another use of the same temporary must not come in between.
   */
  twice(text: string, temporary = "$t"): [first: string, again: string] {
    if (/^([\w$]+|"[^"\\]*")$/.test(text)) return [text, text];
    const name = this.scope.temporary(temporary);
    return [`(${name} = ${text})`, name];
  }

  #unary({ operator, operand }: Unary): Code {
    const { text, bare, type } = this.code(operand);
    if (operator === "not") {
      if (type === "boolean") return atom(`!${text}`, type);
      return type === "integer" ? atom(`~${text}`, type) : atom(`$.not(${bare})`);
    }
    if (type === "integer" && operator === "+") return atom(text, type);
    if (isNumber(text)) return atom(String(-Number(text) | 0), type);
    if (type === "integer") return operation(`-${text} | 0`, type);
    return atom(operator === "-" ? `$.neg(${bare})` : `$.neg($.neg(${bare}))`);
  }

  /** `object.name` and its kin: when it is optional and the object invalid, that is the value. */
  #access(
    { object, optional }: { readonly object: Expression; readonly optional: boolean },
    access: (object: string) => string,
  ): Code {
    if (optional) return this.#unlessInvalid(object, access);
    return atom(access(this.bare(object)));
  }

  #unlessInvalid(value: Expression, access: (value: string) => string): Code {
    const [first, again] = this.twice(this.bare(value));
    return operation(`$.isInvalid(${first}) ? ${again} : ${access(again)}`);
  }

  #call(call: Call): Code {
    const { callee, optional, line } = call;
    if (callee.kind === "field") return this.#methodCall(callee, call);
    if (callee.kind === "index" && callee.keys.length === 1) return this.#elementCall(callee, call);
    if (callee.kind === "variable" && !optional) return this.#functionCall(callee, call);
    const invoke = (called: string): string =>
      `$.fn(${called})(${this.at(line)}${this.list(call.arguments)})`;
    return optional ? this.#unlessInvalid(callee, invoke) : atom(invoke(this.bare(callee)));
  }

  /** A call by name: of the program's function, a global one, or one that a variable holds. */
  #functionCall({ name }: Variable, { line, arguments: values }: Call): Code {
    const { unit, scope } = this;
    const list = this.list(values);
    if (scope.isLocal(name)) {
      // A function keeps its name when it is called, whatever variables there are; a parameter hides one of the program's.
      const isParameter = scope.isParameter(name);
      unit.usesGlobals ||= isParameter;
      const functions = isParameter ? "$g" : "$f";
      return atom(`$.fn(${functions}.${property(name)} ?? ${identifier(name)})(${list})`);
    }
    if (unit.defines(name)) return atom(`${identifier(name)}(${list})`);
    if (name === "pos") return atom(`$.pos(${list})`);
    unit.calls.push({ name, line });
    return atom(`($f.${property(name)} ?? $.fn(null))(${list})`);
  }

  /** `object.name(…)`: a component's method, or a function that an associative array holds. */
  #methodCall({ object, name, optional, line }: Field, call: Call): Code {
    const method = name.toLowerCase();
    const [first, it] = this.twice(this.bare(object));
    const here = this.at(line);
    const found = (otherwise: string): string =>
      `${optional ? it : first}?.${here}$${method} ?? $.${otherwise}(${it}, ${JSON.stringify(method)})`;
    const list = this.list(call.arguments);
    const values = list === "" ? it : `${it}, ${list}`;
    let invoke = `(${found("missing")}).call(${values})`;
    if (call.optional) {
      const called = this.scope.temporary("$c");
      invoke = `($.isInvalid(${called} = ${found("member")}) ? ${called} : $.fn(${called}).call(${values}))`;
    }
    return optional ? operation(`$.isInvalid(${first}) ? ${it} : ${invoke}`) : atom(invoke);
  }

  /** `object[key](…)`: with an roAssociativeArray it is the same as `object.name(…)`. */
  #elementCall({ object, keys, optional }: Index, call: Call): Code {
    const [first, holder] = this.twice(this.bare(object), `$h${this.scope.nextLoop()}`);
    const called = optional
      ? `$.isInvalid(${first}) ? ${holder} : ${this.indexed(holder, keys)}`
      : this.indexed(first, keys);
    const invoke = (value: string): string => {
      const here = this.at(call.line);
      const list = this.list(call.arguments);
      return `$.fn(${value}).call($.holder(${holder})${list && `, ${here}${list}`})`;
    };
    if (!call.optional) return atom(invoke(called));
    const value = this.scope.temporary("$c");
    return operation(`$.isInvalid(${value} = ${called}) ? ${value} : ${invoke(value)}`);
  }

  #associativeArray({ members }: AssociativeArrayLiteral): Code {
    const names = members.map(({ name }) =>
      typeof name === "string" ? JSON.stringify(name) : this.bare(name),
    );
    return atom(`$.aa([${names.join(", ")}], [${this.list(members.map(({ value }) => value))}])`);
  }
}
