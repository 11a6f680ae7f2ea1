// Runs the tests on other Nodes than this one.
// usage: node scripts/test-nodes.js [--all] [MAJOR…]; without a MAJOR, on 22, 24 and 26
//
// Without --all: the tests whose outcome depends on Node. Those of deployment and cross-compiling run shell scripts and compilers,
// and the properties repeat, at length, what the others test.

const { spawnSync } = require("node:child_process");
const { readFileSync } = require("node:fs");
const { delimiter, dirname, join } = require("node:path");
const { parseArgs } = require("node:util");
const { install } = require("./runtimes.js");

const root = join(__dirname, "..");
const independent = ["deploy/**", "device/**", "properties/**", "toolchain.test.js"].map(
  (each) => `out/test/${each}`,
);

/** Those of .taprc, which an option would replace. */
function exclusions() {
  const [, list = ""] =
    /^exclude:\n((?: {2}- .*\n)+)/m.exec(readFileSync(join(root, ".taprc"), "utf8")) ?? [];
  return [...list.matchAll(/"(.*)"/g)].map(([, pattern]) => pattern);
}

/** The command of a user's shell, with that Node as `node`; its exit status. */
function test(major, all) {
  const node = install(`node${major}`);
  const words = [...exclusions(), ...(all ? [] : independent)].map((pattern) => `--exclude=${pattern}`);
  console.log(`# Node ${spawnSync(node, ["--version"], { encoding: "utf8" }).stdout.trim().slice(1)}`);
  const { status } = spawnSync(node, [join(root, "node_modules/tap/dist/esm/run.mjs"), ...words], {
    cwd: root,
    stdio: "inherit",
    env: {
      ...process.env,
      NODE_OPTIONS: "--expose-gc",
      PATH: [dirname(node), process.env.PATH].join(delimiter),
    },
  });
  return status ?? 1;
}

const { values, positionals } = parseArgs({ options: { all: { type: "boolean" } }, allowPositionals: true });
const majors = positionals.length > 0 ? positionals : ["22", "24", "26"];
const failed = majors.filter((major) => test(major, values.all) !== 0);
if (failed.length > 0) {
  console.error(`not on Node ${failed.join(", ")}`);
  process.exitCode = 1;
}
