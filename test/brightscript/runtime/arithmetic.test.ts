import t from "tap";
import { RoAssociativeArray } from "#src/brightscript/library/associative-array.js";
import { box } from "#src/brightscript/library/boxed.js";
import { add, div, idiv, mod, mul, neg, pow, sub } from "#src/brightscript/runtime/arithmetic.js";
import type { Value } from "#src/brightscript/runtime/values.js";
import { double, float, outcome, shown, table } from "./shown.js";

const operators = { "+": add, "-": sub, "*": mul, "/": div, "\\": idiv, mod, "^": pow };
type Symbol = keyof typeof operators;

const left: Record<string, Value> = { Integer: 7, LongInteger: 7n, Float: float(7.5), Double: double(7.5) };
const right: Record<string, Value> = { Integer: 2, LongInteger: 2n, Float: float(2.5), Double: double(2.5) };

/** 7 or 7.5 on the left, 2 or 2.5 on the right. */
const tables: Record<Symbol, string> = {
  "+": `
               Integer          LongInteger      Float        Double
  Integer      Integer 9        LongInteger 9    Float 9.5    Double 9.5
  LongInteger  LongInteger 9    LongInteger 9    Float 9.5    Double 9.5
  Float        Float 9.5        Float 9.5        Float 10     Double 10
  Double       Double 9.5       Double 9.5       Double 10    Double 10`,
  "-": `
               Integer          LongInteger      Float        Double
  Integer      Integer 5        LongInteger 5    Float 4.5    Double 4.5
  LongInteger  LongInteger 5    LongInteger 5    Float 4.5    Double 4.5
  Float        Float 5.5        Float 5.5        Float 5      Double 5
  Double       Double 5.5       Double 5.5       Double 5     Double 5`,
  "*": `
               Integer          LongInteger      Float        Double
  Integer      Integer 14       LongInteger 14   Float 17.5   Double 17.5
  LongInteger  LongInteger 14   LongInteger 14   Float 17.5   Double 17.5
  Float        Float 15         Float 15         Float 18.75  Double 18.75
  Double       Double 15        Double 15        Double 18.75  Double 18.75`,
  "/": `
               Integer          LongInteger      Float        Double
  Integer      Float 3.5        Double 3.5       Float 2.8    Double 2.8
  LongInteger  Double 3.5       Double 3.5       Float 2.8    Double 2.8
  Float        Float 3.75       Float 3.75       Float 3      Double 3
  Double       Double 3.75      Double 3.75      Double 3     Double 3`,
  "\\": `
               Integer          LongInteger      Float        Double
  Integer      Integer 3        LongInteger 3    Integer 2    Integer 2
  LongInteger  LongInteger 3    LongInteger 3    LongInteger 2  LongInteger 2
  Float        Integer 3        LongInteger 3    Integer 3    Integer 3
  Double       Integer 3        LongInteger 3    Integer 3    Integer 3`,
  mod: `
               Integer          LongInteger      Float        Double
  Integer      Integer 1        LongInteger 1    Float 2      Double 2
  LongInteger  LongInteger 1    LongInteger 1    Float 2      Double 2
  Float        Float 1          Float 1          Float 0      Double 0
  Double       Double 1         Double 1         Double 0     Double 0`,
  "^": `
               Integer          LongInteger      Float           Double
  Integer      Float 49         LongInteger 49   Float 129.642   Double 129.6418142421649
  LongInteger  LongInteger 49   LongInteger 49   Float 129.642   Double 129.6418142421649
  Float        Float 56.25      Float 56.25      Float 154.047   Double 154.046969298328
  Double       Double 56.25     Double 56.25     Double 154.046969298328  Double 154.046969298328`,
};

for (const [symbol, text] of Object.entries(tables)) {
  t.test(`${symbol}: the types and values of all pairs of numbers`, async (t) => {
    const cells = table(text);
    t.equal(cells.length, 16);
    for (const { row, column, cell } of cells) {
      const value = operators[symbol as Symbol](left[row], right[column]);
      t.equal(shown(value), cell, `${row} ${symbol} ${column}`);
    }
  });

  t.test(`${symbol}: a boxed operand is taken out of its box`, async (t) => {
    const apply = operators[symbol as Symbol];
    t.equal(shown(apply(box(7), 2)), shown(apply(7, 2)));
    t.equal(shown(apply(7, box(double(2)))), shown(apply(7, double(2))));
  });

  t.test(`${symbol}: operands of other types`, async (t) => {
    const others: Record<string, Value> = {
      String: "1",
      Boolean: true,
      Invalid: null,
      "<uninitialized>": undefined,
      Function: () => null,
      roAssociativeArray: new RoAssociativeArray(),
      roString: box("1"),
    };
    for (const [name, value] of Object.entries(others)) {
      const words = (a: string, b: string): string =>
        `&h18 Type Mismatch. Operator "${symbol}" can't be applied to "${a}" and "${b}".`;
      const apply = operators[symbol as Symbol];
      t.equal(
        outcome(() => apply(value, 2)),
        words(name, "Integer"),
      );
      t.equal(
        outcome(() => apply(double(2), value)),
        words("Double", name),
      );
      if (!/string/i.test(name)) {
        t.equal(
          outcome(() => apply(value, value)),
          words(name, name),
        );
      }
    }
  });
}

