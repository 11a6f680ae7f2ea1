import t from "tap";
import { $ } from "#src/brightscript/runtime/index.js";
import type { Value } from "#src/brightscript/runtime/values.js";
import { call, double, errorOf, float, g, printed } from "./call.js";

type Row = readonly [component: string, intrinsic: Value, accessors: string, printed: string];

const rows: readonly Row[] = [
  ["roInt", 5, "Int", " 5"],
  ["roLongInteger", 9876543210n, "LongInt", " 9876543210"],
  ["roFloat", float(2.5), "Float", " 2.5"],
  ["roDouble", double(2.5), "Double", " 2.5"],
  ["roBoolean", true, "Boolean", "true"],
  ["roString", "text", "String", "text"],
];

t.test("each intrinsic type has a component", async (t) => {
  for (const [component, value, accessors, text] of rows) {
    const box = g.box!(value);
    t.equal(g.type!(box), component);
    t.equal(g.box!(box), box, "a component is passed through");
    t.same(call(box, `get${accessors}`), value);
    t.ok($.eq(box, value) && $.eq(value, box) && $.eq(box, g.box!(value)), "it equals the value");
    t.equal(printed(box), `${text}\n`);
    t.equal(call(box, "toStr"), text.trim());
    t.equal(call(value, "toStr"), text.trim());
    const made = g.createobject!(component);
    t.equal(g.type!(made), component);
    call(made, `set${accessors}`, value);
    t.same(call(made, `get${accessors}`), value);
    t.same(call(value, `get${accessors}`), value, "the value itself has its component's methods");
  }
});

t.test("what is set is converted", async (t) => {
  const int = g.createobject!("roInt");
  call(int, "setInt", float(2.9));
  t.equal(call(int, "getInt"), 2);
  t.equal(
    errorOf(() => call(int, "setInt", "2")),
    0x18,
  );
  const real = g.createobject!("roFloat");
  call(real, "setFloat", 3);
  t.same(call(real, "getFloat"), float(3));
});

t.test("invalid and functions", async (t) => {
  const none = g.createobject!("roInvalid");
  t.ok($.eq(none, null));
  t.equal(call(none, "toStr"), "invalid");
  t.equal(g.type!(g.box!(null)), "roInvalid");
  const box = g.box!(g.left!);
  t.equal(g.type!(box), "roFunction");
  t.equal(call(box, "getSub"), g.left!);
  const made = g.createobject!("roFunction");
  t.equal(call(made, "getSub"), null);
  call(made, "setSub", g.left!);
  t.equal(call(made, "getSub"), g.left!);
  t.equal(
    errorOf(() => call(made, "setSub", 5)),
    0x18,
  );
});

t.test("references share one value", async (t) => {
  const box = g.box!(5);
  const same = box;
  call(box, "setInt", 6);
  t.equal(call(same, "getInt"), 6);
  t.equal($.add(same, 1), 7);
});
