import fc from "fast-check";
import t from "tap";
import { RoArray } from "#src/brightscript/library/array.js";
import { RoAssociativeArray } from "#src/brightscript/library/associative-array.js";
import { RoList } from "#src/brightscript/library/list.js";
import { $ } from "#src/brightscript/runtime/index.js";
import type { Value } from "#src/brightscript/runtime/values.js";
import { anyText, call, consoleOf, double, errorOf, float, g } from "./call.js";

const parse = (text: string, ...flags: string[]): Value => g.parsejson!(text, ...flags);
const format = (value: Value, ...flags: Value[]): Value => g.formatjson!(value, ...flags);
const nested = (depth: number): string => "[".repeat(depth) + "]".repeat(depth);

t.test("values", async (t) => {
  const rows: readonly (readonly [string, Value])[] = [
    ["5", 5],
    ["-0", 0],
    ["2147483647", 2147483647],
    ["-2147483649", -2147483649n],
    ["9223372036854775807", 9223372036854775807n],
    ["9223372036854775808", float(2 ** 63)],
    ["1.0", float(1)],
    ["-2.5e-1", float(-0.25)],
    ["1E2", float(100)],
    ["1e999", float(Number.POSITIVE_INFINITY)],
    ["true", true],
    ["false", false],
    [" null\r\n\t", null],
    ['""', ""],
    ['"a\\"\\\\\\/\\b\\f\\n\\r\\t\\u20aC\\ud83d\\ude00é"', 'a"\\/\b\f\n\r\t€😀é'],
  ];
  for (const [text, value] of rows) t.same(parse(text), value, text);
  t.ok(Object.is(parse("-0"), 0), "an Integer has no minus zero");
  t.same(parse("2.5", "d"), double(2.5));
});

t.test("arrays and objects", async (t) => {
  const made = parse('{"b":[1,"two",{"c":null}],"a":{},"e":[] }');
  t.type($.field(made, "b"), RoArray);
  t.equal($.index($.field(made, "b"), 1), "two");
  t.equal($.field($.index($.field(made, "b"), 2), "c"), null);
  t.equal(call($.field(made, "a"), "count"), 0);
  t.equal(call($.field(made, "e"), "count"), 0);
});

t.test("keys have their case; after a dot it does not matter", async (t) => {
  const sensitive = parse('{"Key":1,"key":2,"oTher":3}');
  t.same(
    ["Key", "key", "KEY"].map((key) => $.index(sensitive, key)),
    [1, 2, null],
  );
  t.same([$.field(sensitive, "key"), $.field(sensitive, "other")], [2, 3]);
  const not = parse('{"Key":1,"key":2}', "i");
  t.same([call(not, "count"), $.index(not, "KEY")], [1, 2], "the last one stays");
});

