/** The thread that makes the transfers of a program, whose own thread sleeps meanwhile. Loaded as a worker, by nothing else. */
import { writeSync } from "node:fs";
import { workerData } from "node:worker_threads";
import { code, TransferError } from "./errors.js";
import { perform } from "./perform.js";
import type { Answer, Link, Order, Request } from "./protocol.js";

const { port, wake } = workerData as Link;
const one = new BigUint64Array([1n]);
const running = new Map<number, AbortController>();

async function run(id: number, request: Request): Promise<void> {
  const controller = new AbortController();
  running.set(id, controller);
  const result = await perform(request, controller);
  running.delete(id);
  const answer: Answer = { id, result };
  port.postMessage(answer, [result.body.buffer as ArrayBuffer]);
  // Only now: who is woken finds the answer there. The program's thread keeps the descriptor open for longer than this one lives.
  writeSync(wake, one);
}

port.on("message", ({ id, request }: Order) => {
  if (request !== null) void run(id, request);
  else running.get(id)?.abort(new TransferError(code.failedInit, "cancelled"));
});

// A program that waits must get its answer whatever goes wrong here.
process.on("uncaughtException", (error) => {
  for (const controller of running.values()) {
    controller.abort(new TransferError(code.failedInit, error.message));
  }
});
