/** Line n of the output is line n of the source: errors and backtraces name the line where they happen. */
import t, { type Test } from "tap";
import { run } from "../language/run.js";
import { compiled } from "./compiled.js";

/** The line that an error of the program is reported on; `!` marks the one that is meant. */
function errorLine(t: Test, name: string, source: string): void {
  const expected = source.split("\n").findIndex((line) => line.includes("'!")) + 1;
  const { error } = run(source);
  t.equal(error?.line, expected, name);
}

t.test("the line of an error", async (t) => {
  const lines: Readonly<Record<string, string>> = {
    "in a statement": "sub main()\n\n\n  x = 1 / 0 '!\nend sub",
    "in the first line": "sub main() : x = 1 / 0 : end sub '!",
    "after comments and blank lines": "' one\n\nrem two\nsub main()\n' three\n\nprint 1 / 0 '!\nend sub",
    "in a call over several lines":
      "sub main()\nf(1,\n  2,\n  1 / 0, '!\n  4)\nend sub\nsub f(a, b, c, d)\nend sub",
    "in an array literal": "sub main()\nx = [\n  1\n  1 / 0 '!\n  3\n]\nend sub",
    "in an associative array literal": "sub main()\nx = {\n  a: 1,\n  b: 1 / 0 '!\n  c: 3\n}\nend sub",
    "in a function within a literal":
      "sub main()\nx = {\n  f: function()\n    return 1 / 0 '!\n  end function\n}\nx.f()\nend sub",
    "in a condition": "sub main()\nif false\nelse if invalid '!\nend if\nend sub",
    "in a for statement": 'sub main()\nfor i = 1 to "x" \'!\nend for\nend sub',
    "in the declaration of a parameter": 'sub main()\nf("x")\nend sub\nsub f(a as integer) \'!\nend sub',
    "in a default value": "sub main()\nf()\nend sub\nsub f(a = 1 / 0) '!\nend sub",
    "at the end of a function that owes a String":
      'sub main()\nx = f()\nend sub\nfunction f() as string\nif x() then return ""\nend function \'!\nfunction x()\nreturn false\nend function',
    "after a goto": "sub main()\ngoto there\nprint 1\nthere:\nprint 1 / 0 '!\nend sub",
    "in operands over several lines: the first": "sub main()\nx = 1 + '!\n  2 +\n  invalid\nend sub",
    "in a chain of calls over several lines":
      "sub main()\nx = (f()\n.a()\n.b()) '!\nend sub\nfunction f()\nreturn {a: f}\nend function",
  };
  for (const [name, source] of Object.entries(lines)) errorLine(t, name, source);
});

t.test("the output has as many lines as the source has up to its last function", async (t) => {
  t.equal(compiled("sub a()\nend sub\n\n\nsub b()\n\n\nend sub").code.trimEnd().split("\n").length, 8);
  t.equal(compiled("").code.trimEnd().split("\n").length, 1);
});
