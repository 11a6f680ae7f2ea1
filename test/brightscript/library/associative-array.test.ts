import fc from "fast-check";
import t from "tap";
import type { RoArray } from "#src/brightscript/library/array.js";
import { RoAssociativeArray } from "#src/brightscript/library/associative-array.js";
import { $ } from "#src/brightscript/runtime/index.js";
import type { BrsFunction, Value } from "#src/brightscript/runtime/values.js";
import { call, consoleOf, errorOf, g, printed, turns } from "./call.js";

const of = RoAssociativeArray.of;
const keys = (aa: Value): Value[] => (call(aa, "keys") as RoArray).items;

t.test("keys without regard to case; the last spelling stays", async (t) => {
  const aa = g.createobject!("roAssociativeArray");
  $.setField(aa, "NewKey", 1);
  t.same(keys(aa), ["newkey"], "after a dot they are in lower case");
  $.setIndex(aa, "NEWKEY", 2);
  t.same(keys(aa), ["NEWKEY"]);
  t.same([$.field(aa, "newkey"), $.index(aa, "newKey"), call(aa, "lookup", "NewKey")], [2, 2, 2]);
  call(aa, "addReplace", "NewKey", 3);
  t.same([keys(aa), call(aa, "count")], [["NewKey"], 1]);
  $.setField(aa, "newkey", 4);
  t.same([keys(aa), $.index(aa, "NEWKEY")], [["newkey"], 4]);
});

t.test("what is not there is invalid", async (t) => {
  const aa = of({ there: null });
  t.same(
    [$.field(aa, "a"), $.index(aa, "a"), call(aa, "lookup", "a"), call(aa, "lookupCI", "a")],
    Array(4).fill(null),
  );
  t.same(
    ["there", "THERE", "a"].map((key) => call(aa, "doesExist", key)),
    [true, true, false],
  );
  t.equal(aa.get("a"), undefined);
  aa.set("unset", undefined);
  t.equal(aa.get("unset"), null, "a variable without a value is there");
});

t.test("delete, clear", async (t) => {
  const aa = of({ One: 1, two: 2 });
  t.same(
    ["ONE", "one", "x"].map((key) => call(aa, "delete", key)),
    [true, false, false],
  );
  t.same(keys(aa), ["two"]);
  call(aa, "clear");
  t.same([call(aa, "count"), call(aa, "isEmpty"), keys(aa)], [0, true, []]);
});

t.test("keys, values, items: in the order of the keys", async (t) => {
  const aa = of({ two: 2, one: 1, Three: 3 });
  t.same(keys(aa), ["Three", "one", "two"]);
  t.same((call(aa, "values") as RoArray).items, [3, 1, 2]);
  const items = (call(aa, "items") as RoArray).items.map((item) => [
    $.field(item, "key"),
    $.field(item, "value"),
  ]);
  t.same(items, [
    ["Three", 3],
    ["one", 1],
    ["two", 2],
  ]);
  t.equal(printed(aa), "<Component: roAssociativeArray> =\n{\n    Three: 3\n    one: 1\n    two: 2\n}\n");
});

t.test("append", async (t) => {
  const aa = of({ a: 1, b: 2 });
  call(aa, "append", of({ B: 3, c: 4 }));
  t.same(
    [keys(aa), (call(aa, "values") as RoArray).items],
    [
      ["B", "a", "c"],
      [3, 1, 4],
    ],
  );
  call(aa, "append", aa);
  t.equal(call(aa, "count"), 3);
  t.match(
    consoleOf(() => call(aa, "append", null)),
    /roAssociativeArray.Append/,
  );
});

t.test("case-sensitive mode", async (t) => {
  const aa = of({ Old: 0 });
  call(aa, "setModeCaseSensitive");
  $.setIndex(aa, "Key", 1);
  $.setIndex(aa, "KEY", 2);
  t.same(
    ["Key", "KEY", "key", "old"].map((key) => $.index(aa, key)),
    [1, 2, null, null],
  );
  t.same(
    [call(aa, "lookup", "key"), call(aa, "doesExist", "key"), call(aa, "delete", "key")],
    [null, false, false],
  );
  t.equal($.field(aa, "old"), 0, "the dot is without regard to case all the same");
  t.equal(call(aa, "lookupCI", "OLD"), 0);
  t.equal($.field(aa, "key"), 2);
  call(aa, "delete", "KEY");
  t.equal($.field(aa, "key"), 1);
  $.setField(aa, "Key", 3);
  t.same(
    [$.index(aa, "Key"), $.index(aa, "key"), $.field(aa, "key")],
    [1, 3, 3],
    "what the dot sets is in lower case",
  );
});

t.test("a key is a string", async (t) => {
  const aa = of({ a: 1 });
  t.equal($.index(aa, g.box!("a")), 1);
  for (const key of [1, null, undefined, aa])
    t.equal(
      errorOf(() => $.index(aa, key)),
      0x18,
    );
  t.equal(
    errorOf(() => call(aa, "lookup", 1)),
    0x18,
  );
});

