/** Conditional compilation. */
import t from "tap";
import { compiled, problems } from "./compiled.js";

/** The numbers that are printed by what is compiled of the text. */
function kept(text: string, constants: Readonly<Record<string, boolean>> = {}): string {
  const { code, diagnostics } = compiled(`sub main()\n${text}\nend sub`, constants);
  if (diagnostics.length > 0) throw new Error(JSON.stringify(diagnostics));
  return [...code.matchAll(/\$\.print\(\[(\d+)\]\)/g)].map(([, number]) => number).join("");
}

t.test("branches", async (t) => {
  const text = "#if a\nprint 1\n#else if b\nprint 2\n#else\nprint 3\n#end if\nprint 4";
  t.equal(kept(text, { a: true, b: true }), "14");
  t.equal(kept(text, { a: false, b: true }), "24");
  t.equal(kept(text, { a: false, b: false }), "34");
  t.equal(kept("#IF A\nprint 1\n#ELSEIF B\nprint 2\n#Else\nprint 3\n#EndIf", { a: false, b: false }), "3");
  t.equal(kept("  # if true ' why\nprint 1\n  # end if", {}), "1");
  t.equal(kept("#if not a\nprint 1\n#end if", { a: false }), "1");
  t.equal(
    kept("#if false\n#if true\nprint 1\n#else\nprint 2\n#end if\nprint 3\n#else\nprint 4\n#end if"),
    "4",
    "what is within a branch that is left out is left out",
  );
});

t.test("constants", async (t) => {
  t.equal(kept("#const a = true\n#const b = a\n#if b\nprint 1\n#end if"), "1");
  t.equal(kept("#const A = true\n#if a\nprint 1\n#end if", { a: false }), "1", "the file's own win");
  t.match(problems("#if unknown\n#end if"), ["1: Syntax Error. (2) Unknown constant 'unknown'"]);
  t.match(problems("#if true\n#else if unknown\n#end if"), [], "what is not asked is not looked up");
  t.match(problems("#const a = 5"), [/^1: /]);
  t.match(problems("#const = true"), [/^1: /]);
});

t.test("#error", async (t) => {
  t.match(problems("\n#error not for this device"), [/^2: Syntax Error. \(2\) #error\s+not for this device/]);
  t.same(problems("#if false\n#error no\n#end if"), []);
});

t.test("what is left out may hold anything, and its lines count", async (t) => {
  t.same(problems("#if false\nclass\n~~\né'\n#end if\nsub main()\nend sub"), []);
  t.match(problems("#if false\n)\n#end if\nsub main()\nx = )\nend sub"), [/^5: /]);
});

t.test("what is out of order", async (t) => {
  t.match(problems("#if true"), [
    "1: A block (such as FOR/NEXT or IF/ENDIF) was not terminated correctly. (b5) #if without #end if",
  ]);
  t.match(problems("#end if"), [/^1: Syntax Error. \(2\) #end if without #if/i]);
  t.match(problems("#else"), [/^1: /]);
  t.match(problems("#if true\n#else\n#else\n#end if"), [/^3: /]);
  t.match(problems("#if true\n#else\n#else if true\n#end if"), [/^3: /]);
  t.match(problems("#unknown"), [/^1: /]);
});

t.test("malformed directives", async (t) => {
  const expected = (line: number, text: string): string =>
    `${line}: Syntax Error. (2) Expected a constant, true or false instead of '${text}'`;
  t.same(problems("#if true and more\n#end if"), [expected(1, "true and more")]);
  t.same(problems("#if not\n#end if"), [expected(1, "not")]);
  t.same(problems("#if not not true\n#end if"), [expected(1, "not not true")]);
  t.same(problems("#if\n#end if"), [expected(1, "")]);
  t.same(problems("#if 1\n#end if"), [expected(1, "1")]);
  t.same(problems("#if (true)\n#end if"), [expected(1, "( true )")]);
  t.same(problems("#if true : print 1\n#end if"), [expected(1, "true : print 1")]);
  t.same(
    problems("#if true\n#else if true or false\n#end if"),
    [expected(2, "true or false")],
    "though it is not asked",
  );
  t.same(problems("#if false\n#else if\n#end if"), [expected(2, "")]);
  t.same(problems("#const a = true false"), [expected(1, "true false")]);
  t.same(problems("#const a ="), [expected(1, "")]);
  t.same(problems("#const a"), ["1: Syntax Error. (2) Expected '#const name = value'"]);
  t.same(problems("#const a = b"), ["1: Syntax Error. (2) Unknown constant 'b'"]);
  t.same(problems("#if true\n#else true\n#end if"), ["2: Syntax Error. (2) Unexpected 'true' after #else"]);
  t.same(problems("#if true\n#end if true"), ["2: Syntax Error. (2) Unexpected 'true' after #end if"]);
  t.same(problems("#if true\n#else\n#else\n#end if"), ["3: Syntax Error. (2) #else after #else"]);
  t.same(problems("#if true ' and a comment\n#else ' another\n#end if ' and one more"), []);
  t.same(
    problems("#if false\n#if true and more\n#end if\n#end if"),
    [],
    "what is left out may hold anything",
  );
});
