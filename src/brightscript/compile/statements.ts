/** Statements as JavaScript's. */

import { identifier } from "../syntax/names.js";
import {
  type Assign,
  everyStatement,
  type For,
  type ForEach,
  type FunctionNode,
  type If,
  type Leave,
  type LoopKind,
  type Print,
  type Return,
  type Statement,
  type Try,
  type TypeName,
  type Update,
  type While,
} from "../syntax/tree.js";
import { isMarked, mark } from "./emit.js";
import { Expressions } from "./expressions.js";
import { atom, type Code, isNumber } from "./operators.js";
import { assigned, type Scope, variables } from "./scope.js";
import type { Unit } from "./unit.js";

/** The runtime's conversions for declared types; dynamic values are taken as they are. */
const conversions: Partial<Record<TypeName, string>> = {
  boolean: "$.toBoolean",
  integer: "$.toInteger",
  longinteger: "$.toLong",
  float: "$.toFloat",
  double: "$.toDouble",
  string: "$.toText",
  object: "$.toObject",
  interface: "$.toComponent",
  function: "$.toFunction",
};

/** A value as it is kept by something of that type. */
export function converted({ bare, type }: Code, to: TypeName | undefined): string {
  const conversion = to === undefined || to === type ? undefined : conversions[to];
  return conversion === undefined ? bare : `${conversion}(${bare})`;
}

/** What returns from a function that comes to its end. */
export function defaultReturn(returns: TypeName): string {
  switch (returns) {
    case "void":
    case "dynamic":
      return "null";
    case "boolean":
      return "false";
    case "string":
    case "function":
      return `${conversions[returns]}(null)`;
    default:
      return `${conversions[returns]}(0)`;
  }
}

/** A loop around what is being compiled. */
export interface Loop {
  readonly kind: LoopKind;
  /**
   * The statement that leaves it, or goes on with its next turn; `innermost` tells whether it is written
   * directly in the loop.
   */
  leave(kind: Leave["kind"], innermost: boolean): string;
}

/** What a `for` loop's variable goes from, to and by. */
interface Bounds {
  readonly first: Code;
  readonly last: Code;
  readonly by: Code;
}

/** The three expressions of JavaScript's `for`. */
interface Counting {
  readonly begin: string;
  readonly test: string;
  readonly next: string;
  /** Whether the counter may be past the end of Integers after the loop. */
  readonly mayPass?: boolean;
}

export class Statements {
  readonly expressions: Expressions;
  protected readonly loops: Loop[] = [];

  constructor(
    readonly unit: Unit,
    readonly scope: Scope,
    readonly node: FunctionNode,
  ) {
    this.expressions = new Expressions(unit, scope);
  }

  block(statements: readonly Statement[]): string {
    return statements.map((each) => this.statement(each)).join(" ");
  }

  statement(statement: Statement): string {
    this.expressions.line = statement.line;
    return mark(statement.line) + this.text(statement);
  }

  protected text(statement: Statement): string {
    const { expressions } = this;
    switch (statement.kind) {
      case "assign":
        return this.#assign(statement);
      case "update":
        return this.#update(statement);
      case "evaluate":
        return `${expressions.marked(statement.expression).text};`;
      case "print":
        return this.#print(statement);
      case "if":
        return this.#if(statement);
      case "for":
        return this.#for(statement);
      case "forEach":
        return this.#forEach(statement);
      case "while":
        return this.#while(statement);
      case "exit":
      case "continue":
        return this.#leave(statement);
      case "return":
        return this.#return(statement);
      case "dim":
        return this.store(statement.name, atom(`$.dim([${expressions.list(statement.sizes)}])`));
      case "try":
        return this.#try(statement);
      case "throw":
        return `$.throw(${expressions.bare(statement.value)});`;
      case "end":
        return "$.end();";
      case "stop":
        return `$.stop(${variables(this.scope)}, this ?? $.m);`;
      case "goto":
      case "label":
        throw new TypeError("a function with labels is for goto.ts");
    }
  }

  /** Assigns a value to a variable. */
  protected store(name: string, value: Code): string {
    return `${identifier(name)} = ${converted(value, this.scope.typeOf(name))};`;
  }

