import fc from "fast-check";
import t from "tap";
import { RoArray } from "#src/brightscript/library/array.js";
import { RoAssociativeArray } from "#src/brightscript/library/associative-array.js";
import { RoList } from "#src/brightscript/library/list.js";
import { $ } from "#src/brightscript/runtime/index.js";
import type { Value } from "#src/brightscript/runtime/values.js";
import { RoByteArray } from "#src/components/byte-array.js";
import { call, consoleOf, double, errorOf, float, g, printed, turns } from "./call.js";

const array = (...items: Value[]): RoArray => new RoArray(items);

t.test("places that were never set are invalid", async (t) => {
  const a = array();
  $.setIndex(a, 3, "x");
  t.equal(call(a, "count"), 4);
  t.same(
    [0, 2, 3, 4, -1].map((index) => $.index(a, index)),
    [null, null, "x", null, null],
  );
  t.equal(call(a, "getEntry", 9), null);
  call(a, "push", undefined);
  t.equal($.index(a, 4), null, "nor is a variable that has no value yet");
});

t.test("any number is an index, without its fraction; nothing else is", async (t) => {
  const a = array("a", "b", "c");
  for (const index of [float(1.9), double(1), 1n, $.g.box!(1)]) t.equal($.index(a, index), "b");
  for (const index of ["1", null, undefined, true, a]) {
    t.equal(
      errorOf(() => $.index(a, index)),
      0xe8,
    );
    t.equal(
      errorOf(() => $.setIndex(a, index, 0)),
      0xe8,
    );
  }
});

t.test("a negative index is not set, and the console says so", async (t) => {
  const a = array(1);
  t.match(
    consoleOf(() => $.setIndex(a, -1, 2)),
    /roArray.SetEntry: set ignored for negative array index/,
  );
  t.same(a.items, [1]);
});

t.test("adding and taking at both ends", async (t) => {
  const a = array();
  t.same(
    ["pop", "shift", "peek"].map((name) => call(a, name)),
    [null, null, null],
  );
  for (const value of [1, 2, 3]) call(a, "push", value);
  call(a, "unshift", 0);
  t.same(a.items, [0, 1, 2, 3]);
  t.same(
    ["peek", "pop", "shift"].map((name) => call(a, name)),
    [3, 3, 0],
  );
  t.same(a.items, [1, 2]);
});

t.test("delete closes the gap", async (t) => {
  const a = array(0, 1, 2);
  t.same(
    [3, -1, 1].map((index) => call(a, "delete", index)),
    [false, false, true],
  );
  t.same(a.items, [0, 2]);
});

t.test("append takes what was set, from any array or list", async (t) => {
  const holes = array();
  $.setIndex(holes, 2, null);
  const a = array(0);
  call(a, "append", holes);
  call(a, "append", new RoList([1, 2]));
  call(a, "append", RoByteArray.from([255]));
  t.same(a.items, [0, null, 1, 2, 255]);
  call(a, "append", a);
  t.equal(a.count(), 10, "also itself");
  for (const other of [null, RoAssociativeArray.of({})]) {
    t.match(
      consoleOf(() => call(a, "append", other)),
      /roArray.Append/,
    );
  }
  t.equal(a.count(), 10);
});

t.test("appending a very long array", async (t) => {
  const a = array();
  call(a, "append", new RoArray(new Array(300_000).fill(1)));
  t.equal(a.count(), 300_000);
});

t.test("a fixed size: what goes beyond is ignored, and the console says so", async (t) => {
  const a = g.createobject!("roArray", 2, false) as RoArray;
  t.equal(a.count(), 0);
  $.setIndex(a, 1, "b");
  const lines = consoleOf(() => {
    $.setIndex(a, 2, "c");
    call(a, "push", "c");
    call(a, "unshift", "c");
    call(a, "append", array("c"));
  });
  t.same(lines.match(/roArray\.\w+: set ignored for index out of bounds on non-resizable array/g)?.length, 4);
  t.same([...a.items], [undefined, "b"]);
  call(a, "pop");
  call(a, "push", "x");
  t.equal(call(a, "peek"), "x", "there is room again");
});

t.test("capacity", async (t) => {
  const a = g.createobject!("roArray", 5, true) as RoArray;
  const asked = (...values: [string, ...Value[]]): Value => call(a, ...values);
  t.same(
    [asked("isResizable"), asked("capacity"), asked("reserve", 9), asked("capacity")],
    [true, 5, true, 9],
  );
  t.same([asked("shrinkToFit"), asked("capacity")], [true, 0]);
  const fixed = g.createobject!("roArray", 2, false);
  t.same(
    [["isResizable"], ["capacity"], ["reserve", 2], ["reserve", 3], ["shrinkToFit"], ["capacity"]].map(
      ([name, ...values]) => call(fixed, name as string, ...values),
    ),
    [false, 2, true, false, false, 2],
  );
});

