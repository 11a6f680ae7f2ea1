// Other runtimes, for tests: npm's packages bring their programs. Installs those named into build/runtimes, without running a script.
// usage: node scripts/runtimes.js NAME…, of node18, node22, node24, node26, bun and deno

const { spawnSync } = require("node:child_process");
const { existsSync, mkdirSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");

const arch = process.arch === "x64" || process.arch === "arm64" ? process.arch : undefined;
const debianName = { x64: "x64", arm64: "aarch64" }[arch];

/** The package that has a runtime's program, and where in it that is. */
function source(name) {
  const [, major] = /^node(\d+)$/.exec(name) ?? [];
  if (major !== undefined) return { name: `node-linux-${arch}`, version: major, program: "bin/node" };
  if (name === "bun") return { name: `@oven/bun-linux-${debianName}`, version: "latest", program: "bin/bun" };
  if (name === "deno") return { name: `@deno/linux-${arch}-glibc`, version: "latest", program: "deno" };
  throw new Error(`${name}: no such runtime; there are node18, node22, node24, node26, bun and deno`);
}

const folderOf = (name) => join(__dirname, "../build/runtimes", name);

/** The path of a runtime's program; undefined where it is not installed. */
function find(name) {
  const { name: packageName, program } = source(name);
  const path = join(folderOf(name), "node_modules", packageName, program);
  return existsSync(path) ? path : undefined;
}

/** Installs a runtime, if it is not there; the path of its program. */
function install(name) {
  if (arch === undefined) throw new Error(`there is no ${name} for ${process.arch} in npm's registry`);
  const found = find(name);
  if (found !== undefined) return found;
  const { name: packageName, version } = source(name);
  const folder = folderOf(name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), "{}");
  const words = [
    "install",
    "--no-audit",
    "--no-fund",
    "--no-save",
    "--ignore-scripts",
    `${packageName}@${version}`,
  ];
  const { status, stderr } = spawnSync("npm", words, { cwd: folder, encoding: "utf8" });
  const installed = find(name);
  if (status !== 0 || installed === undefined)
    throw new Error(`${name} could not be installed: ${stderr.trim()}`);
  return installed;
}

module.exports = { find, install };

if (require.main === module) {
  try {
    for (const name of process.argv.slice(2)) console.log(`${name}: ${install(name)}`);
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
