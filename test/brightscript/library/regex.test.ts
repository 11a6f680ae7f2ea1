import fc from "fast-check";
import t from "tap";
import type { RoArray } from "#src/brightscript/library/array.js";
import { RoList } from "#src/brightscript/library/list.js";
import { RoRegex } from "#src/brightscript/library/regex.js";

const regex = (pattern: string, flags = ""): RoRegex => new RoRegex(pattern, flags);

t.test("isMatch", async (t) => {
  t.equal(regex("b+").isMatch("abc"), true);
  t.equal(regex("b+").isMatch("aBc"), false);
  t.equal(regex("").isMatch(""), true);
});

t.test("match: the match and all groups, those that took no part empty", async (t) => {
  t.strictSame(regex("(a|(z))(bc)").match("abcd").items, ["abc", "a", "", "bc"]);
  t.strictSame(regex("(a)|(b)").match("a").items, ["a", "a", ""]);
  t.strictSame(regex("x").match("abcd").items, []);
  t.strictSame(regex("(x)?+a").match("a").items, ["a", ""], "a group that translation adds is not seen");
});

t.test("a method leaves nothing behind for the next", async (t) => {
  const r = regex("a");
  for (let i = 0; i < 3; i++) {
    t.equal(r.isMatch("xa"), true);
    t.equal(r.matchAll("aa").count(), 2);
    t.strictSame(r.match("xa").items, ["a"]);
  }
});

t.test("matchAll", async (t) => {
  const all = (pattern: string, text: string) =>
    regex(pattern)
      .matchAll(text)
      .items.map((each) => (each as RoArray).items);
  t.strictSame(all("\\d+", "123 456 789"), [["123"], ["456"], ["789"]]);
  t.strictSame(all("(a)|(b)", "ab"), [
    ["a", "a", ""],
    ["b", "", "b"],
  ]);
  t.strictSame(all("a*", "aab"), [["aa"], [""], [""]]);
  t.strictSame(all("", "😀"), [[""], [""]], "never within a character");
  t.strictSame(all("x", "aab"), []);
  t.strictSame(all("a\\Kb|b", "abb"), [["b"], ["b"]]);
});

t.test("replace and replaceAll", async (t) => {
  const rows: [pattern: string, text: string, replacement: string, first: string, all: string][] = [
    ["(\\d+)\\s+(\\w+)", "123 abc", "word:\\2 number:\\1", "word:abc number:123", "word:abc number:123"],
    ["a", "banana", "x", "bxnana", "bxnxnx"],
    ["x", "banana", "y", "banana", "banana"],
    ["(a)(n)", "banana", "$2$1", "bnaana", "bnanaa"],
    ["an", "banana", "<\\0$0>", "b<anan>ana", "b<anan><anan>a"],
    ["(a)|(b)", "ab", "[\\2]", "[]b", "[][b]"],
    ["(a)", "a", "\\10\\1\\2$3", "a0a\\2$3", "a0a\\2$3"],
    ["a", "a", "$& $` \\n \\\\ $$", "$& $` \\n \\\\ $$", "$& $` \\n \\\\ $$"],
    ["", "ab", "-", "-ab", "-a-b-"],
    ["a*", "baac", "-", "-baac", "-b--c-"],
    ["foo\\Kbar", "foobar foobar", "X", "fooX foobar", "fooX fooX"],
    ["^", "a\nb", "> ", "> a\nb", "> a\nb"],
  ];
  for (const [pattern, text, replacement, first, all] of rows) {
    t.equal(regex(pattern).replace(text, replacement), first, `first ${pattern}`);
    t.equal(regex(pattern).replaceAll(text, replacement), all, `all ${pattern}`);
  }
});

t.test("split", async (t) => {
  const rows: [pattern: string, text: string, parts: string[]][] = [
    [",", "first, second, third and fourth", ["first", " second", " third and fourth"]],
    ["/+", "example.com/images///2012/cat.jpg", ["example.com", "images", "2012", "cat.jpg"]],
    [",", "unchanged", ["unchanged"]],
    [",", "", [""]],
    [",", ",a,,b,", ["", "a", "", "b", ""]],
    ["(,)", "a,b", ["a", "b"]],
    ["", "a😀b", ["a", "😀", "b"]],
    ["\\b", "one two", ["one", " ", "two"]],
    [" *", "a  b", ["a", "b"]],
    ["a\\K,", "a,b,c", ["a", "b,c"]],
  ];
  for (const [pattern, text, parts] of rows) {
    const list = regex(pattern).split(text);
    t.ok(list instanceof RoList);
    t.strictSame(list.items, parts, `${pattern} in ${text.length} units`);
  }
});

