/**
 * Closing what collected objects left open, for code that must not load the addon for that: where it is not loaded, there is
 * nothing to close.
 */

/** `due`: only if that was not done within the last second. */
type Sweep = (due: boolean) => void;

let sweepBy: Sweep = () => {};

/** Called by the addon's side when it is loaded. */
export function provideSweep(given: Sweep): void {
  sweepBy = given;
}

/** Closes the descriptors of objects that have been collected. */
export const sweep = (): void => sweepBy(false);

/** The same, before a sleep: at most once a second, however many short sleeps there are. */
export const sweepBeforeSleep = (milliseconds: number): void => sweepBy(milliseconds < 1000);
