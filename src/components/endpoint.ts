/**
 * What a message port sees of a socket, or of anything else with events: a descriptor, what is known of its readiness, and
 * which of it is notified.
 *
 * The kernel is asked edge-triggered, once per socket; what it said is kept in latches here. The contract (rows S34 to S42)
 * is level-triggered; it is made from the latches, nearly without system calls:
 * - an edge sets a latch, `known`;
 * - a call that shows the condition gone (EAGAIN, or less than asked) clears it, and the kernel reports the next edge;
 * - a call after which the condition may be gone makes it `doubtful`: it is confirmed by poll() before it is relied on.
 */
import { identifierBlock, nextIdentifier, pollNow, ready } from "../native.js";
import type { RoMessagePort } from "./message-port.js";
import { RoSocketEvent } from "./socket-event.js";

/** Readable, writable, exception: the conditions that can be notified. */
export const IN = ready.in;
export const OUT = ready.out;
export const PRI = ready.pri;
export const ALL = IN | OUT | PRI;

/** What is asked for: with the end of a stream, which is no condition of its own. */
export const ASKED = ALL | ready.rdhup;

/** Of a descriptor that other code has closed, the next call reports EBADF. */
const broken = ready.err | ready.hup | ready.nval;
const ended = broken | ready.rdhup;

/** Where a socket stands with the port that it is set to. */
export const Place = { none: 0, queued: 1, again: 2, paced: 3 } as const;
export type Place = (typeof Place)[keyof typeof Place];

export abstract class Endpoint {
  /** The descriptor; -1 before it is first needed and after close(). @internal */
  fd = -1;
  /** @internal */
  readonly id = nextIdentifier();
  /** What keeps the id from being given out again (row S5). @internal */
  readonly idBlock = identifierBlock();
  /** @internal */
  port: RoMessagePort | null = null;
  /** The conditions that are notified. @internal */
  flags = 0;
  /** The conditions that held when last seen. @internal */
  known = 0;
  /** Those of `known` that a call may have ended since. @internal */
  doubtful = 0;
  /** The stream's end or an error was seen: it stays readable, however little a call receives. @internal */
  final = false;
  /** The kernel reports this socket to `port`. @internal */
  registered = false;
  /** Whether the program did something about the last event. @internal */
  touched = true;
  /** @internal */
  place: Place = Place.none;
  /** The port that `place` is about. @internal */
  placedOn: RoMessagePort | null = null;

  /** Whether the descriptor's readiness means anything: of a TCP socket that is not in use yet Linux reports a hang-up. @internal */
  abstract get live(): boolean;

  /** Finds out how a pending connect has ended, if it has. @internal */
  settle(): void {}

  /** What the port delivers for it; `peek`: it is only shown, and will be asked for again. @internal */
  event(_peek: boolean): object {
    return new RoSocketEvent(this.id);
  }

  /** Whether any of `conditions` holds now. @internal */
  holds(conditions: number): boolean {
    if (!this.live) return false;
    if ((this.certain & conditions) === 0) this.replace(pollNow(this.fd, ASKED));
    if ((this.known & conditions) === 0) return false;
    this.settle();
    return true;
  }

  /** Takes in what the kernel reported: `reported` are its bits, these and no others hold. @internal */
  replace(reported: number): void {
    this.known = 0;
    this.learn(reported);
    this.doubtful = 0;
  }

  /** Takes in an edge. @internal */
  learn(reported: number): void {
    let conditions = reported & ALL;
    if (reported & ended) {
      // An error or a hang-up is met by reading and by writing (row S41).
      conditions |= reported & broken ? IN | OUT : IN;
      this.final = true;
    }
    this.known |= conditions;
    this.doubtful &= ~conditions;
  }

  /**
   * The conditions that need not be confirmed. Writable is none: Linux counts into a socket's buffer what sending costs itself,
   * and that changes while nobody does anything.
   *
   * @internal
   */
  get certain(): number {
    return this.known & ~this.doubtful & ~OUT;
  }

  /** The conditions to be told of that hold, as far as known. @internal */
  get due(): number {
    return this.known & this.flags;
  }

  /** What was known is of an earlier use of the socket. @internal */
  forget(): void {
    this.known = 0;
    this.doubtful = 0;
    this.final = false;
  }

  /** @internal */
  clear(condition: number): void {
    this.known &= ~condition;
    this.doubtful &= ~condition;
  }

  /** The program did something with the socket: what still holds is due again at once. @internal */
  touch(): void {
    this.touched = true;
    if (!this.registered || this.flags === 0) return;
    if (this.place === Place.none || this.place === Place.paced) this.port?.reconsider(this);
  }

  /** Has the kernel report to the port, once there is something to report and somebody who wants it. @internal */
  register(): void {
    if (this.port === null || this.flags === 0 || !this.live) return;
    if (!this.registered) this.registered = this.port.add(this);
    else if (this.port.keep(this)) this.replace(pollNow(this.fd, ASKED)); // Edges were lost while nobody held it.
  }

  /** @internal */
  unregister(): void {
    this.port?.remove(this);
    this.registered = false;
  }
}
