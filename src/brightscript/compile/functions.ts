/** The functions of a file, and their expressions. */
import {
  type Expression,
  everyStatement,
  expressionsOf,
  type FunctionNode,
  operandsOf,
} from "../syntax/tree.js";

/** The expressions of a function: those of its parameters, and of all its statements; not those within others. */
export function* expressionsIn({ parameters, body }: FunctionNode): Generator<Expression> {
  for (const { default: value } of parameters) if (value !== undefined) yield value;
  for (const statement of everyStatement(body)) yield* expressionsOf(statement);
}

/** All functions of a file, also those within others. */
export function everyFunction(functions: readonly FunctionNode[]): FunctionNode[] {
  const found: FunctionNode[] = [];
  const pending: (FunctionNode | Expression)[] = [...functions];
  for (let each = pending.pop(); each !== undefined; each = pending.pop()) {
    if (!("kind" in each)) {
      found.push(each);
      pending.push(...expressionsIn(each));
    } else if (each.kind === "function") pending.push(each.function);
    else pending.push(...operandsOf(each));
  }
  return found;
}
