// Compiler and linker flags: the size of the addon with them, for each target that there is a compiler for here; and the time that
// a message takes, for this machine's own.

const { spawnSync } = require("node:child_process");
const { copyFileSync, rmSync, statSync } = require("node:fs");
const { join } = require("node:path");
const { build } = require("../../toolchain/build.js");
const { findCompiler } = require("../../toolchain/compiler.js");
const { loadTarget, targetNames } = require("../../toolchain/target.js");
const { costs, median, printTable, root, temporaryFolder } = require("./measure.js");

/** Flags that come after a target's own, and take their place. */
const variants = [
  { name: "-O3", compile: ["-O3"], link: [] },
  { name: "-O2", compile: ["-O2"], link: [] },
  { name: "-Os", compile: [], link: [] },
  { name: "-Os, pages of 64 KiB", compile: [], link: ["-Wl,-z,max-page-size=65536"] },
  { name: "-Os, pages of 4 KiB", compile: [], link: ["-Wl,-z,max-page-size=4096"] },
];
const rounds = 9;

/** The addon, built and stripped. */
function buildVariant(target, variant) {
  const folder = join(root, "build", "tuning");
  const file = join(temporaryFolder(), "rosock.node");
  copyFileSync(build(target, folder, findCompiler(target, {}, {}), variant, {}), file);
  rmSync(folder, { recursive: true });
  return file;
}

/** The bytes of the code, and of the file. */
function sizes(file) {
  const { stdout } = spawnSync("readelf", ["-SW", file], { encoding: "utf8" });
  const text = / \.text +PROGBITS +\S+ +\S+ +(\S+)/.exec(stdout)[1];
  return [Number.parseInt(text, 16), statSync(file).size];
}

async function times(addons) {
  const results = addons.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const [index, addon] of addons.entries()) results[index].push((await costs([], { addon })).each);
  }
  return results.map((result) => median(result).toFixed(2));
}

module.exports = async function main() {
  const rows = [];
  for (const target of targetNames().map(loadTarget)) {
    const addons = variants.map((variant) => buildVariant(target, variant));
    const measured = target.arch === process.arch ? await times(addons) : [];
    for (const [index, { name }] of variants.entries())
      rows.push([target.name, name, ...sizes(addons[index]), measured[index] ?? ""]);
  }
  printTable(["target", "flags", "code, B", "file, B", "message, µs"], rows);
};
