import { execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import t from "tap";
import { plainNode } from "../../support/tools.js";

/** Runs code in a process that has a temporary directory; returns what it printed. */
function inProcess(tmp: string, code: string): string {
  const module = require.resolve("#src/brightscript/app/temporary.js");
  const script = `const directory = require(${JSON.stringify(module)}).temporaryDirectory(); ${code}`;
  return spawnSync(...plainNode("-e", script), { env: { TMPDIR: tmp }, encoding: "utf8" }).stdout;
}

t.test("it goes with the process; after a signal, with the next one", async (t) => {
  const tmp = t.testdir({});
  const print = "require('fs').writeFileSync(directory + '/file', ''); process.stdout.write(directory);";
  const ended = inProcess(tmp, print);
  t.notOk(existsSync(ended));
  const killed = inProcess(tmp, `${print} process.kill(process.pid, 'SIGINT'); for (;;);`);
  t.ok(existsSync(join(killed, "file")));
  const parent = dirname(killed);
  const [namespace] = basename(killed).split("-");
  mkdirSync(join(parent, `${namespace}-1-1-x`)); // The process with the id 1 has not begun then.
  mkdirSync(join(parent, "5-1-1-x")); // Somebody else's process.
  const seen = inProcess(
    tmp,
    "process.stdout.write(String(require('fs').readdirSync(directory + '/..').length));",
  );
  t.equal(seen, "2", "its own, and what another container has");
  t.strictSame(readdirSync(parent), ["5-1-1-x"]);
});

/** Makes 1,000 directories one within the other, with a longer path than the system takes. */
const plantDeep = `const fs = require("fs"); const deep = directory + "/deep", next = directory + "/next";
  fs.mkdirSync(deep);
  for (let i = 0; i < 20; i++) {
    const end = next + ("/" + "d".repeat(50)).repeat(50);
    fs.mkdirSync(end, { recursive: true });
    fs.writeFileSync(end + "/file", "");
    fs.renameSync(deep, end + "/deep");
    fs.renameSync(next, deep);
  }`;

t.test("however deep it is, it goes", async (t) => {
  const tmp = t.testdir({});
  t.teardown(() => execFileSync("rm", ["-rf", tmp])); // Node's own rmSync() cannot.
  t.equal(
    inProcess(tmp, `${plantDeep} process.on("exit", () => console.log("end"));`),
    "end\n",
    "nothing is thrown",
  );
  const parent = join(tmp, `rosock-${process.getuid!()}`);
  t.strictSame(readdirSync(parent), []);
  const killed = inProcess(
    tmp,
    `${plantDeep} process.stdout.write(directory); process.kill(process.pid, "SIGKILL"); for (;;);`,
  );
  t.ok(existsSync(join(killed, "deep")));
  // Each start gives it a short time only.
  for (let i = 0; i < 100 && existsSync(killed); i++) inProcess(tmp, "");
  t.strictSame(readdirSync(parent), [], "left behind by a process that was killed");
});

const squatters: Record<string, (path: string) => void> = {
  "a file": (path) => writeFileSync(path, ""),
  "a link": (path) => symlinkSync("/", path),
  "a dangling link": (path) => symlinkSync("nowhere", path),
  "a directory for all": (path) => {
    mkdirSync(path);
    chmodSync(path, 0o777);
  },
};
if (process.getuid!() === 0) {
  squatters["somebody else's directory"] = (path) => {
    mkdirSync(path);
    chownSync(path, 1, 1);
  };
}
for (const [what, plant] of Object.entries(squatters)) {
  t.test(`${what} in its place: another is found`, async (t) => {
    const tmp = t.testdir({});
    const place = join(tmp, `rosock-${process.getuid!()}`);
    plant(place);
    const print = `require("fs").writeFileSync(directory + "/file", ""); process.stdout.write(JSON.stringify([directory,
      require("fs").statSync(directory).mode & 0o777]));`;
    const [directory, mode] = JSON.parse(inProcess(tmp, print));
    t.equal(dirname(directory), tmp);
    t.equal(mode, 0o700);
    t.notOk(existsSync(directory), "and removed");
    t.strictSame(readdirSync(tmp), [basename(place)]);
    if (what === "a directory for all") t.strictSame(readdirSync(place), []);
  });
}

t.test("removed while the process runs: another is made, in nobody else's directory", async (t) => {
  const tmp = t.testdir({});
  const parent = join(tmp, `rosock-${process.getuid!()}`);
  const module = require.resolve("#src/brightscript/app/temporary.js");
  const again = (meanwhile: string): string[] =>
    JSON.parse(
      inProcess(
        tmp,
        `const fs = require("fs"), path = require("path");
        const { subdirectory } = require(${JSON.stringify(module)});
        const first = subdirectory("tmp");
        fs.rmSync(${JSON.stringify(parent)}, { recursive: true });
        ${meanwhile}
        const second = subdirectory("tmp");
        process.stdout.write(JSON.stringify([first, second, path.dirname(path.dirname(second)),
          (fs.statSync(path.dirname(second)).mode & 0o777).toString(8)]));`,
      ),
    );
  const [first, second, where, mode] = again("");
  t.not(second, first);
  t.equal(where, parent);
  t.equal(mode, "700");
  t.strictSame(readdirSync(parent), [], "removed at the end");
  const [, other, elsewhere] = again(
    `fs.mkdirSync(directory, { recursive: true }); fs.chmodSync(${JSON.stringify(parent)}, 0o777); fs.chmodSync(directory, 0o777);`,
  );
  t.equal(elsewhere, tmp, "somebody else made it anew");
  t.notOk(existsSync(other!));
});

t.test("without a place for it: which, and why", async (t) => {
  const module = require.resolve("#src/brightscript/app/temporary.js");
  const script = `try { require(${JSON.stringify(module)}).temporaryDirectory() } catch (error) { console.log(error.message) }`;
  const { stdout } = spawnSync(...plainNode("-e", script), { env: { TMPDIR: "/nowhere" }, encoding: "utf8" });
  t.equal(stdout, "/nowhere: there is no such file\n");
});
