import fc from "fast-check";
import t from "tap";
import { RoArray } from "#src/brightscript/library/array.js";
import { RoAssociativeArray } from "#src/brightscript/library/associative-array.js";
import { RoByteArray } from "#src/brightscript/library/byte-array.js";
import { RoList } from "#src/brightscript/library/list.js";
import { RoXMLList } from "#src/brightscript/library/xml.js";
import { $ } from "#src/brightscript/runtime/index.js";
import type { Value } from "#src/brightscript/runtime/values.js";
import { call, errorOf, g, printed, turns } from "./call.js";

t.test("both ends", async (t) => {
  const list = g.createobject!("roList") as RoList;
  t.same(
    ["getHead", "getTail", "removeHead", "removeTail"].map((name) => call(list, name)),
    [null, null, null, null],
  );
  call(list, "addTail", "b");
  call(list, "addHead", "a");
  call(list, "addTail", "c");
  t.same(
    ["count", "getHead", "getTail"].map((name) => call(list, name)),
    [3, "a", "c"],
  );
  t.same(
    ["removeHead", "removeTail", "removeHead", "count"].map((name) => call(list, name)),
    ["a", "c", "b", 0],
  );
});

t.test("the position", async (t) => {
  const list = new RoList(["a", "b", "c"]);
  t.equal(call(list, "resetIndex"), true);
  t.equal(call(list, "getIndex"), "a");
  t.equal(call(list, "removeIndex"), "b");
  t.equal(call(list, "getIndex"), "c");
  t.same(
    ["getIndex", "removeIndex"].map((name) => call(list, name)),
    [null, null],
    "past the end",
  );
  t.same([...list.items], ["a", "c"]);
  t.equal(call(new RoList(), "resetIndex"), false);
});

t.test("before they are reset, and past the end, both positions are nowhere", async (t) => {
  const asked = (list: Value) =>
    ["getIndex", "removeIndex", "isNext", "next"].map((name) => call(list, name));
  const nowhere = [null, null, false, null];
  const list = new RoList();
  t.strictSame(asked(list), nowhere);
  for (const value of ["a", "b"]) call(list, "addTail", value);
  t.strictSame(asked(list), nowhere, "what is added does not change that");
  call(list, "reset");
  t.strictSame([call(list, "isNext"), call(list, "getIndex")], [true, null], "they are two");
  t.strictSame(
    ["next", "next", "isNext", "next"].map((name) => call(list, name)),
    ["a", "b", false, null],
  );
  call(list, "resetIndex");
  t.strictSame([call(list, "getIndex"), call(list, "getIndex")], ["a", "b"]);
  call(list, "addTail", "c");
  t.strictSame(asked(list), nowhere, "nor past the end");
  call(list, "reset");
  call(list, "resetIndex");
  call(list, "clear");
  call(list, "addTail", "d");
  t.strictSame(asked(list), nowhere, "clear() takes them away");
  t.strictSame(asked(new RoXMLList(["x"])), nowhere, "so it is with an roXMLList");
});

t.test("the other components are at their start before reset()", async (t) => {
  const bytes = RoByteArray.from([5]);
  const made = [new RoArray(["a"]), RoAssociativeArray.of({ k: 1 }), bytes];
  t.strictSame(
    made.map((each) => [call(each, "isNext"), call(each, "next"), call(each, "isNext"), call(each, "next")]),
    [
      [true, "a", false, null],
      [true, "k", false, null],
      [true, 5, false, null],
    ],
  );
  const empty = [new RoArray(), RoAssociativeArray.of({}), new RoByteArray()];
  t.strictSame(
    empty.map((each) => [call(each, "isNext"), call(each, "next")]),
    Array(3).fill([false, null]),
  );
});

t.test("the positions stay with their items", async () => {
  // A model of linked items: a position is an item, not a number.
  const step = fc.constantFrom(
    ...["getIndex", "removeIndex", "resetIndex", "next", "isNext", "reset", "addHead", "addTail"],
    ...["removeHead", "removeTail", "delete"],
  );
  interface Item {
    readonly value: number;
  }
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const list = new RoList();
      const items: Item[] = [];
      let index: Item | undefined;
      let next: Item | undefined;
      let made = 0;
      const after = (item: Item | undefined) => item && items[items.indexOf(item) + 1];
      const drop = (item: Item | undefined): number | null => {
        if (item === undefined) return null;
        if (item === index) index = after(item);
        if (item === next) next = after(item);
        items.splice(items.indexOf(item), 1);
        return item.value;
      };
      const model: Record<string, (item: Item) => unknown> = {
        getIndex: () => {
          const value = index?.value ?? null;
          index = after(index);
          return value;
        },
        removeIndex: () => drop(index),
        resetIndex: () => {
          index = items[0];
          return index !== undefined;
        },
        next: () => {
          const value = next?.value ?? null;
          next = after(next);
          return value;
        },
        isNext: () => next !== undefined,
        reset: () => {
          next = items[0];
          return null;
        },
        addHead: (item) => {
          items.unshift(item);
          return null;
        },
        addTail: (item) => {
          items.push(item);
          return null;
        },
        removeHead: () => drop(items[0]),
        removeTail: () => drop(items.at(-1)),
        delete: () => drop(items[1]) !== null,
      };
      return steps.every((name) => {
        const value = made++;
        const expected = model[name]!({ value });
        const values = name.startsWith("add") ? [value] : name === "delete" ? [1] : [];
        return call(list, name, ...values) === expected;
      });
    }),
    { numRuns: 1000 },
  );
});

t.test("as an array", async (t) => {
  const list = new RoList([1]);
  call(list, "push", 2);
  $.setIndex(list, 2, 3);
  t.equal($.index(list, 2), 3);
  const array = call(list, "toArray") as RoArray;
  t.type(array, RoArray);
  call(array, "push", 4);
  t.equal(list.count(), 3, "toArray gives a copy");
  t.equal(
    errorOf(() => call(list, "sort")),
    0xf4,
    "it has not all that roArray has",
  );
});

t.test("removing within for each", async (t) => {
  const list = new RoList([1, 2, 3]);
  const met: Value[] = [];
  for (const value of turns(list)) {
    met.push(value);
    call(list, "removeHead");
  }
  t.same(met, [1, 2, 3]);
  t.same(list.items, []);
});

t.test("print", async (t) => {
  t.equal(printed(new RoList([1, "x"])), '<Component: roList> =\n(\n    1\n    "x"\n)\n');
});
