/** Sleeping in the kernel for a blocking call, with a deadline. */
import { constants } from "node:os";
import { bell, isWorker, pendingSignals, poll, polled, ready, setPoll, silenceBell } from "../native.js";
import { EAGAIN, EINTR } from "./status.js";

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

/** The shorter of two times of which -1 is endless. */
export const shorter = (a: number, b: number): number => (a < 0 ? b : b < 0 ? a : Math.min(a, b));

/**
 * How long to sleep in a worker whose event loop is wanted for something else than termination: its call for termination may
 * then not be seen, so it is asked for again and again.
 */
const workerSlice = 1000;

/** How long to sleep at once without a bell, for lack of descriptors. A worker that is terminated ends between two sleeps. */
const deafSlice = 100;

/**
 * Sleeps until one of `conditions` holds of `fd`, and returns 0; -1 for `fd`: none ever does. Otherwise an error number: EAGAIN
 * when the deadline came first, EINTR when a signal came that the program handles (row S52), or that of poll(2).
 */
export function sleepUntil(fd: number, conditions: number, deadline: number): number {
  for (let rung = false; ; ) {
    const ring = bell();
    setPoll(0, fd, conditions);
    setPoll(1, ring, ready.in);
    const slice = ring < 0 ? deafSlice : rung && isWorker ? workerSlice : -1;
    const found = poll(2, shorter(timeLeft(deadline), slice));
    if (found < 0) return -found;
    if (polled(0) !== 0) return 0; // Errors, too: the call that waits reports them.
    if (found > 0) {
      rung = true;
      silenceBell();
    }
    // A worker that is being terminated goes no further than this turn of the loop.
    if (!isWorker && (found > 0 || ring < 0) && isSignalled()) return EINTR;
    if (found === 0 && performance.now() >= deadline) return EAGAIN;
  }
}

/**
 * Repeats an attempt that has ended with -EAGAIN, each time that one of `conditions` holds of `fd`, until it ends with something
 * else, which is returned; or -EAGAIN after so many seconds (0: no limit), -EINTR for a signal that the program handles.
 */
export function repeat(attempt: () => number, fd: number, conditions: number, seconds: number): number {
  const deadline = deadlineIn(seconds * 1000);
  for (;;) {
    const status = sleepUntil(fd, conditions, deadline);
    if (status !== 0) return -status;
    const result = attempt();
    if (result !== -EAGAIN) return result;
  }
}

/**
 * Whether a signal has come that the program handles in JavaScript (row S52). If so, the event loop has a whole turn to come, in
 * which the handler runs, even if nothing else is left to do.
 */
export function isSignalled(): boolean {
  const pending = pendingSignals();
  const found = process.eventNames().some((name) => {
    const number = constants.signals[name as NodeJS.Signals];
    return number !== undefined && (pending & (1 << (number - 1))) !== 0;
  });
  // From a callback of the loop's, the first may run before the loop has looked for signals.
  if (found) setImmediate(() => setImmediate(() => {}));
  return found;
}
