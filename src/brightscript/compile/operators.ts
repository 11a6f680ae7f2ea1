/** Pieces of JavaScript, and operators between them. */
import type { BinaryOperator } from "../syntax/tree.js";

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
export const operation = (bare: string, type: ValueType = "other"): Code => ({
  text: `(${bare})`,
  bare,
  type,
});

/** The runtime's functions for the operators. */
export const functions = {
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
export const comparisons: Partial<Record<BinaryOperator, string>> = {
  ...equality,
  "<": "<",
  "<=": "<=",
  ">": ">",
  ">=": ">=",
};

/** What JavaScript says as well, when the types of both sides are known to be the same. */
export function inJavaScript(operator: BinaryOperator, a: Code, b: Code): Code | undefined {
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
