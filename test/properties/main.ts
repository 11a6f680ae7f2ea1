/**
 * Runs a property: `node --expose-gc out/test/properties/main.js streams --seed 1 --runs 100 [--path 3:1:0]`, as a failure shows it.
 * Exit code 1 and the smallest counterexample on stdout when it does not hold. With --worker, in a worker.
 */

import { parseArgs } from "node:util";
import { isMainThread, Worker } from "node:worker_threads";
import fc from "fast-check";
import { RoStreamSocket } from "rosock";
import { leftDescriptors, openDescriptors } from "../support/descriptors.js";
import { address } from "../support/sockets.js";
import { callsProperty } from "./calls.js";
import { datagramsProperty } from "./datagrams.js";
import { Report } from "./report.js";
import { streamsProperty } from "./streams.js";

const properties = { calls: callsProperty, datagrams: datagramsProperty, streams: streamsProperty };

export type PropertyName = keyof typeof properties;

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: "string", default: "1" },
    runs: { type: "string", default: "100" },
    path: { type: "string" },
    /** No run is begun after so many milliseconds. */
    limit: { type: "string", default: "600000" },
    report: { type: "string" },
    worker: { type: "boolean", default: false },
  },
});

/** Of a worker's exit codes only that of process.exit() reaches its parent. */
function end(code: number): void {
  if (isMainThread) process.exitCode = code;
  else process.exit(code);
}

/** A worker's first blocking call takes a descriptor that it keeps. */
function waitOnce(): void {
  const socket = new RoStreamSocket();
  socket.setSendToAddress(address("127.0.0.1:0"));
  socket.connect();
  socket.close();
}

async function main(): Promise<void> {
  const name = positionals[0] as PropertyName;
  waitOnce();
  const before = openDescriptors();
  const report = new Report(values.report ?? null, Number(values.limit));
  const details = await fc.check(properties[name](report) as fc.IAsyncProperty<unknown>, {
    seed: Number(values.seed),
    numRuns: Number(values.runs),
    includeErrorInReport: true,
    ...(values.path === undefined ? {} : { path: values.path }),
  });
  report.close();
  if (details.failed) {
    console.log(await fc.asyncDefaultReportMessage(details as fc.RunDetails<unknown>));
    return end(1);
  }
  const left = await leftDescriptors(before);
  console.log(`${report.runs} runs`);
  if (left.length > 0) {
    console.log(`left open: ${left.join(", ")}`);
    end(1);
  }
}

if (values.worker && isMainThread) {
  const worker = new Worker(__filename, { argv: process.argv.slice(2) });
  worker.on("error", (error) => {
    throw error;
  });
  worker.on("exit", (code) => {
    process.exitCode = code;
  });
} else void main();
