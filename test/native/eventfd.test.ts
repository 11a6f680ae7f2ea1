/** Waking a thread by the number of a descriptor: what the thread sleeps in, and how often it is told. */

import { writeSync } from "node:fs";
import { Worker } from "node:worker_threads";
import t from "tap";
import * as native from "#src/native.js";
import { leftDescriptors, openDescriptors } from "../support/descriptors.js";

const owner = {};
const { ready } = native;

function opened(t: { teardown(work: () => unknown): unknown }, open: () => number): number {
  const fd = open();
  t.teardown(() => native.close(fd));
  return fd;
}

const signal = (fd: number): number => writeSync(fd, new BigUint64Array([1n]));

/** Wakes from another thread, which gets nothing but the number, while this one sleeps. */
function signalFromThread(t: { teardown(work: () => unknown): unknown }, fd: number): void {
  const script = `
    const { workerData } = require("node:worker_threads");
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
    require("node:fs").writeSync(workerData, new BigUint64Array([1n]));`;
  const worker = new Worker(script, { eval: true, workerData: fd });
  t.teardown(() => worker.terminate());
}

t.test("readable once written to, until it is cleared, however often it was", async (t) => {
  const fd = opened(t, () => native.openEventfd(owner));
  t.equal(native.pollNow(fd, ready.in), 0);
  for (let i = 0; i < 3; i++) signal(fd);
  t.equal(native.pollNow(fd, ready.in), ready.in);
  t.equal(native.clearEventfd(fd), 0);
  t.equal(native.pollNow(fd, ready.in), 0);
  t.equal(native.clearEventfd(fd), 0, "cleared already");
});

t.test("another thread ends a sleep in poll", async (t) => {
  const fd = opened(t, () => native.openEventfd(owner));
  signalFromThread(t, fd);
  native.setPoll(0, fd, ready.in);
  t.equal(native.poll(1, 10_000), 1);
});

t.test("another thread ends a wait of every epoll set, each time, cleared or not", async (t) => {
  const fd = opened(t, () => native.openEventfd(owner));
  const pollers = [1, 2].map((id) => {
    const poller = opened(t, () => native.openPoller(owner));
    native.addToPoller(poller, fd, id);
    native.waitPoller(poller, 0); // That there is room to write.
    return poller;
  });
  for (let round = 0; round < 3; round++) {
    if (round === 0) signalFromThread(t, fd);
    else signal(fd);
    for (const [index, poller] of pollers.entries()) {
      t.equal(native.waitPoller(poller, 10_000), 1);
      t.equal(native.eventId(0), index + 1);
      t.ok(native.eventReady(0) & ready.in);
      t.equal(native.waitPoller(poller, 0), 0, "told once");
    }
    if (round === 1) native.clearEventfd(fd);
  }
});

t.test("closed with its owner", async (t) => {
  const before = openDescriptors();
  for (let i = 0; i < 10; i++) t.ok(native.openEventfd({}) >= 0);
  t.same(await leftDescriptors(before), []);
});
