// The targets, which are the files in targets/.

const { existsSync, readdirSync, readFileSync } = require("node:fs");
const { join } = require("node:path");

const folder = join(__dirname, "targets");

const targetNames = () => readdirSync(folder).map((file) => file.replace(/\.json$/, ""));

/** The target of that name. */
function loadTarget(name) {
  const file = join(folder, `${name}.json`);
  if (!/^[\w-]+$/.test(name) || !existsSync(file)) {
    throw new Error(`unknown target ${JSON.stringify(name)}: there are ${targetNames().join(", ")}`);
  }
  return JSON.parse(readFileSync(file, "utf8"));
}

/** The target for a machine as compilers name it, such as "arm-linux-gnueabihf"; undefined for others. */
function targetFor(machine) {
  const cpu = machine.split("-")[0].replace(/^armv?\d?\w*$/, "arm");
  return targetNames()
    .map(loadTarget)
    .find((target) => target.machine === cpu);
}

module.exports = { loadTarget, targetFor, targetNames };
