import t from "tap";
import { isWanted, matches, same, strictSame } from "./compare.js";

const bytes = (...values: number[]) => new Uint8Array(values);
const coded = Object.assign(new Error("no route"), { code: "EHOSTUNREACH" });

/** Two values, and whether the first is the same, strictly the same, or like the second. */
const cases: [found: unknown, wanted: unknown, verdicts: string][] = [
  [1, 1, "same strict match"],
  [1, "1", "same match"],
  [0, false, "same match"],
  [null, undefined, "same match"],
  [Number.NaN, Number.NaN, "same strict match"],
  ["abc", "b", "match"],
  ["abc", "", ""],
  ["", "", "same strict match"],
  ["abc", /^a/, "match"],
  ["abc", /x/, ""],
  [12, /2/, "match"],
  [/a/, /a/, "same strict match"],
  [/a/, /b/, ""],
  ["x", String, "match"],
  [1, String, ""],
  [1, Number, "match"],
  [true, Boolean, "match"],
  [1n, 1n, "same strict match"],
  [1n, 1, "same match"],
  [[1, 2], [1, 2], "same strict match"],
  [[1, 2], [2, 1], ""],
  [[1], ["1"], "same match"],
  [[1, 2], [1], "match"],
  [[1], [1, 2], ""],
  [["abc", "def"], [/b/, "e"], "match"],
  [{ a: 1, b: 2 }, { b: 2, a: 1 }, "same strict match"],
  [{ a: 1, b: 2 }, { a: 1 }, "match"],
  [{ a: 1 }, { a: 1, b: 2 }, ""],
  [{ a: 1 }, { a: "1" }, "same match"],
  [{ a: { b: [1, 2] } }, { a: { b: [1] } }, "match"],
  [{ a: "hello" }, { a: /ell/ }, "match"],
  [{}, { a: undefined }, "match"],
  [null, {}, ""],
  [{}, null, ""],
  [3, {}, ""],
  ["abc", ["a"], ""],
  [bytes(1, 2), [1, 2], "same match"],
  [bytes(1, 2), bytes(1, 2), "same strict match"],
  [bytes(1, 2), bytes(1, 3), ""],
  [new Map([[1, 2]]), new Map([[1, 2]]), "same strict match"],
  [new Map([[1, 2]]), new Map([[1, 3]]), ""],
  [new Set([1]), [], ""],
  [new Date(5), new Date(5), "same strict match"],
  [coded, { message: /route/, code: /EHOST/ }, "match"],
  [coded, { code: "ENOENT" }, ""],
  [new TypeError("x"), TypeError, "match"],
  [new TypeError("x"), Error, "match"],
  [new TypeError("x"), RangeError, ""],
  [new Error("a"), new Error("b"), ""],
  [null, /null/, ""],
];

/** tap's own assertions, of a test that nobody reads. */
const theirs = new t.Test({ name: "theirs" });

t.test("values compare as they do in tap", async (t) => {
  for (const [found, wanted, verdicts] of cases) {
    const ours = [
      same(found, wanted) && "same",
      strictSame(found, wanted) && "strict",
      matches(found, wanted) && "match",
    ];
    const tap = [
      theirs.same(found, wanted) && "same",
      theirs.strictSame(found, wanted) && "strict",
      theirs.match(found, wanted) && "match",
    ];
    const name = `${JSON.stringify(String(found))} and ${JSON.stringify(String(wanted))}`;
    t.equal(ours.filter(Boolean).join(" "), verdicts, name);
    t.strictSame(ours, tap, `${name}, in tap`);
  }
});

/** What is thrown, what is wanted, and whether that will do. */
const thrown: [error: unknown, wanted: unknown, ok: boolean][] = [
  ["text", undefined, true],
  ["text", /text/, false],
  [new Error("so"), "a name", true],
  [new Error("so"), /so/, true],
  [new Error("so"), /no/, false],
  [new Error("so it is"), new Error("it"), true],
  [new TypeError("so"), new Error("so"), true],
  [new Error("so"), new TypeError("so"), false],
  [new TypeError("so"), TypeError, true],
  [new TypeError("so"), RangeError, false],
  [new TypeError("so"), { name: "TypeError" }, true],
  [coded, { code: "EHOSTUNREACH" }, true],
  [coded, { code: "ENOENT" }, false],
];

t.test("what is thrown suits as it does in tap", async (t) => {
  for (const [error, wanted, ok] of thrown) {
    const name = `${error} and ${wanted}`;
    const throwing = () => {
      throw error;
    };
    t.equal(isWanted(error, wanted), ok, name);
    t.equal(Boolean(theirs.throws(throwing, wanted as Error)), ok, `${name}, in tap`);
  }
});
