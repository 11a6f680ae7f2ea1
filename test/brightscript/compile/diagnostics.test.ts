/** What the compiler finds wrong with a program before it runs: in Roku's words, each with its line. */
import t from "tap";
import { checkScope, compile, describe } from "#src/brightscript/compile/index.js";
import { compiled, problems } from "./compiled.js";

/** Diagnostics of statements within a function, by line; the first statement is on line 2. */
const within = (source: string, head = "function test(a)", end = "end function"): string[] =>
  problems(`${head}\n${source}\n${end}`);

t.test("as on a console", async (t) => {
  const [found] = compile("sub main()\nx = )\nend sub", { path: "pkg:/source/a.brs" }).diagnostics;
  t.equal(
    describe(found!),
    "Syntax Error. (compile error &h02) in pkg:/source/a.brs(2) Unexpected token ')'",
  );
});

t.test("all of them, one for each line, in order", async (t) => {
  t.match(problems("sub a()\nx = )\nend sub\nsub b()\ny = ] ]\nz = ~\nend sub"), [/^2: /, /^5: /, /^6: /]);
});

t.test("blocks", async (t) => {
  t.match(within("for i = 1 to 2\nprint i"), [/A block \(such as FOR/]);
  t.match(within("while true\nprint 1"), [/missing a matching EndWhile/]);
  t.match(within("if true\nprint 1"), [/^2: ENDIF Missing/]);
  t.match(within("try\nprint 1"), [/./]);
  t.match(problems("sub main()\nprint 1\n"), ["2: Unexpected End-Of-File. (b7)"]);
  t.match(within("for i = 1 to 2\nnext j"), ["3: Variable in NEXT does not match correct FOR. (b6) 'j'"]);
  t.same(within("for i = 1 to 2\nnext I"), []);
  t.same(within("for each i in a\nnext i"), []);
  t.match(within("for each i in a\nnext j"), [/^3: Variable in NEXT/]);
});

t.test("brackets that are not closed: where they are opened", async (t) => {
  for (const [source, sign] of Object.entries({
    "dim a[2": "[",
    "dim a[2, 3": "[",
    "x = [1, 2": "[",
    "x = { a: 1": "{",
    "x = (1 + 2": "(",
    "x = a[1": "[",
    "a[1 = 2": "[",
    "test(1": "(",
    "a.b(1": "(",
    "print (1": "(",
    "if (a then": "(",
    "x = a?[1": "?[",
  }))
    t.equal(within(`${source}\ny = 2\nz = 3`)[0], `2: Syntax Error. (2) '${sign}' is not closed`, source);
  t.same(problems("sub main(\nx = 1\nend sub"), ["1: Syntax Error. (2) '(' is not closed"]);
  t.same(problems("sub main()\nx = [1"), ["2: Syntax Error. (2) '[' is not closed"]);
  t.same(problems("sub main()\ndim a[2\nx = 1\nend sub\nsub other()\nx = )\nend sub"), [
    "2: Syntax Error. (2) '[' is not closed",
    "6: Syntax Error. (2) Unexpected token ')'",
  ]);
});

t.test("type designators in every kind of name compile to what V8 takes", async (t) => {
  for (const sign of ["", "$", "%", "!", "#", "&"])
    for (const word of ["count", "new", "class", "constructor", "__proto__", "arguments"]) {
      const name = word + sign;
      const source = `sub main(${name}, other)
        x = other.${name} : y = other.${name}() : z = other?.${name} : z = other?.${name}(1) : z = other.${name}?()
        other.${name} = 1 : other.${name} += 1 : other.${name}++ : other.a.${name}.${name}(1).${name}()
        ${name} = 1 : ${name} += 1 : ${name}++ : dim ${name}[1] : ${name}(1) : x = { ${name}: 1 }
        ${word}:
        goto ${word}
      end sub
      function f(a, ${name} = 1)
        for ${name} = 1 to 2 : end for
        return [${name}, function(${name}) : return ${name} : end function]
      end function`;
      const { code, diagnostics } = compiled(source);
      t.same(diagnostics, [], name);
      t.doesNotThrow(() => new Function(`return ${code}`), name);
    }
});

t.test("loops", async (t) => {
  t.same(within("exit for"), ["2: Exit For is not inside a For loop. (a5)"]);
  t.same(within("while true\nexit for\nend while"), ["3: Exit For is not inside a For loop. (a5)"]);
  t.same(within("exit while"), ["2: Exit While is not inside a While. (af)"]);
  t.same(within("continue for"), ["2: Continue For is not inside a For loop. (8d)"]);
  t.same(within("continue while"), ["2: Continue While is not inside a While. (8e)"]);
  t.same(within("for each x in a\nif x then exit for\nend for"), []);
  t.same(
    within("while true\nf = function()\nexit while\nend function\nend while"),
    ["4: Exit While is not inside a While. (af)"],
    "a function has loops of its own",
  );
});

t.test("attributes", async (t) => {
  t.same(within("x = a@[0]"), ["2: Syntax Error. (2) Expected a name instead of token '['"]);
  t.same(within("x = a?@"), ["2: Syntax Error. (2) Expected a name instead of end of line"]);
  t.same(within("x = a@b + a?@c"), []);
});

t.test("labels", async (t) => {
  t.same(within("goto nowhere"), ["2: Label/Line Not Found. (e) 'nowhere'"]);
  t.same(within("l:\nprint 1\nL:"), ["4: Label/LineNumber defined more than once. (b4) 'l'"]);
  t.same(within("try\nl:\ncatch e\nend try\ngoto l"), ["3: Labels are illegal inside a TRY clause. (8f)"]);
  t.same(within("try\ncatch e\nl:\nif a then goto l\nend try"), []);
  t.same(
    within("l:\nf = sub()\ngoto l\nend sub"),
    ["4: Label/Line Not Found. (e) 'l'"],
    "a function has labels of its own",
  );
});

t.test("functions", async (t) => {
  t.same(problems("sub a()\nend sub\nfunction A()\nend function"), [
    "3: SUB or FUNCTION defined twice. (ad) 'a'",
  ]);
  t.same(within("return 1", "sub a()", "end sub"), [
    "2: Return can not have a return-value if inside a Sub or Function with Void return type. (aa)",
  ]);
  t.same(within("return 1", "function a() as void"), [
    "2: Return can not have a return-value if inside a Sub or Function with Void return type. (aa)",
  ]);
  t.same(within("return"), ["2: Return must return a value. (a9)"]);
  t.same(within("return 1", "sub a() as integer", "end sub"), []);
  t.same(within("return", "sub a()", "end sub"), []);
  t.match(problems("sub test(a, A)\nend sub"), ["1: Syntax Error. (2) Two parameters 'a'"]);
  t.match(problems("sub test(a = 1, b)\nend sub"), [/^1: Syntax Error/]);
  t.match(problems("sub test(a as roArray)\nend sub"), [/^1: /]);
  t.match(problems("sub test(a as strng)\nend sub"), [/^1: Type is Invalid. \(a7\)/]);
  t.match(problems("function test() as strng\nend function"), [/^1: Type is Invalid. \(a7\)/]);
  t.match(problems("sub test(a$ as integer)\nend sub"), ["1: Type is Invalid. (a7) 'a$' As integer"]);
  t.match(problems("sub test(a$ as string)\nend sub"), []);
  t.match(problems("print 1"), [
    "1: Syntax Error. (2) Unexpected token 'print': statement outside of a function",
  ]);
});

t.test("names", async (t) => {
  t.same(within("x = type"), ["2: Syntax Error. Builtin function call expected. (9d) 'type'"]);
  t.match(within("x = [CreateObject]"), [/Builtin function call expected/]);
  t.same(within("x = type(a)"), []);
  t.same(within("x = left"), []);
  t.match(within("for = 1"), [/^2: Syntax Error/]);
  t.same(within("for each x$ in a\nend for"), [
    "2: For-Each index variable must be 'dynamic' type. (ab) 'x$'",
  ]);
  t.match(problems("sub f(x as integer)\nfor each x in []\nend for\nend sub"), [/^2: For-Each index/]);
});

t.test("optional chaining makes values only", async (t) => {
  t.match(within("a?.b = 1"), [/^2: Syntax Error/]);
  t.match(within("a?.b.c = 1"), [/^2: Syntax Error/]);
  t.match(within("a?[1] = 1"), [/^2: Syntax Error/]);
  t.match(within("a?.b += 1"), [/^2: Syntax Error/]);
  t.match(within("a?.b()"), [/^2: Syntax Error/]);
  t.match(within("a?()"), [/^2: Syntax Error/]);
  t.same(within("test(a?[1]).b = a?.b"), []);
});

t.test("what only BrighterScript has", async (t) => {
  for (const source of [
    "x = `template`",
    "x = a ? 1 : 2",
    "x = a ?? 1",
    "x = new Thing()",
    "x = a@.b()",
    "x = /regex/",
    "x = 1 as string",
    "x as integer = 1",
    "const x = 1",
    "enum x\nend enum",
  ])
    t.match(within(source), [/^2: Syntax Error/], source);
  for (const source of [
    "class a\nend class",
    "namespace a\nend namespace",
    'import "a.brs"',
    "interface a\nend interface",
  ])
    t.match(problems(source), [/^1: Syntax Error/], source);
});

t.test("files of one scope", async (t) => {
  const globals = new Set(["print2"]);
  const files = Object.entries({
    "pkg:/source/a.brs":
      "sub main()\nhelper() : print2()\nmissing()\nlocal = 1 : local()\nend sub\nsub twice()\nend sub",
    "pkg:/source/b.brs": "sub helper()\nMain()\nend sub\n\nsub Twice()\nend sub",
  }).map(([path, source]) => compile(source, { path }));
  t.same(
    checkScope(files, globals).map((found) => [found.severity, describe(found)]),
    [
      [
        "error",
        "SUB or FUNCTION defined twice. (compile error &had) in pkg:/source/b.brs(5) 'twice' is also in pkg:/source/a.brs",
      ],
      [
        "warning",
        "Function Call Operator ( ) attempted on non-function. (compile error &he0) in pkg:/source/a.brs(3) Unknown function 'missing'",
      ],
    ],
  );
});

t.test("a function with the name of a global one", async (t) => {
  const builtins = new Set(["str"]);
  const file = compile("sub main()\nprint str(1)\nend sub\nfunction Str(x)\nend function", {
    path: "pkg:/source/a.brs",
    builtins,
  });
  t.same(checkScope([file], builtins, builtins).map(describe), [
    "SUB or FUNCTION defined twice. (compile error &had) in pkg:/source/a.brs(4) 'str' is a global function, which is called instead",
  ]);
  t.match(file.code, "$f.str ??", "the global one is called");
});

t.test("functions of a file with errors are known", async (t) => {
  const files = ["sub main()\nbroken()\nend sub", "sub broken()\nx = )\nend sub"].map((source, i) =>
    compile(source, { path: `pkg:/source/${i}.brs` }),
  );
  t.equal(files[1]!.diagnostics.length, 1);
  t.same(checkScope(files, new Set()), []);
});
