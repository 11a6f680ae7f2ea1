// The tests as they run on a box: a folder with the library, the addon for its processor, the compiled tests, and little else.

const fs = require("node:fs");
const { join } = require("node:path");
const { copyRuntime } = require("../archive.js");

const root = join(__dirname, "..", "..");

/** Packages that the tests load. They have no others below them. */
const packages = ["fast-check", "pure-rand", "ws"];

const areas = ["conformance", "programs", "support", "device"];

const isDeclaration = (path) => /\.(d\.[cm]?ts|map|md)$/.test(path);

function copy(from, to, filter) {
  fs.cpSync(join(root, from), join(to, from), { recursive: true, filter });
}

function copyTests(folder) {
  for (const area of areas) {
    const filter = (path) => !isDeclaration(path) && !(area === "device" && path.endsWith(".test.js"));
    copy(join("out", "test", area), folder, filter);
  }
  // Programs are run from their sources.
  copy(join("test", "programs"), folder, (path) => !path.endsWith(".ts"));
  copy(join("test", "device", "limits.json"), folder);
  for (const name of packages) copy(join("node_modules", name), folder, (path) => !isDeclaration(path));
  const tap = join(folder, "node_modules", "tap");
  fs.mkdirSync(tap);
  fs.writeFileSync(join(tap, "index.js"), 'module.exports = require("../../out/test/device/tap.js");\n');
}

/** Throws when a part is not built. */
function check() {
  for (const built of ["dist/command.js", "out/test/device/run.js"]) {
    if (!fs.existsSync(join(root, built))) throw new Error(`${built} is not built yet: npm run build:ts`);
  }
}

/**
 * Makes a folder in which `node out/test/device/run.js` runs the tests.
 *
 * @param options - `target`, its built `addon`, and `own`: whether it is for tests of a user's own only
 */
function stage(folder, { target, addon, own = false }) {
  check();
  fs.rmSync(folder, { recursive: true, force: true });
  fs.mkdirSync(folder, { recursive: true });
  copyRuntime(folder, { target, addon, compiler: true });
  if (own) copy(join("out", "test", "device"), folder, (path) => !isDeclaration(path));
  else copyTests(folder);
}

module.exports = { stage };
