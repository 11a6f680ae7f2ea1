/** What a function knows of its names while it is compiled. */
import { identifier, typeOfDesignator } from "../syntax/names.js";
import { everyStatement, type FunctionNode, type Statement, type TypeName } from "../syntax/tree.js";

/** The types whose variables convert what they are given. */
const converting: ReadonlySet<TypeName> = new Set<TypeName>([
  "boolean",
  "integer",
  "longinteger",
  "float",
  "double",
  "string",
]);

export class Scope {
  /** The local variables in the order in which they appear: parameters first. */
  readonly locals: readonly string[];
  /** Variables that hold an Integer wherever the code is just now. */
  readonly integers = new Set<string>();
  /** Whether `m` is used. */
  usesM = false;
  readonly #names: ReadonlySet<string>;
  readonly #parameters: ReadonlySet<string>;
  readonly #types = new Map<string, TypeName>();
  readonly #temporaries = new Set<string>();
  #loops = 0;

  constructor(readonly node: FunctionNode) {
    this.#parameters = new Set(node.parameters.map(({ name }) => name));
    const names = new Set(this.#parameters);
    for (const statement of everyStatement(node.body)) {
      const name = assigned(statement);
      if (name !== undefined) names.add(name);
    }
    this.#names = names;
    this.locals = [...names];
    for (const name of names) {
      const type = typeOfDesignator(name);
      if (type !== undefined) this.#types.set(name, type);
    }
    for (const { name, type } of node.parameters) {
      if (converting.has(type)) this.#types.set(name, type);
    }
  }

  isLocal(name: string): boolean {
    return this.#names.has(name);
  }

  isParameter(name: string): boolean {
    return this.#parameters.has(name);
  }

  /** The type that a variable converts its values to; undefined for most. */
  typeOf(name: string): TypeName | undefined {
    return this.#types.get(name);
  }

  /** A JavaScript variable of this function's own, made when it is first asked for. */
  temporary(name: string): string {
    this.#temporaries.add(name);
    return name;
  }

  /** A number for a loop's own variables and label. */
  nextLoop(): number {
    return ++this.#loops;
  }

  /** JavaScript's declaration of all variables but the parameters. `m` has a value before the program gives it another. */
  declaration(): string {
    const variables = this.locals.slice(this.#parameters.size);
    const declared = variables.map((name) => (name === "m" ? "m = this ?? $.m" : identifier(name)));
    return declaration("let", [...declared, ...this.#temporaries]);
  }
}

export const declaration = (kind: "const" | "let", names: readonly string[]): string =>
  names.length === 0 ? "" : `${kind} ${names.join(", ")}; `;

/** The variable that a statement assigns to. */
export function assigned(statement: Statement): string | undefined {
  switch (statement.kind) {
    case "assign":
    case "update":
      return statement.target.kind === "variable" ? statement.target.name : undefined;
    case "for":
    case "forEach":
    case "dim":
    case "try":
      return statement.name;
    default:
      return undefined;
  }
}

/** The variables with their names, for who shows them. */
export const variables = ({ locals }: Scope): string =>
  `[${locals.map((each) => `[${JSON.stringify(each)}, ${identifier(each)}]`).join(", ")}]`;
