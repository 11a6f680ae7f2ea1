import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import t from "tap";

const root = join(__dirname, "../../..");
const { stage } = require(join(root, "deploy/tests/stage.js"));
const { addonFor } = require(join(root, "deploy/fitness.js"));
const { loadTarget } = require(join(root, "toolchain/target.js"));

/** This machine's own. */
const target = loadTarget(`linux-${process.arch}`);

t.test("a folder with the tests, that runs by itself", async (t) => {
  const folder = join(t.testdir(), "staged");
  stage(folder, { target, addon: addonFor(target) });
  const files = readdirSync(folder, { recursive: true }) as string[];
  for (const wanted of [
    `prebuilds/${target.name}/${target.prebuild}`,
    "out/test/conformance/data.test.js",
    "out/test/programs/scanner.test.js",
    "out/test/support/peer-process.js",
    "test/programs/scanner.brs",
    "test/programs/http-server/manifest",
    "test/device/limits.json",
    "node_modules/fast-check/lib/cjs/fast-check.js",
  ]) {
    t.ok(files.includes(wanted), wanted);
  }
  const unwanted = /\.ts$|\.map$|device\/.*\.test\.js$|^dist\/code|node_modules\/typescript|\.gyp$/;
  t.strictSame(
    files.filter((file) => unwanted.test(file)),
    [],
  );
  const run = spawnSync(process.execPath, ["out/test/device/run.js", "--files", "arguments"], {
    cwd: folder,
    encoding: "utf8",
    env: { PATH: process.env.PATH },
  });
  t.match(run.stdout, /^ok 1 - arguments\.test\.js # time=/m, run.stderr);
  t.match(run.stdout, /\n1\.\.1\n[1-9]\d* passed, 0 failed, 0 skipped\n$/);
  t.equal(run.status, 0);
});

t.test("a smaller one for tests of somebody's own", async (t) => {
  const folder = join(t.testdir(), "staged");
  stage(folder, { target, addon: addonFor(target), own: true });
  t.ok(existsSync(join(folder, "out/test/device/run.js")));
  t.notOk(existsSync(join(folder, "out/test/conformance")));
  const words = [
    "-e",
    'process.stdout.write(require("rosock").createObject("roByteArray").constructor.name)',
  ];
  const run = spawnSync(process.execPath, words, { cwd: folder, encoding: "utf8", env: {} });
  t.equal(run.stdout, "RoByteArray", run.stderr);
});
