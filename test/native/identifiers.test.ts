/** Identifiers: unique in the process, also when all 2^31 of them have been given out once (row S5). */

import { Worker } from "node:worker_threads";
import { RoDataGramSocket, RoMessagePort, RoSocketEvent, RoStreamSocket } from "rosock";
import t from "tap";
import { RoUrlTransfer } from "#src/brightscript/library/url-transfer.js";
import * as native from "#src/native.js";
import { address, collectGarbage, leftDescriptors, openDescriptors, withTimeout } from "../support/index.js";

const highest = 2 ** 31 - 1;
const blockSize = 256;
const before = openDescriptors();

/** What has an identifier, and the identifier. */
type Identified = readonly [object, number];

function sockets(count: number): Identified[] {
  return Array.from({ length: count }, () => {
    const socket = new RoStreamSocket();
    return [socket, socket.getID()] as const;
  });
}

const ids = (identified: readonly Identified[]): number[] => identified.map(([, id]) => id);

t.test("S5 after the highest identifier comes the lowest that is free", async (t) => {
  native.startIdentifiers(highest - 2 * blockSize);
  const made = ids(sockets(4 * blockSize));
  t.ok(made.includes(highest));
  t.ok(made.every((id) => Number.isInteger(id) && id > 0 && id <= highest));
  t.equal(new Set(made).size, made.length);
  t.ok(Math.min(...made) < 100_000, "the count has begun again");
});

t.test(
  "S5 an identifier in use is not given out again: of open, closed and unused sockets, of transfers",
  async (t) => {
    native.startIdentifiers(1_000_000);
    const port = new RoMessagePort();
    const listener = new RoStreamSocket();
    listener.setAddress(address(0));
    listener.listen(10);
    listener.setMessagePort(port);
    listener.notifyReadable(true);
    const closed = new RoDataGramSocket();
    closed.close();
    const transfer = new RoUrlTransfer();
    const unused = new RoStreamSocket();
    const used = [listener.getID(), closed.getID(), unused.getID(), transfer.getIdentity()];
    sockets(3 * blockSize);
    const later = sockets(1);
    for (let round = 0; round < 20; round++) {
      native.startIdentifiers(1_000_000 + 17 * round);
      const made = ids(sockets(2 * blockSize));
      for (const id of [...used, ...ids(later)]) t.notOk(made.includes(id), `${id}`);
    }
    native.startIdentifiers(1_000_000);
    for (let turn = 0; turn < 2 * blockSize; turn++) {
      const client = new RoStreamSocket();
      client.setSendToAddress(listener.getAddress());
      client.connect();
      client.sendStr("x");
      const event = port.waitMessage(5_000);
      if (!(event instanceof RoSocketEvent) || event.getSocketID() !== listener.getID()) {
        t.fail("the listener has gone deaf");
        break;
      }
      const server = listener.accept()!;
      server.notifyReadable(true); // A socket with the listener's identifier would take its place.
      const heard = port.waitMessage(5_000);
      if (!(heard instanceof RoSocketEvent) || heard.getSocketID() !== server.getID()) t.fail("no event");
      client.setMessagePort(port);
      client.close();
      server.close();
    }
    listener.close();
    t.same([listener.getID(), closed.getID(), unused.getID(), transfer.getIdentity()], used);
  },
);

t.test(
  "S5 what was collected gives its identifiers back, also while the event loop stands still",
  async (t) => {
    const first = 5_000_000 - (5_000_000 % blockSize);
    native.startIdentifiers(first);
    const kept = sockets(1);
    sockets(2 * blockSize);
    t.equal(ids(kept)[0], first);
    let given: number[] = [];
    for (
      let end = performance.now() + 5_000;
      performance.now() < end && !given.includes(first + blockSize);
    ) {
      collectGarbage();
      native.poll(0, 1_001); // A blocking call looks for what was collected.
      native.startIdentifiers(first);
      given = ids(sockets(1));
    }
    t.same(given, [first + blockSize], "the block after the one that is kept");
    t.equal(ids(kept)[0], first);
  },
);

t.test("S5 of all environments: a worker's identifiers are the worker's, until it ends", async (t) => {
  const first = 9_000_000 - (9_000_000 % blockSize);
  native.startIdentifiers(first);
  const source = `
    const { parentPort, workerData } = require("node:worker_threads");
    const { RoStreamSocket } = require(workerData);
    globalThis.kept = new RoStreamSocket();
    parentPort.postMessage(kept.getID());
    setInterval(() => {}, 1000);`;
  const worker = new Worker(source, { eval: true, workerData: require.resolve("rosock") });
  const id = await withTimeout(
    new Promise<number>((resolve) => worker.once("message", resolve)),
    "the worker",
    20_000,
  );
  t.equal(id, first);
  native.startIdentifiers(first);
  t.same(ids(sockets(1)), [first + blockSize], "in use");
  await worker.terminate();
  native.startIdentifiers(first);
  t.same(ids(sockets(1)), [first], "free again");
});

t.test("no descriptor is left", async (t) => {
  t.same(await leftDescriptors(before), []);
});
