import {
  chmodSync,
  chownSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";
import { cached } from "#src/brightscript/app/cache.js";

/** The directory of entries, in a cache of the test's own. */
function ownCache(t: Test): string {
  const before = process.env.XDG_CACHE_HOME;
  process.env.XDG_CACHE_HOME = t.testdir({});
  t.teardown(() => {
    if (before === undefined) delete process.env.XDG_CACHE_HOME;
    else process.env.XDG_CACHE_HOME = before;
  });
  return join(process.env.XDG_CACHE_HOME, "rosock/compiled");
}

const never = (): never => {
  throw new Error("it was made again");
};

t.test("what was made once is found again, and only for the same origin", async (t) => {
  ownCache(t);
  t.equal(
    cached("origin", () => "made"),
    "made",
  );
  t.equal(cached("origin", never), "made");
  t.equal(
    cached("origin ", () => "other"),
    "other",
  );
  t.equal(cached("origin", never), "made");
  const bytes = "\udcff and \ud83d\ude00"; // A source may have bytes that are no UTF-8.
  cached(bytes, () => bytes);
  t.equal(cached(bytes, never), bytes);
});

t.test("a broken entry is made anew", async (t) => {
  const directory = ownCache(t);
  cached("origin", () => "made");
  const [name] = readdirSync(directory);
  const file = join(directory, name!);
  const whole = readFileSync(file);
  for (const broken of [
    "",
    whole.subarray(0, -1),
    Buffer.concat([whole, Buffer.of(65)]),
    "x\n",
    `${whole}`.replace("made", "mode"),
  ]) {
    writeFileSync(file, broken);
    t.equal(
      cached("origin", () => "made"),
      "made",
    );
    t.strictSame(readFileSync(file), whole);
  }
});

t.test("another origin's entry under its name is not taken", async (t) => {
  const directory = ownCache(t);
  cached("one", () => "1");
  const [one] = readdirSync(directory);
  cached("two", () => "2");
  const two = readdirSync(directory).find((name) => name !== one);
  writeFileSync(join(directory, one!), readFileSync(join(directory, two!)));
  t.equal(
    cached("one", () => "again"),
    "again",
  );
});

t.test("the oldest go when it has become too large", async (t) => {
  const directory = ownCache(t);
  const large = "x".repeat(30_000);
  const names = ["first", "second", "third"].map((origin, index) => {
    const before = new Set(index === 0 ? [] : readdirSync(directory));
    cached(origin, () => large, 64_000);
    const name = readdirSync(directory).find((one) => !before.has(one))!;
    utimesSync(join(directory, name), index, index);
    return name;
  });
  t.strictSame(readdirSync(directory).sort(), [names[1]!, names[2]!].sort());
  t.equal(statSync(directory).mode & 0o077, 0, "nobody else's business");
});

t.test("what somebody else may have written is not taken", async (t) => {
  const directory = ownCache(t);
  const again = (): string => cached("origin", () => "again");
  cached("origin", () => "made");
  const file = join(directory, readdirSync(directory)[0]!);
  chmodSync(directory, 0o777);
  t.equal(again(), "again", "a directory for all");
  t.equal(statSync(file).size > 0, true);
  chmodSync(directory, 0o770);
  t.equal(again(), "again", "a directory for a group");
  chmodSync(directory, 0o755);
  t.equal(cached("origin", never), "made");
  for (const mode of [0o666, 0o620]) {
    chmodSync(file, mode);
    t.equal(again(), "again", "a file for others");
    t.equal(statSync(file).mode & 0o777, 0o600, "written anew");
    t.equal(cached("origin", never), "again");
  }
  renameSync(file, `${file}.away`);
  symlinkSync(`${file}.away`, file);
  t.equal(
    cached("origin", () => "new"),
    "new",
    "a link",
  );
  renameSync(directory, `${directory}.away`);
  symlinkSync(`${directory}.away`, directory);
  t.equal(again(), "again", "a directory that is a link");
});

t.test(
  "what belongs to somebody else is not taken",
  { skip: process.getuid!() !== 0 && "only root can give it away" },
  async (t) => {
    const directory = ownCache(t);
    cached("origin", () => "made");
    const file = join(directory, readdirSync(directory)[0]!);
    chownSync(file, 1, 1);
    t.equal(
      cached("origin", () => "again"),
      "again",
    );
    chownSync(directory, 1, 1);
    t.equal(
      cached("origin", () => "later"),
      "later",
    );
  },
);

t.test("without a place to write to", async (t) => {
  ownCache(t);
  process.env.XDG_CACHE_HOME = "/dev/null/none";
  t.equal(
    cached("origin", () => "made"),
    "made",
  );
});
