/**
 * Where type() can tell how a value came about. A Roku's `type(x)` says "roInteger" of an Integer that was in an array or an
 * associative array, and `type(x, 3)` says "roString" of a String that was computed. Here both are plain values, which do not know
 * it. So the values that can reach a type() of the program are marked where they come about (runtime/marks.ts), and only there:
 * this file finds the places, by following values through variables, parameters and results of functions. A mark goes no further:
 * whatever else is done with such a variable is done with the plain value. Programs without type() are compiled as if there were
 * no marks.
 *
 * A collection marks what is read from it, not what is put into it: type() changes nothing of what a program does.
 *
 * A function that is called by its name is known. One that is used as a value is looked for by the names of the members that it
 * is stored under; a call without such a name may mean any. Where that finds too few functions, type() gives the plain name.
 */

import {
  type Binary,
  type Call,
  type Expression,
  everyStatement,
  type FunctionNode,
  operandsOf,
  type Statement,
} from "../syntax/tree.js";
import { Callee, computed, Place, type Site, spread, stored } from "./flow.js";
import { everyFunction, expressionsIn } from "./functions.js";
import { Scope } from "./scope.js";

/** The names that type() gives to what has marks, or would without. */
const affected: ReadonlySet<unknown> = new Set(
  ["Integer", "Float", "Double", "String", "Boolean", "Invalid"].flatMap((name) => [name, `ro${name}`]),
);

/** Methods that give what a collection keeps. */
const taking: ReadonlySet<string> = new Set(
  "getentry gethead getindex gettail lookup lookupci next peek pop removehead removeindex removetail shift".split(
    " ",
  ),
);

interface Local {
  readonly scope: Scope;
  readonly variables: Map<string, Place>;
  readonly result: Place;
}

/** The name that a member is called, read or set by, if it is known. */
function memberName(expression: Expression): string | undefined {
  if (expression.kind === "field") return expression.name.toLowerCase();
  const key = expression.kind === "index" && expression.keys.length === 1 ? expression.keys[0]! : undefined;
  return key?.kind === "literal" && key.type === "string" ? String(key.value).toLowerCase() : undefined;
}

/** `type`, or `global.type` */
const isType = (callee: Expression): boolean =>
  callee.kind === "field"
    ? callee.name.toLowerCase() === "type" &&
      callee.object.kind === "variable" &&
      callee.object.name === "global"
    : callee.kind === "variable" && callee.name === "type";

export class Marks {
  readonly #named = new Map<string, FunctionNode>();
  readonly #locals = new Map<FunctionNode, Local>();
  readonly #callees = new Map<string, Callee>();
  /** Functions that may be stored anywhere. */
  readonly #anyone = new Callee();
  /** All functions that are used as values, for calls without a member's name. */
  readonly #all = new Callee();
  /** The members that the program sets to something that may be a function. */
  readonly #members = new Set<string>();
  /** Functions that are the value of a member with a name. */
  readonly #stored = new Set<Expression>();
  /** Members that may have the function of another. */
  readonly #aliases: (readonly [name: Callee, from: Callee])[] = [];
  /** Calls of type() that the program learns nothing of marks from. */
  readonly #indifferent = new Set<Expression>();
  readonly #places: Place[] = [];
  readonly #sites = new Set<Site>();
  #observes = false;
  /** Whether any function that is used as a value may return a marked one. */
  #anyResult = false;

