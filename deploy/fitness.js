// Whether a box can take a deployment, from what it said it is (device/probe.sh). Nothing has been changed on it by then.

const { existsSync, readdirSync, statSync } = require("node:fs");
const { join } = require("node:path");
const { compareVersions } = require("../toolchain/verify.js");
const { loadTarget, targetNames } = require("../toolchain/target.js");

const root = join(__dirname, "..");

/** KiB of memory below which Node does not even start. */
const leastMemory = 48 * 1024;

/** The oldest Node that will do. */
const leastNode = "20";

/** The target of a box's processor; undefined when there is none. */
const targetOf = ({ arch }) =>
  targetNames()
    .map(loadTarget)
    .find((target) => target.arch === arch);

/** A source of the addon that has changed since it was built; undefined when there is none. */
function newerSource(addon) {
  const sources = join(root, "native");
  const built = statSync(addon).mtimeMs;
  return readdirSync(sources).find((name) => statSync(join(sources, name)).mtimeMs > built);
}

/** The addon built for a target; undefined when it is still to be built. */
function addonFor(target) {
  const prebuild = join(root, "prebuilds", target.name, target.prebuild);
  const own = join(root, "build", "Release", "rosock.node");
  const built = [prebuild, ...(target.arch === process.arch ? [own] : [])].filter((file) => existsSync(file));
  return built.find((file) => newerSource(file) === undefined) ?? built[0];
}

/** What is to be built before a target's addon can be used; undefined when it can be. */
function addonObstacle(target) {
  const addon = addonFor(target);
  const changed = addon && newerSource(addon);
  if (addon !== undefined && changed === undefined) return undefined;
  const what = changed === undefined ? "is not built yet" : `is older than native/${changed}`;
  return `the addon for it ${what}: npm run cross -- --target ${target.name}`;
}

const isOld = (version) => compareVersions(version, leastNode) < 0;

/** Which Node of a box to use, of lines "VERSION PATH": the first that is not too old, or else the first. */
function nodeOf(lines) {
  const nodes = lines.map((line) => {
    const [version, path] = line.split(/ (.*)/s);
    return { node: path, nodeVersion: version };
  });
  return nodes.find(({ nodeVersion }) => !isOld(nodeVersion)) ?? nodes[0] ?? {};
}

/** What is wrong with its processor and its C library. */
function systemObstacles(facts, target) {
  const found = [];
  if (facts.libc !== "glibc")
    found.push(`its C library is ${facts.libc}; the builds need glibc (hard float on ARM)`);
  const floor = target.floor.GLIBC;
  if (facts.glibc !== undefined && compareVersions(facts.glibc, floor) < 0) {
    found.push(`its glibc is ${facts.glibc}; Node and the addon need ${floor}`);
  }
  if (target.arch === "arm" && facts.features && !/\b(neon|asimd)\b/.test(facts.features)) {
    found.push("its processor has no NEON, which the build is for");
  }
  const addon = addonObstacle(target);
  if (addon !== undefined) found.push(addon);
  return found;
}

function nodeObstacles({ node, nodeVersion }) {
  if (node === undefined) return ["it has no Node: send one along with --with-node"];
  if (!isOld(nodeVersion)) return [];
  return [`its Node is ${nodeVersion}, and ${leastNode} is needed: send one along with --with-node`];
}

function placeObstacles({ base, writable, lasting, space }, bytes) {
  if (!base) return ["no folder there can be written and outlasts a restart: name one with --to"];
  if (writable !== "yes") return [`${base} cannot be written there`];
  if (lasting !== "yes") return [`${base} is in memory there, and would be gone after a restart`];
  const kilobytes = Math.ceil(bytes / 1024);
  // A box whose df does not tell is tried.
  if (!space || Number(space) >= kilobytes) return [];
  return [`${base} has ${space} KiB free, and ${kilobytes} are needed`];
}

function serviceObstacles(facts, user) {
  const found = [];
  if (facts.initd === undefined) {
    found.push("no folder for services there can be written, so it could not start with the box");
  }
  if (facts.root !== "yes") found.push("a service can be installed by root only");
  if (user !== undefined && facts.user !== user) found.push(`it has no user ${user}`);
  return found;
}

/**
 * What stands in the way of a deployment, in sentences; none when nothing does.
 *
 * @param facts - what Device.probe() gave
 * @param needed - `bytes` of space there, `withNode` whether a Node is sent along, `runAs` the user it must have, and `lasts` whether
 * it stays, as a service
 */
function obstacles(facts, { bytes = 0, withNode = false, runAs, lasts = true } = {}) {
  const target = targetOf(facts);
  if (target === undefined) {
    return [`its programs are for ${facts.arch}; there are builds for ${targetNames().join(", ")}`];
  }
  const found = facts.missing.length > 0 ? [`it has no ${facts.missing.join(", ")}`] : [];
  found.push(...systemObstacles(facts, target));
  if (!withNode) found.push(...nodeObstacles(facts));
  if (Number(facts.memory) < leastMemory) {
    const spare = Math.floor(facts.memory / 1024);
    found.push(`it has ${spare} MiB of memory to spare, and Node needs ${leastMemory / 1024}`);
  }
  found.push(...placeObstacles(lasts ? facts : { ...facts, lasting: "yes" }, bytes));
  if (lasts) found.push(...serviceObstacles(facts, runAs));
  return found;
}

/** Throws what stands in the way, if anything does. */
function refuse(found) {
  if (found.length > 0) throw new Error(found.join("; "));
}

module.exports = { addonFor, addonObstacle, nodeOf, obstacles, refuse, targetOf };
