import fc from "fast-check";
import t from "tap";
import { RoArray } from "#src/brightscript/library/array.js";
import { RoList } from "#src/brightscript/library/list.js";
import { $ } from "#src/brightscript/runtime/index.js";
import type { Value } from "#src/brightscript/runtime/values.js";
import { call, errorOf, g, printed } from "./call.js";

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

t.test("the position stays with its item", async () => {
  // A model of linked items: the position is an item, not a number.
  const step = fc.constantFrom(
    "getIndex",
    "removeIndex",
    "resetIndex",
    "addHead",
    "addTail",
    "removeHead",
    "removeTail",
  );
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const list = new RoList();
      const items: { value: number }[] = [];
      let at: { value: number } | undefined;
      let ended = false;
      let made = 0;
      const next = (item: { value: number } | undefined) =>
        item ? items[items.indexOf(item) + 1] : undefined;
      const drop = (item: { value: number } | undefined): number | null => {
        if (item === undefined) return null;
        if (item === at) {
          at = next(item);
          ended = at === undefined;
        }
        items.splice(items.indexOf(item), 1);
        return item.value;
      };
      const current = () => (at ??= ended ? undefined : items[0]);
      const model: Record<string, (value: { value: number }) => unknown> = {
        getIndex: () => {
          const item = current();
          at = next(item);
          ended ||= item !== undefined && at === undefined;
          return item?.value ?? null;
        },
        removeIndex: () => drop(current()),
        resetIndex: () => {
          at = undefined;
          ended = false;
          return items.length > 0;
        },
        addHead: (item) => {
          // At the first item the position stays the first.
          const first = items.length === 0 || current() === items[0];
          items.unshift(item);
          if (first) at = item;
          if (first) ended = false;
          return null;
        },
        addTail: (item) => {
          items.push(item);
          if (ended) at = item;
          ended = false;
          return null;
        },
        removeHead: () => drop(items[0]),
        removeTail: () => drop(items.at(-1)),
      };
      return steps.every((name) => {
        const value = made++;
        const expected = model[name]!({ value });
        const found = name.startsWith("add") ? call(list, name, value) : call(list, name);
        return found === expected || name.startsWith("add");
      });
    }),
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
  for (const value of $.each(list)) {
    met.push(value);
    call(list, "removeHead");
  }
  t.same(met, [1, 3]);
  t.same(list.items, [3]);
});

t.test("print", async (t) => {
  t.equal(printed(new RoList([1, "x"])), '<Component: roList> =\n(\n    1\n    "x"\n)\n');
});
