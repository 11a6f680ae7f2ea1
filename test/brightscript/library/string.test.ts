import fc from "fast-check";
import t from "tap";
import type { RoArray } from "#src/brightscript/library/array.js";
import { RoList } from "#src/brightscript/library/list.js";
import type { Value } from "#src/brightscript/runtime/values.js";
import { decode } from "#src/text.js";
import { anyText, call, consoleOf, errorOf, float, g } from "./call.js";

type Row = readonly [text: string, method: string, values: readonly Value[], expected: Value];

/** One in the basic plane, one outside, one byte that is no UTF-8 (row S19). */
const mixed = "aé😀\udcffz";

const rows: readonly Row[] = [
  ["timothy", "len", [], 7],
  ["", "len", [], 0],
  [mixed, "len", [], 5],
  ["timothy", "left", [3], "tim"],
  ["ab", "left", [9], "ab"],
  ["ab", "left", [-1], ""],
  [mixed, "left", [3], "aé😀"],
  ["timothy", "right", [3], "thy"],
  ["ab", "right", [9], "ab"],
  ["ab", "right", [0], ""],
  ["ab", "right", [-1], ""],
  [mixed, "right", [3], "😀\udcffz"],
  ["01234567", "mid", [3], "34567"],
  ["01234567", "mid", [3, 1], "3"],
  ["abc", "mid", [1, 100], "bc"],
  ["abc", "mid", [9], ""],
  ["abc", "mid", [1, -1], ""],
  ["abc", "mid", [-1, 2], "ab"],
  [mixed, "mid", [2, 2], "😀\udcff"],
  ["01234567", "instr", ["56"], 5],
  ["01234567", "instr", [6, "56"], -1],
  ["01234567", "instr", [0, "0"], 0],
  ["abc", "instr", ["x"], -1],
  ["abc", "instr", [9, ""], -1],
  ["abc", "instr", [-1, "a"], 0],
  [mixed, "instr", ["z"], 4],
  [mixed, "instr", [3, "z"], 4],
  [mixed, "instr", [3, "a"], -1],
  ["Roku Rocks", "startsWith", ["Roku"], true],
  ["Roku Rocks", "startsWith", ["roku"], false],
  ["Roku Rocks", "startsWith", ["Rocks", 5], true],
  ["Roku Rocks", "startsWith", ["Roku", 5], false],
  [mixed, "startsWith", ["\udcff", 3], true],
  ["Roku Rocks", "endsWith", ["Rocks"], true],
  ["Roku Rocks", "endsWith", ["rocks"], false],
  ["Roku Rocks", "endsWith", ["Roku", 4], true],
  [mixed, "endsWith", ["😀", 3], true],
  ["a-b-c", "replace", ["-", "/"], "a/b/c"],
  ["a.b", "replace", [".", "$&"], "a$&b"],
  ["abc", "replace", ["", "x"], "abc"],
  ["\t\n\v\f\r \u00a0x y\u00a0", "trim", [], "x y"],
  ["42", "toInt", [], 42],
  [" -42abc", "toInt", [], -42],
  ["12.9", "toInt", [], 12],
  ["1e3", "toInt", [], 1],
  ["0x10", "toInt", [], 0],
  ["abc", "toInt", [], 0],
  ["99999999999", "toInt", [], 2147483647],
  ["-99999999999", "toInt", [], -2147483648],
  ["-1.5e2x", "toFloat", [], float(-150)],
  [" .5", "toFloat", [], float(0.5)],
  ["5.", "toFloat", [], float(5)],
  ["e5", "toFloat", [], float(0)],
  ["Infinity", "toFloat", [], float(0)],
  ["\"'<>&", "getEntityEncode", [], "&quot;&apos;&lt;&gt;&amp;"],
  ["@&=+/#!*", "escape", [], "%40%26%3D%2B%2F%23%21%2A"],
  ["•A-Za_z.0~", "escape", [], "%E2%80%A2A-Za_z.0~"],
  ["%3B%3F%3A%24%2C%28%29", "unescape", [], ";?:$,()"],
  ["a+b%zz", "unescape", [], ""],
  ["http://roku.com/my test.asp?a=é&b=1#x", "encodeUri", [], "http://roku.com/my%20test.asp?a=%C3%A9&b=1#x"],
  ["\udcff", "encodeUri", [], "%FF"],
  ["http://roku.com/my%20test.asp%3Fa", "decodeUri", [], "http://roku.com/my test.asp%3Fa"],
  ["%", "decodeUri", [], ""],
  ["a b/c?&(1)", "encodeUriComponent", [], "a%20b%2Fc%3F%26(1)"],
  ["a%20b%2Fc%C3%A9", "decodeUriComponent", [], "a b/cé"],
  ["%FF", "decodeUriComponent", [], ""],
  ["", "isEmpty", [], true],
  [" ", "isEmpty", [], false],
  ["x", "getString", [], "x"],
  ["Hello %1 %2!", "arg", ["Princess", "Leia"], "Hello Princess Leia!"],
  ["%2 and %4 (or %4 and %2)", "arg", ["first", "second"], "first and second (or second and first)"],
  ["%2, %1", "arg", ["Jack", "Reacher"], "Reacher, Jack"],
  ["a=%3 b=%1 c=%2", "arg", ["banana"], "a=%3 b=banana c=%2"],
  ["%1", "arg", ["%2", "x"], "%2"],
];

