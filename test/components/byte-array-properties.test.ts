import fc from "fast-check";
import t from "tap";
import { storageOf } from "#src/bytes.js";
import { commit, bytesOf as memoryOf, RoByteArray } from "#src/components/byte-array.js";

const MOST = 2 ** 31 - 1;
const bytesOf = (array: RoByteArray) => [...array.toUint8Array()];
/** Bytes past the count must be zero: the sockets and setEntry build on it. */
const clean = (array: RoByteArray) =>
  storageOf(memoryOf(array))
    .subarray(array.count())
    .every((byte) => byte === 0);

/** The same calls on an array of numbers, with the size that may not be passed. */
class Model {
  values: number[] = [];
  limit = MOST;
  size = 0;
  set(values: number[]) {
    if (values.length <= this.limit) this.values = values.map((value) => value & 255);
  }
}

type Step = (array: RoByteArray, model: Model) => unknown;
const value$ = fc.integer();
const index$ = fc.integer({ min: -3, max: 40 });
const list$ = fc.array(fc.nat({ max: 255 }), { maxLength: 20 });
const step$: fc.Arbitrary<Step> = fc.oneof(
  value$.map(
    (v): Step =>
      (a, m) => [a.push(v), m.set([...m.values, v])],
  ),
  value$.map(
    (v): Step =>
      (a, m) => [a.unshift(v), m.set([v, ...m.values])],
  ),
  fc.constant<Step>((a, m) => a.pop() === (m.values.pop() ?? null)),
  fc.constant<Step>((a, m) => a.shift() === (m.values.shift() ?? null)),
  fc.constant<Step>((a, m) => a.peek() === (m.values.at(-1) ?? null)),
  index$.map(
    (i): Step =>
      (a, m) =>
        a.delete(i) === (i >= 0 && m.values.splice(i, 1).length === 1),
  ),
  index$.map(
    (i): Step =>
      (a, m) =>
        a.getEntry(i) === (m.values[i] ?? null),
  ),
  fc.tuple(index$, value$).map(
    ([i, v]): Step =>
      (a, m) => {
        a.setEntry(i, v);
        if (i >= 0)
          m.set(
            Array.from({ length: Math.max(i + 1, m.values.length) }, (_, at) =>
              at === i ? v : (m.values[at] ?? 0),
            ),
          );
      },
  ),
  list$.map(
    (list): Step =>
      (a, m) => [a.append(RoByteArray.from(list)), m.set([...m.values, ...list])],
  ),
  list$.map(
    (list): Step =>
      (a, m) => [a.fromHexString(Buffer.from(list).toString("hex")), m.set(list)],
  ),
  list$.map(
    (list): Step =>
      (a, m) => [a.fromBase64String(Buffer.from(list).toString("base64")), m.set(list)],
  ),
  fc.string({ unit: "binary", maxLength: 8 }).map(
    (s): Step =>
      (a, m) => [a.fromAsciiString(s), m.set([...Buffer.from(s)])],
  ),
  fc.tuple(index$, index$).map(
    ([i, j]): Step =>
      (a, m) =>
        bytesOf(a.slice(i, j)).join() === m.values.slice(i, j).join(),
  ),
  fc.tuple(index$, fc.boolean()).map(
    ([size, auto]): Step =>
      (a, m) => {
        a.setResize(size, auto);
        m.size = Math.max(m.size, size, m.values.length);
        m.limit = auto ? MOST : m.size;
      },
  ),
  fc.tuple(fc.nat({ max: 20 }), list$).map(
    ([start, list]): Step =>
      (a, m) => {
        // A receive.
        const end = start + list.length;
        if (list.length === 0 || !a.reserve(end)) return list.length === 0 || end > m.limit;
        storageOf(memoryOf(a)).set(list, start);
        commit(a, end);
        m.values = Array.from(
          { length: Math.max(end, m.values.length) },
          (_, at) => list[at - start] ?? m.values[at] ?? 0,
        );
        return true;
      },
  ),
  fc.constant<Step>((a, m) => [a.clear(), m.set([])]),
);

t.test("random calls do what they do on a plain array", async () => {
  fc.assert(
    fc.property(fc.array(step$, { maxLength: 60 }), (steps) => {
      const array = new RoByteArray();
      const model = new Model();
      for (const step of steps) {
        if (step(array, model) === false) return false;
        if (bytesOf(array).join() !== model.values.join() || array.count() !== model.values.length)
          return false;
        if (!clean(array) || [...array].join() !== model.values.join()) return false;
      }
      return true;
    }),
    { numRuns: 1000 },
  );
});

t.test("what is written out can be read in", async () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      const array = RoByteArray.from(bytes);
      const other = new RoByteArray();
      other.fromHexString(array.toHexString());
      const third = new RoByteArray();
      third.fromBase64String(other.toBase64String());
      const fourth = new RoByteArray();
      fourth.fromAsciiString(array.toAsciiString());
      const zero = bytes.indexOf(0);
      return (
        Buffer.compare(third.toUint8Array(), bytes) === 0 &&
        Buffer.compare(fourth.toUint8Array(), zero < 0 ? bytes : bytes.subarray(0, zero)) === 0
      );
    }),
    { numRuns: 1000 },
  );
});