t.test("join: of strings only", async (t) => {
  t.equal(call(array("a", g.box!("b"), ""), "join", ", "), "a, b, ");
  t.equal(call(array(), "join", ","), "");
  t.equal(call(array("a", 1), "join", ","), "");
  const holes = array();
  $.setIndex(holes, 1, "x");
  t.equal(call(holes, "join", ","), "");
});

t.test("slice", async (t) => {
  const a = array("ape", "bat", "cow", "dog", "elk");
  const slices: [number[], string][] = [
    [[], "ape bat cow dog elk"],
    [[2], "cow dog elk"],
    [[1, 3], "bat cow"],
    [[-2], "dog elk"],
    [[0, -1], "ape bat cow dog"],
    [[1, 1], ""],
    [[3, 1], ""],
    [[-9, 99], "ape bat cow dog elk"],
  ];
  for (const [values, expected] of slices) {
    t.equal((call(a, "slice", ...values) as RoArray).join(" "), expected, `slice(${values})`);
  }
});

t.test("sort: numbers, then strings, then the rest", async (t) => {
  const object = RoAssociativeArray.of({});
  const sorted = (items: Value[], ...flags: string[]): Value[] => {
    const a = new RoArray(items);
    call(a, "sort", ...flags);
    return [...a.items];
  };
  const half = float(2.5);
  t.same(sorted([3, 1, 2n, half]), [1, 2n, half, 3]);
  t.same(sorted([3, 1, half], "r"), [3, half, 1]);
  t.same(sorted(["cat", "DOG", "bee"]), ["DOG", "bee", "cat"]);
  t.same(sorted(["cat", "DOG", "bee"], "i"), ["bee", "cat", "DOG"]);
  t.same(sorted(["cat", "DOG", "bee"], "ir"), ["DOG", "cat", "bee"]);
  t.same(sorted([object, "b", 2, null, "a", 1]), [1, 2, "a", "b", object, null]);
  t.same(sorted([3, 1, 2], "x"), [3, 1, 2], "flags that are none: nothing is done");
});

t.test("sort is stable, and forwards and backwards alike", async () => {
  const entry = fc.tuple(fc.constantFrom("a", "A", "b", "B"), fc.nat());
  fc.assert(
    fc.property(fc.array(entry), fc.constantFrom("", "r", "i", "ir"), (entries, flags) => {
      const key = (name: string): string => (flags.includes("i") ? name.toLowerCase() : name);
      const order = flags.includes("r") ? -1 : 1;
      const expected = entries
        .map(([name, id], at) => ({ name, id, at }))
        .sort(
          (x, y) =>
            order * (key(x.name) < key(y.name) ? -1 : Number(key(x.name) > key(y.name))) || x.at - y.at,
        );
      const a = new RoArray(entries.map(([name, id]) => RoAssociativeArray.of({ name, id })));
      call(a, "sortBy", "Name", flags);
      const ids = a.items.map((item) => (item as RoAssociativeArray).get("id"));
      return ids.length === expected.length && ids.every((id, i) => id === expected[i]!.id);
    }),
  );
});

t.test("sortBy: what has no such member comes last", async (t) => {
  const named = RoAssociativeArray.of({ NAME: "x" });
  const a = array(null, 5, RoAssociativeArray.of({}), named);
  call(a, "sortBy", "name");
  t.equal(a.items[0], named);
  t.equal(a.count(), 4);
});

t.test("reverse", async (t) => {
  const a = array(1, "one", 2);
  call(a, "reverse");
  t.same(a.items, [2, "one", 1]);
});

t.test("enumeration", async (t) => {
  const a = array("x", undefined);
  t.same(
    ["isNext", "next", "next", "isNext", "next"].map((name) => call(a, name)),
    [true, "x", null, false, null],
  );
  call(a, "reset");
  t.equal(call(a, "next"), "x");
  call(a, "clear");
  t.same(
    ["isEmpty", "isNext", "next"].map((name) => call(a, name)),
    [true, false, null],
  );
});

t.test("for each is live, and uses the position of the enumeration", async (t) => {
  const a = array(1, 2, 3, 4);
  const met: Value[] = [];
  for (const value of turns(a)) {
    met.push(value);
    if (value === 1) call(a, "push", 5);
    if (value === 3) call(a, "pop");
    call(a, "next");
  }
  t.same(met, [1, 3]);
  t.equal(call(a, "isNext"), false);
  call(a, "clear");
  t.same([...turns(a)], []);
});

t.test("print", async (t) => {
  const a = array(1, "x", null);
  $.setIndex(a, 4, array());
  t.equal(
    printed(a),
    '<Component: roArray> =\n[\n    1\n    "x"\n    invalid\n    invalid\n    <Component: roArray>\n]\n',
  );
});

t.test("misuse", async (t) => {
  t.equal(
    errorOf(() => call(array(), "push")),
    0xf5,
  );
  t.equal(
    errorOf(() => call(array(), "push", 1, 2)),
    0xf5,
  );
  t.equal(
    errorOf(() => call(array(), "delete", "x")),
    0x18,
  );
  t.equal(
    errorOf(() => call(array(), "nothing")),
    0xf4,
  );
});
