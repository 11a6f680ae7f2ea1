/** Waits that always end: a test that hangs tells less than one that fails. */

/** Milliseconds after which what is waited for hangs: nothing takes that long, however busy the machine is. */
export const hang = 60_000;

/** By how much this machine is slower than a desk's. What is waited for here may take that much longer. */
export const patience = Number(process.env.ROSOCK_PATIENCE ?? 1);

/** Rejects with what was awaited when `promise` is not settled after `milliseconds`. */
export async function withTimeout<T>(promise: Promise<T>, what: string, milliseconds = hang): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const expiry = new Promise<never>((_resolve, reject) => {
    const limit = milliseconds * patience;
    timer = setTimeout(() => reject(new Error(`still waiting after ${limit} ms for ${what}`)), limit);
  });
  try {
    return await Promise.race([promise, expiry]);
  } finally {
    clearTimeout(timer);
  }
}

/** Asks every 2 ms, the event loop running, until `condition` gives something truthy, and returns that. */
export async function waitFor<T>(
  condition: () => T | Promise<T>,
  what: string,
  milliseconds = hang,
): Promise<NonNullable<T>> {
  const limit = milliseconds * patience;
  const end = performance.now() + limit;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (performance.now() > end) throw new Error(`still waiting after ${limit} ms for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/** The same with this thread's event loop standing still, as it does in a program that only uses wait(). */
export function waitForSync<T>(condition: () => T, what: string, milliseconds = hang): NonNullable<T> {
  const limit = milliseconds * patience;
  const end = performance.now() + limit;
  for (;;) {
    const value = condition();
    if (value) return value;
    if (performance.now() > end) throw new Error(`still waiting after ${limit} ms for ${what}`);
    pause(2);
  }
}

/**
 * The shortest of the times, in milliseconds, that `work` gives in some attempts, which end with the first below `limit`. A busy
 * machine is late now and then; what is slow by itself is so each time.
 */
export async function shortest(
  limit: number,
  work: () => number | Promise<number>,
  attempts = 20,
): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < attempts && least >= limit; attempt++)
    least = Math.min(least, await work());
  return least;
}

const never = new Int32Array(new SharedArrayBuffer(4));

/** Stops this thread. Only for polling; a test never waits for a time to pass. */
export function pause(milliseconds: number): void {
  Atomics.wait(never, 0, 0, milliseconds);
}

/** How long `work` took, in milliseconds, with what it returned. */
export function timed<T>(work: () => T): { value: T; milliseconds: number } {
  const start = performance.now();
  const value = work();
  return { value, milliseconds: performance.now() - start };
}

/** How often this process has slept in a system call. For waits that a slow machine's clock says nothing about. */
export const sleeps = (): number => process.resourceUsage().voluntaryContextSwitches;
