/**
 * The program's side of the transferring thread, which is started with the first transfer and ends with the program.
 *
 * Node's event loop does not run while a program does, so nothing that Node reports of a worker arrives: not its answers, which
 * are fetched here; not that it could not start, for which there is a deadline; not its end, which its addon tells. An eventfd,
 * which outlives the thread, wakes a sleeping program for each of these.
 */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from "node:worker_threads";
import { sleepUntil } from "../../../components/blocking.js";
import * as native from "../../../native.js";
import { code } from "./errors.js";
import {
  type Answer,
  failure,
  type Link,
  type Order,
  type Request,
  type Result,
  threadState,
} from "./protocol.js";

/** Milliseconds that a start may take; on a busy box it is one second. */
const maxStart = 20_000;
/** Milliseconds between two looks whether a thread that is to start is still there. */
const startSlice = 100;
/** Descriptors that must be left: a worker that does not get its own never runs. It takes seven. */
const descriptorsToStart = 10;
/** The share of the time that may go into finding dropped objects, and how many milliseconds may be saved up for it. */
const collectingShare = 0.05;
const maxCollecting = 1_000;

interface Pending {
  readonly done: (result: Result) => void;
  /** The life of the object that makes the transfer; -1: it cannot be dropped. */
  readonly life: number;
}

let wake = -1;
let port: MessagePort | undefined;
let lastId = 0;
const pending = new Map<number, Pending>();
/** Of the eventfd: as long as this environment, whose workers end before its descriptors are closed. */
const owner = {};

/** The eventfd that is written to when there is something to fetch; -1 when the system has no descriptor to give. */
export function wakeDescriptor(): number {
  if (wake < 0) wake = native.openEventfd(owner);
  return wake;
}

/** Whether the transferring thread runs, which is started if need be. */
function isRunning(): boolean {
  fetchAnswers(); // It may have ended.
  port ??= start();
  return port !== undefined;
}

function start(): MessagePort | undefined {
  if (wakeDescriptor() < 0 || !hasDescriptors()) return undefined;
  const state = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const { port1, port2 } = new MessageChannel();
  try {
    const workerData: Link = { port: port2, wake, state };
    const options = { workerData, transferList: [port2], execArgv: [], name: "rosock transfers" };
    const before = threads();
    const worker = new Worker(join(__dirname, "worker.js"), options);
    worker.unref();
    worker.on("error", () => {}); // All that is to be known of it is known here.
    const made = threads().filter((thread) => !before.includes(thread));
    if (hasStarted(state, made)) return port1;
    void worker.terminate().catch(() => {});
  } catch {
    // The system has no thread to give.
  }
  port1.close();
  return undefined;
}

/** Waits for a thread to say that it runs. `made`: threads of the process; when all of them have gone, it never will. */
function hasStarted(state: Int32Array, made: readonly string[]): boolean {
  const { starting, abandoned } = threadState;
  const deadline = performance.now() + maxStart;
  while (Atomics.load(state, 0) === starting && performance.now() < deadline) {
    sleepUntil(wake, native.ready.in, Math.min(deadline, performance.now() + startSlice));
    native.clearEventfd(wake);
    if (made.length > 0 && !made.some((thread) => existsSync(`${threadsDirectory}/${thread}`))) break;
  }
  return Atomics.compareExchange(state, 0, starting, abandoned) !== starting;
}

const threadsDirectory = "/proc/self/task";

function threads(): string[] {
  try {
    return readdirSync(threadsDirectory);
  } catch {
    return [];
  }
}

function hasDescriptors(): boolean {
  const taken: number[] = [];
  while (taken.length < descriptorsToStart) {
    const fd = native.openEventfd(owner);
    if (fd < 0) break;
    taken.push(fd);
  }
  for (const fd of taken) native.close(fd);
  return taken.length === descriptorsToStart;
}

/**
 * Begins a transfer; `done` is called with its result by a later fetchAnswers(). It ends without a result when `object`, if
 * there is one, is dropped, which `done` must therefore not keep alive. 0: it could not be begun.
 */
export function begin(request: Request, object: object | null, done: (result: Result) => void): number {
  if (!isRunning()) return 0;
  const id = ++lastId;
  const life = object === null ? -1 : native.followLife(object);
  pending.set(id, { done, life });
  post({ id, request, mayBeDropped: life >= 0 });
  return id;
}

/** Ends a transfer without a result. */
export function cancel(id: number): void {
  if (settle(id) !== undefined) post({ id, request: null, mayBeDropped: false });
}

const post = (order: Order): void => port?.postMessage(order);

/** Whose transfer it was that has come to its end. */
function settle(id: number): Pending | undefined {
  const found = pending.get(id);
  pending.delete(id);
  if (found !== undefined && found.life >= 0) native.forgetLife(found.life);
  return found;
}

/** Hands out the answers that have come, and ends the transfers whose objects were dropped. */
export function fetchAnswers(): void {
  if (port === undefined) return;
  const hasEnded = native.clearEventfd(wake) > 0; // First: what comes from now on wakes again.
  const answers: Answer[] = [];
  for (;;) {
    const received = receiveMessageOnPort(port) as { message: Answer } | undefined;
    if (received === undefined) break;
    answers.push(received.message);
  }
  if (answers.some(({ id }) => (pending.get(id)?.life ?? -1) >= 0)) collect();
  endDropped();
  for (const { id, result } of answers) if (result !== null) settle(id)?.done(result);
  if (hasEnded) lose();
}

/** The thread has ended, and all its transfers with it. The next one starts another. */
function lose(): void {
  port?.close();
  port = undefined;
  for (const id of [...pending.keys()]) {
    settle(id)?.done(failure(code.failedInit, "the thread that makes transfers has ended"));
  }
}

let credit = maxCollecting;
let creditedAt = 0;
let lastCost = 0;

/** Has the garbage collector look for dropped objects, since nothing else finds them in time; but not for long. */
function collect(): void {
  const began = performance.now();
  credit = Math.min(maxCollecting, credit + (began - creditedAt) * collectingShare);
  creditedAt = began;
  if (credit < Math.min(lastCost, maxCollecting)) return;
  native.collectGarbage();
  lastCost = performance.now() - began;
  credit -= lastCost;
}

function endDropped(): void {
  for (const [id, { life }] of pending) if (native.lifeEnded(life)) cancel(id);
}

/** Makes a transfer, and sleeps until it has ended; null when it could not be begun. */
export function makeTransfer(request: Request): Result | null {
  let result: Result | null = null;
  const id = begin(request, null, (value) => {
    result = value;
  });
  if (id === 0) return null;
  for (fetchAnswers(); result === null; fetchAnswers()) {
    sleepUntil(wake, native.ready.in, Number.POSITIVE_INFINITY);
  }
  return result;
}
