import { spawnSync } from "node:child_process";
import { join } from "node:path";
import t, { type Test } from "tap";

const runner = join(__dirname, "run.js");

function run(files: Record<string, string>, t: Test, ...words: string[]) {
  const folder = join(t.testdir({ own: files }), "own");
  const all = [runner, "--own", folder, ...words];
  return spawnSync(process.execPath, all, { encoding: "utf8", env: { PATH: process.env.PATH } });
}

/** A script that leaves a process behind which keeps its output open: nobody must have to wait for that. */
const leaving = `
  const { spawn } = require("node:child_process");
  spawn("sleep", ["60"], { stdio: "inherit" }).unref();
  console.log("1..0 # skip all");
`;

t.test("files in turn, each by itself, counted together", async (t) => {
  const files = {
    "a.js": 'console.log("ok 1\\nnot ok 2\\nok 3 # SKIP no\\n1..3"); process.exitCode = 1;',
    "b.mjs": 'console.log("ok 1 - " + process.argv.slice(2)); console.error("über"); console.log("1..1")',
    "c.cjs": 'console.log("ok 1\\n1..1"); process.kill(process.pid, "SIGSEGV");',
    "d.js": leaving,
  };
  const { stdout, status } = run(files, t, "--", "port=1", "two words");
  t.equal(status, 1);
  t.match(stdout, /^TAP version 14\n# Subtest: a\.js\n {4}ok 1\n {4}not ok 2\n/);
  t.match(stdout, /^not ok 1 - a\.js # time=/m);
  t.match(stdout, /^ {4}ok 1 - port=1,two words$/m);
  t.match(stdout, /^ {4}# über$/m);
  t.match(stdout, /^ok 2 - b\.mjs /m);
  t.match(stdout, /^ {4}# all passed, but it ended with SIGSEGV\nnot ok 3 - c\.cjs /m);
  t.match(stdout, /^ok 4 - d\.js /m);
  t.match(stdout, /\n1\.\.4\n3 passed, 2 failed, 2 skipped\n$/);
});

t.test("some at a time, chosen by name; none is a failure", async (t) => {
  const pass = 'console.log("ok 1\\n1..1")';
  const files = { "one.js": pass, "two.js": pass, "three.js": 'console.log("not ok 1\\n1..1")' };
  const two = run(files, t, "--jobs", "2", "--files", "one", "--files", "two");
  t.match(two.stdout, /\n1\.\.2\n2 passed, 0 failed, 0 skipped\n$/);
  t.equal(two.status, 0);
  const none = run({}, t);
  t.match(none.stdout, /\n0 passed, 0 failed, 0 skipped\n$/);
  t.equal(none.status, 1);
});