t.test("division by zero is an error for every type", async (t) => {
  for (const apply of [div, idiv, mod]) {
    for (const dividend of Object.values(left)) {
      for (const zero of [0, 0n, float(0), double(0), float(-0)]) {
        t.equal(
          outcome(() => apply(dividend, zero)),
          "&h14 Divide by Zero.",
        );
      }
    }
  }
});

t.test("Integers wrap at 32 bits", async (t) => {
  const [least, most] = [-(2 ** 31), 2 ** 31 - 1];
  t.equal(add(most, 1), least);
  t.equal(add(least, -1), most);
  t.equal(sub(least, 1), most);
  t.equal(mul(most, 2), -2);
  t.equal(mul(most, most), 1);
  t.equal(mul(123456789, 987654321), -67153019);
  t.equal(neg(least), least);
  t.equal(idiv(least, -1), least);
  t.equal(mod(least, -1), 0);
  t.ok(Object.is(neg(0), 0), "no negative zero");
  t.ok(Object.is(mod(-6, 3), 0));
  t.ok(Object.is(idiv(-1, 2), 0));
});

t.test("LongIntegers wrap at 64 bits", async (t) => {
  const [least, most] = [-(2n ** 63n), 2n ** 63n - 1n];
  t.equal(add(most, 1), least);
  t.equal(sub(least, 1n), most);
  t.equal(mul(most, 2), -2n);
  t.equal(neg(least), least);
  t.equal(idiv(least, -1), least);
  t.equal(mod(least, -1), 0n);
  t.equal(pow(2n, 63), least);
  t.equal(pow(3n, 64n), BigInt.asIntN(64, 3n ** 64n));
  t.equal(pow(3n, 9007199254740993n), BigInt.asIntN(64, 3n * modularPower(3n, 9007199254740992n)));
  t.equal(pow(2n, -1), 0n);
  t.equal(pow(-1n, -1), -1n);
});

function modularPower(base: bigint, exponent: bigint): bigint {
  if (exponent === 0n) return 1n;
  const half = modularPower(base, exponent / 2n);
  return BigInt.asUintN(64, half * half * (exponent % 2n === 1n ? base : 1n));
}

t.test("whole division and its remainder are cut towards zero", async (t) => {
  t.same([idiv(-7, 2), idiv(7, -2), idiv(-7, -2)], [-3, -3, 3]);
  t.same([mod(-7, 3), mod(7, -3), mod(-7, -3)], [-1, 1, -1]);
  t.same([idiv(-7n, 2), mod(-7n, 2)], [-3n, -1n]);
  t.equal(idiv(float(-7.9), 2), -3);
  t.equal(idiv(double(1e20), 1), 2 ** 31 - 1, "held within an Integer");
  t.equal(idiv(double(1e30), 1n), 2n ** 63n - 1n);
});

t.test("Floats have 24 bits", async (t) => {
  t.equal(shown(add(float(16777216), 1)), shown(float(16777216)));
  t.equal(shown(add(16777217, float(0))), shown(float(16777216)), "an Integer operand too");
  t.equal(shown(add(double(16777216), 1)), "Double 16777217");
  t.equal(
    (add(float(0.1), float(0.2)) as { value: number }).value,
    Math.fround(Math.fround(0.1) + Math.fround(0.2)),
  );
  t.equal(shown(mul(float(3e38), 10)), "Float inf");
  t.equal(shown(mul(float(-3e38), 10)), "Float -inf");
  t.equal(shown(pow(2, -1)), "Float 0.5");
  t.equal(shown(pow(2, 31)), "Float 2.14748e+09");
});

t.test("+ joins Strings", async (t) => {
  t.equal(add("a", "b"), "ab");
  t.equal(add(box("a"), "b"), "ab");
  t.equal(add("a", box("b")), "ab");
  t.equal(add("", ""), "");
});

t.test("negation", async (t) => {
  t.equal(neg(5), -5);
  t.equal(neg(5n), -5n);
  t.equal(shown(neg(float(1.5))), "Float -1.5");
  t.equal(shown(neg(double(-1.5))), "Double 1.5");
  t.equal(neg(box(5)), -5);
  for (const value of ["5", true, null, undefined]) {
    t.match(
      outcome(() => neg(value)),
      /^&h18 Type Mismatch\. Operator "-" can't be applied to "[\w<>]+"\.$/,
    );
  }
});
