import t from "tap";
import { RoArray } from "#src/brightscript/library/array.js";
import { RoAssociativeArray } from "#src/brightscript/library/associative-array.js";
import { RoList } from "#src/brightscript/library/list.js";
import { $ } from "#src/brightscript/runtime/index.js";
import type { Value } from "#src/brightscript/runtime/values.js";
import { call, double, float, g } from "./call.js";

const utils = g.createobject!("roUtils");

t.test("deepCopy", async (t) => {
  const shared = new RoArray([1]);
  const sensitive = RoAssociativeArray.of({ Key: 1 });
  sensitive.setModeCaseSensitive();
  const bytes = g.createobject!("roByteArray");
  call(bytes, "push", 1);
  const original = RoAssociativeArray.of({
    number: float(1.5),
    boxed: g.box!("text"),
    shared,
    again: shared,
    sensitive,
    list: new RoList(["a", g.left!]),
    bytes,
    clock: g.createobject!("roTimespan"),
    clocks: new RoArray([g.createobject!("roTimespan"), 2]),
  });
  original.set("self", original);
  const copied = call(utils, "deepCopy", original) as RoAssociativeArray;

  t.equal(call(utils, "isSameObject", original, copied), false);
  t.equal(call(utils, "isSameObject", original, original), true);
  t.equal(copied.get("self"), copied);
  t.equal(copied.doesExist("clock"), false);
  t.equal(g.formatjson!(copied.get("clocks")), "[null,2]");
  t.equal(copied.get("shared"), copied.get("again"));
  call(copied.get("shared"), "push", 2);
  t.same(shared.items, [1]);
  t.same(copied.get("number"), float(1.5));
  call(copied.get("boxed"), "setString", "other");
  t.equal(call(original.get("boxed"), "getString"), "text");
  t.equal($.index(copied.get("sensitive"), "KEY"), null, "the mode is the same");
  t.type(copied.get("list"), RoList);
  t.same((copied.get("list") as RoList).items, ["a", g.left!]);
  call(copied.get("bytes"), "push", 3);
  t.equal(call(bytes, "count"), 1);
});

t.test("deepCopy of what is no collection", async (t) => {
  t.equal(call(utils, "deepCopy", null), null);
  t.equal(call(utils, "deepCopy", utils), null);
  t.equal(g.type!(call(utils, "deepCopy", 5)), "roInt", "an argument as Object is boxed");
});

t.test("hasComponent", async (t) => {
  t.same(
    ["ROARRAY", "roNone", ""].map((name) => call(utils, "hasComponent", name)),
    [true, false, false],
  );
});

t.test("isNumber, isInteger, isFloatingPoint, isString: of values and of their components", async (t) => {
  const kinds: [value: Value, number: boolean, integer: boolean, floating: boolean, string: boolean][] = [
    [42, true, true, false, false],
    [2n ** 40n, true, true, false, false],
    [float(1.5), true, false, true, false],
    [double(1.5), true, false, true, false],
    ["42", false, false, false, true],
    ["", false, false, false, true],
    [true, false, false, false, false],
    [g.left!, false, false, false, false],
  ];
  const asked = (value: Value) =>
    ["isNumber", "isInteger", "isFloatingPoint", "isString"].map((name) => call(utils, name, value));
  for (const [value, ...answers] of kinds) {
    t.same(asked(value), answers, `${typeof value}`);
    t.same(asked(g.box!(value)), answers, `${typeof value}, boxed`);
  }
  for (const value of [null, undefined, g.box!(null), new RoArray([1]), RoAssociativeArray.of({}), utils]) {
    t.same(asked(value), [false, false, false, false]);
  }
});
