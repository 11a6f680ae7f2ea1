// `npm run cross -- --target linux-arm`: builds the addon for a target into prebuilds/, and checks what was built.
//
// Nothing is downloaded: the headers are those of the Node that runs this, which are the same for every processor.

const { copyFileSync, mkdirSync, renameSync } = require("node:fs");
const { join, relative } = require("node:path");
const { parseArgs } = require("node:util");
const { build } = require("./build.js");
const { findCompiler, machineOf } = require("./compiler.js");
const { loadTarget, targetFor, targetNames } = require("./target.js");
const { table, verify } = require("./verify.js");

const root = join(__dirname, "..");

const usage = `npm run cross -- [options]

  --target NAME     ${targetNames().join(", ")}; may be given several times. With a sourced SDK: what it is for
  --debian          with Debian's cross compiler; the default for another processor
  --prefix PREFIX   with PREFIXgcc and PREFIXg++, such as arm-linux-gnueabihf-
  --sysroot DIR     with the headers and libraries of DIR

A sourced environment script of a Yocto or Buildroot SDK is recognised, and its compiler used with its own flags.`;

function options(words) {
  const { values } = parseArgs({
    args: words,
    options: {
      target: { type: "string", multiple: true },
      debian: { type: "boolean", default: false },
      prefix: { type: "string" },
      sysroot: { type: "string" },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  return values;
}

/** The targets asked for; without any, the one that a sourced SDK is for. */
function targets({ target }) {
  if (target !== undefined) return target.map(loadTarget);
  const { CC, OECORE_TARGET_ARCH } = process.env;
  const machine = OECORE_TARGET_ARCH ?? (CC && machineOf(CC));
  const found = machine && targetFor(machine);
  if (!found) throw new Error(`--target is missing: ${targetNames().join(", ")}`);
  return [found];
}

/** Makes the prebuild of one target; whether what was built passed its checks. */
function make(target, given) {
  const compiler = findCompiler(target, given);
  console.log(`${target.name} (${target.description}): ${compiler.machine} compiler, ${compiler.origin}`);
  const built = build(target, join(root, "build", target.name), compiler);
  const checks = verify(target, built);
  console.log(table(checks).join("\n"));
  if (checks.some(({ ok }) => !ok)) return false;
  const prebuild = join(root, "prebuilds", target.name, target.prebuild);
  mkdirSync(join(prebuild, ".."), { recursive: true });
  // In one step: a deployment may be under way.
  copyFileSync(built, `${prebuild}.new`);
  renameSync(`${prebuild}.new`, prebuild);
  console.log(`  ${relative(root, prebuild)}\n`);
  return true;
}

function main() {
  const given = options(process.argv.slice(2));
  if (given.help) return console.log(usage);
  const failed = targets(given).filter((target) => !make(target, given));
  if (failed.length > 0) throw new Error(`not for the boxes: ${failed.map(({ name }) => name).join(", ")}`);
}

try {
  main();
} catch (error) {
  console.error(`cross: ${error.message}`);
  process.exitCode = 1;
}
