import t from "tap";
import { RoAssociativeArray } from "#src/brightscript/library/associative-array.js";
import { box } from "#src/brightscript/library/boxed.js";
import {
  convert,
  toBoolean,
  toComponent,
  toDouble,
  toFloat,
  toFunction,
  toInteger,
  toLong,
  toNumber,
  toObject,
  toText,
} from "#src/brightscript/runtime/convert.js";
import type { Value } from "#src/brightscript/runtime/values.js";
import { double, float, outcome, shown, table } from "./shown.js";

const conversions: Record<string, (value: Value) => Value> = {
  Integer: toInteger,
  LongInteger: toLong,
  Float: toFloat,
  Double: toDouble,
  Boolean: toBoolean,
  String: toText,
};

const f = (): null => null;
const samples: Record<string, Value> = {
  "7": 7,
  "2^32+7": 2n ** 32n + 7n,
  "7.9!": float(7.9),
  "-7.5#": double(-7.5),
  "1e30#": double(1e30),
  "-1e30#": double(-1e30),
  "nan#": double(Number.NaN),
  true: true,
  text: "text",
};

t.test("every type to every type", async (t) => {
  const cells = table(`
             Integer      LongInteger            Float        Double               Boolean  String
    7        7            7                      7            7                    true     !
    2^32+7   7            4294967303             4.29497e+09  4294967303           true     !
    7.9!     7            7                      7.9          7.900000095367432    true     !
    -7.5#    -7           -7                     -7.5         -7.5                 true     !
    1e30#    2147483647   9223372036854775807    1e+30        1e+30                true     !
    -1e30#   -2147483648  -9223372036854775808   -1e+30       -1e+30               true     !
    nan#     0            0                      nan          nan                  true     !
    true     !            !                      !            !                    true     !
    text     !            !                      !            !                    !        text`);
  t.equal(cells.length, 54);
  for (const { row, column, cell } of cells) {
    const value = samples[row];
    const expected =
      cell === "!" ? /^&h18 Type Mismatch\. Unable to cast "\w+" to "\w+"\.$/ : `${column} ${cell}`;
    t.match(
      outcome(() => conversions[column]!(value)),
      expected,
      `${row} as ${column}`,
    );
    t.match(
      outcome(() => conversions[column]!(box(value))),
      expected,
      `${row}, boxed, as ${column}`,
    );
  }
});

t.test("what has the type already is passed on as it is", async (t) => {
  const [single, real] = [float(1.5), double(1.5)];
  t.equal(toFloat(single), single);
  t.equal(toDouble(real), real);
});

t.test("the words", async (t) => {
  const aa = new RoAssociativeArray();
  t.equal(
    outcome(() => toText(null)),
    '&h18 Type Mismatch. Unable to cast "Invalid" to "String".',
  );
  t.equal(
    outcome(() => toInteger(undefined)),
    '&h18 Type Mismatch. Unable to cast "<uninitialized>" to "Integer".',
  );
  t.equal(
    outcome(() => toText(aa)),
    '&h18 Type Mismatch. Unable to cast "roAssociativeArray" to "String".',
  );
  t.equal(
    outcome(() => toLong("5")),
    '&h18 Type Mismatch. Unable to cast "String" to "LongInteger".',
  );
  t.equal(
    outcome(() => toFloat("5")),
    '&h18 Type Mismatch. Unable to cast "String" to "Float".',
  );
  t.equal(
    outcome(() => toFunction(5)),
    '&h18 Type Mismatch. Unable to cast "Integer" to "Function".',
  );
});

t.test("as Object: intrinsic values are boxed", async (t) => {
  const aa = new RoAssociativeArray();
  t.equal(toObject(aa), aa);
  t.equal(shown(toObject(null)), "roInvalid <Component: roInvalid>");
  t.equal(toComponent(null), null);
  t.equal(toComponent(toObject(null)), null, "for the library boxed invalid is invalid");
  t.equal(toComponent(aa), aa);
  const boxes: [Value, string][] = [
    [5, "roInt 5"],
    [5n, "roLongInteger 5"],
    [float(1.5), "roFloat 1.5"],
    [double(1.5), "roDouble 1.5"],
    ["x", "roString x"],
    [true, "roBoolean true"],
  ];
  for (const [value, expected] of boxes) t.equal(shown(toObject(value)), expected);
  t.equal(toFunction(toObject(f)), f);
  t.equal(
    outcome(() => toObject(undefined)),
    '&h18 Type Mismatch. Unable to cast "<uninitialized>" to "Object".',
  );
});

t.test("arguments of the library", async (t) => {
  t.equal(convert.Float!(0.1 as unknown as Value), Math.fround(0.1));
  t.equal(convert.Float!(double(0.1)), Math.fround(0.1));
  t.equal(convert.Double!(double(0.1)), 0.1);
  t.equal(convert.LongInteger!(5), 5n);
  t.equal(convert["Object|String"]!("x"), "x");
  t.equal(convert["Object|String"]!(box("x")), "x");
  t.equal(convert["Object|String"]!(null), null);
  t.equal(convert.Dynamic!(undefined), undefined);
  t.equal(toNumber(5n), 5);
});