t.test("malformed text gives invalid, and the console says where", async (t) => {
  const rows: readonly (readonly [string, RegExp])[] = [
    ["", /Data is empty/],
    [" \n", /Data is empty/],
    ["{", /Unexpected end of data at offset 1/],
    ["[1,]", /Unexpected character '\]' at offset 3/],
    ["[1 2]", /Unexpected character '2' at offset 3/],
    ["{'a':1}", /Unexpected character ''' at offset 1/],
    ["{a:1}", /Unknown identifier 'a'/],
    ['{"a" 1}', /Unexpected character '1' at offset 5/],
    ['{"a":1,}', /Unexpected character '}' at offset 7/],
    ["nothing", /Unknown identifier 'nothing'/],
    ["truer", /Unknown identifier 'truer'/],
    ["[constructor]", /Unknown identifier 'constructor'/],
    ["NaN", /Unknown identifier 'NaN'/],
    ["01", /Unexpected character '1' at offset 1/],
    ["1.", /Unexpected character '.' at offset 1/],
    ["+1", /Unexpected character '\+' at offset 0/],
    ["-", /Unexpected character '-' at offset 0/],
    ["1 x", /Unknown identifier 'x'/],
    ['"a', /Unexpected end of data at offset 2/],
    ['"a\nb"', /Unexpected character '\n' at offset 2/],
    ['"\\x"', /Invalid escape at offset 1/],
    ['"\\u12g4"', /Invalid escape at offset 1/],
    ['"\\', /Invalid escape at offset 1/],
    [nested(257), /Nested more than 256 levels deep/],
    ["[".repeat(1_000_000), /Nested more than 256 levels deep/],
  ];
  for (const [text, words] of rows) {
    let value: Value;
    const line = consoleOf(() => {
      value = parse(text);
    });
    t.equal(value, null, text.slice(0, 20));
    t.match(line, words);
    t.match(line, /^BRIGHTSCRIPT: ERROR: ParseJSON: [\s\S]*\n$/);
  }
  t.equal(
    errorOf(() => g.parsejson!(null)),
    0x18,
  );
});

t.test("256 levels are parsed and formatted", async (t) => {
  t.equal(format(parse(nested(256))), nested(256));
});

t.test("format", async (t) => {
  const holes = new RoArray();
  $.setIndex(holes, 1, undefined);
  const rows: readonly (readonly [Value, string])[] = [
    [null, "null"],
    [true, "true"],
    [-5, "-5"],
    [9876543210n, "9876543210"],
    [float(0.1), "0.1"],
    [float(16777216), "16777216"],
    [float(1e10), "1e+10"],
    [double(0.1), "0.1"],
    [double(1 / 3), "0.3333333333333333"],
    [float(Number.NaN), "null"],
    ['a"b\\c\n\u0001\u007f', '"a\\"b\\\\c\\n\\u0001\\u007F"'],
    ["é€😀\udcff", '"\\u00E9\\u20AC\\uD83D\\uDE00\\uDCFF"'],
    [holes, "[null,null]"],
    [new RoArray([]), "[]"],
    [
      RoAssociativeArray.of({ b: g.box!(1), Z: new RoArray([g.box!("x")]), a: null }),
      '{"Z":["x"],"a":null,"b":1}',
    ],
  ];
  for (const [value, text] of rows) t.equal(format(value), text);
  t.equal(format("é€\n", 1), '"é€\\n"');
  t.equal(format("é", "1"), '"é"', "flags may be a string");
});

t.test("what JSON has not", async (t) => {
  const value = RoAssociativeArray.of({
    inner: new RoArray([RoAssociativeArray.of({ list: new RoList() })]),
    n: 1,
  });
  let text: Value;
  const line = consoleOf(() => {
    text = format(value);
  });
  t.equal(text, "");
  t.equal(line, "BRIGHTSCRIPT: ERROR: FormatJSON: list: Value type not supported: roList\n");
  t.equal(format(value, 0x100), '{"inner":[{"list":null}],"n":1}');
  t.equal(format(value, 0x200), '{"inner":[{"list":"<roList>"}],"n":1}');
  t.match(
    consoleOf(() => format(g.left!)),
    /FormatJSON: Value type not supported: Function/,
  );
});

t.test("what holds itself", async (t) => {
  const array = new RoArray([]);
  array.items.push(RoAssociativeArray.of({ array }));
  for (const flags of [0, 0x100, 0x200]) {
    t.match(
      consoleOf(() => t.equal(format(array, flags), "")),
      /FormatJSON: Nested more than 256 levels deep/,
    );
  }
});

t.test("there and back", async () => {
  const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      fc.constant(null),
      fc.boolean(),
      fc.maxSafeInteger(),
      fc
        .double({ noNaN: true, noDefaultInfinity: true })
        .map((number) => (Number.isInteger(number) ? 0.5 : number)),
      anyText,
      fc.array(tie("tree"), { maxLength: 4 }),
      fc.dictionary(anyText, tie("tree"), { maxKeys: 4, noNullPrototype: true }),
    ),
  }));
  fc.assert(
    fc.property(tree, fc.constantFrom(0, 1), (value, flags) => {
      const text = format(parse(JSON.stringify(value), "d"), flags) as string;
      const again = format(parse(text, "d"), flags);
      return again === text && JSON.stringify(JSON.parse(text), sortKeys) === JSON.stringify(value, sortKeys);
    }),
  );
});

/** For JSON.stringify: the members of objects in the order of their keys. */
function sortKeys(_: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
}

t.test("whatever the text is, it is parsed as JavaScript does or not at all", async (t) => {
  const piece = fc.constantFrom(
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    '"',
    '"a"',
    "1",
    "-",
    ".5",
    "e1",
    "true",
    "null",
    " ",
    "\\u0041",
    "x",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const text = pieces.join("");
      let expected: string | undefined;
      try {
        expected = JSON.stringify(JSON.parse(text), sortKeys);
      } catch {}
      let found: Value;
      const line = consoleOf(() => {
        found = parse(text, "d");
      });
      if (expected === undefined) return found === null && line !== "";
      return line === "" && JSON.stringify(JSON.parse(format(found) as string), sortKeys) === expected;
    }),
    { numRuns: 1000 },
  );
  t.pass();
});

t.test("FormatJson: an array in many places ends, as one in itself does", async (t) => {
  let tree = new RoArray([1]);
  for (let i = 0; i < 100; i++) tree = new RoArray([tree, tree]);
  let text: Value;
  const console = consoleOf(() => {
    text = format(tree);
  });
  t.equal(text!, "");
  t.match(console, /FormatJSON: More than 2000000 values/);
});
