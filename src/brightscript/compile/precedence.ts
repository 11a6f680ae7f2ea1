/**
 * The order of BrightScript's operators. The parser takes some of them for equals (and, or) or another's (<<,
 * >>, and ^ after a minus): its trees are taken apart again into operands and operators, in the order of the
 * source, and put together anew.
 */
import type { BinaryOperator, Expression, UnaryOperator } from "./tree.js";

/**
 * From the loosest to the tightest. Operators of one row are applied from left to right, but ^ from right to
 * left.
 */
const rows: readonly (readonly BinaryOperator[])[] = [
  ["or"],
  ["and"],
  [], // not
  ["=", "<>", "<", "<=", ">", ">="],
  ["<<", ">>"],
  ["+", "-"],
  ["*", "/", "\\", "mod"],
  [], // a sign
  ["^"],
];
const notLevel = 2;
const signLevel = 7;
const levels = new Map(rows.flatMap((row, level) => row.map((operator) => [operator, level] as const)));

export interface OperatorItem {
  readonly operator: BinaryOperator | UnaryOperator;
  readonly unary: boolean;
  readonly line: number;
}

export type Item = OperatorItem | Expression;

/** The tree of an expression, from its operands and operators as they stand in the source. */
export function arrange(items: readonly Item[]): Expression {
  let at = 0;

  const operand = (): Expression => {
    const item = items[at++]!;
    if ("kind" in item) return item;
    const operator = item.operator as UnaryOperator;
    const inner = climb(operator === "not" ? notLevel : signLevel);
    return { kind: "unary", operator, operand: inner, line: item.line };
  };

  /** An expression of operators no looser than a level. */
  const climb = (level: number): Expression => {
    let left = operand();
    for (;;) {
      const item = items[at];
      if (item === undefined || "kind" in item) return left;
      const operator = item.operator as BinaryOperator;
      const own = levels.get(operator)!;
      if (own < level) return left;
      at++;
      left = {
        kind: "binary",
        operator,
        left,
        right: climb(operator === "^" ? own : own + 1),
        line: item.line,
      };
    }
  };

  return climb(0);
}
