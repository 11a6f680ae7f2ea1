/** What a response may take of the machine. */
import { mkdirSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import t, { type Test } from "tap";
import { checkRoom, freeMemory } from "#src/brightscript/library/transfer/limits.js";
import { call } from "./call.js";
import { at, outcome, portOf, startServers, transfer } from "./http.js";
import { startProgram } from "./program.js";

t.before(() => startServers(t));

const MiB = 1024 * 1024;

t.test("a small body that uncompresses to a very large one", async (t) => {
  const { tmp } = startProgram(t);
  const made = transfer(at("bomb?bytes=209715200"));
  call(made, "EnableEncodings", true);
  const before = process.memoryUsage().rss;
  const { code, reason, body } = outcome(made);
  t.equal(code, -63);
  t.match(reason, /more than 100 times the bytes/);
  t.equal(body, "");
  t.ok(process.memoryUsage().rss - before < 100 * MiB);
  t.equal(call(made, "GetToFile", "tmp:/bomb"), -63, "to a file, too");
  t.ok(statSync(join(tmp, "bomb")).size < 20 * MiB);
  call(made, "EnableEncodings", false);
  t.equal(outcome(made).code, 200, "as it came");
});

t.test("a body that compresses well is none", async (t) => {
  const made = transfer(at("bomb?bytes=5000000"));
  call(made, "EnableEncodings", true);
  t.equal(outcome(made).code, 200);
});

t.test("a body that says it is larger than the memory, or than the room for files", async (t) => {
  startProgram(t);
  const made = transfer(`http://127.0.0.1:${portOf("huge")}/`);
  const { code, reason } = outcome(made);
  t.equal(code, -63);
  t.match(reason, /too large for the memory/);
  t.equal(call(made, "GetToFile", "tmp:/huge"), -23);
  t.match(call(made, "GetFailureReason"), /no room for the file/);
});

t.test("a file system that says nothing of its room", async (t) => {
  const stats = { type: 0, bsize: 4096, blocks: 0, bavail: 0 };
  t.capture(require("node:fs"), "statfsSync", () => stats);
  checkRoom(0, 10 * MiB);
  stats.blocks = 1;
  t.throws(() => checkRoom(0, 10 * MiB), { message: /no room for the file/ });
});

/** A root with these files. */
function root(t: Test, files: Record<string, string>): string {
  const folder = t.testdir({});
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

const meminfo = "MemTotal:  1000000 kB\nMemFree:  100 kB\nMemAvailable:   300000 kB\n";

t.test("the machine's memory", async (t) => {
  t.equal(freeMemory(root(t, { "proc/meminfo": meminfo })), 300_000 * 1024);
  t.equal(freeMemory(root(t, {})), Number.POSITIVE_INFINITY, "nothing is known");
  t.ok(freeMemory() > 0);
});

t.test("a service's memory: the least that is left of all the groups it is in", async (t) => {
  const unified = {
    "proc/meminfo": meminfo,
    "proc/self/cgroup": "0::/system.slice/app.service\n",
    "sys/fs/cgroup/system.slice/app.service/memory.max": "max\n",
    "sys/fs/cgroup/system.slice/app.service/memory.current": `${10 * MiB}\n`,
    "sys/fs/cgroup/system.slice/memory.max": `${100 * MiB}\n`,
    "sys/fs/cgroup/system.slice/memory.current": `${90 * MiB}\n`,
    "sys/fs/cgroup/system.slice/memory.stat": `anon 1\ninactive_file ${40 * MiB}\n`,
  };
  t.equal(freeMemory(root(t, unified)), 50 * MiB, "files that nobody uses do not count");
  const high = { ...unified, "sys/fs/cgroup/system.slice/app.service/memory.high": `${30 * MiB}\n` };
  t.equal(freeMemory(root(t, high)), 20 * MiB);
  const container = {
    "proc/meminfo": meminfo,
    "proc/self/cgroup": "0::/../../elsewhere\n",
    "sys/fs/cgroup/memory.max": `${64 * MiB}\n`,
    "sys/fs/cgroup/memory.current": `${4 * MiB}\n`,
  };
  t.equal(freeMemory(root(t, container)), 60 * MiB);
  const separate = {
    "proc/meminfo": meminfo,
    "proc/self/cgroup": "5:cpu:/x\n4:memory:/docker/abc\n0::/\n",
    "sys/fs/cgroup/memory/memory.limit_in_bytes": `${200 * MiB}\n`,
    "sys/fs/cgroup/memory/memory.usage_in_bytes": `${150 * MiB}\n`,
    "sys/fs/cgroup/memory/memory.stat": `inactive_file 5\ntotal_inactive_file ${7 * MiB}\n`,
  };
  t.equal(freeMemory(root(t, separate)), 57 * MiB);
});
