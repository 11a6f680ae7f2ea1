/**
 * roMessagePort: a queue of events, filled from one epoll set (rows S34 to S44).
 *
 * Delivery goes in rounds. A round is what was due when the last one was finished, each socket once; so sockets are served in
 * turn, and one call to the kernel serves all that were ready together.
 *
 * A socket stands at one place at a time, and is in the collection of that place only:
 * - none, in no collection. To queued when the kernel reports an edge (#ask), to again when the program touches it (reconsider);
 * - queued, in #queue. To again when it is delivered (#deliver), to none when its event is found stale (#first);
 * - again, in #again. To queued, paced (nothing was done about its event) or none when the next round is made (#lookAgain);
 * - paced, in #paced. To queued after 5 ms (#repeatPaced) or by an edge of another condition (#ask), to again when touched.
 * From each to none when it is closed, leaves the port, or has its notifications turned off (#withdraw).
 */
import * as native from "../native.js";
import { deadlineFrom, deadlineIn, isSignalled, shorter, sleepUntil, timeLeft } from "./blocking.js";
import { isInteger, misuse } from "./check.js";
import { ASKED, type Endpoint, Place } from "./endpoint.js";
import type { RoSocketEvent } from "./socket-event.js";
import { EAGAIN, EBADF, EINTR, type SocketError, systemError } from "./status.js";
import { Waiters } from "./waiters.js";

/** How long, in milliseconds, an event that nobody did anything about is held back before it comes again (row S38). */
const pace = 5;

/** How often, in milliseconds, what cannot be watched for lack of descriptors is tried again. */
export const retryEvery = 100;

class Posted<Value> {
  constructor(readonly value: Value) {}
}

/** In place of an entry that was delivered or dropped: the queue must keep nothing alive. */
const passed = new Posted<never>(undefined as never);

const clock = (): number => Math.ceil(performance.now());

/** The port's epoll set is no more: waiting for it again would fail for ever. */
const lostPoller = (): SocketError =>
  systemError(EBADF, "epoll_wait", ": other code in this process closed the message port's descriptor");

/** What a port delivers: a socket's event, or a value that was posted. */
export type Message<Value> = RoSocketEvent | Value;

/**
 * A queue of events. `Value` is the type of what the program itself posts: `never` for nothing. Unless it is named, what is
 * delivered is of any type, as in BrightScript.
 */
// biome-ignore lint/suspicious/noExplicitAny: BrightScript's Dynamic
export class RoMessagePort<Value = any> {
  #poller = -1;
  #disposed = false;
  #lost = false;
  /** The sockets that have events to give: they stay alive as long as the port (row S47). */
  readonly #sockets = new Map<number, Endpoint>();
  /** Sockets that the kernel could not be asked about. */
  readonly #unheard = new Set<Endpoint>();
  /** The round, from #head to #roundEnd; behind it what was posted or reported since, for the next. */
  #queue: (Endpoint | Posted<Value>)[] = [];
  #head = 0;
  #roundEnd = 0;
  /** Sockets to look at again for the next round: those delivered, and those touched since. */
  #again: Endpoint[] = [];
  /** Sockets whose event was ignored, and when they are due again; in the order of time. */
  readonly #paced = new Map<Endpoint, number>();
  /** Whether getMessage may deliver ignored events again: not within one drain loop, which would never end (row S37). */
  #drained = true;
  /** A signal has come since the last look. */
  #woken = false;
  readonly #waiters = new Waiters<Value>(this);

  /** Whether a value is one, and not only looks like one. @internal */
  static is(value: unknown): value is RoMessagePort {
    return typeof value === "object" && value !== null && #sockets in value;
  }

  // ---- ifMessagePort ----

  /**
   * The next event, or null after `timeout` milliseconds; 0 waits for ever. The thread sleeps meanwhile, Node's event loop
   * with it; see waitMessageAsync. A signal that the program handles in JavaScript ends the wait with null (row S52).
   * Throws an Error with the code EBADF when other code in the process has closed the port's descriptor.
   */
  waitMessage(timeout: number): Message<Value> | null {
    const message = this.#wait(timeout);
    this.#waiters.wake();
    return message;
  }