t.test("bytes that are no UTF-8 stay what they are (S19)", async (t) => {
  const text = "a\udcffb\udc80\udcfe,c\udc80";
  t.strictSame(regex(",").split(text).items, ["a\udcffb\udc80\udcfe", "c\udc80"]);
  t.equal(regex("\\w").replaceAll(text, "[\\0]"), "[a]\udcff[b]\udc80\udcfe,[c]\udc80");
  t.strictSame(regex("b(..)").match(text).items, ["b\udc80\udcfe", "\udc80\udcfe"]);
  t.equal(regex("").split("\udc80\udc80").count(), 2);
});

t.test("property: what split() gives, joined, is the text without the matches", async (t) => {
  fc.assert(
    fc.property(fc.string(), fc.constantFrom(",", "[a-m]+", "\\s*", "", "x?"), (text, pattern) => {
      const parts = regex(pattern).split(text).items as string[];
      t.equal(parts.join(""), regex(pattern).replaceAll(text, ""));
      t.equal(regex(pattern).replaceAll(text, "\\0"), text);
    }),
  );
});

/** 64 KiB, in which the patterns below would be looked for till the end of time. */
const same = "a".repeat(65_536);

t.test("a search ends at a limit, and has found nothing then", async (t) => {
  const rows: [pattern: string, text: string][] = [
    ["^(a+)+$", `${"a".repeat(32)}b`],
    ["^(a+)+$", `${same}b`],
    ["^(?:a|a)*$", `${same}b`],
    ["^(a|aa)+$", `${same}b`],
    ["^(.*)*c", same],
    ["(?:.*,){20}c", ",".repeat(65_536)],
    ["a*c", same],
    ["a*?c", same],
    ["a*a*a*c", same],
    ["(?:a*)*b*c", same],
    ["\\s+$", `${" ".repeat(65_536)}x`],
    ["(a*)\\1c", same],
    ["(a+)+\\1c", same],
    ["(a|aa)+\\1c", same],
    ["(?=(a+)+c)a", same],
    ["(?>a*)c", same],
    ["a*+c", same],
    ["(?:(?>a*)b|a)*c", same],
    ["^(?:(?=(?:(?=a*)a)*)a)*$", same],
    ["(?:a{0,1000}){0,1000}c", same],
    ["(a?){50}a{50}c", same],
    ["(?i)(?:é|É)+(?:é+)+x", "é".repeat(65_536)],
    ["(?:€|.)*(?:€+)+x", "€".repeat(65_536)],
    ["\\X*\\X*b", same],
  ];
  for (const [pattern, text] of rows) {
    const began = performance.now();
    t.equal(regex(pattern).isMatch(text), false, pattern);
    const took = performance.now() - began;
    t.ok(took < 5000, `${pattern}: ${took.toFixed()} ms`);
  }
});

t.test("and so does every operation with many matches", async (t) => {
  const operations: [name: string, pattern: string, operation: (r: RoRegex) => unknown][] = [
    ["matchAll", "(?:a*c|a)", (r) => r.matchAll(same)],
    ["matchAll", "(?:(?:a?){24}c|a)", (r) => r.matchAll(same)],
    ["replaceAll", "(?:(a*)\\1c|a)", (r) => r.replaceAll(same, "\\0")],
    ["split", "(?:(?=(a+)+c)a|a)", (r) => r.split(same)],
  ];
  for (const [name, pattern, operation] of operations) {
    const r = regex(pattern);
    const began = performance.now();
    operation(r);
    const took = performance.now() - began;
    t.ok(took < 8000, `${name} ${pattern}: ${took.toFixed()} ms`);
  }
});

t.test("the limit is far from what a program needs", async (t) => {
  const words = "the quick brown fox jumps over the lazy dog, ".repeat(3000);
  t.equal(regex("(\\w+) \\1").isMatch(words), false, "a reference, from each of 135,000 places");
  t.equal(regex("(\\w+) \\1").isMatch(`${words}end end`), true);
  t.equal(regex("^(?:[^,]*,)*$").isMatch(",".repeat(65_536)), true);
  t.equal(regex("^.*$", "s").isMatch("é€".repeat(500_000)), true, "a million characters");
  t.equal(regex("^(\\w+\\s?)+,").isMatch(words), true);
  t.equal(regex("(?=.*dog)\\w+").replaceAll("one dog ".repeat(10), "x"), "x x ".repeat(10));
  t.equal(regex(",\\s*").split(words.repeat(10)).count(), 30_001);
  t.equal(regex("[^\\n]*x").matchAll("abcx\n".repeat(13_000)).count(), 13_000);
});

t.test("a pattern is as large as PCRE's can be", async (t) => {
  t.equal(regex("ab|".repeat(20_000)).isMatch("ab"), true);
  for (const pattern of ["a".repeat(65_537), "\\X".repeat(30_000), "(?:a|b)*".repeat(8000)])
    t.throws(() => regex(pattern), { message: "regular expression is too large" });
});
