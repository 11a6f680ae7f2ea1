/** roRegistry and roRegistrySection: what is kept, how much, and what becomes of it when processes meet or die. */
import { execFile, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import t from "tap";
import { RoArray } from "#src/brightscript/library/array.js";
import { RoAssociativeArray } from "#src/brightscript/library/associative-array.js";
import { createComponent } from "#src/brightscript/library/index.js";
import type { Value } from "#src/brightscript/runtime/values.js";
import { call, consoleOf, errorOf } from "./call.js";
import { startProgram } from "./program.js";

const capacity = 32 * 1024;
const section = (name: string): object => createComponent("roRegistrySection", [name])!;
const registry = createComponent("roRegistry", [])!;
const items = (list: Value): Value[] => [...(list as { items: Value[] }).items];

t.test("values of sections", async (t) => {
  startProgram(t);
  const a = section("a");
  t.equal(call(a, "Read", "key"), "");
  t.equal(call(a, "Exists", "key"), false);
  t.equal(call(a, "Write", "key", "value"), true);
  t.equal(call(a, "Read", "key"), "value");
  t.equal(call(a, "Read", "KEY"), "", "keys have their case");
  t.equal(call(section("a"), "Read", "key"), "value", "of the same name");
  t.equal(call(section("A"), "Exists", "key"), false);
  call(section("b"), "Write", "", "");
  t.same(items(call(registry, "GetSectionList")), ["a", "b"]);
  t.same(items(call(a, "GetKeyList")), ["key"]);
  t.equal(call(a, "Delete", "key"), true);
  t.equal(call(a, "Delete", "key"), false);
  t.same(items(call(registry, "GetSectionList")), ["b"]);
  t.equal(call(registry, "Delete", "b"), true);
  t.equal(call(registry, "Delete", "b"), false);
  t.equal(call(registry, "GetSpaceAvailable"), capacity);
  t.equal(
    errorOf(() => call(a, "Write", "key", 5)),
    0x18,
    "values are strings",
  );
});

t.test("several values at once", async (t) => {
  startProgram(t);
  const a = section("a");
  t.equal(call(a, "WriteMulti", RoAssociativeArray.of({ One: "1", two: "2" })), true);
  t.equal(call(a, "WriteMulti", RoAssociativeArray.of({ three: "3", four: 4 })), false, "one is no string");
  t.equal(call(a, "WriteMulti", new RoArray([])), false);
  t.same(items(call(a, "GetKeyList")), ["One", "two"]);
  const read = call(a, "ReadMulti", new RoArray(["One", "none"]));
  t.equal(call(read, "Lookup", "One"), "1");
  t.equal(call(read, "Count"), 1);
  t.equal(call(call(a, "ReadMulti", call(a, "GetKeyList")), "Count"), 2, "a list of keys");
  t.equal(call(call(a, "ReadMulti", null), "Count"), 0);
});

t.test("32 KiB, and not a byte more", async (t) => {
  startProgram(t);
  const a = section("a");
  t.equal(call(a, "Write", "k", "ü".repeat(5_000)), true);
  t.equal(call(registry, "GetSpaceAvailable"), capacity - 10_002);
  t.equal(call(a, "Write", "l", "x".repeat(capacity - 10_003)), true);
  t.equal(call(registry, "GetSpaceAvailable"), 0);
  t.equal(call(a, "Write", "m", ""), false);
  t.equal(call(a, "Write", "l", "x".repeat(capacity - 10_002)), false);
  t.equal(call(a, "Write", "l", "short"), true);
  t.equal(call(a, "WriteMulti", RoAssociativeArray.of({ a: "x", b: "x".repeat(capacity) })), false);
  t.equal(call(a, "Exists", "a"), false, "none of them");
});

const script = join(__dirname, "registry-process.js");
const run = promisify(execFile);
const env = { PATH: process.env.PATH };

/** Has the registry read its file again, as the next run does. */
function restart(t: Parameters<typeof startProgram>[0], data: string): void {
  startProgram(t, { data: join(data, "other") });
  call(registry, "GetSectionList");
  startProgram(t, { data });
}

t.test("hostile names and values are kept, and touch nothing else", async (t) => {
  const { data } = startProgram(t);
  const names = ["../../x", "__proto__", "constructor", "", "\0", "a/b", "\udcff\udc80", "1", "{}", '"\\\n'];
  for (const name of names) {
    for (const key of names) t.equal(call(section(name), "Write", key, `${name}=${key}`), true);
  }
  t.equal(call(registry, "Flush"), true);
  t.same(readdirSync(data).sort(), ["registry.json", "registry.lock"]);
  restart(t, data);
  t.same(items(call(registry, "GetSectionList")).sort(), [...names].sort());
  for (const name of names) {
    for (const key of names) t.equal(call(section(name), "Read", key), `${name}=${key}`);
  }
  t.equal(({} as Record<string, unknown>).x, undefined, "no prototype was touched");
});

t.test("what is not flushed is kept at the end, but not after a kill", async (t) => {
  const { data } = startProgram(t);
  for (const ending of ["return", "exit"]) {
    execFileSync(process.execPath, [script, data, ending, "1", ending], { env });
    restart(t, data);
    t.equal(call(section(ending), "Read", "key 0"), "value 0", ending);
  }
  t.throws(() => execFileSync(process.execPath, [script, data, "killed", "1", "killed"], { env }));
  restart(t, data);
  t.equal(call(section("killed"), "Exists", "key 0"), false);
  t.equal(call(section("shared"), "Exists", "exit 0"), true, "the others are still there");
});

t.test("processes that flush at the same time lose nothing", async (t) => {
  const { data } = startProgram(t);
  const count = 25;
  const names = ["one", "two", "three"];
  await Promise.all(names.map((name) => run(process.execPath, [script, data, name, `${count}`], { env })));
  restart(t, data);
  for (const name of names) t.equal(items(call(section(name), "GetKeyList")).length, count, name);
  t.equal(items(call(section("shared"), "GetKeyList")).length, count * names.length);
  t.same(readdirSync(data).sort(), ["registry.json", "registry.lock"]);
});

t.test("changes of another process come with the next flush; deletions, too, are merged", async (t) => {
  const { data } = startProgram(t);
  call(section("mine"), "Write", "a", "1");
  call(section("mine"), "Write", "b", "1");
  call(registry, "Flush");
  execFileSync(process.execPath, [script, data, "theirs", "2"], { env });
  t.equal(call(section("theirs"), "Exists", "key 0"), false, "not yet");
  call(section("mine"), "Delete", "a");
  call(section("mine"), "Write", "c", "1");
  t.equal(call(registry, "Flush"), true);
  t.same(items(call(section("mine"), "GetKeyList")), ["b", "c"]);
  t.equal(call(section("theirs"), "Read", "key 1"), "value 1");
  restart(t, data);
  t.same(items(call(section("mine"), "GetKeyList")), ["b", "c"]);
  t.equal(call(section("theirs"), "Read", "key 1"), "value 1");
});

t.test("a file that is no registry counts as empty", async (t) => {
  const contents = ["", "{", "null", "5", '"text"', "[1]", '{"a":null,"b":5,"c":{"d":5}}', "\0\xff"];
  for (const content of contents) {
    const { data } = startProgram(t);
    writeFileSync(join(data, "registry.json"), content);
    restart(t, data);
    t.same(items(call(registry, "GetSectionList")), [], JSON.stringify(content));
    t.equal(call(section("a"), "Write", "b", "c"), true);
    t.equal(call(registry, "Flush"), true);
    restart(t, data);
    t.equal(call(section("a"), "Read", "b"), "c");
  }
});

t.test("a flush that cannot be made says so, and what it would have kept is tried again", async (t) => {
  const { data } = startProgram(t);
  call(section("a"), "Write", "b", "c");
  rmSync(data, { recursive: true });
  writeFileSync(data, "no directory");
  t.equal(call(section("a"), "Flush"), false);
  t.equal(call(section("a"), "Read", "b"), "c");
  rmSync(data);
  t.equal(call(section("a"), "Flush"), true, "the directory is made");
  restart(t, data);
  t.equal(call(section("a"), "Read", "b"), "c");
});

t.test(
  "a process that was stopped while it has the lock: a flush says no, and the changes are kept",
  async (t) => {
    const { data } = startProgram(t);
    const holder = `const native = require(${JSON.stringify(require.resolve("#src/native.js"))});
    const fd = require("node:fs").openSync(${JSON.stringify(join(data, "registry.lock"))}, "a");
    console.log(native.lock(fd, 1000));
    setTimeout(() => {}, 600_000);`;
    const child = spawn(process.execPath, ["-e", holder], { stdio: ["ignore", "pipe", "inherit"], env });
    t.teardown(() => child.kill("SIGKILL"));
    await once(child.stdout, "data");
    child.kill("SIGSTOP");
    call(section("a"), "Write", "b", "c");
    const start = performance.now();
    const said = consoleOf(() => t.equal(call(registry, "Flush"), false));
    t.ok(performance.now() - start < 30_000);
    t.match(said, /roRegistry: another process keeps it locked: nothing was written/);
    child.kill("SIGKILL");
    await once(child, "exit");
    t.equal(call(registry, "Flush"), true);
    restart(t, data);
    t.equal(call(section("a"), "Read", "b"), "c");
  },
);

t.test("a pipe in the place of its files is not waited for", async (t) => {
  const { data } = startProgram(t);
  for (const name of ["registry.json", "registry.lock"]) {
    rmSync(join(data, name), { force: true });
    execFileSync("mkfifo", [join(data, name)]);
    restart(t, data);
    t.same(items(call(registry, "GetSectionList")), []);
    call(section("a"), "Write", "b", "c");
    t.equal(call(registry, "Flush"), name === "registry.json");
    rmSync(join(data, name));
  }
  t.equal(call(registry, "Flush"), true);
});
