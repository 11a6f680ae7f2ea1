/** A whole file: the JavaScript of its functions. */

import { identifier } from "../syntax/names.js";
import type { Place } from "../syntax/token.js";
import { type FunctionNode, typeNames } from "../syntax/tree.js";
import { layOut, mark } from "./emit.js";
import type { Expressions } from "./expressions.js";
import { GotoStatements, hasLabels } from "./goto.js";
import type { Marks } from "./marks.js";
import { atom } from "./operators.js";
import { declaration, Scope, variables } from "./scope.js";
import { converted, defaultReturn, Statements } from "./statements.js";

/** A call of a function that the file has not got. */
export interface OutsideCall extends Place {
  readonly name: string;
}

/** A function as the backtrace shows it. */
function signature(name: string, { parameters, returns }: FunctionNode): string {
  const list = parameters.map((each) => `${each.name} As ${typeNames[each.type]}`);
  return `${name}(${list.join(", ")}) As ${typeNames[returns]}`;
}

export class Unit {
  readonly calls: OutsideCall[] = [];
  /** Whether `$g`, the global functions, is used. */
  usesGlobals = false;
  readonly #names: ReadonlySet<string>;
  readonly #constants = new Map<string, string>();
  #anonymous = 0;

  constructor(
    readonly functions: readonly FunctionNode[],
    readonly marks: Marks,
  ) {
    this.#names = new Set(functions.map(({ name }) => name));
  }

  defines(name: string): boolean {
    return this.#names.has(name);
  }

  /** The variable that holds a constant, which is made once. */
  constant(text: string): string {
    const name = this.#constants.get(text) ?? `$${this.#constants.size + 1}`;
    this.#constants.set(text, name);
    return name;
  }

  /** An anonymous function: it closes over nothing, so it is made only once, when the program first comes to it. */
  anonymous(node: FunctionNode, outer: Expressions): string {
    const number = ++this.#anonymous;
    const start = outer.at(node.line);
    outer.line = node.endLine;
    const name = `$anon_${number}`;
    return `($a${number} ??= ${start}${this.#described(this.function(name, node), name, node)})`;
  }

  /** A function with what is shown of it, and which of its parameters take marked values, if any does. */
  #described(text: string, name: string, node: FunctionNode): string {
    const marked = node.parameters.map((each) => this.marks.variable(node, each.name));
    const list = marked.includes(true) ? `, [${marked.join(", ")}]` : "";
    return `$.describe(${text}, ${JSON.stringify(name)}, ${JSON.stringify(signature(name, node))}${list})`;
  }

  function(name: string, node: FunctionNode): string {
    const scope = new Scope(node);
    const { parameters, returns, endLine } = node;
    const end = `${mark(endLine)}return ${defaultReturn(returns)};`;
    const withGoto = hasLabels(node.body) ? new GotoStatements(this, scope, node) : undefined;
    const statements = withGoto ?? new Statements(this, scope, node);
    const prologue = this.#prologue(node, statements);
    const body = withGoto?.body(node.body, end) ?? `${statements.block(node.body)} ${end}`;
    const list = parameters.map((each) => identifier(each.name)).join(", ");
    const m = scope.usesM ? "const m = this ?? $.m; " : "";
    return (
      `function ${identifier(name)}(${list}) { ${scope.declaration()}${m}try { ${prologue}${body} } ` +
      `catch ($x) { throw $.frame($x, ${JSON.stringify(signature(name, node))}, ${variables(scope)}, this ?? $.m); } }`
    );
  }

  /** Checks the number of arguments, and converts them. */
  #prologue({ parameters, line }: FunctionNode, { expressions, scope }: Statements): string {
    expressions.line = line;
    const most = parameters.length;
    const required = parameters.filter((each) => each.default === undefined).length;
    const tests =
      required === most
        ? `arguments.length !== ${most}`
        : `${required > 0 ? `arguments.length < ${required} || ` : ""}arguments.length > ${most}`;
    const texts = parameters.map(({ name, type, default: value }, i) => {
      const variable = identifier(name);
      const conversion = converted(atom(variable), type);
      const convert = conversion === variable ? "" : `${variable} = ${conversion}; `;
      const given =
        value && `if (arguments.length < ${i + 1}) ${variable} = ${expressions.kept(name, value).bare}; `;
      if (type === "integer") scope.integers.add(name);
      return (given ?? "") + convert;
    });
    return `if (${tests}) $.count(); ${texts.join("")}`;
  }

  /** An expression whose value is a function of `$` and `$f`, which gives back the file's functions. */
  get code(): string {
    const bodies = this.functions.map((node) => mark(node.line) + this.function(node.name, node));
    const table = this.functions.map((node) => {
      const { name } = node;
      return `${JSON.stringify(name)}: ${this.#described(identifier(name), name, node)}`;
    });
    const constants = [...this.#constants].map(([text, name]) => `${name} = ${text}`);
    if (this.usesGlobals) constants.unshift("$g = $.g");
    const anonymous = Array.from({ length: this.#anonymous }, (_, i) => `$a${i + 1}`);
    const declared = declaration("const", constants) + declaration("let", anonymous);
    return layOut(
      `(($, $f) => { "use strict"; ${declared}${bodies.join(" ")} return { ${table.join(", ")} }; })\n`,
    );
  }
}
