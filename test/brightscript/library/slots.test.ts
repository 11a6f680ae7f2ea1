/** Arrays and lists of a size at which they keep a gap, against JavaScript's arrays. */
import fc from "fast-check";
import t from "tap";
import { RoArray } from "#src/brightscript/library/array.js";
import { patience } from "../../support/index.js";

type Step = readonly [what: string, place: number, times: number];

t.test("whatever is put in and taken out, and in which order", async () => {
  const what = fc.constantFrom(
    "push",
    "pop",
    "shift",
    "unshift",
    "delete",
    "deleteOn",
    "deleteDown",
    "set",
    "all",
  );
  const step: fc.Arbitrary<Step> = fc.tuple(what, fc.nat(400), fc.integer({ min: 1, max: 120 }));
  fc.assert(
    fc.property(fc.nat(300), fc.array(step, { maxLength: 30 }), (size, steps) => {
      const model = Array.from({ length: size }, (_, i) => i);
      const array = new RoArray([...model]);
      let made = size;
      const single = (name: string, place: number): boolean => {
        const at = model.length === 0 ? 0 : place % model.length;
        if (name === "push" || name === "unshift") {
          array[name](made);
          return model[name](made++) > 0;
        }
        if (name === "pop") return array.pop() === (model.pop() ?? null);
        if (name === "shift") return array.shift() === (model.shift() ?? null);
        if (name === "all") return array.items.every((each, i) => each === model[i]);
        if (name === "set") {
          array.setEntry(at, made);
          model[at] = made++;
          return true;
        }
        return array.delete(at) === model.splice(at, 1).length > 0;
      };
      return steps.every(([name, place, times]) => {
        for (let i = 0; i < times; i++) {
          const at =
            name === "deleteOn" ? place + i : name === "deleteDown" ? Math.max(0, place - 2 * i) : place;
          if (!single(name, at)) return false;
        }
        const same = model.every((each, i) => array.at(i) === each);
        return (
          same &&
          array.at(-1) === undefined &&
          array.at(model.length) === undefined &&
          array.count() === model.length
        );
      });
    }),
    { numRuns: 500 },
  );
});

t.test("draining 400,000 items from either end takes linear time", async (t) => {
  const count = 400_000;
  const array = new RoArray();
  const start = process.hrtime.bigint();
  for (let i = 0; i < count; i++) array.unshift(i);
  for (let i = 0; i < count; i++) array.push(array.shift());
  while (array.count() > count / 2) array.shift();
  while (array.count() > 0) array.pop();
  const took = Number(process.hrtime.bigint() - start) / 1e6;
  t.ok(took < 5000 * patience, `a tenth of a second, not minutes: ${took} ms`);
});

t.test(
  "so does taking out at both ends in turn, and far from where something was last taken out",
  async (t) => {
    const count = 200_000;
    const array = new RoArray(Array.from({ length: count }, (_, i) => i));
    const start = process.hrtime.bigint();
    for (let i = 0; i < 20_000; i++) {
      array.delete(array.count() - 1);
      array.pop();
      array.shift();
      array.delete(array.count() - 1);
      array.unshift(i);
    }
    const took = Number(process.hrtime.bigint() - start) / 1e6;
    t.equal(array.count(), count - 60_000);
    t.ok(took < 5000 * patience, `some milliseconds, not minutes: ${took} ms`);
  },
);
