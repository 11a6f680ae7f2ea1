import t from "tap";
import { RoAssociativeArray } from "#src/brightscript/library/associative-array.js";
import { box } from "#src/brightscript/library/boxed.js";
import { eq, ge, gt, le, lt, ne } from "#src/brightscript/runtime/comparison.js";
import type { Value } from "#src/brightscript/runtime/values.js";
import { double, float, outcome } from "./shown.js";

const operators = { "=": eq, "<>": ne, "<": lt, "<=": le, ">": gt, ">=": ge };
const symbols = Object.keys(operators) as (keyof typeof operators)[];

/** Which operators hold. */
const holding = (a: Value, b: Value): string => symbols.filter((symbol) => operators[symbol](a, b)).join(" ");

const less = "<> < <=";
const equal = "= <= >=";
const greater = "<> > >=";

t.test("numbers of all pairs of types", async (t) => {
  const of = (n: number): Value[] => [n, BigInt(n), float(n), double(n), box(n), box(float(n))];
  for (const a of of(1)) {
    for (const b of of(2)) {
      t.equal(holding(a, b), less);
      t.equal(holding(b, a), greater);
    }
    for (const b of of(1)) t.equal(holding(a, b), equal);
  }
});

t.test("in the more precise type", async (t) => {
  t.equal(holding(2n ** 53n + 1n, 2n ** 53n), greater, "LongIntegers keep all digits");
  t.equal(holding(2n ** 40n, 5), greater);
  t.equal(holding(16777217, float(16777216)), equal, "an Integer becomes a Float");
  t.equal(holding(16777217, double(16777216)), greater);
  t.equal(holding(float(0.1), double(0.1)), greater, "a Float of 0.1 is a little more");
  t.equal(holding(1.5 as unknown as Value, float(1.5)), equal);
});

t.test("no comparison holds for what is no number, but <>", async (t) => {
  const nan = double(Number.NaN);
  t.equal(holding(nan, nan), "<>");
  t.equal(holding(nan, 1), "<>");
  t.equal(holding(double(Number.POSITIVE_INFINITY), 1), greater);
});

t.test("Strings, with regard to case", async (t) => {
  t.equal(holding("a", "b"), less);
  t.equal(holding("one", "One"), greater);
  t.equal(holding("", "a"), less);
  t.equal(holding("same", box("same")), equal);
  t.equal(holding("10", "9"), less);
});

t.test("Booleans are equal or not, and equal to numbers", async (t) => {
  t.equal(eq(true, true), true);
  t.equal(ne(true, false), true);
  t.equal(eq(true, 5), true);
  t.equal(eq(0, false), true);
  t.equal(eq(box(true), true), true);
  t.equal(eq(double(0.5), true), true);
});

t.test("anything may be compared with invalid", async (t) => {
  const nothing = [null, box(null)];
  for (const a of nothing) for (const b of nothing) t.equal(eq(a, b), true);
  for (const value of [0, "", false, undefined, new RoAssociativeArray(), () => null, float(0), 0n]) {
    for (const invalid of nothing) {
      t.equal(eq(value, invalid), false);
      t.equal(eq(invalid, value), false);
      t.equal(ne(value, invalid), true);
    }
  }
});

t.test("functions are equal to themselves", async (t) => {
  const [f, g] = [() => null, () => null];
  t.equal(eq(f, f), true);
  t.equal(eq(f, g), false);
});

t.test("everything else is a type mismatch", async (t) => {
  const aa = new RoAssociativeArray();
  const pairs: [Value, Value, string][] = [
    [12, "number", '"Integer" and "String"'],
    ["1", 1, '"String" and "Integer"'],
    ["true", true, '"String" and "Boolean"'],
    [aa, aa, '"roAssociativeArray" and "roAssociativeArray"'],
    [aa, 1, '"roAssociativeArray" and "Integer"'],
    [undefined, 1, '"<uninitialized>" and "Integer"'],
    [undefined, undefined, '"<uninitialized>" and "<uninitialized>"'],
    [() => null, 1, '"Function" and "Integer"'],
  ];
  for (const [a, b, types] of pairs) {
    for (const symbol of symbols) {
      t.equal(
        outcome(() => operators[symbol](a, b)),
        `&h18 Type Mismatch. Operator "${symbol}" can't be applied to ${types}.`,
      );
    }
  }
  for (const symbol of ["<", "<=", ">", ">="] as const) {
    for (const [a, b] of [
      [true, false],
      [null, null],
      [null, 1],
      [true, 1],
    ] as const) {
      t.match(
        outcome(() => operators[symbol](a, b)),
        `Operator "${symbol}" can't be applied to`,
      );
    }
  }
});
