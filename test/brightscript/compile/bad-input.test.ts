/** Whatever a file holds, the compiler comes to an end with errors that name its lines. */
import t from "tap";
import { garbage } from "../../programs/peers.js";
import { compiled, problems } from "./compiled.js";

const times = (text: string, count: number): string => text.repeat(count);
const main = (text: string): string => `sub main()\n${text}\nend sub`;

t.test("files that are no BrightScript", async (t) => {
  for (const [name, source] of Object.entries({
    "binary data": garbage(20_000).toString("latin1"),
    zeros: times("\0", 20_000),
    signs: times("#", 100_000),
    "quotation marks": times('"', 100_001),
    "back ticks": times("`", 10_000),
    text: "Dear Sir,\nplease find enclosed the files.\n",
    JSON: '{"a": [1, 2, {"b": null}]}',
    "a script": "#!/bin/sh\necho hello\n",
    "one line of 10 MB": times("x", 10_000_000),
  })) {
    const { code, diagnostics } = compiled(source);
    t.equal(code, "", name);
    t.ok(diagnostics.length > 0, name);
    t.ok(
      diagnostics.every(({ line }) => line >= 1 && line <= source.split(/\r\n?|\n/).length),
      `${name}: lines`,
    );
  }
  t.same(problems(times("x", 3_000_000)), [
    "1: Error loading file. (b9) Files of more than 2 MB cannot be compiled",
  ]);
});

t.test("what is nested too deeply, or too long", async (t) => {
  for (const [name, source] of Object.entries({
    parentheses: `x = ${times("(", 10_000)}1${times(")", 10_000)}`,
    "open parentheses": `x = ${times("(", 10_000)}`,
    arrays: `x = ${times("[", 2000)}${times("]", 2000)}`,
    "associative arrays": `x = ${times("{a:", 2000)}1${times("}", 2000)}`,
    signs: `x = ${times("- ", 2000)}1`,
    nots: `x = ${times("not ", 2000)}1`,
    sums: `x = 1${times(" + 1", 2000)}`,
    powers: `x = 1${times(" ^ 1", 2000)}`,
    members: `x = a${times(".b", 2000)}`,
    calls: `x = a${times("()", 2000)}`,
    indexes: `x = a${times("[0]", 2000)}`,
    ifs: times("if a then\n", 2000) + times("end if\n", 2000),
    "ifs without an end": times("if a then\n", 2000),
    "ifs in one line": `${times("if a then ", 2000)}x = 1`,
    "else ifs": `if a then\n${times("else if a then\n", 2000)}end if`,
    loops: times("for i = 1 to 2\n", 2000) + times("end for\n", 2000),
    "loops without an end": times("while a\n", 2000),
    functions: times("x = function()\n", 2000) + times("end function\n", 2000),
    tries: times("try\n", 2000) + times("catch e\nend try\n", 2000),
  })) {
    const [first] = problems(main(source));
    t.match(first, /^\d+: (Internal limit size exceeded|ENDIF Missing|.*is missing a matching)/, name);
  }
});

t.test("what is long and flat compiles", async (t) => {
  for (const [name, source] of Object.entries({
    "an array": `x = [${times("-1 + 2, [3], f(4), ", 400)}5]`,
    "an array over lines": `x = [\n${times("{ a: -1.5, b: [1, 2] }\n", 400)}]`,
    statements: times("x = x + 1\n", 400),
    "statements of one line": times("x = x + 1 : ", 400),
    ifs: times("if x then y = 1 else y = 2\n", 400),
    arguments: `f(${Array.from({ length: 32 }, (_, i) => `"${times("y", 1000)}" + ${i}`).join(", ")})`,
    "as deep as can be": `${times("if a\n", 200)}x = ${times("a.b(", 200)}1${times(" + 2", 400)}${times(")", 200)}\n${times("end if\n", 200)}`,
  })) {
    const { code, diagnostics } = compiled(main(source));
    t.same(diagnostics, [], name);
    t.doesNotThrow(() => new Function(`return ${code}`), name);
  }
});

t.test("what the parser would not come to an end with, or would take for a name", async (t) => {
  t.match(problems(main("dim a[1, 1 or ]")), [/^2: Syntax Error/]);
  t.match(problems(main("dim a")), [/^2: Syntax Error/]);
  t.match(problems(main("dim a[]")), [/^2: Syntax Error/]);
  t.match(problems(main("for ?. = 1 to 2\nend for")), [/^2: Syntax Error/]);
  t.match(problems(main("for dim a[1] to 2\nend for")), [/^2: Syntax Error/]);
  t.match(problems(main("for each if in []\nend for")), [/^2: Syntax Error/]);
  t.match(problems("@test\nsub main()\nend sub"), [/^1: Syntax Error/]);
});

t.test("a literal without an end", async (t) => {
  t.match(problems('sub main()\nprint "abc\nend sub'), [
    "2: String missing ending quote. (b3) Unterminated string at end of line",
  ]);
  t.match(problems('sub main()\nprint "\nend sub'), [/^2: /]);
  t.match(problems('sub main()\nprint "'), [/^2: String missing ending quote/]);
});