  #assign({ target, value }: Assign): string {
    const { expressions } = this;
    if (target.kind === "variable") return this.store(target.name, expressions.kept(target.name, value));
    const object = expressions.bare(target.object);
    if (target.kind === "field")
      return `$.setField(${object}, ${JSON.stringify(target.name)}, ${expressions.bare(value)});`;
    const container = expressions.indexed(object, target.keys.slice(0, -1));
    const key = expressions.bare(target.keys.at(-1)!);
    return `$.setIndex(${container}, ${key}, ${expressions.bare(value)});`;
  }

  /** `target += value`: what the target itself consists of is evaluated once. */
  #update(statement: Update): string {
    const { target, operator, value } = statement;
    const { expressions } = this;
    const { marks } = this.unit;
    if (target.kind === "variable") {
      const result = expressions.apply(operator, expressions.code(target), expressions.code(value));
      return this.store(target.name, marks.site(statement) ? atom(`$.computed(${result.bare})`) : result);
    }
    const applied = (current: string): string =>
      expressions.apply(operator, atom(current), expressions.code(value)).bare;
    const object = expressions.bare(target.object);
    if (target.kind === "field") {
      const [first, again] = expressions.twice(object, "$o");
      const current = `$.field(${again}, ${JSON.stringify(target.name.toLowerCase())})`;
      return `$.setField(${first}, ${JSON.stringify(target.name)}, ${applied(current)});`;
    }
    const [first, again] = expressions.twice(expressions.indexed(object, target.keys.slice(0, -1)), "$o");
    const [key, keyAgain] = expressions.twice(expressions.bare(target.keys.at(-1)!), "$k");
    return `$.setIndex(${first}, ${key}, ${applied(`$.index(${again}, ${keyAgain})`)});`;
  }

  #print({ items }: Print): string {
    // A `;` means something only at the end.
    const kept = items.filter((item, i) => item !== ";" || i === items.length - 1);
    if (kept.slice(1).every(isPlain))
      return `$.print([${kept.map((item) => this.#printItem(item)).join(", ")}]);`;
    // Later items may ask where the cursor is, print something themselves, or fail.
    const texts = kept.map((item, i) => {
      const text = this.#printItem(item);
      return i < kept.length - 1 ? `$.item(${text});` : `$.print([${text}]);`;
    });
    return texts.join(" ");
  }

  #printItem(item: Print["items"][number]): string {
    const { expressions } = this;
    if (item === ",") return "$.comma";
    if (item === ";") return "$.semicolon";
    const line = expressions.at(item.line);
    if (item.kind === "call" && item.callee.kind === "variable" && item.callee.name === "tab")
      return `${line}$.tab(${expressions.list(item.arguments)})`;
    return line + expressions.bare(item);
  }

  #if({ branches, otherwise }: If): string {
    const texts = branches.map(({ condition, body, line }, i) => {
      this.expressions.line = line;
      const word = i === 0 ? "if" : `${mark(line)}else if`;
      return `${word} (${this.expressions.condition(condition)}) { ${this.block(body)} }`;
    });
    if (otherwise.length > 0) texts.push(`else { ${this.block(otherwise)} }`);
    return texts.join(" ");
  }

  #while({ condition, body }: While): string {
    const head = `while (${this.expressions.condition(condition)})`;
    return this.#loop("while", head, body);
  }

  /** A loop: its head and its body; `first` is what each turn begins with. */
  #loop(kind: LoopKind, head: string, body: readonly Statement[], first = ""): string {
    const label = `$${this.scope.nextLoop()}`;
    let labelled = false;
    const text = this.within(body, {
      kind,
      leave: (way, innermost) => {
        const word = way === "exit" ? "break" : "continue";
        labelled ||= !innermost;
        return innermost ? `${word};` : `${word} ${label};`;
      },
    });
    return `${labelled ? `${label}: ` : ""}${head} { ${first}${text} }`;
  }

  /** The body of a loop. */
  protected within(body: readonly Statement[], loop: Loop): string {
    this.loops.push(loop);
    const text = this.block(body);
    this.loops.pop();
    return text;
  }

  #for(statement: For): string {
    const { name, body } = statement;
    const { scope } = this;
    const bounds = this.bounds(statement);
    const counted = this.#countingIntegers(statement, bounds);
    const { begin, test, next } = counted ?? this.counting(name, bounds);
    const known = counted === undefined || scope.integers.has(name);
    if (!known) scope.integers.add(name);
    const text = this.#loop("for", `for (${begin}; ${test}; ${next})`, body);
    if (!known) scope.integers.delete(name);
    return counted?.mayPass ? `${text} ${identifier(name)} |= 0;` : text;
  }

  protected bounds({ start, end, step }: For): Bounds {
    const { expressions } = this;
    const [first, last] = [expressions.code(start), expressions.code(end)];
    return { first, last, by: step === undefined ? atom("1", "integer") : expressions.code(step) };
  }

  /** A loop from one Integer by a step that is a literal, in which nothing else changes the variable. */
  #countingIntegers({ name, body }: For, { first, last, by }: Bounds): Counting | undefined {
    const { scope } = this;
    const kept = scope.typeOf(name) ?? "integer";
    if (kept !== "integer" || first.type !== "integer" || isAssigned(name, body)) return undefined;
    if (!isNumber(by.text) || Number(by.text) === 0) return undefined;
    const variable = identifier(name);
    // It may pass the end of Integers, and then the loop ends: it becomes an Integer again behind the loop.
    const next = `${variable} += ${by.text}`;
    const compare = by.text.startsWith("-") ? ">=" : "<=";
    const begin = `${variable} = ${first.bare}`;
    if (isNumber(last.text)) {
      const mayPass = !isInteger(Number(last.text) + Number(by.text));
      return { begin, test: `${variable} ${compare} ${last.text}`, next, mayPass };
    }
    const limit = scope.temporary(`$e${scope.nextLoop()}`);
    const limitText = last.type === "integer" ? last.bare : `$.forLimit(${last.bare})`;
    return {
      begin: `${begin}, ${limit} = ${limitText}`,
      test: `${variable} ${compare} ${limit}`,
      next,
      mayPass: true,
    };
  }

  /** Any `for` loop. The limit and the step are evaluated once, after the start. */
  protected counting(name: string, { first, last, by }: Bounds): Counting & { readonly done: string } {
    const { scope } = this;
    const type = scope.typeOf(name);
    const variable = identifier(name);
    const number = scope.nextLoop();
    const limit = scope.temporary(`$e${number}`);
    const step = scope.temporary(`$s${number}`);
    const done = `$.forDone(${variable}, ${limit}, ${step})`;
    return {
      begin: `${variable} = ${converted(first, type)}, ${limit} = ${last.bare}, ${step} = $.forStep(${variable}, ${by.bare})`,
      done,
      test: `!${done}`,
      next: `${limit} = $.forNext(${variable}, ${limit}, ${step}), ${variable} = ${converted(atom(`$.add(${variable}, ${step})`), type)}`,
    };
  }

  #forEach(statement: ForEach): string {
    const { name, body } = statement;
    const items = this.scope.temporary(`$i${this.scope.nextLoop()}`);
    const head = `for (${items} = ${this.items(statement)}; ${items}.$$more(); )`;
    const loop = this.#loop("for", head, body, `${identifier(name)} = ${items}.$$take(); `);
    return `${loop} ${items} = undefined;`; // So that the object is not kept any longer.
  }

  /** What `for each` goes through. */
  protected items(statement: ForEach): string {
    const each = this.unit.marks.site(statement) ? "$.eachMarked" : "$.each";
    return `${each}(${this.expressions.bare(statement.target)})`;
  }

  /** `exit` and `continue` are about the innermost loop of their kind. */
  #leave({ kind, loop }: Leave): string {
    const target = this.loops.findLast((each) => each.kind === loop)!;
    return target.leave(kind, target === this.loops.at(-1));
  }

  #return({ value }: Return): string {
    const { returns } = this.node;
    if (value === undefined) return `return ${defaultReturn(returns)};`;
    const { marks } = this.unit;
    const code = marks.result(this.node) ? this.expressions.marked(value) : this.expressions.code(value);
    const text = converted(code, returns);
    // A line break after `return` would end the statement.
    return isMarked(text) ? `return (${text});` : `return ${text};`;
  }

  #try({ body, name, handler }: Try): string {
    const caught = this.store(name, atom("$.caught($x)"));
    return `try { ${this.block(body)} } catch ($x) { ${caught} ${this.block(handler)} }`;
  }
}

const isPlain = (item: Print["items"][number]): boolean =>
  typeof item === "string" || item.kind === "literal" || item.kind === "variable";

const isInteger = (value: number): boolean => value === (value | 0);

const isAssigned = (name: string, statements: readonly Statement[]): boolean =>
  [...everyStatement(statements)].some((statement) => assigned(statement) === name);
