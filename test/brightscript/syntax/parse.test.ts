/** The front end: places of errors, recovery, names and literals, and time in proportion to the text. */
import t from "tap";
import { compile } from "#src/brightscript/compile/index.js";
import { hang, timed } from "../../support/index.js";
import { run } from "../language/run.js";

const path = "pkg:/source/main.brs";

/** "line:column detail" of each error. */
const errors = (source: string): string[] =>
  compile(source, { path }).diagnostics.map(({ line, column, detail }) => `${line}:${column} ${detail}`);

const main = (text: string): string => `sub main()\n${text}\nend sub`;

t.test("an error has the column of the token that does not fit", async (t) => {
  t.same(errors(main("  x = )")), ["2:7 Unexpected token ')'"]);
  t.same(errors(main('\tprint "a" : y = 1 +')), ["3:1 Unexpected token 'end'"]);
  t.same(errors(main("x = 1 ~ 2")), ["2:7 Unexpected character U+007E"]);
  t.same(errors(main("if x then\nprint 1")), ["2:1 'if' without 'end if'"]);
  t.same(errors("sub main(a, , b)\nend sub"), ["1:13 Expected a parameter instead of token ','"]);
  t.same(errors(`x = 1\r\n${main("y = }")}`), [
    "1:1 Unexpected token 'x': statement outside of a function",
    "3:5 Unexpected token '}'",
  ]);
});

t.test("after an error the rest is read: every statement with one is reported", async (t) => {
  t.match(
    errors(
      [
        "function one()",
        "  x = {",
        "    a: 1, b: * 2",
        "  }",
        "  for i = 1 to",
        "    y = ) : z = (",
        "  end for",
        "end function",
        "sub two()",
        "  goto",
        "  f = function(x) : return ] : end function",
        "  end while",
        "end function",
        "sub three( : x = 1 : end sub",
        "sub four()",
        "  throw",
        "end sub",
      ].join("\n"),
    ).map((each) => each.split(":")[0]),
    ["3", "5", "6", "10", "11", "12", "13", "14", "16"],
  );
});

t.test("words are keywords only where they can be", async (t) => {
  const { output, syntaxError } = run(`
function run(mod, each, in)
  step1 = mod + each : object = in : catch = 1 : try = 2 : local = 3 : continue = 4 : library = 5
  try += 1
  a = { if: 1, end: 2, next: 3, mod: 4 }
  return [step1, object, catch + try + local + continue + library, a.if + a.end + a.next + a.mod, 7 mod 4]
end function
function mod(a, b)
  return a - b * int(a / b)
end function
sub main()
  for each x in run(1, 2, 3) : print x; : end for
  print mod(9, 4) : if true ? "then" else ? "else"
end sub`);
  t.equal(syntaxError, undefined);
  t.equal(output, " 3 3 16 10 3 1\nthen\n");
});

t.test("literals", async (t) => {
  const rows = {
    "12%": "Integer 12",
    "1e3%": "Integer 1000",
    "12&": "LongInteger 12",
    "2e3&": "LongInteger 2000",
    "12!": "Float 12",
    "12#": "Double 12",
    "1.5e3#": "Double 1500",
    "2d3": "Double 2000",
    "2e3": "Float 2000",
    ".5": "Float 0.5",
    "1234567890": "Double 1234567890",
    "123456789": "Integer 123456789",
    "&hff": "Integer 255",
    "&hffffffff": "Integer-1",
    "&hffffffff&": "LongInteger 4294967295",
    "9223372036854775807&": "LongInteger 9223372036854775807",
    "5.toStr()": "String5",
  };
  for (const [literal, expected] of Object.entries(rows))
    t.equal(run(main(`print type(${literal}); ${literal}`)).output.trimEnd(), expected, literal);
  t.match(errors(main("x = 12ab")), [/^2:7 Unexpected token 'ab'/]);
});

t.test("an operator, and what is in parentheses, continues on the next line", async (t) => {
  t.equal(
    run(
      main(
        "x = 1 +\n\n2 and\n7\nprint x; f(3,\n4\n)\nend sub\nfunction f(a, b)\nreturn a *\nb\nend function\nsub g()",
      ),
    ).output,
    " 3 12\n",
  );
  t.match(errors(main("x = 1\n+ 2")), [/^3:1 /]);
});

t.test("time is in proportion to the text, however broken it is", async (t) => {
  for (const part of [
    "for each item in list {\n",
    "if a then\n",
    "if a then ",
    "x = function()\n",
    "x = {a: [(",
    "try\n",
    "else\n",
    "#if true\n",
    "x = 1 + ",
    "sub f()\n",
    "f(1,2)\n",
    'x = "',
    "~",
  ]) {
    const { milliseconds } = timed(() => compile(main(part.repeat(20_000)), { path }));
    t.ok(milliseconds < hang, `${JSON.stringify(part)}: ${milliseconds} ms`);
  }
});
