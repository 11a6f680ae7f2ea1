/** Whatever a file holds, the compiler comes to an end with errors that name its lines. */
import t from "tap";
import { load } from "#src/brightscript/runtime/load.js";
import { garbage } from "../../programs/peers.js";
import { compiled, path, problems } from "./compiled.js";

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
    "optional members": `x = a${times("?.b", 2000)}`,
    "optional indexes": `x = a${times("?[0]", 2000)}`,
    "optional calls": `x = a${times("?.b?()", 2000)}`,
    attributes: `x = a${times("?@b", 2000)}`,
  })) {
    const [first] = problems(main(source));
    t.match(
      first,
      /^\d+: (Internal limit size exceeded.* at most \d+ are compiled|ENDIF Missing|.*is missing a matching|.*is not closed)/,
      name,
    );
  }
});

t.test("what is nested and long at once", async (t) => {
  const nested = (start: string, part: string): string =>
    `x = ${times("(", 200)}${start}${times(`${times(part, 50)})`, 200)}`;
  for (const [name, source] of Object.entries({
    sums: nested("1", "+ 1"),
    conditions: nested("a", " and b"),
    members: nested("a", ".b"),
    "optional members": nested("a", "?.b"),
    powers: `x = ${times(`2${times("^2", 50)}^(`, 200)}1${times(")", 200)}`,
    signs: `x = ${times(`(${times("- ", 50)}`, 200)}a${times(")", 200)}`,
  })) {
    t.match(
      problems(main(source)),
      [
        "2: Internal limit size exceeded. (ae) More than 1000 operators, calls and accesses within one another; at most 1000 are compiled",
      ],
      name,
    );
  }
});

t.test("the line of what is one too many, and how many there may be", async (t) => {
  const list = (count: number, text: string): string =>
    Array.from({ length: count }, (_, i) => `${text}${i}`).join(", ");
  const rows: [source: (count: number) => string, most: number, line: number, what: string][] = [
    [(n) => main(times("if a\n", n) + times("end if\n", n)), 249, 251, "250 blocks within one another"],
    [(n) => main(`${times("if a then ", n)}x = 1`), 249, 2, "250 blocks within one another"],
    [
      (n) => main(`${times("l:\nif a\n", 1) + times("while a\n", n) + times("end while\n", n)}end if`),
      248,
      252,
      "250 blocks within one another",
    ],
    [(n) => main(times("x = sub()\n", n) + times("end sub\n", n)), 249, 251, "250 blocks within one another"],
    [(n) => main(`if a then\n${times("else if a then\n", n - 1)}end if`), 500, 2, "500 conditions in one IF"],
    [
      (n) => `sub main()\nend sub\nsub other(${list(n, "p")})\nend sub`,
      63,
      3,
      "63 parameters of one function",
    ],
    [(n) => main(`\nx = function(${list(n, "p")})\nend function`), 63, 3, "63 parameters of one function"],
    [(n) => main(`\nmain(${list(n, "")})`), 63, 3, "63 arguments in one call"],
    [(n) => main(`a.b(${list(n, "")})`), 63, 2, "63 arguments in one call"],
    [(n) => main(`x = a[${list(n, "")}]`), 100, 2, "100 indexes in one pair of brackets"],
    [(n) => main(`a[${list(n, "")}] = 1`), 100, 2, "100 indexes in one pair of brackets"],
    [(n) => main(`dim a[${list(n, "")}]`), 100, 2, "100 indexes in one pair of brackets"],
  ];
  for (const [source, most, line, what] of rows) {
    const { code, diagnostics } = compiled(source(most));
    t.same(diagnostics, [], what);
    t.doesNotThrow(() => new Function(`return ${code}`), what);
    const number = what.split(" ")[0];
    t.equal(
      problems(source(most + 1))[0],
      `${line}: Internal limit size exceeded. (ae) More than ${what}; at most ${number} are compiled`,
    );
  }
  t.equal(problems(`sub main(${list(70_000, "p")})\nend sub`).length, 1, "more than V8 takes");
});

t.test("what is as deep as can be runs", async (t) => {
  for (const [name, source] of Object.entries({
    "optional members": `x = invalid\ny = x${times("?.b", 490)}`,
    "optional calls": `x = invalid\ny = x${times("?.b()", 240)}`,
    "calls that may be": `x = invalid\ny = x${times("?.b?()", 160)}`,
    indexes: `x = invalid\ny = x${times('?["b"]', 490)}`,
    sums: `x = 0\ny = ${times("(", 240)}x${times(`${times(" + 1", 2)})`, 240)}`,
    conditions: `x = true\ny = ${times("(", 240)}x${times(" and x)", 240)}`,
    blocks: `x = 1\n${times("if x = 1\nfor i = 1 to 1\n", 120)}y = ${times("(", 200)}x${times(" + 1)", 200)}\n${times("end for\nend if\n", 120)}`,
    "blocks with labels": `x = 1\nl:\n${times("if x = 1\nfor each i in [1]\n", 120)}k:\n${times("end for\nend if\n", 120)}`,
    functions: `${times("x = sub()\n", 240)}${times("end sub\nx()\n", 240)}`,
  })) {
    const { code, diagnostics } = compiled(main(source));
    t.same(diagnostics, [], name);
    t.doesNotThrow(() => load([{ path, code }]).main!(), name);
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
