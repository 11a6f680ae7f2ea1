/** What a transfer's minimum rate is measured by. */
import type { Socket } from "node:net";
import { code, TransferError } from "./errors.js";
import type { Request } from "./protocol.js";

/** Counts the bytes that cross the connection which a transfer uses at the time. */
export class Meter {
  #socket: Socket | undefined;
  #seen = 0;

  set socket(socket: Socket) {
    this.#socket = socket;
    this.#seen = this.#total(); // It may have served other requests before.
  }

  /** Bytes since it was last asked. */
  sinceLast(): number {
    const before = this.#seen;
    this.#seen = this.#total();
    return this.#seen - before;
  }

  #total(): number {
    return (this.#socket?.bytesRead ?? 0) + (this.#socket?.bytesWritten ?? 0);
  }
}

/** Aborts a transfer that is slower than its minimum. To be cleared. */
export function watchRate(
  { bytes, seconds }: Request["minimumRate"],
  meter: Meter,
  controller: AbortController,
): NodeJS.Timeout | undefined {
  if (bytes <= 0 || seconds <= 0) return undefined;
  const maxSeconds = 2_000_000; // Of setInterval.
  return setInterval(() => {
    if (meter.sinceLast() >= bytes * seconds) return;
    const words = `less than ${bytes} bytes a second for ${seconds} s`;
    controller.abort(new TransferError(code.timedOut, words));
  }, Math.min(seconds, maxSeconds) * 1000);
}