  /** The next event, or null at once when there is none. */
  getMessage(): Message<Value> | null {
    const entry = this.#next();
    const message = entry === null ? null : this.#deliver(entry);
    this.#waiters.wake();
    return message;
  }

  /** As getMessage, but the event stays the first in the queue. */
  peekMessage(): Message<Value> | null {
    const entry = this.#next();
    this.#waiters.wake();
    if (entry === null) return null;
    return entry instanceof Posted ? entry.value : (entry.event(true) as Message<Value>);
  }

  // ---- Beyond the reference page ----

  /** Queues any value; it is delivered in the order of arrival (row S44). */
  postMessage(value: Value): void {
    if (this.#disposed) return;
    if (this.#poller >= 0) this.#ask(0); // What arrived before comes before.
    this.#queue.push(new Posted<Value>(value));
    this.#waiters.wake();
  }

  /**
   * As waitMessage, without blocking the thread: Node's event loop goes on, and is kept alive until there is an event.
   * Rejects with the signal's reason when it is aborted, and with an Error that has a code when the event loop cannot watch
   * the port.
   */
  async waitMessageAsync(
    timeout: number,
    options?: { signal?: AbortSignal },
  ): Promise<Message<Value> | null> {
    if (!isInteger(timeout)) {
      throw misuse("waitMessageAsync(timeout as Integer): expected timeout to be a 32-bit Integer");
    }
    return this.#waiters.wait(timeout, options?.signal);
  }

  /** Events, without end, until the port is disposed of. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Message<Value>, void, void> {
    while (!this.#disposed) {
      const message = await this.waitMessageAsync(0);
      // Only the end of the port gives null; or null was posted, as a value of the program's.
      if (message !== null || !this.#disposed) yield message as Message<Value>;
    }
  }

  /** Gives up the descriptor. Sockets set to the port stay as they are, but nothing is delivered any more. */
  [Symbol.dispose](): void {
    this.#disposed = true;
    this.#queue = [];
    this.#head = 0;
    this.#roundEnd = 0;
    this.#again = [];
    this.#paced.clear();
    for (const endpoint of this.#sockets.values()) {
      endpoint.registered = false;
      endpoint.place = Place.none;
      endpoint.placedOn = null;
    }
    this.#sockets.clear();
    this.#unheard.clear();
    if (this.#poller >= 0) native.close(this.#poller);
    this.#poller = -1;
    this.#lost = false;
    this.#waiters.end();
  }

  // ---- For sockets ----

  /** Begins to watch a socket; false when there are no descriptors or no memory for that now: it is tried again. @internal */
  add(endpoint: Endpoint): boolean {
    if (this.#open() && native.addToPoller(this.#poller, endpoint.fd, endpoint.id) >= 0) {
      this.#sockets.set(endpoint.id, endpoint);
      this.#waiters.wake();
      return true;
    }
    if (!this.#disposed) this.#unheard.add(endpoint);
    return false;
  }

  /** Takes a watched socket back into the table; false when it was there. @internal */
  keep(endpoint: Endpoint): boolean {
    if (this.#sockets.has(endpoint.id)) return false;
    this.#sockets.set(endpoint.id, endpoint);
    return true;
  }

  /** Leaves a socket to the garbage collector: its events interest nobody. @internal */
  release(endpoint: Endpoint): void {
    this.#sockets.delete(endpoint.id);
    this.#unheard.delete(endpoint);
    if (endpoint.placedOn === this) this.#withdraw(endpoint);
  }

  /** Ends watching. The kernel does so itself when the descriptor is closed. @internal */
  remove(endpoint: Endpoint): void {
    this.release(endpoint);
    if (endpoint.registered && endpoint.fd >= 0 && this.#poller >= 0) {
      native.removeFromPoller(this.#poller, endpoint.fd);
    }
  }

  /** Looks at a socket that is not in the round again for the next. @internal */
  reconsider(endpoint: Endpoint): void {
    if (endpoint.place === Place.paced) this.#paced.delete(endpoint);
    this.#put(endpoint, Place.again);
    this.#again.push(endpoint);
    this.#waiters.wake();
  }

  // ---- For waiters ----

  /** The next message for somebody who waits without blocking; undefined when there is none now. @internal */
  take(): Message<Value> | undefined {
    const entry = this.#first();
    return entry === null ? undefined : this.#deliver(entry);
  }

  /** Begins the next round, without waiting. @internal */
  nextRound(): void {
    this.#drained = true;
    this.#collect(0);
  }

  /** Whether there is something to look at already, without the kernel's word. @internal */
  get hasCandidates(): boolean {
    return this.#again.length > 0 || this.#head < this.#queue.length;
  }

  /** Milliseconds until there is something to look at without the kernel's word; -1 when nothing is foreseen. @internal */
  get patience(): number {
    const { value: next } = this.#paced.values().next();
    const paced = next === undefined ? -1 : timeLeft(next);
    return this.#unheard.size === 0 ? paced : shorter(paced, retryEvery);
  }

  /** The descriptor to watch, -1 when there is none to be had. @internal */
  get poller(): number {
    return this.#open() ? this.#poller : -1;
  }

  /** @internal */
  get disposed(): boolean {
    return this.#disposed;
  }

  /** Other code has closed the descriptor, and its number is another's now. @internal */
  lost(): void {
    this.#lost = true;
    this.#poller = -1;
    this.#waiters.wake();
  }

  // ---- Rounds ----

  #open(): boolean {
    if (this.#lost) throw lostPoller();
    if (this.#poller < 0 && !this.#disposed) this.#poller = native.openPoller(this);
    return this.#poller >= 0;
  }

  #wait(timeout: number): Message<Value> | null {
    const deadline = deadlineIn(timeout);
    this.#drained = true;
    for (let asked = false; ; asked = true) {
      const entry = this.#first();
      if (entry !== null) return this.#deliver(entry);
      const woken = this.#woken;
      this.#woken = false;
      if (woken && isSignalled()) return null;
      const left = timeLeft(deadline);
      if (this.#disposed || (asked && left === 0)) return null;
      this.#collect(left);
    }
  }

  #put(endpoint: Endpoint, place: Place): void {
    endpoint.place = place;
    endpoint.placedOn = this;
  }

  /**
   * Takes a socket out of where it stands, so that the port keeps it alive no longer. A look through the queue or through those
   * to look at again: from the end at which the socket is usually found.
   */
  #withdraw(endpoint: Endpoint): void {
    if (endpoint.place === Place.paced) this.#paced.delete(endpoint);
    else if (endpoint.place === Place.again) this.#again.splice(this.#again.lastIndexOf(endpoint), 1);
    else if (endpoint.place === Place.queued) {
      const at = this.#queue.indexOf(endpoint, this.#head);
      if (at < 0) throw new Error("an endpoint that says it is queued is not");
      this.#queue.splice(at, 1);
      if (at < this.#roundEnd) this.#roundEnd--;
    }
    endpoint.place = Place.none;
    endpoint.placedOn = null;
  }

  /** The first entry of the round that still holds; what was overtaken is dropped (rows S35, S36). It stays in its place. */
  #first(): Endpoint | Posted<Value> | null {
    while (this.#head < this.#roundEnd) {
      const entry = this.#queue[this.#head]!;
      if (entry instanceof Posted) return entry;
      const { flags } = entry;
      if (entry.due !== 0 && ((entry.certain & flags) !== 0 || entry.holds(flags))) return entry;
      this.#queue[this.#head++] = passed;
      this.#put(entry, Place.none);
    }
    return null;
  }

  #next(): Endpoint | Posted<Value> | null {
    let entry = this.#first();
    if (entry === null) {
      this.#collect(0);
      entry = this.#first();
      this.#drained = entry === null;
    }
    return entry;
  }

  #deliver(entry: Endpoint | Posted<Value>): Message<Value> {
    this.#queue[this.#head++] = passed;
    if (entry instanceof Posted) return entry.value;
    entry.settle();
    entry.touched = false;
    this.#put(entry, Place.again);
    this.#again.push(entry);
    return entry.event(false) as Message<Value>;
  }

  #enqueue(endpoint: Endpoint): void {
    this.#put(endpoint, Place.queued);
    this.#queue.push(endpoint);
  }

  /** Makes the next round; sleeps for so many milliseconds (-1: without end) when nothing is due before. */
  #collect(milliseconds: number): void {
    if (this.#head === this.#queue.length) this.#queue.length = 0;
    else this.#queue.splice(0, this.#head);
    this.#head = 0;
    if (this.#again.length > 0) this.#lookAgain();
    if (this.#unheard.size > 0) this.#askForUnheard();
    if (this.#paced.size > 0 && this.#drained) this.#repeatPaced();
    const sleep = this.#queue.length > 0 ? 0 : shorter(milliseconds, this.patience);
    if (this.#open()) this.#ask(sleep);
    else if (sleepUntil(-1, 0, deadlineFrom(shorter(sleep, retryEvery))) === EINTR) this.#woken = true;
    this.#roundEnd = this.#queue.length;
  }

  #askForUnheard(): void {
    const unheard = [...this.#unheard];
    this.#unheard.clear();
    for (const endpoint of unheard) endpoint.register();
  }

  #lookAgain(): void {
    const again = this.#again;
    let doubtful = 0;
    for (const endpoint of again) {
      if (endpoint.due === 0) this.#put(endpoint, Place.none);
      else if (!endpoint.touched) this.#hold(endpoint);
      else if ((endpoint.certain & endpoint.flags) !== 0) this.#enqueue(endpoint);
      else if (doubtful < native.maximumPolls) {
        native.setPoll(doubtful, endpoint.fd, ASKED);
        again[doubtful++] = endpoint;
      } else this.#enqueue(endpoint);
    }
    if (doubtful > 0) {
      // Fails for more descriptors than the process may open now. Then each is confirmed when it is delivered.
      const answered = native.poll(doubtful, 0) >= 0;
      for (let i = 0; i < doubtful; i++) {
        const endpoint = again[i]!;
        if (answered) endpoint.replace(native.polled(i));
        if (endpoint.due !== 0) this.#enqueue(endpoint);
        else this.#put(endpoint, Place.none);
      }
    }
    again.length = 0;
  }

  #hold(endpoint: Endpoint): void {
    this.#put(endpoint, Place.paced);
    this.#paced.set(endpoint, clock() + pace);
  }

  #repeatPaced(): void {
    const now = performance.now();
    for (const [endpoint, at] of this.#paced) {
      if (at > now) break;
      this.#paced.delete(endpoint);
      this.#enqueue(endpoint);
    }
  }

  /** Asks the kernel, for so many milliseconds. */
  #ask(milliseconds: number): void {
    if (milliseconds !== 0) {
      if (native.isWorker) {
        const status = sleepUntil(this.#poller, native.ready.in, deadlineFrom(milliseconds));
        if (status !== 0 && status !== EAGAIN) throw systemError(status, "poll");
      } else native.wakeBySignals(this.#poller);
    }
    const count = native.waitPoller(this.#poller, native.isWorker ? 0 : milliseconds);
    if (count < 0) throw lostPoller();
    for (let i = 0; i < count; i++) {
      const id = native.eventId(i);
      const endpoint = this.#sockets.get(id);
      if (endpoint === undefined) {
        if (id === 0) this.#woken = true;
        continue;
      }
      const before = endpoint.due;
      endpoint.learn(native.eventReady(i));
      // What is new is not held back by what is being ignored.
      const fresh = endpoint.place === Place.none ? endpoint.due : endpoint.due & ~before;
      if (fresh !== 0 && endpoint.place !== Place.queued) {
        if (endpoint.place !== Place.none) this.#withdraw(endpoint);
        this.#enqueue(endpoint);
      }
    }
  }
}
