/** What keeps an application running on a box whose init does not. */
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import t, { type Test } from "tap";
import { waitFor } from "../support/index.js";
import { Place } from "./place.js";

const toFile = existsSync("/dev/log") ? "this machine has a syslog" : false;

t.jobs = 8;

async function isGone(t: Test, pid: number): Promise<void> {
  await waitFor(
    () => !existsSync(`/proc/${pid}`) || /^State:\tZ/m.test(statusOf(pid)),
    "the process to be gone",
  );
  t.pass("it is gone");
}

function kill(pid: number): void {
  if (!(pid > 0)) throw new Error("it does not run"); // 0 would be this process and those around it.
  process.kill(pid, "SIGKILL");
}

/** Waits until the program runs as another process. */
const another = (place: Place, before: number) =>
  waitFor(async () => ![0, before].includes(await place.pid()), "another process");

/** A file of a process; "" when there is none. */
function ofProcess(pid: string, file: string): string {
  try {
    return /^\d+$/.test(pid) ? readFileSync(`/proc/${pid}/${file}`, "utf8") : "";
  } catch {
    return ""; // It has ended meanwhile.
  }
}

/** The supervisors of an application: each leads a session, as what it forks does not. */
const supervisors = (place: Place): string[] =>
  readdirSync("/proc").filter(
    (pid) =>
      ofProcess(pid, "cmdline").endsWith(`supervise.sh\0${place.dir}\0`) &&
      ofProcess(pid, "stat").replace(/.*\) /s, "").split(" ")[3] === pid,
  );

const statusOf = (pid: number): string => readFileSync(`/proc/${pid}/status`, "utf8");

t.test("a program that ends is started again, later each time", async (t) => {
  const place = new Place(t);
  t.equal((await place.deploy("one", "exec sleep 1000")).status, 0);
  const first = await place.pid();
  kill(first);
  await another(place, first);
  t.match(await place.log(), /ended with status 137; again in 1 s\n/);
  kill(await place.pid());
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
  kill(Number(/\.(\d+)\.\d+\n$/.exec(place.read("run/supervisor"))?.[1]));
  t.equal(await place.pid(), pid, "the program goes on");
  await place.init("restart");
  await another(place, pid);
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

t.test("it ends, and the program with it, when its folder is gone or another's", async (t) => {
  for (const change of [
    (place: Place) => rmSync(place.dir, { recursive: true }),
    (place: Place) => writeFileSync(place.path("run/supervisor"), "another\n"),
  ]) {
    const place = new Place(t);
    await place.deploy("one", "exec sleep 1000");
    const pid = await place.pid();
    change(place);
    await isGone(t, pid);
    await waitFor(() => supervisors(place).length === 0, "the supervisor to end");
  }
});

t.test("a name that the program gives itself does not hide it", async (t) => {
  const place = new Place(t);
  const odd = `exec ${process.execPath} -e 'process.title = "a) R 1\\nb"; setInterval(() => {}, 1000)'`;
  await place.deploy("one", odd);
  const pid = await place.pid();
  await waitFor(() => /R 1/.test(ofProcess(String(pid), "comm")), "its new name");
  t.equal(await place.pid(), pid);
  await place.init("stop");
  await isGone(t, pid);
});

t.test("start twice is one", async (t) => {
  const place = new Place(t);
  await place.deploy("one", "exec sleep 1000");
  const pid = await place.pid();
  await place.init("start");
  t.equal(await place.pid(), pid);
  t.equal(supervisors(place).length, 1);
});

t.test("stopped as soon as it was started, it is stopped", async (t) => {
  const place = new Place(t);
  await place.deploy("one", "exec sleep 1000");
  await place.init("stop");
  for (let count = 0; count < 3; count++) await place.init("stop", '"$0" start; "$0" "$1"');
  await waitFor(() => supervisors(place).length === 0, "none to run");
  t.equal(await place.pid(), 0);
});

t.test("a log that cannot be written does not hold the program up", { skip: toFile }, async (t) => {
  const place = new Place(t);
  const ready = "../../data/ready";
  const program = `cd "\${0%/*}"; head -c 300000 /dev/zero; : >${ready}; exec sleep 1000`;
  await place.deploy("one", program);
  await place.init("stop");
  for (const name of ["log", "data/ready"]) rmSync(place.path(name), { recursive: true, force: true });
  writeFileSync(place.path("log"), "no folder");
  await place.init("start");
  await waitFor(() => existsSync(place.path("data/ready")), "all of its output to be taken");
  t.pass("it goes on");
});
