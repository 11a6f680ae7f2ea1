/** What runs on a box leaves alone what is not its own, gives nothing of root's away, and does not stay when nobody is there any more. */
import { execFile, spawn } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import t from "tap";
import { waitFor } from "../support/index.js";
import { Place } from "./place.js";

const forever = "exec sleep 1000";

const toSyslog = existsSync("/dev/log");

t.jobs = 12;

t.test("a connection that is lost without a word does not keep others out", async (t) => {
  const place = new Place(t);
  const { status, stderr } = await place.script("receive.sh", ["one", "0".repeat(64), "1"], null);
  t.equal(status, 4);
  t.match(stderr, /nothing came for 1 s/);
  t.same(readdirSync(join(place.folder, "box")), []);
});

t.test("nothing is left where nobody hears any more that it went wrong", async (t) => {
  const place = new Place(t);
  const child = spawn("sh", place.words("receive.sh", ["one", "0".repeat(64)]));
  child.stdin.write("half");
  await waitFor(() => place.list("releases").length > 0, "the half of it");
  for (const stream of [child.stdout, child.stderr, child.stdin]) stream.destroy();
  await new Promise((resolve) => child.on("exit", resolve));
  t.same(readdirSync(join(place.folder, "box")), []);
});

t.test("a folder of somebody else's stays as it is", async (t) => {
  const place = new Place(t);
  mkdirSync(place.path("run"), { recursive: true });
  writeFileSync(place.path("notes"), "mine");
  const { status, stderr } = await place.receive("one", place.archive(forever));
  t.equal(status, 4);
  t.match(stderr, /echo is there already, and holds no releases/);
  t.same(place.list("."), ["notes", "run"]);
});

t.test("so does what somebody else put into an application's", async (t) => {
  const place = new Place(t);
  await place.deploy("one", forever);
  writeFileSync(place.path("notes"), "mine");
  t.not((await place.script("remove.sh")).status, 0);
  t.same(place.list("."), ["notes"]);
  t.same(readdirSync(join(place.folder, "init.d")), []);
});

t.test("a service of the same name that is another folder's is not taken over", async (t) => {
  const place = new Place(t);
  const script = join(place.folder, "init.d/S90rosock-echo");
  for (const text of ["dir=/elsewhere/echo\n", `dir=/elsewhere${place.dir}\n`, `dir=${place.dir}-two\n`]) {
    writeFileSync(script, text);
    const { status, stderr } = await place.receive("one", place.archive(forever));
    t.equal(status, 4);
    t.match(stderr, /S90rosock-echo is there already, and is not of .*echo/);
    t.equal(readFileSync(script, "utf8"), text);
  }
  t.same(readdirSync(join(place.folder, "box")), []);
});

t.test("a release that fails when it is gone back to is one no more", async (t) => {
  const place = new Place(t);
  for (const version of ["one", "two"]) t.equal((await place.deploy(version, forever)).status, 0);
  const settings = place.path("releases/one/release.env");
  writeFileSync(settings, `${readFileSync(settings)}HEALTH=command:false\nHEALTH_SECONDS=1\n`);
  t.equal((await place.script("rollback.sh", ["one"])).status, 0);
  t.equal((await place.follow("one")).status, 2);
  t.same(place.list("releases"), ["two"]);
  t.match(await place.state(), /current=two\nstate=running[\s\S]*last=rolled-back\ngood=two\n$/);
});

t.test("a folder that others can change is not deployed to", async (t) => {
  const place = new Place(t);
  const box = join(place.folder, "box");
  chmodSync(box, 0o777);
  const { status, stderr } = await place.receive("one", place.archive(forever));
  t.equal(status, 4);
  t.match(stderr, `${box} can be changed by others than ${userInfo().username}`);
  t.same(readdirSync(box), []);
});

t.test("asking a box what it is runs nothing that others may have put there", async (t) => {
  const place = new Place(t);
  const node = place.path(".node/v1/bin/node");
  mkdirSync(join(node, ".."), { recursive: true });
  writeFileSync(node, "#!/bin/sh\necho v99.0.0\n", { mode: 0o755 });
  const line = `node=99.0.0 ${node}\n`;
  t.match((await place.script("probe.sh")).stdout, line);
  chmodSync(place.dir, 0o777);
  const { stdout } = await place.script("probe.sh");
  t.notMatch(stdout, line);
  t.match(stdout, /^end=yes$/m);
});

t.test("asking a box what it is follows no link that others may have put there", async (t) => {
  const place = new Place(t);
  mkdirSync(place.dir);
  const target = join(place.folder, "made");
  // The shell's own process: it makes the name that the script will want.
  const line = `ln -s ${target} ${place.dir}/.rosock-probe.$$; exec sh -c "$0" probe.sh ${place.dir}`;
  const script = place.words("probe.sh", [])[1]!;
  await promisify(execFile)("sh", ["-c", line, script]);
  t.notOk(existsSync(target));
});

t.test("a box's umask does not open anything to others", async (t) => {
  const place = new Place(t);
  await place.deploy("one", forever);
  await place.init("stop");
  rmSync(place.path("run"), { recursive: true });
  await place.init("start", 'umask 0; exec "$0" "$1"');
  await waitFor(async () => (await place.pid()) > 0, "it to run");
  for (const name of ["run", ...place.list("run").map((each) => `run/${each}`)])
    t.equal(statSync(place.path(name)).mode & 0o022, 0, name);
});

t.test("others cannot read what the program says and keeps", async (t) => {
  const place = new Place(t);
  mkdirSync(place.path("releases"), { recursive: true });
  // As releases before this one have made them.
  for (const name of ["data", "log"]) mkdirSync(place.path(name), { mode: 0o755 });
  writeFileSync(place.path("activation.log"), "", { mode: 0o644 });
  await place.deploy("one", "echo secret; exec sleep 1000");
  const names = ["data", "activation.log", "run/output"];
  if (!toSyslog) {
    await waitFor(() => /secret/.test(place.read("log/echo.log")), "the log");
    names.push("log", "log/echo.log");
  }
  for (const name of names) t.equal(statSync(place.path(name)).mode & 0o027, 0, name);
});

t.test("nothing of the environment of who deploys reaches the program", async (t) => {
  const place = new Place(t);
  const program = 'cd "$(dirname "$0")"; env >../../data/found; : >../../data/running; exec sleep 1000';
  const environment = { SSH_AUTH_SOCK: "/tmp/agent", NODE_OPTIONS: "--trace-warnings", TZ: "UTC" };
  await place.deploy("one", program, place.when("running"), environment);
  const found = place.read("data/found");
  t.match(found, /^PATH=/m);
  t.match(found, /^TZ=UTC$/m);
  t.notMatch(found, /SSH_AUTH_SOCK|NODE_OPTIONS/);
});

t.test("the words of a script are no more than dropbear takes", async (t) => {
  const place = new Place(t);
  t.ok((place.words("receive.sh", [])[1] ?? "").replaceAll("'", "'\\''").length < 8500);
});
