/** The thread that makes the transfers: it starts or says that it cannot, and what happens in it never leaves a program waiting. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import t, { type Test } from "tap";
import { withTimeout } from "../../support/time.js";
import { at, startServers } from "./http.js";

t.setTimeout(110_000); // A dozen processes.
t.before(() => startServers(t));

// biome-ignore lint/suspicious/noExplicitAny: what the program says
async function output(t: Test, words: string[], env: Record<string, string> = {}): Promise<any> {
  const [command = "", ...more] = words;
  const child = spawn(command, more, {
    stdio: ["ignore", "pipe", "inherit"],
    env: { PATH: process.env.PATH ?? "", ...env },
  });
  t.teardown(() => child.kill("SIGKILL"));
  let text = "";
  child.stdout.on("data", (bytes) => {
    text += bytes;
  });
  await withTimeout(once(child, "close"), "the program's end", 30_000);
  return JSON.parse(text);
}

t.test("failures, one after another and at once", async (t) => {
  const got = await output(t, [
    process.execPath,
    join(__dirname, "transfer-failures.js"),
    at("status?code=404"),
  ]);
  const reason = "404 Not Found";
  t.same(got, { waited: Array(4).fill(reason), events: Array(4).fill([404, reason]) });
});

t.test("few descriptors left: a failure each time, and success once there are enough", async (t) => {
  const program = join(__dirname, "transfer-shortage.js");
  for (const left of [1, 3, 6, 9]) {
    const limited = ["sh", "-c", 'ulimit -n 80 && exec "$@"', "sh", process.execPath, program, at("chunks")];
    const got = await output(t, [...limited, `${left}`]);
    t.same(got.scarce, Array(3).fill("the system has no descriptor or no thread left"), `${left} left`);
    t.equal(got.asynchronous, false);
    t.equal(got.threads, 0, "no thread is left behind");
    t.same(got.enough, ["first, second", "first, second"]);
    t.equal(got.opened, 0, "and no descriptor");
  }
});

/** A program in whose transferring thread something goes wrong. */
function survivor(t: Test, accident: string): ReturnType<typeof output> {
  const options = `--require ${join(__dirname, "transfer-accident.js")} --max-old-space-size=60`;
  const env = { ACCIDENT: accident, MARK: join(t.testdir({}), "mark") };
  // The test runner would put options of its own in their place, were they in the environment of the child.
  const node = ["env", `NODE_OPTIONS=${options}`, process.execPath];
  return output(t, [...node, join(__dirname, "transfer-survivor.js"), at("never")], env);
}

for (const [accident, reason] of [
  ["exit", "the thread that makes transfers has ended"],
  ["memory", "the thread that makes transfers has ended"],
  ["throw", "thrown"],
  ["reject", "thrown"],
] as const) {
  t.test(`something goes wrong in the thread: ${accident}`, async (t) => {
    const { begun, events, more, last, ...got } = await survivor(t, accident);
    t.same(begun, [true, true]);
    t.equal(got.reason, reason);
    t.same(got.reasons, [reason, reason]);
    t.same(events, Array(2).fill([-2, reason]), "exactly one for each");
    t.equal(more, null);
    t.equal(last, "first, second", "and on it goes");
  });
}

t.test("a thread that dies while it starts is replaced by the next transfer", async (t) => {
  const { begun, last } = await survivor(t, "start");
  t.same(begun, [false, true]);
  t.equal(last, "first, second");
});
