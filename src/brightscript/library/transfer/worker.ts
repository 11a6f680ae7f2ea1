/** The thread that makes the transfers of a program, whose own thread sleeps meanwhile. Loaded as a worker, by nothing else. */
import { writeSync } from "node:fs";
import { workerData } from "node:worker_threads";
import { wakeAtEnd } from "../../../native.js";
import { code, TransferError } from "./errors.js";
import { perform } from "./perform.js";
import {
  type Answer,
  failure,
  type Link,
  type Order,
  type Request,
  type Result,
  threadState,
} from "./protocol.js";

const { port, wake, state } = workerData as Link;
const one = new BigUint64Array([1n]);
const running = new Map<number, AbortController>();

/** Milliseconds from the begin of a transfer until the program is asked whether it has dropped it; each next time is twice as long. */
const firstAsking = 250;
const maxAsking = 30_000;
/** Milliseconds that a transfer may take to end when it is made to. */
const maxEnding = 1_000;

/** The program's thread keeps the descriptor open for longer than this one lives. */
function wakeProgram(): void {
  try {
    writeSync(wake, one);
  } catch {
    // It is full: then the program is awake.
  }
}

async function run({ id, mayBeDropped }: Order, request: Request): Promise<void> {
  const controller = new AbortController();
  running.set(id, controller);
  if (mayBeDropped) askLater(id, firstAsking);
  const result = await Promise.race([perform(request, controller), ending(controller.signal)]).catch(failed);
  running.delete(id);
  try {
    port.postMessage({ id, result } satisfies Answer, [result.body.buffer as ArrayBuffer]);
  } catch (error) {
    port.postMessage({ id, result: failed(error as Error) } satisfies Answer);
  }
  wakeProgram(); // Only now: who is woken finds the answer there.
}

const failed = (error: Error): Result => failure(code.failedInit, error.message);

function askLater(id: number, time: number): void {
  setTimeout(() => {
    if (!running.has(id)) return;
    port.postMessage({ id, result: null } satisfies Answer);
    wakeProgram();
    askLater(id, Math.min(time * 2, maxAsking));
  }, time);
}

/** The result of a transfer that was made to end and does not. */
function ending(signal: AbortSignal): Promise<Result> {
  return new Promise((resolve) => {
    const end = (): void => {
      const { code: number, message } = signal.reason as TransferError;
      resolve(failure(number, message));
    };
    signal.addEventListener("abort", () => setTimeout(end, maxEnding));
  });
}

port.on("message", (order: Order) => {
  const { id, request } = order;
  if (request !== null) void run(order, request);
  else running.get(id)?.abort(new TransferError(code.cancelled, "Cancelled"));
});

// A program that waits must get its answer whatever goes wrong here. So does a rejection that nobody handles come here.
process.on("uncaughtException", (error) => {
  for (const controller of running.values())
    controller.abort(new TransferError(code.failedInit, error.message));
});

const { starting, running: started } = threadState;
if (Atomics.compareExchange(state, 0, starting, started) === starting) {
  wakeAtEnd(wake); // Not when it was abandoned: the end would be taken for another's.
  wakeProgram();
} else {
  process.exit();
}
