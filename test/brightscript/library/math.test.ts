import fc from "fast-check";
import t from "tap";
import { Float, typeName, type Value } from "#src/brightscript/runtime/values.js";
import { double, errorOf, float, g } from "./call.js";

const huge = 122334343434n;

const rows: readonly (readonly [name: string, argument: Value, expected: Value])[] = [
  ["abs", -7, 7],
  ["abs", -2147483648, -2147483648],
  ["abs", -huge, huge],
  ["abs", float(-3.5), float(3.5)],
  ["abs", double(-0.1), double(0.1)],
  ["atn", float(0.5), float(Math.atan(0.5))],
  ["cdbl", 17, float(17)],
  ["csng", double(0.1), float(0.1)],
  ["cint", float(2.1), 2],
  ["cint", float(2.5), 3],
  ["cint", float(-2.2), -2],
  ["cint", float(-2.5), -2],
  ["cint", float(-2.6), -3],
  ["cint", 2147483647, 2147483647],
  ["cint", huge, 2147483647],
  ["cos", 0, float(1)],
  ["exp", 1, float(Math.E)],
  ["fix", float(2.9), 2],
  ["fix", float(-2.9), -2],
  ["fix", -huge, -2147483648],
  ["int", float(2.9), 2],
  ["int", float(-2.1), -3],
  ["int", double(1000101.23), 1000101],
  ["int", float(Number.NaN), 0],
  ["int", 16777217, 16777217],
  ["log", 1, float(0)],
  ["log", 0, float(Number.NEGATIVE_INFINITY)],
  ["sgn", float(-0.5), -1],
  ["sgn", 0, 0],
  ["sgn", huge, 1],
  ["sin", float(1.5), float(Math.sin(1.5))],
  ["sqr", 2, float(Math.SQRT2)],
  ["sqr", -1, float(Number.NaN)],
  ["tan", 1, float(Math.tan(1))],
];

t.test("values and their types", async (t) => {
  for (const [name, argument, expected] of rows) {
    const found = g[name]!(argument);
    t.same(found, expected, `${name}(${String(argument)})`);
    t.equal(typeName(found), typeName(expected));
    t.same(g[name]!(g.box!(argument)), expected, "a boxed number is a number");
    t.equal(
      errorOf(() => g[name]!("4")),
      0x18,
    );
    t.equal(
      errorOf(() => g[name]!()),
      0xf1,
    );
  }
});

t.test("rnd", async () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2 ** 31 - 1 }), (range) => {
      const number = g.rnd!(range) as number;
      return Number.isInteger(number) && number >= 1 && number <= range;
    }),
  );
  fc.assert(
    fc.property(fc.constantFrom(0, -5, float(0.5)), (range) => {
      const number = g.rnd!(range);
      return number instanceof Float && number.value >= 0 && number.value < 1;
    }),
  );
});

t.test("rnd meets every number of a small range", async (t) => {
  const met = new Set(Array.from({ length: 500 }, () => g.rnd!(3)));
  t.same([...met].sort(), [1, 2, 3]);
  t.equal(g.rnd!(1), 1);
});
