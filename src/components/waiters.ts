/** Those who wait for a port's messages without blocking: promises, and the event loop's watch of the port. */
import { pauseWatch, watch } from "../native.js";
import { type Message, type RoMessagePort, retryEvery } from "./message-port.js";
import { systemError } from "./status.js";

interface Waiter<Value> {
  finish(message: Message<Value> | null): void;
  fail(error: unknown): void;
}

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
  #waiting: Waiter<Value>[] = [];
  #pacer: NodeJS.Timeout | undefined;
  #scheduled = false;
  /** The descriptor that the event loop watches, -1: none. */
  #watched = -1;

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
        this.#waiting = this.#waiting.filter((other) => other !== waiter);
        if (this.#waiting.length === 0) this.#rest();
      };
      const waiter: Waiter<Value> = {
        finish(result) {
          leave();
          resolve(result);
        },
        fail(error) {
          leave();
          reject(error);
        },
      };
      const abort = (): void => waiter.fail(signal?.reason);
      const timer = timeout === 0 ? undefined : setTimeout(() => waiter.finish(null), timeout);
      signal?.addEventListener("abort", abort);
      this.#waiting.push(waiter);
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
    for (const waiter of this.#waiting) waiter.finish(null);
  }

  #fail(error: unknown): void {
    for (const waiter of this.#waiting) waiter.fail(error);
  }

  /** Arranges for the next look at the port; whoever waits for what cannot be watched is told so. */
  #arm(): void {
    try {
      this.#arrange();
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Has the port looked at soon, when a paced event is due, or when the kernel has something. */
  #arrange(): void {
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
    const { poller } = port;
    const patience = poller < 0 ? retryEvery : port.patience;
    if (patience >= 0 && this.#pacer === undefined) {
      this.#pacer = setTimeout(() => {
        this.#pacer = undefined;
        this.serve();
      }, patience);
    }
    if (poller < 0) return;
    this.#onReady ??= servesWeakly(this);
    const result = watch(poller, this.#onReady);
    if (result >= 0) this.#watched = poller;
    if (result < 0) {
      throw systemError(-result, "epoll_ctl", ": the event loop cannot watch the message port's descriptor");
    }
  }

  /** Gives those who wait what there is. */
  serve(): void {
    if (this.#waiting.length === 0) return;
    try {
      this.#port.nextRound();
      while (this.#waiting.length > 0) {
        const message = this.#port.take();
        if (message === undefined) break;
        this.#waiting[0]!.finish(message);
      }
    } catch (error) {
      this.#fail(error);
    }
    if (this.#waiting.length > 0) this.#arm();
  }

  #rest(): void {
    awaited.delete(this);
    clearTimeout(this.#pacer);
    this.#pacer = undefined;
    if (this.#watched >= 0) pauseWatch(this.#watched);
    this.#watched = -1;
  }
}
