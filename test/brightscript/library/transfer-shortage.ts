/**
 * A program of url-transfer-thread.test.ts in a process of its own, whose first transfers are made with few descriptors left. Writes
 * a line of JSON: how each of them ended, and how it ends when there are enough again.
 */
import { closeSync, openSync, readdirSync } from "node:fs";
import { RoUrlTransfer } from "#src/brightscript/library/url-transfer.js";

const [, , url = "", left = ""] = process.argv;

const descriptors = (): number => readdirSync("/proc/self/fd").length;
const threads = (): number => readdirSync("/proc/self/task").length;

/** Leaves so many descriptors, and returns those that it took. */
function leave(count: number): number[] {
  const taken: number[] = [];
  try {
    for (;;) taken.push(openSync("/dev/null", "r"));
  } catch {
    for (const fd of taken.splice(0, count)) closeSync(fd);
  }
  return taken;
}

function attempt(): string {
  const transfer = new RoUrlTransfer();
  transfer.setUrl(url);
  const text = transfer.getToString();
  return text === "" ? transfer.getFailureReason() : text;
}

const before = threads();
const taken = leave(Number(left));
const scarce = [attempt(), attempt(), attempt()];
const asynchronous = new RoUrlTransfer().asyncGetToString();
for (const fd of taken) closeSync(fd);
const extra = threads() - before;
const enough = [attempt(), attempt()];
const atRest = descriptors();
const last = attempt();
console.log(
  JSON.stringify({ scarce, asynchronous, threads: extra, enough, last, opened: descriptors() - atRest }),
);
process.exit();
