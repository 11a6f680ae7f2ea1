import t from "tap";
import { RoArray } from "#src/brightscript/library/array.js";
import { RoAssociativeArray } from "#src/brightscript/library/associative-array.js";
import { box } from "#src/brightscript/library/boxed.js";
import { RoByteArray } from "#src/brightscript/library/byte-array.js";
import { RoList } from "#src/brightscript/library/list.js";
import { RoStreamSocket } from "#src/brightscript/library/sockets.js";
import { describe } from "#src/brightscript/runtime/backtrace.js";
import { format, formatNumber, general } from "#src/brightscript/runtime/format.js";
import { double, float } from "./shown.js";

t.test("Floats have six digits", async (t) => {
  const forms: [number, string][] = [
    [0, "0"],
    [1, "1"],
    [1.5, "1.5"],
    [0.1, "0.1"],
    [1 / 3, "0.333333"],
    [2 / 3, "0.666667"],
    [Math.PI, "3.14159"],
    [100, "100"],
    [123456, "123456"],
    [999999.4, "999999"],
    [999999.6, "1e+06"],
    [1234567, "1.23457e+06"],
    [1e10, "1e+10"],
    [1e30, "1e+30"],
    [0.0001, "0.0001"],
    [0.00001, "1e-05"],
    [1.5e-10, "1.5e-10"],
    [-2.5, "-2.5"],
    [1e300, "inf"],
    [-1e300, "-inf"],
    [Number.NaN, "nan"],
  ];
  for (const [value, text] of forms) t.equal(format(float(value)), text);
});

t.test("Doubles have as many as they need, up to 16", async (t) => {
  const forms: [number, string][] = [
    [0.1, "0.1"],
    [2.3, "2.3"],
    [1 / 3, "0.3333333333333333"],
    [10000.45703125, "10000.45703125"],
    [1234567890123456, "1234567890123456"],
    [1e16, "1e+16"],
    [1e100, "1e+100"],
    [1e-7, "1e-07"],
  ];
  for (const [value, text] of forms) t.equal(format(double(value)), text);
  t.equal(formatNumber(double(10000.45703125)), "10000.5", "but toStr() gives six");
  t.equal(formatNumber(2n ** 40n), "1099511627776");
});

t.test("general() is C's %g", async (t) => {
  t.equal(general(123.456, 3), "123");
  t.equal(general(1234, 3), "1.23e+03");
  t.equal(general(0.00012345, 2), "0.00012");
  t.equal(general(100, 1), "1e+02");
});

t.test("other intrinsic values", async (t) => {
  t.equal(format(-5), "-5");
  t.equal(format(-5n), "-5");
  t.equal(format("te\u{1f600}xt"), "te\u{1f600}xt");
  t.equal(format(true), "true");
  t.equal(format(null), "invalid");
  t.equal(format(undefined), "<UNINITIALIZED>");
  t.equal(format(describe(() => null, "Foo", "Foo() As Void")), "<Function: foo>");
  t.equal(format(box(5)), "5");
  t.equal(format(box("x")), "x");
  t.equal(format(box(null)), "<Component: roInvalid>");
});

t.test("components", async (t) => {
  const socket = new RoStreamSocket();
  t.equal(format(socket), "<Component: roStreamSocket>");
  socket.close();
  t.equal(format(new RoArray()), "<Component: roArray> =\n[\n]");
  t.equal(
    format(
      new RoArray([
        1,
        "a",
        null,
        undefined,
        true,
        float(1.5),
        box("b"),
        new RoArray([1]),
        new RoAssociativeArray(),
      ]),
    ),
    `<Component: roArray> =
[
    1
    "a"
    invalid
    invalid
    true
    1.5
    "b"
    <Component: roArray>
    <Component: roAssociativeArray>
]`,
  );
  t.equal(
    format(RoAssociativeArray.of({ b: "x", A: 1 })),
    `<Component: roAssociativeArray> =
{
    A: 1
    b: "x"
}`,
  );
  t.equal(format(new RoList([1])), "<Component: roList> =\n(\n    1\n)");
  t.equal(format(RoByteArray.from([0, 255])), "<Component: roByteArray> =\n[\n    0\n    255\n]");
});
