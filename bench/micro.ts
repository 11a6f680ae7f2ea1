// What single calls cost, in nanoseconds: `node out/bench/micro.js`. The median of several batches.

import { createObject, type RoStreamSocket, wait } from "rosock";
import { compile } from "#src/brightscript/compile/index.js";
import { load } from "#src/brightscript/runtime/load.js";
import { median } from "./results.js";

const BATCHES = 15;
const CALLS = 20_000;

function connectedPair(): [RoStreamSocket, RoStreamSocket] {
  const listener = createObject("roStreamSocket");
  const address = createObject("roSocketAddress");
  address.setAddress("127.0.0.1:0");
  listener.setAddress(address);
  listener.listen(1);
  const client = createObject("roStreamSocket");
  client.setSendToAddress(listener.getAddress());
  const server = client.connect() ? listener.accept() : null;
  if (server === null) throw new Error(`no connection: error ${client.status()}, ${listener.status()}`);
  return [client, server];
}

const port = createObject("roMessagePort");
const [near, far] = connectedPair();
far.setNoDelay(true);
near.setNoDelay(true);
near.setMessagePort(port);
near.notifyReadable(true);
const bytes = createObject("roByteArray");
bytes.setResize(64, true);
bytes.fromHexString("5a".repeat(64));

const calls: Record<string, () => unknown> = {
  "getID()": () => near.getID(),
  "eOK()": () => near.eOK(),
  "isReadable(), nothing there": () => near.isReadable(),
  "receive(), nothing there": () => near.receive(bytes, 0, 64),
  "getMessage(), nothing there": () => port.getMessage(),
  "postMessage() and wait()": () => {
    port.postMessage(1);
    return wait(0, port);
  },
  "send() and receive() of 64 B": () => {
    far.send(bytes, 0, 64);
    return near.receive(bytes, 0, 64);
  },
  "send(), wait() and receive() of 64 B": () => {
    far.send(bytes, 0, 64);
    wait(0, port);
    return near.receive(bytes, 0, 64);
  },
};

const source = `
function count(times as integer) as integer
  i = 0
  while i < times
    i = i + 1
  end while
  return i
end function

function calls(times as integer) as integer
  bytes = CreateObject("roByteArray")
  for i = 1 to times
    bytes.setEntry(i and 63, i)
  end for
  return bytes.count()
end function
`;
const { count, calls: methodCalls } = load([compile(source, { path: "pkg:/source/micro.brs" })]);
const MILLION = 1_000_000;

/** BrightScript, a million times: what one takes. */
const loops: Record<string, () => unknown> = {
  "i = i + 1, in BrightScript": () => count!(MILLION),
  "bytes.setEntry(i, n), in BrightScript": () => methodCalls!(MILLION),
};

/** Prints what one of `count` takes, all of which `work` does. */
function measure(name: string, count: number, digits: number, work: () => unknown): void {
  const batches = Array.from({ length: BATCHES }, () => {
    const start = process.hrtime.bigint();
    work();
    return Number(process.hrtime.bigint() - start) / count;
  });
  console.log(`${name.padEnd(40)} ${median(batches).toFixed(digits).padStart(8)} ns`);
}

for (const [name, call] of Object.entries(calls)) {
  measure(name, CALLS, 0, () => {
    for (let i = 0; i < CALLS; i++) call();
  });
}
for (const [name, loop] of Object.entries(loops)) measure(name, MILLION, 1, loop);
