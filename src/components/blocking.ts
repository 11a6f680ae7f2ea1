/** Sleeping in the kernel for a blocking call, with a deadline. */
import { isWorker, openBell, poll, polled, ready, setPoll, waitPoller } from "../native.js";

const longest = 2 ** 31 - 1;

/** The deadline for a limit of so many milliseconds from now; Infinity for 0, no limit. On a clock that is never set back. */
export const deadlineIn = (milliseconds: number): number =>
  milliseconds === 0 ? Number.POSITIVE_INFINITY : performance.now() + milliseconds;

/** The deadline for milliseconds as the kernel takes them: -1 without end. */
export const deadlineFrom = (milliseconds: number): number =>
  milliseconds < 0 ? Number.POSITIVE_INFINITY : performance.now() + milliseconds;

/** Milliseconds left as the kernel takes them: rounded up, -1 without end. */
export function timeLeft(deadline: number): number {
  if (deadline === Number.POSITIVE_INFINITY) return -1;
  return Math.min(Math.max(Math.ceil(deadline - performance.now()), 0), longest);
}

/**
 * How long to sleep in a worker whose event loop is wanted for something else than termination: its call for termination may
 * then not be seen, so it is asked for again and again.
 */
const workerSlice = 1000;

/** The shorter of two times of which -1 is endless. */
export const shorter = (a: number, b: number): number => (a < 0 ? b : b < 0 ? a : Math.min(a, b));

let bell = -1;
const bellOwner = {};

/** Sleeps until one of `conditions` holds of `fd`; false when the deadline came first. */
export function sleepUntil(fd: number, conditions: number, deadline: number): boolean {
  if (isWorker && bell < 0) bell = openBell(bellOwner);
  const count = bell < 0 ? 1 : 2;
  setPoll(0, fd, conditions);
  setPoll(1, bell, ready.in);
  for (let rung = false; ; ) {
    const left = timeLeft(deadline);
    const found = poll(count, rung ? shorter(left, workerSlice) : left);
    if (found < 0 || polled(0) !== 0) return true; // An error is told better by the call that waits.
    if (found === 0 && performance.now() >= deadline) return false;
    // A worker that is being terminated goes no further than this turn of the loop.
    if (found > 0) {
      rung = true;
      waitPoller(bell, 0);
    }
  }
}
