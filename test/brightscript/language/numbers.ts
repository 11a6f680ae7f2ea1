/**
 * A model of arithmetic, written from the reference alone, and random expressions for it: "Type conversion (promotion)" and
 * "Operators" of expressions-variables-types. Whole numbers are BigInts here, so that wrapping is one step of its own.
 */
import fc from "fast-check";

export type Type = "Integer" | "LongInteger" | "Float" | "Double" | "Boolean";

export interface Numeral {
  readonly type: Exclude<Type, "Boolean">;
  readonly value: number | bigint;
}

export type Result = Numeral | { readonly type: "Boolean"; readonly value: boolean };

/** A run-time error, by its number. */
export class Failure extends Error {
  constructor(readonly number: number) {
    super(`&h${number.toString(16)}`);
  }
}

const ranks: readonly Type[] = ["Integer", "LongInteger", "Float", "Double"];

/** A value in a type that it is converted to. */
function as(type: Numeral["type"], value: number | bigint): Numeral {
  switch (type) {
    case "Integer":
      return { type, value: BigInt.asIntN(32, BigInt(value)) };
    case "LongInteger":
      return { type, value: BigInt.asIntN(64, BigInt(value)) };
    case "Float":
      return { type, value: Math.fround(Number(value)) };
    case "Double":
      return { type, value: Number(value) };
  }
}

const larger = (a: Numeral, b: Numeral): Numeral["type"] =>
  ranks.indexOf(a.type) > ranks.indexOf(b.type) ? a.type : b.type;

const boolean = (value: boolean): Result => ({ type: "Boolean", value });

type Operation<Operand> = (a: Operand, b: Operand) => Operand;

/** `a operator b` in the larger one's type; without `real`, of whole numbers only. */
function promoted(a: Numeral, b: Numeral, whole: Operation<bigint>, real?: Operation<number>): Numeral {
  const type = larger(a, b);
  const [x, y] = [as(type, a.value).value, as(type, b.value).value];
  return as(type, typeof x === "bigint" ? whole(x, y as bigint) : real!(x, y as number));
}

function divisor<Value extends number | bigint>(value: Value): Value {
  if (Number(value) === 0) throw new Failure(0x14);
  return value;
}

function divide(a: Numeral, b: Numeral): Numeral {
  divisor(b.value);
  const type = larger(a, b);
  // "When both operators are integers, the operation is done as float"; the reference does not say what LongIntegers give.
  const real = type === "Integer" ? "Float" : type === "LongInteger" ? "Double" : type;
  const [x, y] = [as(real, a.value).value, as(real, b.value).value];
  return as(real, (x as number) / (y as number));
}

function shifted(a: Numeral, count: bigint, left: boolean): Numeral {
  const width = a.type === "Integer" ? 32 : 64;
  if (count < 0n || count > BigInt(width)) throw new Failure(0x1e);
  const bits = BigInt.asUintN(width, a.value as bigint);
  return as(a.type, left ? bits << count : bits >> count);
}

function compared(operator: string, a: Numeral, b: Numeral): boolean {
  const type = larger(a, b);
  const [x, y] = [as(type, a.value).value, as(type, b.value).value];
  switch (operator) {
    case "=":
      return x === y;
    case "<>":
      return x !== y;
    case "<":
      return x < y;
    case "<=":
      return x <= y;
    case ">":
      return x > y;
    default:
      return x >= y;
  }
}

function arithmetic(operator: string, a: Numeral, b: Numeral): Numeral {
  const { value } = b;
  switch (operator) {
    case "+":
      return promoted(
        a,
        b,
        (x, y) => x + y,
        (x, y) => x + y,
      );
    case "-":
      return promoted(
        a,
        b,
        (x, y) => x - y,
        (x, y) => x - y,
      );
    case "*":
      return promoted(
        a,
        b,
        (x, y) => x * y,
        (x, y) => x * y,
      );
    case "/":
      return divide(a, b);
    case "\\":
      return promoted(a, b, (x, y) => x / divisor(y));
    case "mod":
      return promoted(a, b, (x, y) => x % divisor(y));
    case "and":
      return promoted(a, b, (x, y) => x & y);
    case "or":
      return promoted(a, b, (x, y) => x | y);
    case "^":
      return as("Float", Number(a.value) ** Number(value));
    default:
      return shifted(a, value as bigint, operator === "<<");
  }
}

/** What an expression is made of. */
export type Tree =
  | { readonly kind: "leaf"; readonly text: string; readonly result: Result }
  | { readonly kind: "unary"; readonly operator: "-" | "not"; readonly operand: Tree }
  | { readonly kind: "binary"; readonly operator: string; readonly left: Tree; readonly right: Tree };

/** The expression's value. @throws {@link Failure} */
export function evaluate(tree: Tree): Result {
  if (tree.kind === "leaf") return tree.result;
  if (tree.kind === "unary") {
    const operand = evaluate(tree.operand);
    if (operand.type === "Boolean") return boolean(!operand.value);
    return as(operand.type, tree.operator === "-" ? -operand.value : ~(operand.value as bigint));
  }
  const { operator } = tree;
  const left = evaluate(tree.left);
  if (left.type === "Boolean") {
    if (operator === "and" && !left.value) return left;
    if (operator === "or" && left.value) return left;
    const right = evaluate(tree.right);
    return boolean(
      operator === "="
        ? left.value === right.value
        : operator === "<>"
          ? left.value !== right.value
          : Boolean(right.value),
    );
  }
  const right = evaluate(tree.right) as Numeral;
  return comparisons.includes(operator)
    ? boolean(compared(operator, left, right))
    : arithmetic(operator, left, right);
}