t.test("keys that JavaScript knows", async (t) => {
  const aa = of({});
  const names = ["constructor", "__proto__", "toString", "$type", "$$type", "$get", ""];
  for (const name of names) t.equal($.index(aa, name), null);
  for (const name of names) $.setIndex(aa, name, () => 1);
  t.equal(call(aa, "count"), names.length);
  t.equal(g.type!(aa), "roAssociativeArray");
});

t.test("member functions get the array as m", async (t) => {
  const aa = of({ n: 20 });
  aa.set("Twice", function (this: RoAssociativeArray, x: number): Value {
    return (this.get("n") as number) + x;
  });
  t.equal(call(aa, "twice", 1), 21);
});

t.test("a member function stands before a method; another member does not", async (t) => {
  const aa = of({ count: 5 });
  t.same([call(aa, "count"), $.field(aa, "count")], [1, 5]);
  const mine: BrsFunction = () => "mine";
  aa.set("COUNT", mine);
  t.same([call(aa, "count"), $.field(aa, "count")], ["mine", mine]);
  t.equal(call($.field(aa, "ifassociativearray"), "count"), 1, "the interface has its own methods");
  t.equal(aa.count(), 1);
  aa.set("count", 5);
  t.equal(call(aa, "count"), 1);
  for (const leave of [
    () => call(aa, "delete", "count"),
    () => call(aa, "clear"),
    () => aa.set("Count", null),
  ]) {
    aa.set("count", mine);
    t.equal(call(aa, "count"), "mine");
    leave();
    t.equal(call(aa, "count"), aa.count());
  }
  t.equal(of({}).count(), call(of({}), "count"), "other arrays are as they were");
});

t.test("a member function that another spelling hides comes back when that is deleted", async (t) => {
  const aa = of({ count: 0 });
  call(aa, "setModeCaseSensitive");
  aa.set("Count", () => "mine");
  t.equal(call(aa, "count"), 2);
  call(aa, "delete", "count");
  t.equal(call(aa, "count"), "mine");
});

t.test("a method that there is no member of is no value", async (t) => {
  t.equal($.field(of({}), "items"), null);
});

t.test("enumeration: the keys as they were at its beginning, less those deleted", async (t) => {
  const aa = of({ b: 1 });
  t.same(
    [call(aa, "isNext"), call(aa, "next"), call(aa, "isNext"), call(aa, "next")],
    [true, "b", false, null],
  );
  aa.set("a", 0);
  t.equal(call(aa, "isNext"), false);
  call(aa, "reset");
  t.equal(call(aa, "next"), "a");
  call(aa, "delete", "b");
  t.same([call(aa, "isNext"), call(aa, "next")], [false, null]);
  const late = of({});
  t.equal(call(late, "isNext"), false);
  late.set("x", 1);
  t.equal(call(late, "next"), "x");
});

t.test("for each: changes within it do no harm", async (t) => {
  const aa = of({ c: 3, a: 1, b: 2 });
  const met: Value[] = [];
  for (const key of turns(aa)) {
    met.push(key);
    if (key === "a") {
      call(aa, "delete", "b");
      aa.set("d", 4);
    }
  }
  t.same(met, ["a", "c"]);
});

t.test("against a model", async () => {
  const key = fc.constantFrom("a", "A", "b", "B", "aB", "Ab", "count", "Count");
  const step = fc.tuple(
    fc.constantFrom("bracket", "dot", "delete", "clear", "sensitive", "get", "field", "exists", "function"),
    key,
    fc.nat(9),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const aa = of({});
      let entries: { key: string; value: Value }[] = [];
      let sensitive = false;
      const same = (a: string, b: string): boolean =>
        sensitive ? a === b : a.toLowerCase() === b.toLowerCase();
      const drop = (key: string): void => {
        entries = entries.filter((entry) => !same(entry.key, key));
      };
      const put = (key: string, value: Value): void => {
        const found = entries.find((entry) => entry.key === key);
        if (found) found.value = value;
        else {
          drop(key);
          entries.push({ key, value });
        }
      };
      const anyCase = (key: string): Value => {
        const lower = key.toLowerCase();
        const found = entries.filter((entry) => entry.key.toLowerCase() === lower);
        return (found.find((entry) => entry.key === lower) ?? found.at(-1))?.value ?? null;
      };
      for (const [action, key, number] of steps) {
        const value = action === "function" ? () => number : number;
        if (action === "bracket" || action === "function") {
          $.setIndex(aa, key, value);
          put(key, value);
        } else if (action === "dot") {
          $.setField(aa, key, value);
          put(key.toLowerCase(), value);
        } else if (action === "delete") {
          aa.delete(key);
          drop(key);
        } else if (action === "clear" && number === 0) {
          aa.clear();
          entries = [];
        } else if (action === "sensitive" && number < 3) {
          aa.setModeCaseSensitive();
          sensitive = true;
        }
        const found = entries.find((entry) => same(entry.key, key));
        if ($.index(aa, key) !== (found?.value ?? null)) return false;
        if (aa.doesExist(key) !== (found !== undefined)) return false;
        if ($.field(aa, key.toLowerCase()) !== anyCase(key)) return false;
        const count = anyCase("count");
        if (call(aa, "count") !== (typeof count === "function" ? count() : entries.length)) return false;
      }
      return (
        keys(aa).join() ===
        entries
          .map((entry) => entry.key)
          .sort()
          .join()
      );
    }),
  );
});
