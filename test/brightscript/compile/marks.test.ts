/** Which values the compiler marks for type(), and that nothing else comes to know of it. */
import fc from "fast-check";
import t from "tap";
import { compile, compileFiles } from "#src/brightscript/compile/index.js";
import { builtins } from "#src/brightscript/library/global/index.js";
import { load } from "#src/brightscript/runtime/load.js";
import { crashReport } from "#src/brightscript/runtime/report.js";
import { run } from "../language/run.js";
import { path, statement, statements } from "./compiled.js";

const marking = /\$\.(plain|computed|boxed|stored\w+|eachMarked|invoke|send\w*)\(/;

const type = "($f.type ?? $.fn(null))";

const codeOf = (source: string): string => compile(source, { path, builtins }).code;

t.test("without type() nothing is marked", async (t) => {
  const source = `
function first(list)
  for each item in list : return item : end for
  return list[0] + list.pop()
end function
sub main()
  a = [1] : aa = { f: first, g: function(x) : return x : end function }
  x = a[0] : y = aa.x : z = aa["x"] : w = a.shift() : v = aa.f(x) : u = first(a)
  print x; y; z; w; v; u; x + y; aa["f"](a); aa?.g(x); aa.g?(x); [first][0](a); aa.g?(y)
end sub`;
  t.notMatch(codeOf(source), marking);
});

t.test("only reads that type() can see are marked", async (t) => {
  t.equal(
    statement("x = a[0] : y = a[1] : print type(x)", "a"),
    ["x = $.storedIndex(a, 0);", "y = $.index(a, 1);", `$.print([${type}(x)]);`].join(" "),
  );
  t.equal(statement("print type(a.b)", "a"), `$.print([${type}($.storedField(a, "b"))]);`);
  t.equal(statement("print a.b", "a"), '$.print([$.field(a, "b")]);');
  t.equal(statement("x = a.shift() : print type(x)", "a").split(";")[0], 'x = $.sendPlain(a, "shift")');
});

t.test("type(x, 3) boxes nothing that is put into a collection", async (t) => {
  t.equal(
    statement(
      'a[0] = ucase("q") : a.b = "q" + a.c : a.b += "q" : a.push(ucase("q")) : print type(a[0], 3)',
      "a",
    ),
    [
      '$.setIndex(a, 0, ($f.ucase ?? $.fn(null))("q"));',
      '$.setField(a, "b", $.add("q", $.field(a, "c")));',
      '$.setField(a, "b", $.add($.field(a, "b"), "q"));',
      '(a?.$push ?? $.missing(a, "push")).call(a, ($f.ucase ?? $.fn(null))("q"));',
      `$.print([${type}($.storedIndex(a, 0), 3)]);`,
    ].join(" "),
  );
});

t.test("a function gets marked arguments however it is called", async (t) => {
  for (const call of [
    "o.check(v)",
    'o["check"](v)',
    "o[k](v)",
    "o.list[0](v)",
    "o?.check(v)",
    "o.check?(v)",
    'o?["check"](v)',
    'o["check"]?(v)',
    "(o.check)(v)",
    "of(o)(v)",
    "f(v)",
    "f?(v)",
    "global.type(v)",
    "type(o.id(v))",
    'type(o["id"](v))',
    "type(o.list[1](v))",
    "type(o?.id(v))",
    "type(o.id?(v))",
    "type(o.id?(o.id?(v)))",
  ]) {
    const source = `
sub main()
  o = { check: function(x)
    return type(x)
  end function, id: function(x)
    return x
  end function }
  o.list = [o.check, o.id]
  f = o.check : k = "check" : v = [1][0]
  print ${call}
end sub
function of(o)
  return o.check
end function`;
    t.equal(run(source).output, "roInteger\n", call);
  }
});

t.test("calls on several lines are on the same line of a crash report", async (t) => {
  const source = (call: string, last: string): string => `
sub main()
  o = { bad: function(x)
    throw "bad"
    return x
  end function }
  v = [1][0]
  try
    q = ${call}
    ${last} q
  catch e
    for each frame in e.backtrace : print frame.line_number; : end for : print e.message
  end try
  t = ${last === "print" ? "0" : "type(v)"}
end sub`;
  for (const call of [
    "o.bad(\nv)",
    "{\nbad: o.bad\n}.bad(v)",
    "[\no.bad][0](v)",
    "[\no.bad][\n0](\nv)",
    "{\nbad: o.bad\n}?.bad(v)",
    "{\nbad: o.bad\n}.bad?(v)",
    '{\nbad: o.bad\n}["bad"]?(v)',
    "(function(x)\nthrow 5\nreturn x\nend function)(\nv)",
    "[\n1].getEntry(v, 2, 3)",
    "[\n1].nothing()",
  ]) {
    const unmarked = source(call, "print");
    t.notMatch(codeOf(unmarked), marking);
    t.equal(run(source(call, "t = type(q) : print")).output, run(unmarked).output, call);
  }
});

t.test("a name that marks do not change marks nothing", async (t) => {
  t.notMatch(
    statement('x = a[0] : if type(x) = "roArray" or "roSocketEvent" <> type(x) then print x', "a"),
    marking,
  );
  t.match(statement('x = a[0] : if type(x) = "roString" then print x', "a"), marking);
});

t.test("whatever is not for type() gets the plain value", async (t) => {
  const [, ...rest] = statements("x = a[0]\nprint x\na.push(x)\na[x] = x\nx += 1\nt = type(x)", "a");
  t.strictSame(rest, [
    "$.print([$.plain(x)]);",
    '(a?.$push ?? $.missing(a, "push")).call(a, $.plain(x));',
    "$.setIndex(a, $.plain(x), $.plain(x));",
    "x = $.add($.plain(x), 1);",
    `t = ${type}(x);`,
  ]);
});

t.test("values are followed from file to file", async (t) => {
  const files = compileFiles(
    [
      { path: "pkg:/source/a.brs", text: "function main()\nreturn kind([1][0]) + kind(1)\nend function" },
      { path: "pkg:/source/b.brs", text: "function kind(x)\nreturn type(x)\nend function" },
    ],
    { builtins },
  );
  t.equal(load(files).main!(), "roIntegerInteger");
});

t.test("what is called by an unknown name gets no marks that it does not expect", async (t) => {
  const source = `
sub main()
  one = { at: function(x) : return type(x) : end function }
  two = {}
  for each key in ["at", "other"]
    two[key] = function(x) : return [x] : end function
  end for
  a = [1]
  print one.at(a[0]); two.at(a[0])[0] + 1; FormatJson(two.other(a[0])); FormatJson(two.at(a[0]))
end sub`;
  t.equal(run(source).output, "roInteger 2[1][1]\n");
});

t.test("what is called by an unknown name gives no marks either", async (t) => {
  const source = `
sub main()
  two = { first: firstOf }
  for each key in ["at", "other"]
    two[key] = firstOf
  end for
  list = [firstOf, function(x) : return firstOf(x) : end function]
  a = [7]
  k = "at"
  print type(firstOf(a)); two.at(a).toStr(); two[k](a).toStr(); list[0](a).toStr(); list[1](a).toStr(); two.first(a).toStr()
  kept = [two.at(a), two[k](a), list[1](a)]
  print FormatJson(kept); kept[0].toStr(); (two.other)(a).toStr(); two?.other(a).toStr(); two.other?(a).toStr()
end sub
function firstOf(list)
  return list[0]
end function`;
  t.equal(run(source).output, "roInteger77777\n[7,7,7]7777\n");
});

t.test("the variables of a crash are plain", async (t) => {
  const { main } = load([
    { path, code: codeOf("sub main()\nx = [1][0]\ny = type(x)\nx.nothing()\nend sub") },
  ]);
  try {
    main!();
    t.fail("it has to fail");
  } catch (error) {
    t.match(crashReport(error), /^x +Integer val:1 \(&h1\)\ny +String val:"roInteger"$/m);
  }
});

/** A program of statements over a few variables, an array and an associative array; with `observe` after each. */
const program = (lines: readonly string[], observe: string): string => `
sub main()
  a = 1 : b = "s" : c = invalid : l = [1, "x", true, 2.5, invalid, [7]] : o = { k: 1, s: "t", f: same, g: function(x)
    return x
  end function }
${lines.map((line) => `  try\n    ${line}\n  catch e\n    print e.number\n  end try\n  ${observe}`).join("\n")}
  print a; b; c
  print FormatJson(l); FormatJson(o.keys())
end sub
function same(x)
  return x
end function
function firstOf(list)
  for each item in list : return item : end for
end function
function typed(x as Object)
  return x = invalid
end function`;

const variable = fc.constantFrom("a", "b", "c");
const value = fc.oneof(
  variable,
  fc.constantFrom(
    "l[0]",
    "l[1]",
    "l[4]",
    "l[9]",
    "o.k",
    "o.s",
    "o.none",
    'o["k"]',
    "l.peek()",
    "l.pop()",
    "l.shift()",
  ),
  fc.constantFrom(
    "l.getEntry(2)",
    'o.lookup("s")',
    "l[5][0]",
    "firstOf(l)",
    "5",
    '"u"',
    "true",
    "invalid",
    "o?.k",
  ),
  variable.chain((name) =>
    fc.constantFrom(
      `same(${name})`,
      `o.f(${name})`,
      `o.g(${name})`,
      `o["g"](${name})`,
      `o?.g(${name})`,
      `o.g?(${name})`,
      `[same][0](${name})`,
      `o.none?(${name})`,
      `l[${name}]`,
      `o[${name}]`,
      `typed(${name})`,
    ),
  ),
);
const operator = fc.constantFrom("+", "-", "*", "=", "<>", "<", "and", "or");
const line = fc.oneof(
  fc.tuple(variable, value).map(([name, from]) => `${name} = ${from}`),
  fc.tuple(variable, value, operator, value).map(([name, x, sign, y]) => `${name} = ${x} ${sign} ${y}`),
  fc.tuple(variable, value).map(([name, from]) => `${name} += ${from}`),
  value.map((from) => `print ${from}`),
  value.map((from) => `l.push(${from})`),
  value.map((from) => `l[0] = ${from}`),
  value.map((from) => `o.k = ${from}`),
  value.map((from) => `o.addReplace("s", ${from})`),
  value.map((from) => `print FormatJson([${from}]); len(${from})`),
  value.map((from) => `print ${from}.toStr(); box(${from}); getInterface(${from}, "ifString")`),
  fc
    .tuple(variable, value)
    .map(([name, from]) => `for each ${name} in [${from}, 2] : print ${name} : end for`),
  fc.tuple(variable, value).map(([name, from]) => `for ${name} = ${from} to 3 : print ${name} : end for`),
  fc.tuple(value, value).map(([x, y]) => `if ${x} = ${y} then print "same"`),
  value.map((from) => `while ${from} : exit while : end while`),
  value.map((from) => `throw ${from}`),
  value.map((from) => `l.push(ucase(${from})) : z = l.peek() : z.appendString("!", 1)`),
);

t.test("programs that ask for types print the same otherwise", async () => {
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 12 }), (lines) => {
      const observe = "t = type(a) : t = type(b) : t = type(c, 3) : t = type(same(c)) : t = type(l[0], 3)";
      const [marked, unmarked] = [program(lines, observe), program(lines, "t = 0")];
      if (codeOf(unmarked).match(marking)) throw new Error("the other has marks as well");
      const [found, expected] = [run(marked), run(unmarked)];
      if (found.output !== expected.output)
        throw new Error(`${marked}\n--- prints\n${found.output}\n--- not\n${expected.output}`);
    }),
    { numRuns: 150 },
  );
});
