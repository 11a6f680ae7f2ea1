import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";
import { limitsOf } from "./limits.js";
import { type Body, Subtest } from "./subtest.js";

/** Runs a body in the stand-in for tap; whether it failed, and what it printed. */
async function outcome(body: Body, limits: Record<string, string> = {}, milliseconds = 5_000) {
  let text = "";
  const subtest = new Subtest("", 0, {
    write: (more) => {
      text += more;
    },
    patience: 1,
    limit: (title) => limits[title],
  });
  await subtest.run(body, milliseconds);
  return { failed: subtest.failed, text };
}

const never = new Promise(() => {});

/** What must fail, and the words it says. */
const failures: [name: string, body: Body, said: RegExp][] = [
  ["ok", (t) => t.ok(0), /^not ok 1 - expect truthy value$/m],
  ["notOk", (t) => t.notOk(1, "said so"), /^not ok 1 - said so$/m],
  ["equal", (t) => t.equal(1, 2), /"found":1,"wanted":2/],
  ["equal, of objects that are alike", (t) => t.equal({}, {}), /^not ok/],
  ["not", (t) => t.not(1, 1), /^not ok/],
  ["same", (t) => t.same([1], [2]), /^not ok/],
  ["strictSame", (t) => t.strictSame([1], ["1"]), /^not ok/],
  ["match", (t) => t.match("a", /b/), /"pattern":"\/b\/"/],
  ["notMatch", (t) => t.notMatch("a", /a/), /^not ok/],
  ["fail", (t) => t.fail("so"), /^not ok 1 - so$/m],
  ["throws, of what does not", (t) => t.throws(() => {}), /^not ok 1 - expected to throw/],
  [
    "throws, of another error",
    (t) =>
      t.throws(() => {
        throw new Error("a");
      }, /b/),
    /^not ok/,
  ],
  ["rejects, of what does not", (t) => t.rejects(Promise.resolve()), /^not ok/],
  [
    "rejects, of another error",
    (t) => t.rejects(Promise.reject(new Error("a")), { message: "b" }),
    /^not ok/,
  ],
  [
    "a body that throws",
    () => {
      throw new Error("thrown");
    },
    /^not ok 1 - thrown$/m,
  ],
  ["a body that rejects", () => Promise.reject(new Error("rejected")), /^not ok 1 - rejected$/m],
  ["a body that rejects with no error", () => Promise.reject("text"), /^not ok 1 - text$/m],
  [
    "a method that tap has and it has not",
    (t) => (t as unknown as Test).resolves(never),
    /is not a function/,
  ],
  ["a subtest", (t) => t.test("below", (t) => t.ok(false)), /^ {4}not ok 1 .*\n[\s\S]*^not ok 1 - below$/m],
  [
    "a subtest that nobody waits for",
    (t) => {
      void t.test("first", () => {});
      void t.test("second", async (t) => t.ok(false));
    },
    /^not ok 2 - second$/m,
  ],
  [
    "a teardown",
    (t) =>
      t.teardown(() => {
        throw new Error("not clean");
      }),
    /^not ok 1 - not clean$/m,
  ],
  ["a subtest that takes too long", (t) => t.test("x", { timeout: 5 }, () => never), /not done after 5 ms/],
];

t.test("what should fail fails", async (t) => {
  for (const [name, body, said] of failures) {
    const { failed, text } = await outcome(body);
    t.equal(failed, true, name);
    t.match(text, said, name);
  }
});

t.test("what should pass passes", async (t) => {
  const { failed, text } = await outcome(async (t) => {
    t.ok(1);
    t.equal(Number.NaN, Number.NaN);
    t.throws(() => JSON.parse("{"), SyntaxError, "named");
    t.throws(() => JSON.parse("{"), "only a name");
    t.throws(() => JSON.parse("{"), { name: "SyntaxError" });
    await t.rejects(() => Promise.reject(new Error("so")), /so/);
    await t.rejects(Promise.reject(new TypeError("so")), new Error("so"));
  });
  t.equal(failed, false, text);
  t.match(text, /^ok 3 - named\nok 4 - only a name\n/m);
  t.match(text, /^1\.\.7$/m);
});

t.test("subtests in turn, teardowns last to first, files laid out and removed", async (t) => {
  const order: unknown[] = [];
  const { text } = await outcome((t) => {
    t.before(() => order.push("before"));
    t.teardown(() => order.push("last"));
    t.teardown(() => order.push("first"));
    t.test("one", async (t) => {
      const folder = t.testdir({ a: "text", b: { c: "below" } });
      order.push(readFileSync(join(folder, "b", "c"), "utf8"), folder);
    });
    t.test("two # not a directive\n", () => order.push("two"));
  });
  const folder = order.splice(2, 1)[0] as string;
  t.strictSame(order, ["before", "below", "two", "first", "last"]);
  t.throws(() => readdirSync(folder), { code: "ENOENT" });
  t.match(text, /^ok 2 - two {3}not a directive $/m);
});

t.test("skipped: by the test, without a body, and by name", async (t) => {
  const { failed, text } = await outcome(
    (t) => {
      t.test("by itself", { skip: "no nc" }, (t) => t.fail());
      t.test("not", { skip: false }, (t) => t.pass());
      t.test("empty", {});
      t.test("limited", (t) => t.fail());
    },
    { limited: "the emulator cannot" },
  );
  t.equal(failed, false);
  t.match(text, /^ok 1 - by itself # SKIP no nc$/m);
  t.match(text, /^ok 3 - empty # SKIP$/m);
  t.match(text, /^ok 4 - limited # SKIP the emulator cannot$/m);
});

t.test("each limit is of a test that there is", async (t) => {
  const sources = ["conformance", "programs"].flatMap((area) => {
    const folder = join(__dirname, "../../../test", area);
    const names = readdirSync(folder).filter((name) => name.endsWith(".test.ts"));
    return names.map((name) => readFileSync(join(folder, name), "utf8"));
  });
  for (const title of Object.keys(limitsOf("qemu-user"))) {
    t.ok(
      sources.some((source) => source.includes(JSON.stringify(title))),
      title,
    );
  }
  t.strictSame(limitsOf(undefined), {});
  t.throws(() => limitsOf("desk"), { message: /expected one of qemu-user, got desk/ });
});
