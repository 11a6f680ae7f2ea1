// Tests on a box: sends them, runs them there, and tells what became of them when the connection is lost.

const { execFileSync } = require("node:child_process");
const { createHash } = require("node:crypto");
const fs = require("node:fs");
const { join } = require("node:path");
const { setTimeout } = require("node:timers/promises");
const { reason, unreachable } = require("../device.js");

/** How long, in milliseconds, a box is waited for that was lost, and how often it is asked. */
const returnLimit = 90_000;
const pause = 3_000;

/** The scripts are beside this file, those of Device in a folder of their own. */
const script = (name) => join("..", "tests", name);

/** Makes one file of a folder. */
function pack(folder, file) {
  const form = ["--format=ustar", "--owner=0", "--group=0", "--numeric-owner", "--mode=u=rwX,go=rX"];
  try {
    execFileSync("tar", ["-C", folder, ...form, "-czf", file, "."], { stdio: "pipe" });
  } catch (error) {
    throw new Error(`the archive could not be made: ${String(error.stderr || error.message).trim()}`);
  }
  const sum = createHash("sha256").update(fs.readFileSync(file)).digest("hex");
  return { file, sum, size: fs.statSync(file).size };
}

async function send(device, dir, { file, sum }) {
  const { status, stderr } = await device.scriptWith(script("receive.sh"), [dir, sum], { file });
  if (status !== 0) throw new Error(reason(stderr, status));
}

/** What tells one start of the box from the next; undefined when it does not answer. */
async function bootOf(device) {
  const { status, stdout } = await device.run(["cat", "/proc/sys/kernel/random/boot_id"]);
  return status === unreachable ? undefined : stdout.trim();
}

/** What became of a box whose connection was lost. What it still has of the tests is removed. */
async function afterLoss(device, dir, before) {
  for (const end = Date.now() + returnLimit; Date.now() < end; await setTimeout(pause)) {
    const boot = await bootOf(device);
    if (boot === undefined) continue;
    await remove(device, dir);
    if (boot !== before) return "the box has started again in the middle of the tests";
    return "the connection was lost in the middle of the tests; they are ended there";
  }
  return `the connection was lost in the middle of the tests, and the box does not answer; the next run removes ${dir}`;
}

/**
 * Runs the tests in a folder of the box, and removes it.
 *
 * @param write - gets each line of TAP as it comes
 * @returns how many have passed, failed, and were skipped
 */
async function run(device, { dir, node, patience, words }, write) {
  const boot = await bootOf(device);
  let numbers;
  const onLine = (line) => {
    numbers = /^(\d+) passed, (\d+) failed, (\d+) skipped$/.exec(line)?.slice(1).map(Number);
    if (numbers === undefined) write(line);
  };
  const args = [dir, node, patience, ...words];
  const { status, stderr } = await device.script(script("run.sh"), args, onLine);
  if (numbers !== undefined) return numbers;
  if (status === unreachable) throw new Error(await afterLoss(device, dir, boot));
  throw new Error(`the tests could not be run: ${reason(stderr, status)}`);
}

/** Ends and removes what is left of the tests on a box. */
const remove = (device, dir) => device.script(script("remove.sh"), [dir]);

module.exports = { pack, remove, run, send };
