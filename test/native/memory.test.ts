/** Memory that does not grow with what was closed. */

import { RoDataGramSocket, RoMessagePort, RoStreamSocket } from "rosock";
import t from "tap";
import * as native from "#src/native.js";
import { collectGarbage, leftDescriptors, openDescriptors } from "../support/descriptors.js";
import { address } from "../support/sockets.js";

const MiB = 1024 * 1024;

/**
 * How many MiB `work`, once warm, adds to the memory of the process. V8 may take some pages at any time, once; a leak grows in each
 * round: so the result is that of the first round below `limit`, or else of the last.
 */
async function growth(warm: number, times: number, limit: number, work: () => void): Promise<number> {
  const settled = async (): Promise<number> => {
    for (let i = 0; i < 3; i++) {
      collectGarbage();
      await new Promise((resolve) => setImmediate(resolve));
    }
    return process.memoryUsage.rss();
  };
  const run = async (count: number): Promise<void> => {
    for (let i = 0; i < count; i++) {
      work();
      if (i % 1_000 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
  };
  await run(warm);
  let grown = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 4 && grown >= limit; round++) {
    const before = await settled();
    await run(times);
    grown = ((await settled()) - before) / MiB;
  }
  return grown;
}

t.test("100,000 descriptors opened and closed", async (t) => {
  const grown = await growth(20_000, 100_000, 10, () => {
    native.close(native.open(native.transport.stream, {}));
  });
  t.ok(grown < 10, `${grown.toFixed(1)} MiB`);
});

t.test("100,000 sockets opened and closed", async (t) => {
  const port = new RoMessagePort();
  const any = address("127.0.0.1:0");
  let kind = 0;
  const before = openDescriptors();
  const grown = await growth(20_000, 100_000, 10, () => {
    const socket = kind++ % 2 === 0 ? new RoDataGramSocket() : new RoStreamSocket();
    socket.setMessagePort(port);
    socket.notifyReadable(true);
    socket.setAddress(any);
    socket.close();
    if (kind % 100 === 0) port.getMessage();
  });
  t.ok(grown < 10, `${grown.toFixed(1)} MiB`);
  port[Symbol.dispose]();
  t.same(await leftDescriptors(before), []);
});

t.test("20,000 sockets dropped without close", async (t) => {
  const before = openDescriptors();
  const grown = await growth(5_000, 20_000, 20, () => {
    new RoDataGramSocket().setBroadcast(true);
  });
  t.ok(grown < 20, `${grown.toFixed(1)} MiB`);
  t.same(await leftDescriptors(before), []);
});

t.test("20,000 ports opened, watched, and disposed of", async (t) => {
  const before = openDescriptors();
  const grown = await growth(5_000, 20_000, 15, () => {
    const port = new RoMessagePort();
    void port.waitMessageAsync(0);
    port[Symbol.dispose]();
  });
  t.ok(grown < 15, `${grown.toFixed(1)} MiB`);
  t.same(await leftDescriptors(before), []);
});
