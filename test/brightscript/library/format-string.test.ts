import { execFileSync } from "node:child_process";
import t from "tap";
import type { Value } from "#src/brightscript/runtime/values.js";
import { call, double, errorOf, float } from "./call.js";

type Row = readonly [template: string, values: readonly Value[], expected: string];

const rows: readonly Row[] = [
  ["%02x%02x%02x", [255, 0, 128], "ff0080"],
  ["The length of '%s' is %d.", ["Roku rocks!", 11], "The length of 'Roku rocks!' is 11."],
  ["%d * %d = %d", [-13, 21, -273], "-13 * 21 = -273"],
  ["%04d-%02d-%02d", [17, 3, 99], "0017-03-99"],
  ["%04X %04x", [255, 10], "00FF 000a"],
  ["%05s|%05c", ["ab", 65], "   ab|    A"],
  ["%c", [double(65.9)], "A"],
  ["%07x", [0xface1], "00face1"],
  ["%*X", [6, 0xface1], " FACE1"],
  ["%-*X|", [6, 0xface1], "FACE1 |"],
  ["%*d|", [-4, 7], "7   |"],
  ["%0*x", [8, 0xface1], "000face1"],
  ["r=%4.2f => c=%4.2f", [float(2.5), float(15.7075)], "r=2.50 => c=15.71"],
  ["[%-3s:%3s]", ["A", "B"], "[A  :  B]"],
  ["(%c%c%c)", [0x7b, 64, 0x7d], "({@})"],
  ["%x %o %X", [-1, 8, 4294967296n], "ffffffff 10 100000000"],
  ["%x", [-1n], "ffffffffffffffff"],
  ["%d", [-9223372036854775808n], "-9223372036854775808"],
  ["%+d % d %+d", [5, 7, -1], "+5  7 -1"],
  ["%+-5d|% +d", [5, 7], "+5   |+7"],
  ["%05d %-05d|", [-42, 42], "-0042 42   |"],
  ["%.5d %08.5d", [42, -42], "00042   -00042"],
  ["%.3s|%5.1s|", ["abcdef", "xyz"], "abc|    x|"],
  ["%.*f %.*d", [-1, float(0.5), -1, 7], "0.500000 7"],
  ["%.*f", [2, float(3.1451)], "3.15"],
  ["%.f %.0f", [float(2.4), float(3.6)], "2 4"],
  ["%e %E %.0e", [float(3.25), double(12345.678), double(5)], "3.250000e+00 1.234568E+04 5e+00"],
  ["%e", [double(1e-100)], "1.000000e-100"],
  ["%g %g %g %G", [double(0.0001), double(1e-5), double(123456), double(1e10)], "0.0001 1e-05 123456 1E+10"],
  ["%.3g %g", [double(3.14009), double(0)], "3.14 0"],
  ["%f", [double(1e22)], "10000000000000000000000.000000"],
  ["%08.2f %08.2f", [float(-1.5), float(1.5)], "-0001.50 00001.50"],
  ["%f %5.1f %05f", [double(1 / 0), double(Number.NaN), double(-1 / 0)], "inf   nan  -inf"],
  ["100%% %s", ["sure"], "100% sure"],
  ["%s %s", [true, false], "true false"],
  ["", [], ""],
];

t.test("format", async (t) => {
  for (const [template, values, expected] of rows)
    t.equal(call(template, "format", ...values), expected, template);
});

t.test("as printf does it", async (t) => {
  // Of the two, printf is the reference: the page says that format strings are like its.
  const plain = rows.filter(
    ([template, values]) =>
      !/[*c]|%05s/.test(template) &&
      !/%[^%]*%%/.test(template) &&
      values.every((value) => typeof value !== "boolean"),
  );
  for (const [template, values, expected] of plain) {
    const texts = values.map((value) =>
      String(typeof value === "object" ? (value as { value: number }).value : value),
    );
    if (texts.some((text) => /NaN|Infinity/.test(text)) || /%x/.test(template)) continue;
    t.equal(
      execFileSync("printf", [template, ...texts], { env: { LC_ALL: "C" } }).toString(),
      expected,
      template,
    );
  }
});

t.test("toStr: each field is the value", async (t) => {
  t.equal(call(4294967296n, "toStr", "%d = 0x%0X"), "4294967296 = 0x100000000");
  t.equal(call(345, "toStr", "The value is %d."), "The value is 345.");
  t.equal(call(9, "toStr", "%-4d"), "9   ");
  t.equal(call(float(2.1416), "toStr", "%.3f"), "2.142");
  t.equal(call("123", "toStr", "<%5s>"), "<  123>");
  t.equal(call(true, "toStr", "%s"), "true");
  t.equal(call(5, "toStr", "none"), "none");
});

t.test("what does not fit is an error", async (t) => {
  const wrong: readonly (readonly [string, readonly Value[]])[] = [
    ["%d", ["5"]],
    ["%s", [5]],
    ["%f", [null]],
    ["%x", [undefined]],
    ["%c", ["A"]],
    ["%d", []],
    ["%d", [1, 2]],
    ["%*d", ["x", 1]],
    ["%q", [1]],
    ["50%", []],
    ["%5", [1]],
  ];
  for (const [template, values] of wrong)
    t.equal(
      errorOf(() => call(template, "format", ...values)),
      0x24,
      template,
    );
});
