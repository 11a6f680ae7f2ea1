/**
 * The program's side of the transferring thread, which is started with the first transfer and ends with the program.
 *
 * Node's event loop does not run while a program does, so answers are not delivered but fetched, here. An eventfd tells a
 * sleeping thread that there are some.
 */
import { join } from "node:path";
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from "node:worker_threads";
import { sleepUntil } from "../../../components/blocking.js";
import * as native from "../../../native.js";
import type { Answer, Link, Order, Request, Result } from "./protocol.js";

interface Thread {
  readonly port: MessagePort;
  readonly wake: number;
}

let thread: Thread | undefined;
let lastId = 0;
const pending = new Map<number, (result: Result) => void>();
/** Of the eventfd: as long as this environment, whose workers end before its descriptors are closed. */
const owner = {};

function start(): Thread | undefined {
  const wake = native.openEventfd(owner);
  if (wake < 0) return undefined;
  const { port1, port2 } = new MessageChannel();
  const workerData: Link = { port: port2, wake };
  const options = { workerData, transferList: [port2], execArgv: [], name: "rosock transfers" };
  try {
    new Worker(join(__dirname, "worker.js"), options).unref();
  } catch {
    native.close(wake);
    return undefined;
  }
  return { port: port1, wake };
}

/** The eventfd that is written to when answers have come; -1 when the system has no descriptor or no thread to give. */
export function wakeDescriptor(): number {
  thread ??= start();
  return thread?.wake ?? -1;
}

/** Begins a transfer; `done` is called with its result by a later fetchAnswers(). 0: it could not be begun. */
export function begin(request: Request, done: (result: Result) => void): number {
  if (wakeDescriptor() < 0) return 0;
  const id = ++lastId;
  pending.set(id, done);
  thread!.port.postMessage({ id, request } satisfies Order);
  return id;
}

/** Ends a transfer without a result. */
export function cancel(id: number): void {
  if (pending.delete(id)) thread!.port.postMessage({ id, request: null } satisfies Order);
}

/** Hands out the answers that have come. */
export function fetchAnswers(): void {
  if (thread === undefined) return;
  native.clearEventfd(thread.wake); // First: what comes from now on wakes again.
  for (;;) {
    const received = receiveMessageOnPort(thread.port) as { message: Answer } | undefined;
    if (received === undefined) return;
    const { id, result } = received.message;
    const done = pending.get(id);
    pending.delete(id);
    done?.(result);
  }
}

/** Makes a transfer, and sleeps until it has ended; null when it could not be begun. */
export function makeTransfer(request: Request): Result | null {
  let result: Result | null = null;
  const id = begin(request, (value) => {
    result = value;
  });
  if (id === 0) return null;
  for (fetchAnswers(); result === null; fetchAnswers()) {
    sleepUntil(thread!.wake, native.ready.in, Number.POSITIVE_INFINITY);
  }
  return result;
}
