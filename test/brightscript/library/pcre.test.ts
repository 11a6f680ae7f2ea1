import { inspect } from "node:util";
import fc from "fast-check";
import t from "tap";
import { translate } from "#src/brightscript/library/pcre/translate.js";
import { RoRegex } from "#src/brightscript/library/regex.js";

type Row = readonly [pattern: string, flags: string, text: string, ...match: string[]];

/** Each row's first match and its groups; none: no match. */
const tables: Readonly<Record<string, readonly Row[]>> = {
  "characters and escapes": [
    ["a.c", "", "a\rc", "a\rc"],
    ["a.c", "", "a\nc"],
    ["a.c", "s", "a\nc", "a\nc"],
    ["a\\Nc", "s", "a\nc"],
    ["\\x41\\x{42}\\103\\o{104}\\e\\a\\f\\t\\cA", "", "ABCD\x1b\x07\f\t\x01", "ABCD\x1b\x07\f\t\x01"],
    ["\\0\\011\\x", "", "\0\t\0", "\0\t\0"],
    ["\\_\\-\\/\\#\\ \\y", "x", "_-/# y", "_-/# y"],
    ["^.$", "", "😀", "😀"],
    ["\\x{1F600}+", "", "😀😀", "😀😀"],
    ["a{,3}{x}", "", "a{,3}{x}", "a{,3}{x}"],
    ["]}", "", "]}", "]}"],
    ["\\Qa.*\\E+", "", "a.***", "a.***"],
    ["\\Q(", "", "(", "("],
    ["a\\E+", "", "aa", "aa"],
    ["\\Q# \\n\\Eb", "x", "# \\nb", "# \\nb"],
    ["\\\\Q\\\\k<a>(?:b)", "", "\\Q\\k<a>b", "\\Q\\k<a>b"],
  ],
  "sets by escapes": [
    ["\\d+", "", "٣42", "42"],
    ["\\w+", "", "é_a1-", "_a1"],
    ["\\s", "", "\xa0"],
    ["\\s+", "", "a \t\n\v\f\rb", " \t\n\v\f\r"],
    ["\\S+", "", " \xa0b ", "\xa0b"],
    ["\\h+", "", "a \t\xa0\u3000\n", " \t\xa0\u3000"],
    ["\\H+", "", " ab\n ", "ab\n"],
    ["\\v+", "", "a\r\n\u2028b", "\r\n\u2028"],
    ["\\V+", "", "\nab ", "ab "],
    ["\\R", "", "a\r\nb", "\r\n"],
    ["\\R\\n", "", "\r\n"],
    ["\\N{2}", "", "\nab", "ab"],
    ["^\\X$", "", "e\u0301", "e\u0301"],
    ["\\p{Lu}\\pL\\P{L}\\p{^L}", "", "Ab12", "Ab12"],
    ["\\p{Greek}+\\p{L&}", "", "αβx", "αβx"],
  ],
  classes: [
    ["[]a]+", "", "]a]", "]a]"],
    ["[^]a]+", "", "]bc]", "bc"],
    ["[a-]+", "", "-a-", "-a-"],
    ["[\\w-.]+", "", "a-.b", "a-.b"],
    ["[a-\\d]+", "", "-a5", "-a5"],
    ["[[a]+", "", "[a[", "[a["],
    ["[\\]\\\\^-]+", "", "]\\^-", "]\\^-"],
    ["[.$(|){}*+?/]+", "", ".$(|){}*+?/", ".$(|){}*+?/"],
    ["[\\b\\x41\\102\\n]+", "", "\bAB\n", "\bAB\n"],
    ["[\\Q]-\\E]+", "", "-]", "-]"],
    ["[\\Qa\\E-c(?<n1>\\E]+", "", "bc(?<n1>", "bc(?<n1>"],
    ["[a b#]+", "x", "b #a", "b #a"],
    ["[[:alpha:]_]+", "", "1a_Z2", "a_Z"],
    ["[[:^digit:]]+", "", "12ab3", "ab"],
    ["[[:space:][:upper:]]+", "", "a B", " B"],
    ["[[:punct:]]+", "", "a!~b", "!~"],
    ["[[:xdigit:]]+", "", "xfF09g", "fF09"],
    ["[\\S]+", "", " ab ", "ab"],
    ["[\\p{Lu}\\P{L}]+", "", "aB1", "B1"],
    ["[\\h]", "", "\xa0", "\xa0"],
  ],
  anchors: [
    ["a$", "", "ba\n", "a"],
    ["a$", "", "a\n\n"],
    ["a\\Z", "", "a\n", "a"],
    ["a\\z", "", "a\n"],
    ["^b", "", "a\nb"],
    ["^b", "m", "a\nb", "b"],
    ["^b", "m", "a\rb"],
    ["^$", "m", "a\n"],
    ["a$", "m", "a\nb", "a"],
    ["\\Ab", "m", "a\nb"],
    ["a\\z", "m", "a\nb"],
    ["\\bb\\B.", "", "ab bc", "bc"],
  ],
  "groups and references": [
    ["(a|(z))(bc)", "", "abcd", "abc", "a", "", "bc"],
    ["(?:a)(b)", "", "ab", "ab", "b"],
    ["(a)\\1", "", "aab", "aa", "a"],
    ["(a)\\g1\\g{1}\\g{-1}", "", "aaaa", "aaaa", "a"],
    ["\\g{+1}?(a)", "", "a", "a", "a"],
    ["(?<year>\\d+)-\\k<year>", "", "12-12", "12-12", "12"],
    ["(?P<y>\\d+)-(?P=y)", "", "12-12", "12-12", "12"],
    ["(?'y'\\d+)-\\k'y'\\k{y}\\g{y}", "", "1-111", "1-111", "1"],
    ["(a)\\12", "", "a\n", "a\n", "a"],
    ["(a)\\11", "", "a\t", "a\t", "a"],
    ["(a)\\81", "", "a81", "a81", "a"],
    ["(1)(2)(3)(4)(5)(6)(7)(8)(9)(a)\\10", "", "123456789aa", "123456789aa", ..."123456789a"],
    ["(a)1\\1{2}", "", "a1aa", "a1aa", "a"],
    ["(?#comment)a(?#and)+", "", "aa", "aa"],
    ["a(*FAIL)|b", "", "ab", "b"],
    ["(*UTF8)é", "", "é", "é"],
  ],
  "looking around": [
    ["a(?=b)", "", "acab", "a"],
    ["a(?!c)", "", "acab", "a"],
    ["(?<=a|bc)d", "", "dbcd", "d"],
    ["(?<!a)b", "", "abb", "b"],
    ["(?=(a))*ab", "", "ab", "ab", ""],
    ["(?<=(?>a))b", "", "ab", "b"],
    ["foo\\Kbar", "", "foobar", "bar"],
    ["(a)\\K(b)|c\\Kd", "", "cdab", "d", "", ""],
  ],
  "no way back": [
    ["a++ab", "", "aaab"],
    ["a++b", "", "aaab", "aaab"],
    ["(a*+)(b)\\1", "", "aabaa", "aabaa", "aa", "b"],
    ["(?>a+)ab", "", "aaab"],
    ["(?>a|ab)c", "", "abc"],
    ["a?+a", "", "a"],
    ["a{1,2}+a", "", "aa"],
    ["(?>(a)|b)+\\1", "", "baa", "baa", "a"],
    ["^(?:[^,]*+,){2}", "", "a,b,c", "a,b,"],
    ["a+?b{2}?", "", "aabbb", "aabb"],
  ],
  "flags in the pattern": [
    ["(?i)abc", "", "ABC", "ABC"],
    ["a(?i)b", "", "aB", "aB"],
    ["a(?i)b", "", "AB"],
    ["(a(?i)b|c)d", "", "Cd", "Cd", "C"],
    ["(a(?i)b)c", "", "aBC"],
    ["(?i:a)b", "", "Ab", "Ab"],
    ["(?i:a)b", "", "AB"],
    ["(?-i:a)b", "i", "aB", "aB"],
    ["(?-i:a)b", "i", "AB"],
    ["(?i:[a-c\\xe9]+)z", "", "ABCÉz", "ABCÉz"],
    ["(?i:[^a])z", "", "Az"],
    ["(?s).(?-s).", "", "\n\na", "\na"],
    ["(?m-m)^b", "", "a\nb"],
    ["a (?x) b # end\n c", "", "a bc", "a bc"],
    ["(?x: a b ) c", "", "ab c", "ab c"],
    ["(?im)^b", "", "A\nB", "B"],
    ["(?-i)(A)(?i:\\d)", "i", "A1", "A1", "A"],
  ],
  "without regard to case": [
    ["É", "i", "é", "é"],
    ["[[:upper:]]+", "i", "aB", "aB"],
    ["[^[:upper:]]+", "i", "aB1", "1"],
    ["\\W", "i", "sk"],
    ["[\\W]", "i", "skSK"],
    ["[\\W\\d]", "i", "sk"],
    ["[[:^alpha:]]", "i", "skSK"],
    ["(a)\\1", "i", "aA", "aA", "a"],
    ["ß", "i", "SS"],
  ],
  "free spacing": [
    ["a b\\ c # comment", "x", "ab c", "ab c"],
    ["a + b", "x", "aab", "aab"],
    ["# first\n a\n# last", "x", "a", "a"],
  ],
};

