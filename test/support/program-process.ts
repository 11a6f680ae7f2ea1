/** The process or worker behind program() and workerProgram(). */

import * as childProcess from "node:child_process";
import * as fs from "node:fs";
import * as net from "node:net";
import { deserialize, serialize } from "node:v8";
import * as workers from "node:worker_threads";
import * as rosock from "rosock";
import type { ProgramContext, ProgramSource } from "./program.js";

const given = (
  workers.isMainThread ? deserialize(Buffer.from(process.argv[2] ?? "", "base64")) : workers.workerData
) as { source: string; values: unknown[] };

function address(hostPort: string): rosock.RoSocketAddress {
  const made = new rosock.RoSocketAddress();
  if (!made.setAddress(hostPort)) throw new Error(`setAddress("${hostPort}") failed`);
  return made;
}

const context: ProgramContext = {
  rosock,
  library: require.resolve("rosock"),
  childProcess,
  fs,
  net,
  workers,
  address,
  say: (value) => {
    if (workers.parentPort) workers.parentPort.postMessage(value);
    else fs.writeSync(3, `${serialize(value).toString("base64")}\n`);
  },
  pair: () => {
    const listener = new rosock.RoStreamSocket();
    listener.setAddress(address("127.0.0.1:0"));
    if (!listener.listen(1)) throw new Error(`listen failed: ${listener.status()}`);
    const client = new rosock.RoStreamSocket();
    client.setSendToAddress(listener.getAddress());
    if (!client.connect()) throw new Error(`connect failed: ${client.status()}`);
    const server = listener.accept();
    if (!server) throw new Error(`accept failed: ${listener.status()}`);
    listener.close();
    return { client, server };
  },
  openSockets: () => {
    let count = 0;
    for (const name of fs.readdirSync("/proc/self/fd")) {
      try {
        if (fs.readlinkSync(`/proc/self/fd/${name}`).startsWith("socket:")) count += 1;
      } catch {
        // The descriptor readdir itself had open.
      }
    }
    return count;
  },
};

// The source is a function of the test that started this.
const work = new Function(`return (${given.source})`)() as ProgramSource<unknown[]>;
void work(context, ...given.values);