t.test("methods of strings, boxed or not", async (t) => {
  consoleOf(() => {
    for (const [text, method, values, expected] of rows) {
      t.same(call(text, method, ...values), expected, `${JSON.stringify(text)}.${method}(${values})`);
      t.same(call(g.box!(text), method, ...values), expected);
    }
  });
});

t.test("arguments without a place are named on the console", async (t) => {
  t.match(
    consoleOf(() => call("none", "arg", "x")),
    /roString.Arg: unused parameters/,
  );
});

t.test("tokenize gives a list of what is not empty", async (t) => {
  const tokens = (text: string, delimiters: string): Value[] => {
    const list = call(text, "tokenize", delimiters);
    t.type(list, RoList);
    return (list as RoList).items;
  };
  t.same(tokens("a, b;;c", ", ;"), ["a", "b", "c"]);
  t.same(tokens("one&&two&", "&"), ["one", "two"]);
  t.same(tokens(",,", ","), []);
  t.same(tokens("ab", ""), ["ab"]);
  t.same(tokens("a😀b", "😀"), ["a", "b"]);
});

t.test("split gives an array of all parts", async (t) => {
  const parts = (text: string, separator: string): Value[] =>
    (call(text, "split", separator) as RoArray).items;
  t.same(parts("", ""), []);
  t.same(parts("123", ""), ["1", "2", "3"]);
  t.same(parts("a😀", ""), ["a", "😀"]);
  t.same(parts("/123/", "/"), ["", "123", ""]);
  t.same(parts("one, two, three", ", "), ["one", "two", "three"]);
  t.same(parts("a.b", "."), ["a", "b"]);
});

t.test("setString and appendString change a boxed string, and only its box", async (t) => {
  const box = g.box!("one");
  call(box, "appendString", "two", 2);
  t.equal(call(box, "getString"), "onetw");
  call(box, "setString", "abcdef", 3);
  t.equal(call(box, "getString"), "abc");
  call(box, "setString", "new");
  t.equal(call(box, "getString"), "new");
  t.equal(call("one", "appendString", "two", 3), null);
});

t.test("misuse", async (t) => {
  t.equal(
    errorOf(() => call("a", "left")),
    0xf5,
  );
  t.equal(
    errorOf(() => call("a", "left", "x")),
    0x18,
  );
  t.equal(
    errorOf(() => call("a", "instr", "x", "y")),
    0x18,
  );
  t.equal(
    errorOf(() => call("a", "push", 1)),
    0xf4,
  );
});

t.test("left, mid and right take a string apart at any place", async () => {
  fc.assert(
    fc.property(anyText, fc.nat(30), (text, at) => {
      const length = call(text, "len") as number;
      const end = call(text, "mid", at);
      return (
        `${call(text, "left", at)}${end}` === text &&
        call(text, "right", Math.max(0, length - at)) === end &&
        length === [...text].length
      );
    }),
  );
});

t.test("escapes of any bytes turn back into them", async () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      const escaped = call(decode(bytes, 0, bytes.length), "escape") as string;
      const unescaped = escaped.replace(/%(..)/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
      return Buffer.from(unescaped, "latin1").equals(bytes);
    }),
  );
});