const comparisons = ["=", "<>", "<", "<=", ">", ">="];

/** The reference's table, from the loosest. */
const table = [
  ["or"],
  ["and"],
  ["not"],
  comparisons,
  ["<<", ">>"],
  ["+", "-"],
  ["*", "/", "\\", "mod"],
  ["sign"],
  ["^"],
];
const level = (operator: string): number => table.findIndex((row) => row.includes(operator));

/** The expression with the parentheses that it needs, and no others. */
export function print(tree: Tree, least = 0): string {
  if (tree.kind === "leaf") return tree.text;
  const own = level(tree.kind === "unary" && tree.operator === "-" ? "sign" : tree.operator);
  let text: string;
  if (tree.kind === "binary") {
    // Equals stand to the left, but to the right of ^, whose right side may have a sign as well.
    const power = tree.operator === "^";
    text = `${print(tree.left, own + (power ? 1 : 0))} ${tree.operator} ${print(tree.right, own + (power ? 0 : 1))}`;
  } else if (tree.operator === "not") text = `not ${print(tree.operand, own)}`;
  else text = `-${print(tree.operand, own + 1)}`; // Two in a row would be a decrement.
  return own < least ? `(${text})` : text;
}

// Random expressions

const leaf = (text: string, type: Numeral["type"], value: number | bigint): Tree => ({
  kind: "leaf",
  text,
  result: as(type, value),
});

/** Constants and variables: of each type, with the numbers at which something happens among them. */
const edges = [0, 1, 2, 3, 7, 31, 32, 33, 100, 255, 65535, 65536, 16777216, 16777217, 123456789];
const integers = fc
  .oneof(fc.constantFrom(...edges), fc.nat({ max: 999999999 }))
  .map((n) => leaf(`${n}`, "Integer", n));
const hexadecimal = fc
  .oneof(fc.constantFrom(0x7fffffff, 0x80000000, 0xffffffff), fc.nat({ max: 0xffffffff }))
  .map((n) => leaf(`&h${n.toString(16)}`, "Integer", n));
const longs = fc
  .oneof(
    fc.constantFrom(2n ** 31n, 2n ** 53n + 1n, 2n ** 63n - 1n),
    fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }),
  )
  .map((n) => leaf(`${n}&`, "LongInteger", n));
const floats = fc
  .nat({ max: 99999 })
  .map((n) => leaf(`${n >> 2}.${["0", "25", "5", "75"][n & 3]}`, "Float", n / 4));
const doubles = fc.nat({ max: 9999999 }).map((n) => leaf(`${n / 1000}#`, "Double", n / 1000));

/** The variables that every expression may use, and how they get their values. */
export const variables = [
  { name: "a", type: "Integer", value: -5n },
  { name: "b", type: "Integer", value: 2147483647n },
  { name: "i%", type: "Integer", value: 12n },
  { name: "l&", type: "LongInteger", value: -9007199254740993n },
  { name: "f!", type: "Float", value: Math.fround(0.1) },
  { name: "d#", type: "Double", value: 0.1 },
] as const;
const variable = (...types: Type[]): fc.Arbitrary<Tree> =>
  fc.constantFrom(
    ...variables
      .filter(({ type }) => types.includes(type))
      .map(({ name, type, value }) => leaf(name, type, value)),
  );

const unary = (operator: "-" | "not", operand: fc.Arbitrary<Tree>): fc.Arbitrary<Tree> =>
  operand.map((tree) => ({ kind: "unary", operator, operand: tree }));

const binary = (operators: string[], left: fc.Arbitrary<Tree>, right = left): fc.Arbitrary<Tree> =>
  fc
    .tuple(fc.constantFrom(...operators), left, right)
    .map(([operator, l, r]) => ({ kind: "binary", operator, left: l, right: r }));

const small = (max: number): fc.Arbitrary<Tree> => fc.nat({ max }).map((n) => leaf(`${n}`, "Integer", n));

/** Numbers of any type, numbers that are whole, and conditions. */
const { number, whole, condition } = fc.letrec<Record<"number" | "whole" | "condition", Tree>>((tie) => ({
  whole: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.oneof(integers, hexadecimal, longs, variable("Integer", "LongInteger")),
    unary("-", tie("whole")),
    unary("not", tie("whole")),
    binary(["+", "-", "*", "\\", "mod", "and", "or"], tie("whole")),
    binary(["<<", ">>"], tie("whole"), small(40)),
  ),
  number: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.oneof(integers, floats, doubles, variable("Integer", "LongInteger", "Float", "Double")),
    tie("whole"),
    unary("-", tie("number")),
    binary(["+", "-", "*", "/"], tie("number")),
    binary(["^"], small(9), small(4)),
  ),
  condition: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.boolean().map((value): Tree => ({ kind: "leaf", text: `${value}`, result: boolean(value) })),
    binary(comparisons, tie("number")),
    unary("not", tie("condition")),
    binary(["and", "or", "=", "<>"], tie("condition")),
  ),
}));

export const expressions = fc.oneof(number, whole, condition);
