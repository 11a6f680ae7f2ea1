// What can be done with one box: each function does it and gives the line that tells how it went, or throws why it did not.

const { setTimeout } = require("node:timers/promises");
const { makeArchive } = require("./archive.js");
const { reason, unreachable } = require("./device.js");
const { addonFor, obstacles, refuse, targetOf } = require("./fitness.js");
const { fetchNode, nodeName } = require("./node.js");

const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;

/** Bytes that a release takes beyond what is counted: V8's code, the log, and what a full disk needs to live. */
const reserve = 8e6;

/** How often a box that cannot be reached any more is asked again, and after how many milliseconds. */
const attempts = 5;
const pause = 3_000;

/** MiB that the program may use: what was asked for, or half of the box. */
const memoryFor = (facts, { memory }) => memory ?? Math.max(64, Math.floor(facts.total / 1024 / 2));

/** Which Node the program is run with, and, when the box does not have it, where it is to be sent from. */
function chooseNode(facts, { withNode }) {
  if (!withNode) return { node: facts.node };
  const node = `${facts.base}/.node/${nodeName(facts.arch)}/bin/node`;
  const has = facts.nodes.some((line) => line.endsWith(` ${node}`));
  return has ? { node } : { node, nodeHome: fetchNode(facts.arch) };
}

async function deploy(device, options, say) {
  const facts = await device.probe(options);
  say(`${facts.kernel}, ${facts.arch}, ${facts.libc} ${facts.glibc ?? ""}, ${facts.init}`);
  refuse(obstacles(facts, options));
  const dir = `${facts.base}/${options.name}`;
  const target = targetOf(facts);
  const archive = await makeArchive(options.work, {
    ...options,
    ...chooseNode(facts, options),
    facts,
    dir,
    target,
    addon: addonFor(target),
    user: facts.user ?? "root",
    memory: memoryFor(facts, options),
  });
  refuse(obstacles(facts, { ...options, bytes: archive.bytes + archive.size + reserve }));
  const what = `${archive.version}, ${megabytes(archive.size)}, to ${dir}`;
  if (options.dryRun) return `would send ${what}`;
  say(`sending ${what}`);
  await send(device, dir, archive, say);
  return follow(device, dir, archive.version, say);
}

/** What is worth telling while a file is sent: each quarter of one that takes its time. */
function quarters(size, say) {
  let next = 1;
  return (part) => {
    if (size < 5e6 || part * 4 < next) return;
    next = Math.floor(part * 4) + 1;
    say(`sent ${Math.floor(part * 100)} %`);
  };
}

/** Sends a release. When the connection is lost meanwhile, the box may have got it all the same: follow() tells. */
async function send(device, dir, { file, sum, version, size }, say) {
  const args = [dir, version, sum];
  const { status, stderr } = await device.scriptWith("receive.sh", args, { file, sent: quarters(size, say) });
  if (status === unreachable) say(`the connection was lost: ${reason(stderr, status)}`);
  else if (status !== 0) throw new Error(reason(stderr, status));
}

/** Follows what a box says of its activation, which goes on by itself when the connection is cut. */
async function follow(device, dir, version, say) {
  let known = 0;
  let lost = 0;
  const onLine = (line) => {
    known++;
    lost = 0;
    say(line);
  };
  for (;;) {
    const { status, stderr } = await device.script("follow.sh", [dir, version, known], onLine);
    if (status === 0) return `${version} runs, and is healthy`;
    if (status === 2) throw new Error(`${version} was not healthy: the release before runs again`);
    if (status === 3) throw new Error(`${version} was not healthy, and no release took its place`);
    if (status !== unreachable)
      throw new Error(`${version} did not arrive, or did not come to its end: see status`);
    if (++lost === attempts)
      throw new Error(`the connection was lost (${reason(stderr, status)}); the box goes on: see status`);
    await setTimeout(pause);
  }
}

/** The application's folder on a box; throws when it is not there. */
async function find(device, { name, to }) {
  const bases = to === undefined ? ["/opt/rosock", "/data/rosock", "/usr/local/rosock"] : [to];
  const line = `for each; do [ -d "$each/${name}/releases" ] && echo "$each/${name}" && exit; done; exit 1`;
  const { status, stdout, stderr } = await device.run(["sh", "-c", line, "find", ...bases]);
  if (status === unreachable) throw new Error(reason(stderr, status));
  if (status !== 0) throw new Error(`${name} is not deployed in ${bases.join(", ")}`);
  return stdout.trim();
}

/** How an application fares: see device/status.sh. `good` is a list, the newest last. */
async function state(device, dir) {
  const { status, stdout, stderr } = await device.script("status.sh", [dir]);
  if (status !== 0) throw new Error(reason(stderr, status));
  const lines = [...stdout.matchAll(/^(\w+)=(.*)$/gm)].map(([, name, value]) => [name, value]);
  const good = lines.filter(([name]) => name === "good").map(([, value]) => value);
  return { ...Object.fromEntries(lines), good };
}

async function status(device, options) {
  const found = await state(device, await find(device, options));
  if (found.current === undefined) return found.state;
  return `${found.current}: ${found.state} (last deployment: ${found.last}; good: ${found.good.join(" ") || "none"})`;
}

async function logs(device, options) {
  const dir = await find(device, options);
  const line = `sh ${dir}/current/device/service.sh log ${options.lines} ${dir}`;
  const { status, stdout, stderr } = await device.run(["sh", "-c", line]);
  if (status !== 0) throw new Error(reason(stderr, status));
  return stdout.trimEnd();
}

async function rollback(device, options, say) {
  const dir = await find(device, options);
  const { current, good } = await state(device, dir);
  const before = good.filter((version) => version !== current).pop();
  if (before === undefined) throw new Error("there is no release to go back to");
  if (options.dryRun) return `would go back from ${current} to ${before}`;
  const { status, stderr } = await device.script("rollback.sh", [dir, before]);
  if (status !== 0) throw new Error(reason(stderr, status));
  return follow(device, dir, before, say);
}

async function remove(device, options) {
  const dir = await find(device, options);
  if (options.dryRun) return `would remove ${dir} and its service`;
  const { status, stderr } = await device.script("remove.sh", [dir]);
  if (status !== 0) throw new Error(reason(stderr, status));
  return `${dir} and its service are removed`;
}

module.exports = { deploy, logs, remove, rollback, status };