  /** Of the files of one scope. */
  constructor(functions: readonly FunctionNode[]) {
    for (const node of functions) this.#named.set(node.name, node);
    const all = everyFunction(functions);
    for (const node of all)
      this.#locals.set(node, { scope: new Scope(node), variables: new Map(), result: this.#place() });
    for (const node of all) this.#function(node, this.#locals.get(node)!);
    if (this.#observes) this.#spread();
  }

  /** The program's function of this name. */
  named(name: string): FunctionNode | undefined {
    return this.#named.get(name);
  }

  /** Whether a variable may hold a marked value. */
  variable(node: FunctionNode, name: string): boolean {
    return this.#locals.get(node)?.variables.get(name)?.marked === true;
  }

  /** Whether a function may return a marked value. */
  result(node: FunctionNode): boolean {
    return this.#locals.get(node)?.result.marked === true;
  }

  /** Whether the value that comes about here is to be marked. */
  site(site: Site): boolean {
    return this.#sites.has(site);
  }

  /** What marks a call that is not by a function's name may give and take. */
  callee({ callee }: Call): { readonly result: boolean; readonly parameters: readonly boolean[] } {
    if (isType(callee)) return { result: this.#anyResult, parameters: [true] };
    const name = memberName(callee);
    const found = name === undefined ? this.#all : this.#callees.get(name);
    const parameters = Array.from(found?.parameters ?? [], (place) => place?.marked === true);
    return { result: this.#anyResult, parameters };
  }

  #place(): Place {
    const place = new Place();
    this.#places.push(place);
    return place;
  }

  #variable({ variables }: Local, name: string): Place {
    const place = variables.get(name) ?? this.#place();
    variables.set(name, place);
    return place;
  }

  // What flows where

  #function(node: FunctionNode, local: Local): void {
    for (const { name, type, default: value } of node.parameters) {
      if (value !== undefined && type === "dynamic") this.#flow(value, this.#variable(local, name), local);
    }
    for (const statement of everyStatement(node.body)) this.#statement(statement, node, local);
    for (const expression of expressionsIn(node)) this.#visit(expression, local);
  }

