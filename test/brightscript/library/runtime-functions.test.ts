import t from "tap";
import { RoArray } from "#src/brightscript/library/array.js";
import { RoAssociativeArray } from "#src/brightscript/library/associative-array.js";
import { NotCompiled, setRunner } from "#src/brightscript/library/global/run.js";
import { brsError } from "#src/brightscript/runtime/errors.js";
import { $ } from "#src/brightscript/runtime/index.js";
import { End } from "#src/brightscript/runtime/program.js";
import type { Value } from "#src/brightscript/runtime/values.js";
import { call, consoleOf, double, errorOf, float, g, printed } from "./call.js";

t.test("createObject", async (t) => {
  t.type(g.createobject!("ROassociativeARRAY"), RoAssociativeArray);
  t.equal((g.createobject!("roArray", float(5.9), 1) as RoArray).capacity(), 5, "arguments are converted");
  t.equal((g.createobject!("roArray", 0, true) as RoArray).isResizable(), true);
  const failing: readonly (readonly [readonly Value[], RegExp])[] = [
    [["roNone"], /^BRIGHTSCRIPT: ERROR: Runtime: unknown component "roNone"\n$/],
    [[""], /Runtime: unknown component ""/],
    [["constructor"], /Runtime: unknown component "constructor"/],
    [["roRegex"], /Runtime: "roRegex": invalid number of parameters/],
  ];
  for (const [values, words] of failing) {
    t.match(
      consoleOf(() => t.equal(g.createobject!(...values), null)),
      words,
    );
  }
  t.equal(
    errorOf(() => g.createobject!()),
    0xf1,
  );
  t.equal(
    errorOf(() => g.createobject!(5)),
    0x18,
  );
  t.equal(
    errorOf(() => g.createobject!("roArray", "x", true)),
    0x18,
  );
});

t.test("a line on the console begins on a line of its own", async (t) => {
  const text = consoleOf(() => {
    $.print(["begun", $.semicolon]);
    g.createobject!("roNone");
  });
  t.match(text, /^begun\nBRIGHTSCRIPT: ERROR: /);
});

t.test("type", async (t) => {
  const rows: readonly (readonly [Value, string])[] = [
    [5, "Integer"],
    [5n, "LongInteger"],
    [float(5), "Float"],
    [double(5), "Double"],
    ["5", "String"],
    [true, "Boolean"],
    [null, "Invalid"],
    [undefined, "<uninitialized>"],
    [g.left!, "Function"],
    [new RoArray(), "roArray"],
    [g.getinterface!(new RoArray(), "ifArray"), "Interface"],
  ];
  for (const [value, name] of rows) t.equal(g.type!(value), name);
  t.equal(g.type!("x", 3), "String");
});

t.test("getInterface", async (t) => {
  const rows: readonly (readonly [Value, string])[] = [
    [5, "ifInt"],
    [5n, "ifLongInt"],
    [float(5), "ifFloat"],
    [double(5), "ifDouble"],
    ["5", "IFSTRINGOPS"],
    [true, "ifBoolean"],
    [null, "ifToStr"],
    [g.left!, "ifFunction"],
    [new RoArray(), "ifArrayGet"],
  ];
  for (const [value, name] of rows) {
    t.match(printed(g.getinterface!(value, name)).toLowerCase(), `<interface: ${name.toLowerCase()}>`);
  }
  t.equal(g.getinterface!(5, "ifString"), null);
  t.equal(g.getinterface!(null, "ifArray"), null);
  t.equal(g.getinterface!(g.getinterface!(5, "ifInt"), "ifInt"), null);
});

t.test("an interface has its own methods only, called on the object", async (t) => {
  const array = new RoArray();
  const ifArray = g.getinterface!(array, "ifarray");
  call(ifArray, "push", 1);
  t.same([call(ifArray, "count"), array.items], [1, [1]]);
  t.equal(
    errorOf(() => call(ifArray, "sort")),
    0xf4,
  );
  t.equal(
    errorOf(() => call(ifArray, "push")),
    0xf5,
  );
  t.equal(call($.field(array, "ifarraysort"), "reverse"), null);
});

t.test("findMemberFunction", async (t) => {
  t.equal(
    printed(g.findmemberfunction!(RoAssociativeArray.of({}), "Count")),
    "<Interface: ifAssociativeArray>\n",
  );
  t.equal(printed(g.findmemberfunction!("abc", "LEN")), "<Interface: ifStringOps>\n");
  t.equal(g.findmemberfunction!(RoAssociativeArray.of({ mine: () => 1 }), "mine"), null);
});

t.test("getGlobalAA", async (t) => {
  t.equal(g.getglobalaa!(), $.m);
});

t.test("eval is no more", async (t) => {
  t.equal(
    errorOf(() => g.eval!("n=1")),
    0x90,
  );
});

t.test("run", async (t) => {
  const asked: unknown[] = [];
  const runs = (work: () => Value): void => {
    setRunner((paths, values) => {
      asked.push([paths, values]);
      return work();
    });
  };
  const result = (...values: Value[]): [Value, Value] => [g.run!(...values), g.getlastrunruntimeerror!()];

  t.equal(g.getlastrunruntimeerror!(), 0xff);
  runs(() => 4);
  t.same(result("pkg:/a.brs", 1, "x"), [4, 0xe2]);
  t.same(result(new RoArray(["pkg:/a.brs", g.box!("pkg:/b.brs")])), [4, 0xe2]);
  t.same(asked, [
    [["pkg:/a.brs"], [1, "x"]],
    [["pkg:/a.brs", "pkg:/b.brs"], []],
  ]);
  runs(() => undefined);
  t.same(result("a.brs"), [null, 0xfc]);
  runs(() => {
    throw new End();
  });
  t.same(result("a.brs"), [null, 0xfc], "end ends only the program that says it");
  runs(() => {
    throw new End(End.outputClosed);
  });
  t.throws(() => g.run!("a.brs"), new End(End.outputClosed));
  runs(() => {
    throw brsError("divisionByZero");
  });
  t.match(
    consoleOf(() => t.same(result("a.brs"), [null, 0x14])),
    /Divide by Zero\. \(runtime error &h14\)/,
  );
  t.equal(g.getlastruncompileerror!(), null);
  runs(() => {
    throw new NotCompiled([{ path: "pkg:/a.brs", line: 3, number: 2, message: "Syntax Error." }]);
  });
  t.equal(g.run!("pkg:/a.brs"), null);
  const [error] = (call(g.getlastruncompileerror!(), "toArray") as RoArray).items;
  t.same(
    ["errno", "errstr", "filespec", "lineno"].map((name) => $.field(error, name)),
    [2, "Syntax Error.", "pkg:/a.brs", 3],
  );
  t.equal(
    errorOf(() => g.run!(new RoArray([5]))),
    0x18,
  );
});
