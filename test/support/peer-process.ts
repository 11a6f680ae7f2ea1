/** The process behind peer(): reads commands from descriptor 0, runs them, writes the results to descriptor 3. */

import * as childProcess from "node:child_process";
import * as dgram from "node:dgram";
import * as fs from "node:fs";
import * as net from "node:net";
import { createInterface } from "node:readline";
import { deserialize, serialize } from "node:v8";
import type * as rosock from "rosock";
import type { PeerContext } from "./peer.js";

// biome-ignore lint/suspicious/noExplicitAny: what a test keeps in its peer is the test's own business
const state: Record<string, any> = {};
const context: PeerContext = {
  net,
  dgram,
  fs,
  childProcess,
  get rosock() {
    return require("rosock") as typeof rosock;
  },
  state,
  once: (emitter, event) =>
    new Promise((resolve, reject) => {
      emitter.once("error", reject);
      emitter.once(event, (...values: unknown[]) => {
        emitter.removeListener("error", reject);
        resolve(values[0]);
      });
    }),
};

async function run(line: string): Promise<void> {
  const command = deserialize(Buffer.from(line, "base64")) as {
    id: number;
    source: string;
    values: unknown[];
  };
  let reply: Buffer;
  try {
    // The source is a function of the test that started this process.
    const work = new Function(`return (${command.source})`)() as (...values: unknown[]) => unknown;
    reply = serialize({ id: command.id, value: await work(context, ...command.values) });
  } catch (error) {
    // Also of a result that cannot be cloned.
    reply = serialize({
      id: command.id,
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
  }
  fs.writeSync(3, `${reply.toString("base64")}\n`);
}

const lines = createInterface({ input: process.stdin });
lines.on("line", (line) => void run(line));
lines.on("close", () => process.exit(0));
// A socket reset by the test must not end the peer: the test asks for the error if it wants it.
process.on("uncaughtException", (error) => {
  state.uncaught = String(error);
});