  #statement(statement: Statement, { returns }: FunctionNode, local: Local): void {
    switch (statement.kind) {
      case "assign": {
        const { target, value } = statement;
        if (target.kind !== "variable") this.#member(memberName(target), value, local);
        else if (local.scope.typeOf(target.name) === undefined)
          this.#flow(value, this.#variable(local, target.name), local);
        break;
      }
      case "update": {
        const { target, operator } = statement;
        if (target.kind === "variable" && operator === "+" && local.scope.typeOf(target.name) === undefined)
          this.#variable(local, target.name).sites.push([statement, computed]);
        break;
      }
      case "forEach":
        this.#variable(local, statement.name).sites.push([statement, stored | computed]);
        break;
      case "return":
        if (statement.value !== undefined && returns === "dynamic")
          this.#flow(statement.value, local.result, local);
        break;
      default:
    }
  }

  /** What an expression's value comes from, when it becomes that of the place. */
  #flow(expression: Expression, place: Place, local: Local): void {
    switch (expression.kind) {
      case "variable":
        if (local.scope.isLocal(expression.name)) place.comesFrom(this.#variable(local, expression.name));
        break;
      case "field":
      case "index":
      case "attribute":
        place.sites.push([expression, stored | computed]);
        break;
      case "binary":
        if (expression.operator === "+") place.sites.push([expression, computed]);
        break;
      case "call":
        this.#resultFlow(expression, place, local);
        break;
      default:
    }
  }

  #resultFlow(call: Call, place: Place, local: Local): void {
    const { callee } = call;
    const known = this.#known(call, local);
    if (known !== undefined) {
      place.comesFrom(this.#locals.get(known)!.result);
      return;
    }
    const name = memberName(callee);
    if (name !== undefined) place.comesFrom(this.#callee(name).result);
    else if (callee.kind !== "variable" || local.scope.isLocal(callee.name))
      place.comesFrom(this.#all.result);
    const takes = callee.kind === "field" && taking.has(callee.name.toLowerCase());
    place.sites.push([call, takes ? stored | computed : computed]);
  }

  /** The function that is called by its name. */
  #known({ callee }: Call, { scope }: Local): FunctionNode | undefined {
    return callee.kind === "variable" && !scope.isParameter(callee.name)
      ? this.#named.get(callee.name)
      : undefined;
  }

  #callee(name: string): Callee {
    const callee = this.#callees.get(name) ?? new Callee();
    this.#callees.set(name, callee);
    return callee;
  }

  /** Looks for calls, and functions that are used as values. */
  #visit(root: Expression, local: Local): void {
    const pending = [root];
    for (let each = pending.pop(); each !== undefined; each = pending.pop()) {
      const node = this.#functionValue(each, local);
      if (node !== undefined) {
        this.#usedAs(node, this.#all);
        if (!this.#stored.has(each)) this.#usedAs(node, this.#anyone);
      }
      if (each.kind === "binary") this.#comparison(each);
      if (each.kind === "call") this.#call(each, local);
      if (each.kind === "aa") {
        for (const { name, value } of each.members)
          this.#member(typeof name === "string" ? name.toLowerCase() : undefined, value, local);
      }
      // The name of a function that is called is no value.
      const isCalledByName = each.kind === "call" && each.callee.kind === "variable";
      pending.push(...operandsOf(each).slice(isCalledByName ? 1 : 0));
    }
  }

  /** To `type(x) = "roArray"` marks make no difference. */
  #comparison({ operator, left, right }: Binary): void {
    if (operator !== "=" && operator !== "<>") return;
    for (const [call, other] of [[left, right] as const, [right, left] as const]) {
      if (other.kind === "literal" && !affected.has(other.value)) this.#indifferent.add(call);
    }
  }

  /** `name: value` or `object.name = value` */
  #member(name: string | undefined, value: Expression, local: Local): void {
    if (name === undefined || value.kind === "literal") return;
    const node = this.#functionValue(value, local);
    if (node !== undefined) {
      this.#stored.add(value);
      this.#usedAs(node, this.#callee(name));
      return;
    }
    this.#members.add(name);
    const from = memberName(value);
    if (from === undefined || from === name) return;
    // The same function under another name.
    this.#aliases.push([this.#callee(name), this.#callee(from)]);
  }

  #functionValue(expression: Expression, { scope }: Local): FunctionNode | undefined {
    if (expression.kind === "function") return expression.function;
    if (expression.kind !== "variable" || scope.isLocal(expression.name)) return undefined;
    return this.#named.get(expression.name);
  }

  #usedAs(node: FunctionNode, callee: Callee): void {
    const local = this.#locals.get(node)!;
    callee.result.comesFrom(local.result);
    node.parameters.forEach(({ name, type }, i) => {
      if (type === "dynamic") this.#variable(local, name).comesFrom(callee.parameter(i));
    });
  }

  #call(call: Call, local: Local): void {
    const { callee, arguments: values } = call;
    if (isType(callee)) {
      if (!this.#indifferent.has(call)) this.#observe(values, local);
      return;
    }
    const known = this.#known(call, local);
    if (known !== undefined) {
      const target = this.#locals.get(known)!;
      known.parameters.forEach(({ name, type }, i) => {
        const value = values[i];
        if (value !== undefined && type === "dynamic") this.#flow(value, this.#variable(target, name), local);
      });
      return;
    }
    const name = memberName(callee);
    if (callee.kind === "variable" && !local.scope.isLocal(callee.name)) return;
    const meant = name === undefined ? this.#all : this.#callee(name);
    values.forEach((value, i) => void this.#flow(value, meant.parameter(i), local));
  }

  /** `type(value)`, `type(value, version)` */
  #observe([value, version]: readonly Expression[], local: Local): void {
    if (value === undefined) return;
    const seen = this.#place();
    const isThree = version?.kind === "literal" && version.value === 3;
    seen.observed = version === undefined ? stored : isThree ? computed : stored | computed;
    this.#flow(value, seen, local);
    this.#observes = true;
  }

  // What follows from it

  #spread(): void {
    for (const name of this.#members) this.#aliases.push([this.#callee(name), this.#anyone]);
    const callees = [this.#all, this.#anyone, ...this.#callees.values()];
    const most = Math.max(...callees.map(({ parameters }) => parameters.length));
    for (const [a, b] of this.#aliases) {
      // Calls of the one may call the functions of the other.
      a.result.comesFrom(b.result);
      for (let i = 0; i < most; i++) b.parameter(i).comesFrom(a.parameter(i));
    }
    for (const callee of callees) {
      this.#places.push(callee.result);
      for (const place of callee.parameters) if (place !== undefined) this.#places.push(place);
    }
    for (const site of spread(this.#places)) this.#sites.add(site);
    this.#anyResult = callees.some(({ result }) => result.marked);
  }
}
