import t from "tap";
import { box } from "#src/brightscript/library/boxed.js";
import { and, not, or, shl, shr, truth } from "#src/brightscript/runtime/logic.js";
import type { Value } from "#src/brightscript/runtime/values.js";
import { double, float, outcome, shown } from "./shown.js";

t.test("and, or: Booleans", async (t) => {
  for (const a of [true, false]) {
    for (const b of [true, false]) {
      t.equal(and(a, b), a && b);
      t.equal(or(a, b), a || b);
      t.equal(and(box(a), b), a && b);
      t.equal(or(a, box(b)), a || b);
    }
  }
});

t.test("and, or: numbers, bit by bit", async (t) => {
  const rows: [Value, Value, string, string][] = [
    [6, 3, "Integer 2", "Integer 7"],
    [-1, 255, "Integer 255", "Integer -1"],
    [6n, 3, "LongInteger 2", "LongInteger 7"],
    [6, 3n, "LongInteger 2", "LongInteger 7"],
    [-1, 2n ** 40n, "LongInteger 1099511627776", "LongInteger -1"],
    [float(6.9), 3, "Integer 2", "Integer 7"],
    [double(-1.5), 3, "Integer 3", "Integer -1"],
    [box(6), box(3), "Integer 2", "Integer 7"],
  ];
  for (const [a, b, conjunction, disjunction] of rows) {
    t.equal(shown(and(a, b)), conjunction);
    t.equal(shown(or(a, b)), disjunction);
  }
});

t.test("and, or: a Boolean and a number give a Boolean", async (t) => {
  t.equal(and(true, 5), true);
  t.equal(and(5, false), false);
  t.equal(and(0n, true), false);
  t.equal(or(false, 0), false);
  t.equal(or(0, true), true);
  t.equal(or(false, double(0.5)), true);
});

t.test("not", async (t) => {
  t.equal(not(true), false);
  t.equal(not(box(false)), true);
  t.equal(not(5), -6);
  t.equal(not(5n), -6n);
  t.equal(not(double(5.9)), -6);
});

t.test("operands of other types", async (t) => {
  for (const [value, name] of [
    ["a", "String"],
    [null, "Invalid"],
    [undefined, "<uninitialized>"],
  ] as const) {
    const words = (symbol: string): string =>
      `&h18 Type Mismatch. Operator "${symbol}" can't be applied to "${name}" and "Boolean".`;
    t.equal(
      outcome(() => and(value, true)),
      words("and"),
    );
    t.equal(
      outcome(() => or(value, false)),
      words("or"),
    );
    t.equal(
      outcome(() => not(value)),
      `&h18 Type Mismatch. Operator "not" can't be applied to "${name}".`,
    );
    t.match(
      outcome(() => shl(value, 1)),
      'Operator "<<"',
    );
    t.match(
      outcome(() => shr(1, value)),
      'Operator ">>"',
    );
    t.equal(
      outcome(() => truth(value)),
      `&h18 Type Mismatch. Unable to cast "${name}" to "Boolean".`,
    );
  }
});

t.test("shifts", async (t) => {
  t.equal(shl(2, 10), 2048);
  t.equal(shl(1, 31), -(2 ** 31));
  t.equal(shl(3, 31), -(2 ** 31));
  t.equal(shr(7, 1), 3);
  t.equal(shr(-1, 1), 2 ** 31 - 1, "zeros come in");
  t.equal(shr(-1, 0), -1);
  t.equal(shl(1, 32), 0);
  t.equal(shr(-1, 32), 0);
  t.equal(shl(float(5.9), 1), 10);
  t.equal(shl(1, double(3.9)), 8);
  t.equal(shl(1n, 40), 2n ** 40n);
  t.equal(shl(1n, 63), -(2n ** 63n));
  t.equal(shl(1n, 64), 0n);
  t.equal(shr(-1n, 60), 15n);
  t.equal(shr(-1n, 0), -1n);
  t.equal(shl(1, 40n), 2n ** 40n, "as a LongInteger");
  t.equal(shr(-1, 60n), 15n);
});

t.test("shifts out of range", async (t) => {
  for (const shift of [shl, shr]) {
    for (const [value, count] of [
      [1, 33],
      [1, -1],
      [1n, 65],
      [1n, -1],
      [float(1), 33],
    ] as const) {
      t.equal(
        outcome(() => shift(value, count)),
        "&h1e Invalid Bitwise Shift.",
      );
    }
  }
});

t.test("conditions", async (t) => {
  for (const value of [true, 1, -1, 1n, float(0.5), double(0.5), box(true), box(1)])
    t.equal(truth(value), true);
  for (const value of [false, 0, 0n, float(0), double(0), box(false), box(0)]) t.equal(truth(value), false);
});