for (const [title, rows] of Object.entries(tables)) {
  t.test(title, async (t) => {
    for (const [pattern, flags, text, ...match] of rows) {
      const found = new RoRegex(pattern, flags).match(text).items;
      t.strictSame(found, match, `/${pattern}/${flags} on ${inspect(Buffer.from(text).toString("latin1"))}`);
    }
  });
}

t.test("flags that are not there are ignored", async (t) => {
  t.equal(new RoRegex("A", "gU?i").isMatch("a"), true);
});

const bad = [
  "(",
  ")",
  "a)",
  "(?:a",
  "[a",
  "[]",
  "*a",
  "a**",
  "(?i)*",
  "a|*",
  "[z-a]",
  "a{2,1}",
  "\\",
  "a\\c",
  "\\x{110000}",
  "\\1",
  "(a)\\2",
  "\\g{-1}",
  "\\k<n>",
  "(?<n>a)(?<n>b)",
  "(?<1>a)",
  "[[:none:]]",
  "[[:constructor:]]",
  "\\p{None}",
  "\\p",
  "\\o",
  `${"(".repeat(251)}${")".repeat(251)}`,
];
const unsupported = [
  "(?(1)a|b)",
  "(?R)",
  "(a)(?1)",
  "(?&n)",
  "(?P>n)",
  "(?|(a)|(b))",
  "(?C1)a",
  "(*SKIP)a",
  "\\Ga",
  "\\C",
  "\\u0041",
  "\\La",
  "\\N{U+41}",
  "\\g<1>",
  "[[.a.]]",
  "[[=a=]]",
  "(?i:(a)\\1)b",
  "(?J)a",
];

