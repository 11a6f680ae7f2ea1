import t from "tap";
import { compile } from "#src/brightscript/compile/index.js";
import { RoArray } from "#src/brightscript/library/array.js";
import type { RoAssociativeArray } from "#src/brightscript/library/associative-array.js";
import { redirect } from "#src/brightscript/runtime/console.js";
import { $ } from "#src/brightscript/runtime/index.js";
import { load } from "#src/brightscript/runtime/load.js";
import { crashReport } from "#src/brightscript/runtime/report.js";
import type { BrsFunction } from "#src/brightscript/runtime/values.js";

function main(source: string, path = "pkg:/source/main.brs"): BrsFunction {
  const compiled = compile(source, { path });
  if (compiled.diagnostics.length > 0) throw new Error(JSON.stringify(compiled.diagnostics));
  return load([compiled]).main!;
}

/** What the console shows of the program's end. */
function crash(source: string): string {
  const start = main(source);
  try {
    start();
  } catch (thrown) {
    return crashReport(thrown);
  }
  return "";
}

t.test("the report: words, place, calls, variables", async (t) => {
  const report = crash(`sub main()
  x = 5
  outer({ a: 1 }, "text")
end sub

function outer(list as Object, Name = "n" as String) as Object
  result = inner(0)
  unused = result
  return list
end function

function inner(divisor)
  yes = true : l = 5000000000& : f = 1.5 : d = 2.5# : none = invalid : s = "say"
  a = [1, 2] : fn = inner : port = createObject("roMessagePort") : boxed = box(7) : hex = -1
  aVeryLongVariableName = 1
  return 1 / divisor
  never = 1
end function
`);
  t.equal(
    report,
    `Divide by Zero. (runtime error &h14) in pkg:/source/main.brs(16)
Backtrace:
#2  Function inner(divisor As Dynamic) As Dynamic
   file/line: pkg:/source/main.brs(16)
#1  Function outer(list As Object, name As String) As Object
   file/line: pkg:/source/main.brs(7)
#0  Function main() As Void
   file/line: pkg:/source/main.brs(3)
Local Variables:
divisor          Integer val:0 (&h0)
global           Interface:ifGlobal
m                roAssociativeArray count:0
yes              Boolean val:true
l                LongInteger val:5000000000
f                Float val:1.5
d                Double val:2.5
none             Invalid
s                String val:"say"
a                roArray count:2
fn               Function val:<Function: inner>
port             roMessagePort
boxed            roInt val:7 (&h7)
hex              Integer val:-1 (&hffffffff)
averylongvariablename Integer val:1 (&h1)
never            <uninitialized>
`,
  );
});

t.test("a method's m, and an anonymous function", async (t) => {
  t.equal(
    crash(`sub main()
  o = { a: 1, f: function(n as Integer) as Void
    print n.foo
  end function }
  o.f(3)
end sub
`),
    `Syntax Error. (runtime error &h02) in pkg:/source/main.brs(3)
Backtrace:
#1  Function $anon_1(n As Integer) As Void
   file/line: pkg:/source/main.brs(3)
#0  Function main() As Void
   file/line: pkg:/source/main.brs(5)
Local Variables:
n                Integer val:3 (&h3)
global           Interface:ifGlobal
m                roAssociativeArray count:2
`,
  );
});

t.test("a long string is cut", async (t) => {
  const report = crash('sub main()\n  s = string(200, "x")\n  s.foo()\nend sub\n');
  t.match(report, `\ns                String val:"${"x".repeat(94)}..."\n`);
});

t.test("throw and stop", async (t) => {
  t.match(
    crash('sub main()\n  throw "went out of skew"\nend sub\n'),
    /^went out of skew \(runtime error &h28\) in pkg:\/source\/main\.brs\(2\)\nBacktrace:\n#0 {2}Function main\(\) As Void\n/,
  );
  t.match(
    crash("sub main()\n  x = 1\n  stop\nend sub\n"),
    /^STOP \(runtime error &hf7\) in pkg:\/source\/main\.brs\(3\)\nBacktrace:\n(?:.*\n)*x {16}Integer val:1 \(&h1\)\n$/,
  );
});

t.test("an error within a function that the library calls names the program's line", async (t) => {
  t.match(
    crash('sub main()\n  x = box(1)\n  x.setInt("five")\nend sub\n'),
    /^Type Mismatch\. Unable to cast "String" to "Integer"\. \(runtime error &h18\) in pkg:\/source\/main\.brs\(3\)\n/,
  );
});

t.test("a mistake in the library is an internal error with the program's line", async (t) => {
  const broken = { $go: () => (undefined as unknown as { a: string }).a };
  const start = main("sub main(o)\n  o.go()\nend sub\n");
  try {
    start(broken);
    t.fail("nothing was thrown");
  } catch (thrown) {
    t.match(
      crashReport(thrown),
      /^UNEXPECTED INTERNAL\. Cannot read properties of undefined .*\(runtime error &hfe\) in pkg:\/source\/main\.brs\(2\)\n/,
    );
  }
});

t.test("recursion without end", async (t) => {
  const report = crash("sub main()\n  f(1)\nend sub\n\nfunction f(n)\n  return f(n + 1) + 1\nend function\n");
  const [first, second, third, fourth] = report.split("\n");
  t.equal(first, "Stack overflow. (runtime error &hdf) in pkg:/source/main.brs(6)");
  t.equal(second, "Backtrace:");
  t.match(third, /^#\d{4,} {2}Function f\(n As Dynamic\) As Dynamic$/);
  t.equal(fourth, "   file/line: pkg:/source/main.brs(6)");
  t.match(report, /\nLocal Variables:\nn {16}Integer val:\d{4,} /);
});

t.test("recursion 2,000 deep, and an error there", async (t) => {
  t.match(
    crash(
      "sub main()\n  f(2000)\nend sub\n\nfunction f(n)\n  if n = 0 then return 1 / n\n  return f(n - 1)\nend function\n",
    ),
    /^Divide by Zero\. .*\(6\)\nBacktrace:\n#2001 {2}Function f\(n As Dynamic\) As Dynamic\n {3}file\/line: pkg:\/source\/main\.brs\(6\)\n#2000 /,
  );
});

t.test("the backtrace of an exception: the outermost call first", async (t) => {
  const start = main(`function main()
  try
    outer()
  catch e
    return e
  end try
end function

sub outer()
  inner(1)
end sub

sub inner(x as Integer)
  print x / 0
end sub
`);
  const backtrace = (start() as RoAssociativeArray).get("backtrace");
  t.ok(backtrace instanceof RoArray);
  const calls = (backtrace as RoArray).items as RoAssociativeArray[];
  t.same(
    calls.map((call) => [call.get("function"), call.get("line_number"), call.get("filename")]),
    [
      ["main() As Dynamic", 3, "pkg:/source/main.brs"],
      ["outer() As Void", 10, "pkg:/source/main.brs"],
      ["inner(x As Integer) As Void", 14, "pkg:/source/main.brs"],
    ],
  );
});

t.test("what print had put before an error is not lost", async (t) => {
  const written: string[] = [];
  redirect((bytes) => written.push(Buffer.from(bytes).toString()));
  t.teardown(() => redirect());
  main('sub main()\n  try\n    print "a"; 1 / 0\n  catch e\n    print "c"\n  end try\nend sub\n')();
  t.equal(written.join("|"), "a|c\n");
});

t.test("the global m", async (t) => {
  main("sub main()\n  m.x = 1\nend sub\n")();
  t.equal(($.m as RoAssociativeArray).get("x"), 1);
  $.m.clear();
});
