// Tests on a box: sends them, runs them there, and tells what became of them when the connection is lost.

const { join } = require("node:path");
const { setTimeout } = require("node:timers/promises");
const { reason, unreachable } = require("../device.js");

/** How long, in milliseconds, a box is waited for that was lost, and how often it is asked. */
const returnLimit = 90_000;
const pause = 3_000;

/** The scripts are beside this file, those of Device in a folder of their own. */
const script = (name) => join("..", "tests", name);

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

module.exports = { remove, run, send };
