/** What keeps an application running on a box whose init does not. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import t, { type Test } from "tap";
import { waitFor } from "../support/index.js";
import { Place } from "./place.js";

const toFile = existsSync("/dev/log") ? "this machine has a syslog" : false;

t.jobs = 4;

async function isGone(t: Test, pid: number): Promise<void> {
  await waitFor(
    () => !existsSync(`/proc/${pid}`) || /^State:\tZ/m.test(statusOf(pid)),
    "the process to be gone",
  );
  t.pass("it is gone");
}

/** The words of a process, each with a zero after it; "" when it is none. */
function commandOf(pid: string): string {
  const file = `/proc/${pid}/cmdline`;
  return /^\d+$/.test(pid) && existsSync(file) ? readFileSync(file, "utf8") : "";
}

const statusOf = (pid: number): string => readFileSync(`/proc/${pid}/status`, "utf8");

t.test("a program that ends is started again, later each time", async (t) => {
  const place = new Place(t);
  t.equal((await place.deploy("one", "exec sleep 1000")).status, 0);
  const first = await place.pid();
  process.kill(first, "SIGKILL");
  await waitFor(async () => (await place.pid()) > 0 && (await place.pid()) !== first, "another process");
  t.match(await place.log(), /ended with status 137; again in 1 s\n/);
  process.kill(await place.pid(), "SIGKILL");
  await waitFor(async () => /again in 2 s/.test(await place.log()), "a longer pause");
});

t.test("a program that does not heed SIGTERM is ended all the same", async (t) => {
  const place = new Place(t);
  await place.deploy("one", 'trap "" TERM; while :; do sleep 1; done');
  const pid = await place.pid();
  t.equal((await place.init("stop")).status, 0);
  await isGone(t, pid);
});

t.test("a supervisor that was killed is made up for", async (t) => {
  const place = new Place(t);
  await place.deploy("one", "exec sleep 1000");
  const pid = await place.pid();
  process.kill(Number(/\.(\d+)\.\d+\n$/.exec(place.read("run/supervisor"))?.[1]), "SIGKILL");
  t.equal(await place.pid(), pid, "the program goes on");
  await place.init("restart");
  await waitFor(async () => (await place.pid()) > 0 && (await place.pid()) !== pid, "another process");
  await isGone(t, pid);
});

t.test("logs are bounded", { skip: toFile }, async (t) => {
  const place = new Place(t);
  const line = "x".repeat(99);
  await place.deploy("one", `while :; do echo ${line}; done`);
  await waitFor(() => place.list("log").length === 2, "the second log");
  await place.init("stop");
  for (const name of place.list("log")) t.ok(statSync(place.path(`log/${name}`)).size <= 2048 * 512, name);
  t.match(await place.log(), line);
});

t.test("start twice is one", async (t) => {
  const place = new Place(t);
  await place.deploy("one", "exec sleep 1000");
  const pid = await place.pid();
  await place.init("start");
  t.equal(await place.pid(), pid);
  const supervisors = readdirSync("/proc").filter((name) =>
    commandOf(name).endsWith(`supervise.sh\0${place.dir}\0`),
  );
  t.equal(supervisors.length, 2, "the one, and what records the program's output");
});
