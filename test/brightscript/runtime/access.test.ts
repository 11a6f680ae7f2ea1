import t from "tap";
import { RoArray } from "#src/brightscript/library/array.js";
import { RoAssociativeArray } from "#src/brightscript/library/associative-array.js";
import { box } from "#src/brightscript/library/boxed.js";
import {
  attribute,
  field,
  fn,
  index,
  isInvalid,
  member,
  missing,
  setField,
  setIndex,
} from "#src/brightscript/runtime/access.js";
import { redirect } from "#src/brightscript/runtime/console.js";
import type { Value } from "#src/brightscript/runtime/values.js";
import { float, outcome, shown, turns } from "./shown.js";

const dot = "&hec 'Dot' Operator attempted with invalid BrightScript Component or interface reference.";
const uninitialized = "&he9 Use of uninitialized variable.";
const noMember = "&hf4 Member function not found in BrightScript Component or interface.";
const notArray = "&he7 Array operation attempted on variable not DIM'd.";
const intrinsic = [5, 5n, "x", true, float(1.5), () => null];

t.test("fields", async (t) => {
  const aa = RoAssociativeArray.of({ a: 1 });
  t.equal(field(aa, "a"), 1);
  t.equal(field(aa, "b"), null);
  setField(aa, "NewKey", 2);
  t.equal(field(aa, "newkey"), 2);
  t.equal(
    outcome(() => field(new RoArray(), "foo")),
    noMember,
  );
  t.equal(
    outcome(() => field(null, "foo")),
    dot,
  );
  t.equal(
    outcome(() => field(undefined, "foo")),
    uninitialized,
  );
  for (const value of intrinsic) {
    t.equal(
      outcome(() => field(value, "foo")),
      "&h2 Syntax Error.",
    );
  }
});

t.test("setting fields", async (t) => {
  const set = (value: Value): string => outcome(() => setField(value, "a", 1) as unknown as Value);
  t.equal(set(new RoArray()), noMember);
  for (const value of [null, undefined, ...intrinsic]) {
    t.equal(set(value), "&he4 Invalid value for left-side of expression.");
  }
});

t.test("interfaces after a dot", async (t) => {
  const array = new RoArray([1, 2]);
  const ifArray = field(array, "ifarray");
  t.equal(shown(ifArray), "Interface <Interface: ifArray>");
  t.equal((ifArray as { $count(): Value }).$count(), 2);
  t.equal(shown(field("abc", "ifstringops")), "Interface <Interface: ifStringOps>");
});

t.test("indices", async (t) => {
  const array = new RoArray([1, 2]);
  t.equal(index(array, 1), 2);
  setIndex(array, 3, 4);
  t.equal(index(array, 2), null);
  t.equal(index(array, 3), 4);
  for (const value of [null, undefined, ...intrinsic]) {
    t.equal(
      outcome(() => index(value, 0)),
      notArray,
    );
    t.equal(
      outcome(() => setIndex(value, 0, 1) as unknown as Value),
      notArray,
    );
  }
});

t.test("attributes", async (t) => {
  const element = { $$attribute: (name: string) => `the ${name}` };
  t.equal(attribute(element, "id"), "the id");
  t.equal(
    outcome(() => attribute(new RoArray(), "id")),
    noMember,
  );
  t.equal(
    outcome(() => attribute(null, "id")),
    dot,
  );
  t.equal(
    outcome(() => attribute(undefined, "id")),
    uninitialized,
  );
});

t.test("member functions of associative arrays", async (t) => {
  const f = (): Value => null;
  const aa = RoAssociativeArray.of({ f, n: 5 });
  t.equal(missing(aa, "f"), f);
  t.equal(
    outcome(() => missing(aa, "g")),
    noMember,
  );
  t.equal(
    outcome(() => missing(aa, "n")),
    "&he0 Function Call Operator ( ) attempted on non-function.",
  );
  t.equal(
    outcome(() => missing(new RoArray(), "g")),
    noMember,
  );
  t.equal(member(aa, "g"), null, "for aa.g?()");
  t.equal(member(aa, "f"), f);
});

t.test("methods of intrinsic values", async (t) => {
  const call = (value: Value, name: string, ...values: Value[]): Value =>
    missing(value, name).call(value, ...values);
  t.equal(call("abc", "len"), 3);
  t.equal(call("abc", "mid", 1, 1), "b");
  t.equal(call(5, "tostr"), "5");
  t.equal(call(float(1.5), "tostr"), "1.5");
  t.equal(call(true, "tostr"), "true");
  t.equal(call(null, "tostr"), "invalid");
  t.equal(
    outcome(() => call(5, "foo")),
    noMember,
  );
  t.equal(
    outcome(() => call("abc", "len", 1)),
    "&hf5 BrightScript Component function call does not have the correct number of parameters.",
  );
  t.equal(
    outcome(() => call(null, "count")),
    dot,
  );
  t.equal(
    outcome(() => call(undefined, "count")),
    uninitialized,
  );
});

t.test("what can be called", async (t) => {
  const f = (): null => null;
  t.equal(fn(f), f);
  t.equal(fn(box(f)), f);
  for (const value of [5, "f", null, undefined, new RoArray()]) {
    t.equal(
      outcome(() => fn(value)),
      "&he0 Function Call Operator ( ) attempted on non-function.",
    );
  }
});

t.test("optional chaining looks for invalid alone", async (t) => {
  t.equal(isInvalid(null), true);
  t.equal(isInvalid(box(null)), true);
  for (const value of [false, 0, "", new RoArray()]) t.equal(isInvalid(value), false);
  t.equal(
    outcome(() => isInvalid(undefined)),
    uninitialized,
  );
});

t.test("for each", async (t) => {
  t.same([...turns(new RoArray([1, undefined, 3]))], [1, null, 3]);
  t.same([...turns(RoAssociativeArray.of({ b: 1, a: 2 }))], ["a", "b"]);

  const said: string[] = [];
  redirect((bytes) => said.push(Buffer.from(bytes).toString()));
  t.teardown(() => redirect());
  t.same([...turns(null)], []);
  t.same([...turns(5)], []);
  t.same(said, [
    "BRIGHTSCRIPT: ERROR: Runtime: FOR EACH value is Invalid\n",
    "BRIGHTSCRIPT: ERROR: Runtime: FOR EACH value is not an enumerable object\n",
  ]);
});
