import fc from "fast-check";
import t from "tap";
import type { Value } from "#src/brightscript/runtime/values.js";
import { anyText, call, double, errorOf, float, g } from "./call.js";

const rows: readonly (readonly [name: string, values: readonly Value[], expected: Value])[] = [
  ["ucase", ["Hello äß"], "HELLO ÄSS"],
  ["lcase", ["ÀÉ"], "àé"],
  ["asc", ["C"], 67],
  ["asc", [""], 0],
  ["asc", ["€x"], 8364],
  ["asc", ["😀"], 128512],
  ["asc", ["\udc80"], 128],
  ["chr", [67], "C"],
  ["chr", [128512], "😀"],
  ["chr", [0], ""],
  ["chr", [-1], ""],
  ["chr", [0x110000], ""],
  ["chr", [0xd800], ""],
  ["instr", [1, "this is a test", "t"], 1],
  ["instr", [2, "this is a test", "t"], 11],
  ["instr", ["this is a test", "is"], 3],
  ["instr", [0, "abc", "a"], 1],
  ["instr", [10, "abc", "a"], 0],
  ["instr", [10, "abc", ""], 0],
  ["instr", [float(1.9), "aa", "a"], 1],
  ["instr", [3, "😀😀a", "a"], 3],
  ["left", ["timothy", 3], "tim"],
  ["left", ["ab", -1], ""],
  ["right", ["timothy", 3], "thy"],
  ["right", ["ab", 5], "ab"],
  ["mid", ["timothy", 4, 3], "oth"],
  ["mid", ["timothy", 4], "othy"],
  ["mid", ["abc", 0, 2], "ab"],
  ["mid", ["abc", 9], ""],
  ["mid", ["abc", 2, -1], ""],
  ["len", ["timothy"], 7],
  ["str", [double(58.5)], " 58.5"],
  ["str", [double(-58.5)], "-58.5"],
  ["str", [0], " 0"],
  ["str", [float(1e10)], " 1e+10"],
  ["stri", [5], " 5"],
  ["stri", [-3], "-3"],
  ["stri", [255, 16], "ff"],
  ["stri", [-255, 16], "-ff"],
  ["stri", [5, 1], ""],
  ["stri", [5, 37], ""],
  ["string", [4, "ab"], "abababab"],
  ["string", [-1, "ab"], ""],
  ["stringi", [2, 8364], "€€"],
  ["stringi", [2, 0], ""],
  ["val", ["12.34"], float(12.34)],
  ["val", [" -1.5e1x"], float(-15)],
  ["val", [""], float(0)],
  ["val", ["0x80", 0], 128],
  ["val", ["0X1f", 16], 31],
  ["val", ["FF", 16], 255],
  ["val", ["1001", 2], 9],
  ["val", ["017", 0], 15],
  ["val", ["09", 0], 9],
  ["val", ["  -42xyz", 10], -42],
  ["val", ["0x1", 10], 0],
  ["val", ["0x1", 36], 1189],
  ["val", ["", 10], 0],
  ["val", ["5", 1], 0],
  ["val", ["5", 37], 0],
  ["val", ["ffffffff", 16], -1],
  ["strtoi", ["252"], 252],
  ["strtoi", ["12abc"], 12],
  ["strtoi", ["abc"], 0],
  ["substitute", ["My {0} is {1}.", "book", "red"], "My book is red."],
  ["substitute", ["^0 ^1 ^2 ^3 ^4", "a", "b", "c", "d"], "a b c d ^4"],
  ["substitute", ["{0}{0}", "{1}", "x"], "{1}{1}"],
  ["substitute", ["[{1}]", "a"], "[]"],
];

t.test("values", async (t) => {
  for (const [name, values, expected] of rows) {
    t.same(g[name]!(...values), expected, `${name}(${values.map(String)})`);
  }
});

t.test("misuse", async (t) => {
  t.equal(
    errorOf(() => g.ucase!(5)),
    0x18,
  );
  t.equal(
    errorOf(() => g.instr!("a")),
    0xf1,
  );
  t.equal(
    errorOf(() => g.instr!("a", "b", "c")),
    0x18,
  );
  t.equal(
    errorOf(() => g.substitute!("a")),
    0xf1,
  );
  t.equal(
    errorOf(() => g.left!("a")),
    0xf1,
  );
});

t.test("the functions are the methods, one place on", async () => {
  fc.assert(
    fc.property(anyText, fc.string({ maxLength: 2 }), fc.nat(9), fc.nat(9), (text, part, at, count) => {
      return (
        g.mid!(text, at + 1, count) === call(text, "mid", at, count) &&
        g.instr!(at + 1, text, part) === (call(text, "instr", at, part) as number) + 1 &&
        g.len!(text) === call(text, "len")
      );
    }),
  );
});

t.test("asc and chr", async () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 0x10ffff }), (code) => {
      const character = g.chr!(code);
      return code >= 0xd800 && code <= 0xdfff ? character === "" : g.asc!(character) === code;
    }),
  );
});

t.test("strI and val with a radix", async () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 2, max: 36 }), (number, radix) => {
      return g.val!(g.stri!(number, radix), radix) === number;
    }),
  );
});
