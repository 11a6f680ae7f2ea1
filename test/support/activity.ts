/** What a process has done, from /proc. */

import { readdirSync, readFileSync } from "node:fs";
import { waitFor } from "./time.js";

export interface Activity {
  /** Context switches of all its threads, voluntary or not. */
  switches: number;
  /** CPU time in ticks of 10 ms. */
  ticks: number;
}

export function activity(pid: number): Activity {
  let switches = 0;
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    const status = readFileSync(`/proc/${pid}/task/${thread}/status`, "utf8");
    for (const [, count] of status.matchAll(/ctxt_switches:\s+(\d+)/g)) switches += Number(count);
  }
  // The name in parentheses may hold spaces; the fields after it are counted from the third.
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /, "")
    .split(" ");
  return { switches, ticks: Number(fields[11]) + Number(fields[12]) };
}

/** What it did since `before`. */
export function activitySince(pid: number, before: Activity): Activity {
  const now = activity(pid);
  return { switches: now.switches - before.switches, ticks: now.ticks - before.ticks };
}

/**
 * Waits until the main thread of `pid` sleeps in a system call and does nothing else: it blocks. Not reliable to the last for a
 * process that is just starting, so it is meant for one that has said what it is about to do.
 */
export async function inSystemCall(pid: number): Promise<void> {
  let [last, since] = [-1, 0];
  await waitFor(() => {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    const switches = Number(/^voluntary_ctxt_switches:\s+(\d+)/m.exec(status)?.[1]);
    if (!/^State:\s+S/m.test(status) || switches !== last) {
      [last, since] = [switches, performance.now()];
      return false;
    }
    return performance.now() - since > 20;
  }, `process ${pid} to sleep`);
}
