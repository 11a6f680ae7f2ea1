/** Ports with the sockets set to them, and what must be so of what they deliver (rows S34 to S44). */

import { RoMessagePort, RoSocketEvent } from "rosock";
import type { Socket } from "../support/sockets.js";
import { any, type Conditions, conditions, none } from "./readiness.js";

/** A socket, and what the program has set. */
export class Watched<S extends Socket = Socket> {
  flags: Conditions = none;
  open = true;

  constructor(
    readonly socket: S,
    /** Index of the port; null: blocking. */
    public port: number | null,
  ) {}

  /** Whether it has something to tell. */
  get due(): boolean {
    return this.open && this.port !== null && any(this.flags, conditions(this.socket));
  }
}

/** How a program asks for the next message. */
export type Asking = "wait" | "get" | "peek" | "async";

/** More than any wait for something that is there already can last on a busy machine. */
const long = 5_000;

export class Ports {
  readonly list = [new RoMessagePort(), new RoMessagePort()];
  /** What was posted and has not come yet. */
  readonly #posted: number[][] = [[], []];
  /** Sockets that the program dropped: the port keeps those that have something to tell (row S47). */
  readonly dropped = new Set<number>();
  #values = 0;

  constructor(readonly sockets: () => Iterable<Watched>) {}

  set(watched: Watched, port: number | null): void {
    watched.port = port;
    watched.socket.setMessagePort(port === null ? null : this.list[port]!);
  }

  post(port: number): void {
    this.#posted[port]!.push(++this.#values);
    this.list[port]!.postMessage(this.#values);
  }

  /** Takes a message; where something is there one must come. */
  async take(index: number, asking: Asking, milliseconds: number): Promise<void> {
    const port = this.list[index]!;
    const expected = this.#named(index);
    const patience = expected.length > 0 ? long : milliseconds;
    const message =
      asking === "wait"
        ? port.waitMessage(patience)
        : asking === "async"
          ? await port.waitMessageAsync(patience)
          : asking === "peek"
            ? port.peekMessage()
            : port.getMessage();
    if (asking === "peek" && message !== null) {
      const next = port.getMessage();
      if (idOf(next) !== idOf(message))
        throw new Error(`peekMessage gave ${idOf(message)}, getMessage ${idOf(next)}`);
    }
    if (message !== null) this.#check(index, message);
    else if (expected.length > 0 && (asking === "wait" || asking === "async")) {
      throw new Error(`port ${index} gave nothing; due: ${expected.join(", ")}`);
    }
  }

  /** Takes what is there without touching a socket: everything that is due must come in its turn, and the loop must end. */
  async drain(index: number): Promise<void> {
    const port = this.list[index]!;
    const most = 3 * ([...this.sockets()].length + this.dropped.size) + this.#posted[index]!.length;
    for (let count = 0; ; count++) {
      const message = port.getMessage();
      if (message === null) break;
      this.#check(index, message);
      if (count > most) throw new Error("a drain loop does not end (S37)");
    }
    const due = new Set(this.#named(index));
    for (let count = 0; due.size > 0; count++) {
      const message = port.waitMessage(long);
      if (message === null) throw new Error(`port ${index} did not give ${[...due].join(", ")}`);
      this.#check(index, message);
      due.delete(idOf(message));
      if (count > 100 + most * 3)
        throw new Error(`port ${index} gives others, and not ${[...due].join(", ")} (S39)`);
    }
  }

  dispose(): void {
    for (const port of this.list) port[Symbol.dispose]();
  }

  /** What is due now. */
  #named(index: number): string[] {
    const due: string[] = [];
    for (const watched of this.sockets()) {
      if (watched.port === index && watched.due) due.push(`socket ${watched.socket.getID()}`);
    }
    for (const value of this.#posted[index]!) due.push(`value ${value}`);
    return due;
  }

  /** Rows S35, S36, S43 and S44. */
  #check(index: number, message: unknown): void {
    if (!(message instanceof RoSocketEvent)) {
      const value = this.#posted[index]!.shift();
      if (message !== value) throw new Error(`port ${index} gave ${String(message)} instead of ${value}`);
      return;
    }
    const id = message.getSocketID();
    for (const watched of this.sockets()) {
      if (watched.socket.getID() !== id) continue;
      if (watched.port !== index)
        throw new Error(`an event of socket ${id} at port ${index}, not ${watched.port}`);
      if (!watched.due) throw new Error(`an event of socket ${id}, which has nothing to tell`);
      return;
    }
    if (!this.dropped.has(id)) throw new Error(`an event of socket ${id}, which is closed`);
  }
}

function idOf(message: unknown): string {
  if (message === null) return "nothing";
  return message instanceof RoSocketEvent ? `socket ${message.getSocketID()}` : `value ${String(message)}`;
}
