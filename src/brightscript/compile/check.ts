/** What can be told of a program before it runs, beyond its syntax. */

import {
  builtinFunction,
  type Diagnostic,
  type Diagnostics,
  duplicateFunction,
  unknownFunction,
} from "../syntax/diagnostics.js";
import { exceeds, type LimitName, tooMany } from "../syntax/limits.js";
import { typeOfDesignator } from "../syntax/names.js";
import { type Place, wordSet } from "../syntax/token.js";
import {
  blocks,
  type Expression,
  everyStatement,
  expressionsOf,
  type FunctionNode,
  type LoopKind,
  operandsOf,
  type Statement,
} from "../syntax/tree.js";
import type { CompiledFile } from "./index.js";

/** Functions that a program can call but not name otherwise. */
const callOnly = wordSet(
  "box createobject eval getglobalaa getlastruncompileerror getlastrunruntimeerror objfun pos run tab type",
);

/** Reports what is wrong within a file's functions. */
export function checkFile(functions: readonly FunctionNode[], diagnostics: Diagnostics): void {
  const names = new Set<string>();
  for (const node of functions) {
    if (names.has(node.name)) diagnostics.error(node, "definedTwice", `'${node.name}'`);
    names.add(node.name);
    new FunctionCheck(node, diagnostics).run();
  }
}

/**
 * What is wrong with files of one scope together: functions of the same name are errors; calls of functions
 * that are neither in it nor global, and functions that nobody can call, are warnings.
 */
export function checkScope(
  files: readonly CompiledFile[],
  globals: ReadonlySet<string>,
  builtins: ReadonlySet<string> = new Set(),
): Diagnostic[] {
  const places = new Map<string, string>();
  const found: Diagnostic[] = [];
  for (const { path, functions } of files) {
    for (const { name, line, column } of functions) {
      const place = { line, column };
      const before = places.get(name);
      if (builtins.has(name)) found.push(builtinFunction(path, place, name));
      else if (before !== undefined && before !== path)
        found.push(duplicateFunction(path, place, name, before));
      else places.set(name, path);
    }
  }
  for (const { path, calls } of files) {
    for (const call of calls) {
      if (!places.has(call.name) && !globals.has(call.name))
        found.push(unknownFunction(path, call, call.name));
    }
  }
  return found;
}

class FunctionCheck {
  constructor(
    readonly node: FunctionNode,
    readonly diagnostics: Diagnostics,
  ) {}

  run(): void {
    this.#parameters();
    this.#labels();
    this.#statements(this.node.body, []);
  }

  #parameters(): void {
    this.#limit(this.node.parameters.length, "parameters", this.node);
    const names = new Set<string>();
    for (const parameter of this.node.parameters) {
      const { name, type, default: value } = parameter;
      if (names.has(name)) this.diagnostics.error(parameter, "syntax", `Two parameters '${name}'`);
      names.add(name);
      const designated = typeOfDesignator(name);
      if (designated !== undefined && designated !== type)
        this.diagnostics.error(parameter, "badType", `'${name}' As ${type}`);
      if (value !== undefined) this.#expression(value);
    }
  }

  #limit(count: number, name: LimitName, place: Place): void {
    if (exceeds(count, name)) this.diagnostics.error(place, "limit", tooMany(name));
  }

  #labels(): void {
    const statements = [...everyStatement(this.node.body)];
    const labels = new Set<string>();
    for (const each of statements) {
      if (each.kind !== "label") continue;
      if (labels.has(each.label)) this.diagnostics.error(each, "labelTwice", `'${each.label}'`);
      labels.add(each.label);
    }
    for (const each of statements) {
      if (each.kind === "goto" && !labels.has(each.label))
        this.diagnostics.error(each, "labelNotFound", `'${each.label}'`);
      if (each.kind === "try") this.#labelsInTry(each.body);
    }
  }

  #labelsInTry(tried: readonly Statement[]): void {
    for (const statement of everyStatement(tried)) {
      if (statement.kind === "label") this.diagnostics.error(statement, "labelInTry");
    }
  }

  /** `loops` are those around the statements. */
  #statements(statements: readonly Statement[], loops: readonly LoopKind[]): void {
    for (const statement of statements) {
      this.#statement(statement, loops);
      for (const expression of expressionsOf(statement)) this.#expression(expression);
      const loop = statement.kind === "while" ? "while" : /^for/.test(statement.kind) ? "for" : undefined;
      const within = loop === undefined ? loops : [...loops, loop as LoopKind];
      for (const block of blocks(statement)) this.#statements(block, within);
    }
  }

  #statement(statement: Statement, loops: readonly LoopKind[]): void {
    const { diagnostics } = this;
    switch (statement.kind) {
      case "exit":
        if (!loops.includes(statement.loop))
          diagnostics.error(statement, statement.loop === "for" ? "exitFor" : "exitWhile");
        break;
      case "continue":
        if (!loops.includes(statement.loop))
          diagnostics.error(statement, statement.loop === "for" ? "continueFor" : "continueWhile");
        break;
      case "return": {
        const isVoid = this.node.returns === "void";
        if (isVoid && statement.value !== undefined) diagnostics.error(statement, "returnValue");
        if (!isVoid && statement.value === undefined) diagnostics.error(statement, "noReturnValue");
        break;
      }
      case "forEach":
        if (this.#isTyped(statement.name)) diagnostics.error(statement, "typedItem", `'${statement.name}'`);
        break;
      case "if":
        this.#limit(statement.branches.length, "conditions", statement);
        break;
      case "dim":
        this.#limit(statement.sizes.length, "indexes", statement);
        break;
      case "assign":
      case "update":
        this.#notOptional(statement.target);
        break;
      case "evaluate":
        this.#notOptional(statement.expression);
        break;
      default:
    }
  }

  #isTyped(name: string): boolean {
    const parameter = this.node.parameters.find((each) => each.name === name);
    return (parameter?.type ?? "dynamic") !== "dynamic" || typeOfDesignator(name) !== undefined;
  }

  /** The operators of optional chaining make values, neither places for them nor statements. */
  #notOptional(expression: Expression): void {
    if (!("optional" in expression)) return;
    if (expression.optional) this.diagnostics.error(expression, "syntax", "Optional chaining is for values");
    else this.#notOptional(expression.kind === "call" ? expression.callee : expression.object);
  }

  #expression(expression: Expression): void {
    if (expression.kind === "variable" && callOnly.has(expression.name))
      this.diagnostics.error(expression, "builtinCall", `'${expression.name}'`);
    if (expression.kind === "index") this.#limit(expression.keys.length, "indexes", expression);
    if (expression.kind === "call") this.#limit(expression.arguments.length, "arguments", expression);
    if (expression.kind === "function") new FunctionCheck(expression.function, this.diagnostics).run();
    for (const operand of operandsOf(expression)) {
      const isCallee = expression.kind === "call" && !expression.optional && operand === expression.callee;
      if (!isCallee || operand.kind !== "variable") this.#expression(operand);
    }
  }
}
