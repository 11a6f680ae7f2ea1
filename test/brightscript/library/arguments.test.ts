/** What components and functions make of odd arguments. */
import t from "tap";
import type { RoByteArray } from "#src/brightscript/library/byte-array.js";
import { $ } from "#src/brightscript/runtime/index.js";
import type { Value } from "#src/brightscript/runtime/values.js";
import { call, consoleOf, double, errorOf, float, g, printed } from "./call.js";

const create = (...values: Value[]): Value => g.createobject!(...values);

t.test("CreateObject: boxed values ignore what is given besides", async (t) => {
  const made = ["roInt", "roFloat", "roDouble", "roLongInteger", "roBoolean", "roString", "roInvalid"];
  t.strictSame(
    made.map((name) => printed(create(name, 1, "x", null))),
    [" 0\n", " 0\n", " 0\n", " 0\n", "false\n", "\n", "<Component: roInvalid>\n"],
  );
});

t.test("CreateObject: any other wrong number of arguments is error &hf5", async (t) => {
  const wrong: Value[][] = [
    ...["roList", "roByteArray", "roDateTime", "roTimespan", "roAssociativeArray", "roXMLElement"].map(
      (name) => [name, 1],
    ),
    ["roArray", 1],
    ["roArray", 1, true, 2],
    ["roRegex", "a"],
    ["roRegex", "a", "", ""],
    ["roPath", "tmp:/", 1],
    ["roRegistrySection", "a", "b"],
  ];
  for (const values of wrong)
    t.equal(
      errorOf(() => create(...values)),
      0xf5,
      String(values),
    );
});

t.test("CreateObject: without what is needed it gives invalid, and a line on the console", async (t) => {
  for (const name of ["roArray", "roRegex", "roPath", "roRegistrySection"]) {
    const said = consoleOf(() => t.equal(create(name), null));
    t.match(said, `BRIGHTSCRIPT: ERROR: Runtime: "${name}": invalid number of parameters`);
  }
  t.equal(
    errorOf(() => create("roArray", "x", true)),
    0x18,
  );
});

t.test("a byte array ignores what is no number", async (t) => {
  const bytes = create("roByteArray") as RoByteArray;
  for (const value of [1, float(2.9), double(300.5), 4n, -1, g.box!(7)]) call(bytes, "push", value);
  t.same([...bytes], [1, 2, 44, 4, 255, 7]);
  for (const value of [null, "8", true, bytes, create("roString")]) {
    call(bytes, "push", value);
    call(bytes, "unshift", value);
    call(bytes, "setEntry", 0, value);
    $.setIndex(bytes, 1, value);
    $.setIndex(bytes, 50, value);
  }
  t.same([...bytes], [1, 2, 44, 4, 255, 7], "nor does it grow");
  $.setIndex(bytes, -1, 5);
  t.equal(bytes.count(), 6);
  t.equal(
    errorOf(() => $.setIndex(bytes, "0", 5)),
    0xe8,
  );
  t.equal(
    errorOf(() => $.index(bytes, "0")),
    0xe8,
  );
});

t.test("ifArraySizeInfo of a byte array", async (t) => {
  const bytes = create("roByteArray");
  const capacity = (): Value => call(bytes, "capacity");
  t.strictSame([call(bytes, "isResizable"), capacity()], [true, 0]);
  call(bytes, "fromHexString", "010203");
  t.equal(capacity(), 3);
  call(bytes, "push", 4);
  t.ok((capacity() as number) >= 4);
  call(bytes, "setResize", 40, true);
  t.strictSame([call(bytes, "isResizable"), capacity(), call(bytes, "count")], [true, 40, 4]);
  call(bytes, "setResize", 0, false);
  t.equal(call(bytes, "isResizable"), false);
  t.equal(
    errorOf(() => call(bytes, "reserve", 5)),
    0xf4,
    "as on a device, it has not",
  );
});

t.test("ObjFun", async (t) => {
  const array = $.array(["a", "b"]);
  const iface = (object: Value, name: string): Value => g.getinterface!(object, name);
  t.equal(g.objfun!(array, iface(array, "ifArrayJoin"), "JOIN", "-"), "a-b");
  t.equal(g.objfun!("abc", iface("x", "ifStringOps"), "left", 2), "ab", "of the object that is given");
  t.equal(
    errorOf(() => g.objfun!(array, iface(array, "ifArrayJoin"), "count")),
    0xf4,
  );
  t.equal(
    errorOf(() => g.objfun!(array, iface("x", "ifStringOps"), "len")),
    0xf3,
  );
  t.equal(
    errorOf(() => g.objfun!(array, iface(array, "ifArrayJoin"), "join")),
    0xf5,
  );
  t.equal(
    errorOf(() => g.objfun!(array, null, "join", "-")),
    0x18,
  );
});

t.test("the long totals of roTimespan", async (t) => {
  const span = create("roTimespan");
  const before = call(span, "totalMillisecondsLong") as bigint;
  t.type(before, "bigint");
  t.ok((call(span, "totalMicrosecondsLong") as bigint) >= before * 1000n);
});

t.test("Val() reads what strtof reads, and StrToI() hexadecimal numbers, too", async (t) => {
  const numbers: [string, number][] = [
    ["0xFf", 255],
    [" -0x10", -16],
    ["+0x1.8p3z", 12],
    ["0x.8", 0.5],
    ["0x", 0],
    ["0xg", 0],
    ["&hFF", 0],
    ["\t 12.5e1abc", 125],
    [".5.5", 0.5],
    ["1e", 1],
    ["-inf", Number.NEGATIVE_INFINITY],
    ["Infinity", Number.POSITIVE_INFINITY],
    ["1e99", Number.POSITIVE_INFINITY],
    ["", 0],
    ["x1", 0],
  ];
  for (const [text, number] of numbers) t.strictSame(g.val!(text), float(number), text);
  t.equal(printed(g.val!("NaN")), " nan\n");
  const wholes: [string, number][] = [
    ["0x1F", 31],
    ["-0x1f ", -31],
    ["010", 10],
    ["12.9", 12],
    ["1e5", 1],
    ["0xffffffffff", 2147483647],
    ["&hFF", 0],
    ["inf", 0],
  ];
  for (const [text, number] of wholes) t.equal(g.strtoi!(text), number, text);
  t.equal(call("0x1F", "toInt"), 0);
  t.strictSame(call("0x1F", "toFloat"), float(0));
  for (const radix of [1, 37, -2]) t.equal(g.val!("11", radix), 0);
});

t.test("Str() has seven digits, as a device's console shows", async (t) => {
  const texts: [Value, string][] = [
    [double(1605743966.521), " 1.605744e+09"],
    [$.mul(float(1.1), 9), " 9.900001"],
    [double(-58.5), "-58.5"],
    [float(1 / 3), " 0.3333333"],
    [float(1e-5), " 1e-05"],
    [float(-0), "-0"],
    [float(Number.POSITIVE_INFINITY), " inf"],
    [float(Number.NaN), " nan"],
    [1234567, " 1234567"],
  ];
  for (const [value, text] of texts) t.equal(g.str!(value), text);
  t.equal(call($.mul(float(1.1), 9), "toStr"), "9.9", "toStr() has six");
});
