// `npm run test:qemu`: runs the conformance tests and the programs' under user-mode emulation of each ARM target.

const { spawn, spawnSync } = require("node:child_process");
const fs = require("node:fs");
const { join } = require("node:path");
const { createInterface } = require("node:readline");
const { parseArgs } = require("node:util");
const { loadTarget } = require("../../toolchain/target.js");
const { addonFor, addonObstacle } = require("../fitness.js");
const { fetchNode } = require("../node.js");
const { quote } = require("../quote.js");
const { stage } = require("./stage.js");

const folder = join(__dirname, "..", "..", "build", "tests");

/** What runs a target's programs here: Debian's emulator, with Debian's C library for the target. */
const emulators = {
  "linux-arm": { program: "qemu-arm-static", library: "/usr/arm-linux-gnueabihf" },
  "linux-arm64": { program: "qemu-aarch64-static", library: "/usr/aarch64-linux-gnu" },
};
const names = Object.keys(emulators);

const usage = `npm run test:qemu -- [options]

  --target NAME   ${names.join(" or ")}; default both
  --files TEXT    only files with that in their path; may be given several times
  --jobs N        files at a time; default 2`;

/** By how much the emulator is slower than the machine it runs on, in what the tests do. */
const patience = "5";

function options(words) {
  const { values } = parseArgs({
    args: words,
    options: {
      target: { type: "string", multiple: true, default: names },
      files: { type: "string", multiple: true, default: [] },
      jobs: { type: "string", default: "2" },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  const unknown = values.target.find((name) => !names.includes(name));
  if (unknown !== undefined) throw new Error(`--target: expected ${names.join(" or ")}, got ${unknown}`);
  if (!/^[1-9]$/.test(values.jobs)) throw new Error(`--jobs: expected 1 to 9, got ${values.jobs}`);
  return values;
}

/** Why a target cannot be tested here, and how it could; undefined when it can. */
function obstacle(target) {
  const { program, library } = emulators[target.name];
  if (spawnSync(program, ["--version"]).status !== 0) {
    return `no ${program}: apt-get install qemu-user-static`;
  }
  if (!fs.existsSync(library)) return `no ${library}: apt-get install ${target.debian.package}`;
  return addonObstacle(target);
}

/**
 * A `node` that runs under the emulator. It is what children run too: they are started through process.execPath, and this kernel
 * could not start the emulated Node itself.
 */
function makeNode(home, target) {
  const { program, library } = emulators[target.name];
  const wrapper = join(home, "node");
  const preload = join(home, "preload.js");
  fs.writeFileSync(preload, `process.execPath = ${JSON.stringify(wrapper)};\n`);
  const words = [program, "-L", library, join(fetchNode(target.arch), "bin", "node"), "-r", preload];
  fs.writeFileSync(wrapper, `#!/bin/sh\nexec ${words.map(quote).join(" ")} "$@"\n`, { mode: 0o755 });
  return wrapper;
}

/** Runs the tests of a target and prints what they say, set in; the numbers of their last line. */
async function run(target, { jobs, files }) {
  const home = join(folder, target.name);
  stage(home, { target, addon: addonFor(target) });
  const words = ["out/test/device/run.js", "--jobs", jobs, ...files.flatMap((each) => ["--files", each])];
  const child = spawn(makeNode(home, target), words, {
    cwd: home,
    env: { ...process.env, ROSOCK_ENVIRONMENT: "qemu-user", ROSOCK_PATIENCE: patience },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const stop = () => child.kill("SIGTERM");
  process.on("SIGINT", stop).on("SIGTERM", stop);
  let numbers;
  for await (const line of createInterface({ input: child.stdout })) {
    numbers = /^(\d+) passed, (\d+) failed, (\d+) skipped$/.exec(line)?.slice(1).map(Number);
    if (numbers !== undefined) console.log(`    # ${line}`);
    else if (!line.startsWith("TAP version")) console.log(`    ${line}`);
  }
  return numbers ?? [0, 1, 0];
}

async function main() {
  const given = options(process.argv.slice(2));
  if (given.help) return console.log(usage);
  const sum = [0, 0, 0];
  console.log("TAP version 14");
  for (const [index, target] of given.target.map(loadTarget).entries()) {
    const why = obstacle(target);
    if (why !== undefined) console.log(`ok ${index + 1} - ${target.name} # SKIP ${why}`);
    else console.log(`# Subtest: ${target.name}`);
    const begun = Date.now();
    const numbers = why === undefined ? await run(target, given) : [0, 0, 1];
    const time = ((Date.now() - begun) / 1000).toFixed(0);
    const ok = numbers[1] === 0 && numbers[0] > 0;
    if (why === undefined)
      console.log(`${ok ? "ok" : "not ok"} ${index + 1} - ${target.name} # time=${time}s`);
    for (const each of sum.keys()) sum[each] += numbers[each];
    if (why === undefined && !ok) process.exitCode = 1;
  }
  console.log(`1..${given.target.length}`);
  console.log(`${sum[0]} passed, ${sum[1]} failed, ${sum[2]} skipped`);
}

main().catch((error) => {
  console.error(`test:qemu: ${error.message}`);
  process.exitCode = 1;
});