for (const pattern of [...bad, ...unsupported]) {
  t.test(`refused: ${pattern.slice(0, 20)}`, async (t) => {
    t.throws(() => translate(pattern, ""), Error);
  });
}

t.test("deep, long and hopeless patterns and texts", async (t) => {
  t.throws(() => translate("(".repeat(100_000), ""), { message: "parentheses are too deeply nested" });
  t.equal(new RoRegex(`${"(".repeat(250)}a${")".repeat(250)}`, "").match("a").count(), 251);
  t.equal(new RoRegex("ab|".repeat(20_000), "").isMatch("ab"), true);
  t.equal(
    new RoRegex("^(?:a|b)*c", "").isMatch("ab".repeat(4_000_000)),
    false,
    "no memory to go back: no match",
  );
});

/** Any text, and bytes that are no UTF-8 as row S19 has them. */
const anyText = fc
  .array(
    fc.oneof(
      fc.integer({ min: 0, max: 0xd7ff }),
      fc.integer({ min: 0xdc80, max: 0xdcff }),
      fc.integer({ min: 0xe000, max: 0x10ffff }),
    ),
  )
  .map((codes) => String.fromCodePoint(...codes));

t.test("property: a quoted text matches itself (S19)", async (t) => {
  fc.assert(
    fc.property(anyText, fc.constantFrom("", "i", "x", "ims"), (text, flags) => {
      const escaped = text
        .replace(/[^A-Za-z0-9\s]/gu, "\\$&")
        .replace(/\s/g, (space) => `\\x{${space.charCodeAt(0).toString(16)}}`);
      for (const pattern of [escaped, `(?:${escaped})`, `(?i:)(?-i:${escaped})`]) {
        t.equal(new RoRegex(pattern, flags).match(`<${text}>`).getEntry(0), text);
      }
    }),
  );
});

t.test("property: any character is in a class of its own", async (t) => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 0x10ffff }).filter((code) => code < 0xd800 || code > 0xdfff),
      (code) => {
        const text = String.fromCodePoint(code);
        const number = `\\x{${code.toString(16)}}`;
        for (const pattern of [
          `[${number}]`,
          `[${number}-${number}]`,
          `[^${number}]`,
          number,
          `(?i:[${number}])(?-i)a?`,
        ]) {
          t.equal(new RoRegex(`^${pattern}$`, "").isMatch(text), !pattern.startsWith("[^"), pattern);
        }
      },
    ),
  );
});

t.test("property: a pattern is translated or refused, never more", async (t) => {
  const pieces = fc.constantFrom(
    ..."()[]{}*+?|^$.\\-:=!<>#&PQEKRxgkpidmsbA1,' \n".split(""),
    "a",
    "(?",
    "[:",
    ":]",
    "\\Q",
    "(?<",
    "[^",
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 20 }), (parts) => {
      const pattern = parts.join("");
      try {
        new RoRegex(pattern, "").match("aab11 (x)\n");
      } catch (error) {
        t.match(error, /^(?:Error|SyntaxError): /, pattern);
      }
    }),
    { numRuns: 500 },
  );
});
