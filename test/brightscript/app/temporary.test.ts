import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync } from "node:fs";
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
