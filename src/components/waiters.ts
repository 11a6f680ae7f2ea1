/** Those who wait for a port's messages without blocking: promises, and the event loop's watch of the port. */
import { pauseWatch, watch } from "../native.js";
import type { Message, RoMessagePort } from "./message-port.js";

type Finish<Value> = (message: Message<Value> | null) => void;

/** A port that somebody waits for stays alive, whoever else has dropped it. */
const awaited = new Set<object>();

/** What a watch calls; it must not keep alive a port that nobody waits for. In a scope of its own, so as to hold nothing else. */
function servesWeakly(waiters: { serve(): void }): () => void {
  const weak = new WeakRef(waiters);
  return () => weak.deref()?.serve();
}

export class Waiters<Value> {
  readonly #port: RoMessagePort<Value>;
  #onReady: (() => void) | undefined;
  #waiting: Finish<Value>[] = [];
  #pacer: NodeJS.Timeout | undefined;
  #scheduled = false;

  constructor(port: RoMessagePort<Value>) {
    this.#port = port;
  }

  wait(timeout: number, signal: AbortSignal | undefined): Promise<Message<Value> | null> {
    signal?.throwIfAborted();
    const message = this.#waiting.length === 0 ? this.#port.take() : undefined;
    if (message !== undefined) return Promise.resolve(message);
    if (this.#port.disposed) return Promise.resolve(null);
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", abort);
        this.#waiting = this.#waiting.filter((other) => other !== finish);
        if (this.#waiting.length === 0) this.#rest();
      };
      const finish = (result: Message<Value> | null): void => {
        leave();
        resolve(result);
      };
      const abort = (): void => {
        leave();
        reject(signal?.reason);
      };
      const timer = timeout === 0 ? undefined : setTimeout(finish, timeout, null);
      signal?.addEventListener("abort", abort);
      this.#waiting.push(finish);
      awaited.add(this);
      this.#arm();
    });
  }

  /** Something may be due without the kernel saying so. */
  wake(): void {
    if (this.#waiting.length > 0) this.#arm();
  }

  /** Lets everybody go: the port is no more. */
  end(): void {
    for (const finish of this.#waiting) finish(null);
  }

  /** Arranges for the next look at the port: soon, when a paced event is due, or when the kernel has something. */
  #arm(): void {
    const port = this.#port;
    if (port.hasCandidates) {
      if (this.#scheduled) return;
      this.#scheduled = true;
      setImmediate(() => {
        this.#scheduled = false;
        this.serve();
      });
      return;
    }
    const { patience } = port;
    if (patience >= 0 && this.#pacer === undefined) {
      this.#pacer = setTimeout(() => {
        this.#pacer = undefined;
        this.serve();
      }, patience);
    }
    if (port.poller < 0) return;
    this.#onReady ??= servesWeakly(this);
    watch(port.poller, this.#onReady);
  }

  /** Gives those who wait what there is. */
  serve(): void {
    if (this.#waiting.length === 0) return;
    this.#port.nextRound();
    while (this.#waiting.length > 0) {
      const message = this.#port.take();
      if (message === undefined) break;
      this.#waiting[0]!(message);
    }
    if (this.#waiting.length > 0) this.#arm();
  }

  #rest(): void {
    awaited.delete(this);
    clearTimeout(this.#pacer);
    this.#pacer = undefined;
    if (!this.#port.disposed && this.#port.poller >= 0) pauseWatch(this.#port.poller);
  }
}
