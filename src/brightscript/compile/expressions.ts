/** Expressions as JavaScript's. */
import { isWellFormed } from "../../text.js";
import { identifier, property } from "../syntax/names.js";
import type {
  AssociativeArrayLiteral,
  BinaryOperator,
  Call,
  Expression,
  Field,
  FunctionNode,
  Index,
  Literal,
  Unary,
  Variable,
} from "../syntax/tree.js";
import { hasMark, mark } from "./emit.js";
import { atom, type Code, comparisons, functions, inJavaScript, isNumber, operation } from "./operators.js";
import type { Scope } from "./scope.js";
import type { Unit } from "./unit.js";

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

  /** `marked` tells which of them keep their marks. */
  list(expressions: readonly Expression[], marked: readonly boolean[] = []): string {
    const text = (each: Expression, i: number): string =>
      this.at(each.line) + (marked[i] ? this.marked(each) : this.code(each)).bare;
    return expressions.map(text).join(", ");
  }

  /** A mark, if what follows stands on a later line than what came before. */
  at(line: number): string {
    if (line <= this.line) return "";
    this.line = line;
    return mark(line);
  }

  /** The plain value, whatever may be marked. */
  code(expression: Expression): Code {
    const code = this.#read(expression);
    return this.#mayBeMarked(expression) ? atom(`$.plain(${code.bare})`) : code;
  }

  /** The value with its mark, for who keeps it. */
  marked(expression: Expression): Code {
    return this.#read(expression, this.unit.marks.site(expression));
  }

  /** The value for a variable. */
  kept(name: string, value: Expression): Code {
    return this.unit.marks.variable(this.scope.node, name) ? this.marked(value) : this.code(value);
  }

  #mayBeMarked(expression: Expression): boolean {
    const { marks } = this.unit;
    if (expression.kind === "variable") return this.#holdsMarked(expression.name);
    if (expression.kind !== "call") return false;
    const known = this.#known(expression);
    if (known !== undefined) return marks.result(known);
    const isLibrarys = expression.callee.kind === "variable" && !this.scope.isLocal(expression.callee.name);
    return !isLibrarys && marks.callee(expression).result;
  }

  #holdsMarked(name: string): boolean {
    const { scope, unit } = this;
    return scope.isLocal(name) && !scope.integers.has(name) && unit.marks.variable(scope.node, name);
  }

  /** The program's function that is called by its name. */
  #known({ callee }: Call): FunctionNode | undefined {
    const isName = callee.kind === "variable" && !this.scope.isParameter(callee.name);
    return isName ? this.unit.marks.named(callee.name) : undefined;
  }

  /** `mark`: the value comes about here, and is to be marked. */
  #read(expression: Expression, mark = false): Code {
    switch (expression.kind) {
      case "literal":
        return this.#literal(expression);
      case "variable":
        return this.#variable(expression);
      case "binary": {
        const left = this.code(expression.left);
        const line = this.at(expression.line);
        const code = this.apply(expression.operator, left, this.code(expression.right), line);
        return mark ? atom(`$.computed(${code.bare})`) : code;
      }
      case "unary":
        return this.#unary(expression);
      case "field": {
        const name = JSON.stringify(expression.name.toLowerCase());
        const read = mark ? "$.storedField" : "$.field";
        return this.#access(expression, (object) => `${read}(${object}, ${this.at(expression.line)}${name})`);
      }
      case "attribute": {
        const name = JSON.stringify(expression.name);
        const read = mark ? "$.storedAttribute" : "$.attribute";
        return this.#access(expression, (object) => `${read}(${object}, ${this.at(expression.line)}${name})`);
      }
      case "index":
        return this.#access(expression, (object) => this.indexed(object, expression.keys, mark));
      case "call":
        return this.#call(expression, mark);
      case "array":
        return atom(`$.array([${this.list(expression.items)}])`);
      case "aa":
        return this.#associativeArray(expression);
      case "function":
        return atom(this.unit.anonymous(expression.function, this));
    }
  }

  /** `object[key, key]` */
  indexed(object: string, keys: readonly Expression[], mark = false): string {
    const read = (i: number): string => (mark && i === keys.length - 1 ? "$.storedIndex" : "$.index");
    return keys.reduce(
      (text, key, i) => `${read(i)}(${text}, ${this.at(key.line)}${this.bare(key)})`,
      object,
    );
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
    return operation(`$.isInvalid(${first}) ? null : ${access(again)}`);
  }

  #call(call: Call, mark: boolean): Code {
    const { callee, optional, line } = call;
    if (callee.kind === "field") return this.#methodCall(callee, call, mark);
    if (callee.kind === "index" && callee.keys.length === 1) return this.#elementCall(callee, call, mark);
    if (callee.kind === "variable" && !optional) return this.#functionCall(callee, call, mark);
    const marked = this.#markedArguments(call);
    const invoke = (called: string): string => {
      const list = this.at(line) + this.list(call.arguments, marked);
      return mark || marked !== undefined
        ? this.#helper("invoke", `$.fn(${called})`, `[${list}]`)
        : `$.fn(${called})(${list})`;
    };
    return optional ? this.#unlessInvalid(callee, invoke) : atom(invoke(this.bare(callee)));
  }

  /**
   * `$.name(first, rest)`. Crash reports need the line on which the first argument ends, but a call has that of its function's name:
   * if there are several lines, the name comes after the argument.
   */
  #helper(name: string, first: string, rest: string): string {
    if (!hasMark(first)) return `$.${name}(${first}, ${rest})`;
    const temporary = this.scope.temporary("$c");
    return `(${temporary} = ${first}, $.${name})(${temporary}, ${rest})`;
  }

  /** Which arguments keep their marks in a call of a function that is known. */
  #markedParameters(node: FunctionNode): boolean[] {
    return node.parameters.map(({ name }) => this.unit.marks.variable(node, name));
  }

  /** The arguments that keep their marks in a call of who knows what function, if any is marked. */
  #markedArguments(call: Call): readonly boolean[] | undefined {
    const { parameters } = this.unit.marks.callee(call);
    const anyMarked = call.arguments.some(
      (each, i) => parameters[i] && (this.unit.marks.site(each) || this.#mayBeMarked(each)),
    );
    return anyMarked ? parameters : undefined;
  }

  /** A call by name: of the program's function, a global one, or one that a variable holds. */
  #functionCall({ name, line, column }: Variable, call: Call, mark: boolean): Code {
    const { unit, scope } = this;
    const { arguments: values } = call;
    if (scope.isLocal(name)) {
      // A function keeps its name when it is called, whatever variables there are; a parameter hides one of the program's.
      const isParameter = scope.isParameter(name);
      unit.usesGlobals ||= isParameter;
      const functions = isParameter ? "$g" : "$f";
      const called = `$.fn(${functions}.${property(name)} ?? ${identifier(name)})`;
      const known = this.#known(call);
      if (known !== undefined) return atom(`${called}(${this.list(values, this.#markedParameters(known))})`);
      const marked = name === "type" ? [true] : this.#markedArguments(call);
      if (marked === undefined && !mark) return atom(`${called}(${this.list(values)})`);
      return atom(`$.invoke(${called}, [${this.list(values, marked)}])`);
    }
    if (name === "pos") return atom(`$.pos(${this.list(values)})`);
    const known = this.#known(call);
    const list = this.list(values, known ? this.#markedParameters(known) : [name === "type"]);
    if (unit.defines(name)) return atom(`${identifier(name)}(${list})`);
    unit.calls.push({ name, line, column });
    const text = `($f.${property(name)} ?? $.fn(null))(${list})`;
    return atom(mark ? `$.computed(${text})` : text);
  }

  /** `object.name(…)`: a component's method, or a function that an associative array holds. */
  #methodCall({ object, name, optional, line }: Field, call: Call, mark: boolean): Code {
    const marked = this.#markedArguments(call);
    const marks = mark || marked !== undefined;
    if (marks && !optional && !call.optional) {
      const it = this.bare(object) + this.at(line);
      const method = JSON.stringify(name.toLowerCase());
      const list = this.list(call.arguments, marked);
      if (marked !== undefined || call.arguments.length > 1)
        return atom(this.#helper("send", it, `${method}, [${list}]`));
      return atom(this.#helper("sendPlain", it, `${method}${list && `, ${list}`}`));
    }
    const method = name.toLowerCase();
    const [first, it] = this.twice(this.bare(object));
    const here = this.at(line);
    // A name may end with a type designator.
    const member = /^\w+$/.test(method) ? `$${method}` : `[${JSON.stringify(`$${method}`)}]`;
    const found = (otherwise: string): string =>
      `${optional ? it : first}?.${here}${member} ?? $.${otherwise}(${it}, ${JSON.stringify(method)})`;
    const list = this.list(call.arguments, marked);
    const values = list === "" ? it : `${it}, ${list}`;
    const through = (called: string): string =>
      marks
        ? this.#helper("sendTo", called, `${it}, ${JSON.stringify(method)}, [${list}]`)
        : `${called}.call(${values})`;
    let invoke = "";
    if (call.optional) {
      const called = this.scope.temporary("$c");
      invoke = `($.isInvalid(${called} = ${found("member")}) ? null : ${through(`$.fn(${called})`)})`;
    } else invoke = through(marks ? found("missing") : `(${found("missing")})`);
    return optional ? operation(`$.isInvalid(${first}) ? null : ${invoke}`) : atom(invoke);
  }

  /** `object[key](…)`: with an roAssociativeArray it is the same as `object.name(…)`. */
  #elementCall({ object, keys, optional }: Index, call: Call, mark: boolean): Code {
    const marked = this.#markedArguments(call);
    const [first, holder] = this.twice(this.bare(object), `$h${this.scope.nextLoop()}`);
    const called = optional
      ? `$.isInvalid(${first}) ? null : ${this.indexed(holder, keys)}`
      : this.indexed(first, keys);
    const invoke = (value: string): string => {
      const here = this.at(call.line);
      const list = this.list(call.arguments, marked);
      if (mark || marked !== undefined)
        return this.#helper("invoke", `$.fn(${value})`, `[${here}${list}], $.holder(${holder})`);
      return `$.fn(${value}).call($.holder(${holder})${list && `, ${here}${list}`})`;
    };
    if (!call.optional) return atom(invoke(called));
    const value = this.scope.temporary("$c");
    return operation(`$.isInvalid(${value} = ${called}) ? null : ${invoke(value)}`);
  }

  #associativeArray({ members }: AssociativeArrayLiteral): Code {
    const names = members.map(({ name }) =>
      typeof name === "string" ? JSON.stringify(name) : this.bare(name),
    );
    return atom(`$.aa([${names.join(", ")}], [${this.list(members.map(({ value }) => value))}])`);
  }
}
