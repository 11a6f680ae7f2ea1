/** When descriptors are closed: with their owner, with their environment, when the system has no more; and watches with them. */

import { spawnSync } from "node:child_process";
import { constants } from "node:os";
import { Worker } from "node:worker_threads";
import t from "tap";
import { Bytes } from "#src/bytes.js";
import * as native from "#src/native.js";
import { collectGarbage, leftDescriptors, newDescriptors, openDescriptors } from "../support/descriptors.js";
import { waitFor, waitForSync, withTimeout } from "../support/time.js";

const loopback = 0x7f000001;
const library = require.resolve("#src/native.js");

/** A bound UDP socket that sends to itself. */
function loop(owner: object): { fd: number; portNumber: number } {
  const fd = native.open(native.transport.datagram, owner);
  native.bind(fd, loopback, 0);
  native.localAddress(fd);
  return { fd, portNumber: native.reportedPort() };
}

const piece = new Bytes(new Uint8Array(1));

function openDropped(count: number): void {
  for (let i = 0; i < count; i++) native.open(native.transport.stream, {});
}

t.test("descriptors whose owners were collected are closed, the event loop running", async (t) => {
  const before = openDescriptors();
  openDropped(100);
  t.equal(newDescriptors(before).length, 100);
  t.same(await leftDescriptors(before), []);
});

t.test("the same while the event loop stands still, by opening many", async (t) => {
  const before = openDescriptors();
  openDropped(3_000);
  const { length } = newDescriptors(before);
  t.ok(length < 600, `${length} left`);
  t.same(await leftDescriptors(before), []);
});

t.test("the same while the event loop stands still, by waiting", async () => {
  const owner = {};
  const poller = native.openPoller(owner);
  const before = openDescriptors();
  openDropped(10);
  collectGarbage();
  waitForSync(() => {
    native.waitPoller(poller, 10);
    return newDescriptors(before).length === 0;
  }, "the descriptors to be closed");
  native.close(poller);
});

t.test("an owner that lives keeps its descriptors, however often garbage is collected", async (t) => {
  const owner = {};
  const fds = Array.from({ length: 5 }, () => native.open(native.transport.stream, owner));
  for (let i = 0; i < 5; i++) {
    collectGarbage();
    openDropped(70);
    await new Promise((resolve) => setImmediate(resolve));
  }
  for (const fd of fds) t.equal(native.localAddress(fd), 0);
  for (const fd of fds) t.equal(native.close(fd), 0);
});

t.test("a closed descriptor's number, given out again, is not closed with the first owner", async (t) => {
  let first: object | null = {};
  const fd = native.open(native.transport.stream, first);
  native.close(fd);
  const second = {};
  t.equal(native.open(native.transport.stream, second), fd, "the same number");
  first = null;
  for (let i = 0; i < 5; i++) {
    collectGarbage();
    await new Promise((resolve) => setImmediate(resolve));
  }
  t.equal(native.localAddress(fd), 0);
  native.close(fd);
});

t.test("out of descriptors: those that nobody holds any more are got back", async (t) => {
  const script = `
    const native = require(${JSON.stringify(library)});
    const kept = {};
    let fd = 0;
    let opened = 0;
    while (opened < 1000 && (fd = native.open(0, {})) >= 0) opened++;
    console.log(opened);
    // It is tried once a second at most.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1100);
    const all = [];
    while (all.length < 1000 && (fd = native.open(0, kept)) >= 0) all.push(fd);
    console.log(all.length > 20 && all.length < 64, fd, native.openPoller(kept), native.open(0, kept));
    for (const each of all) native.close(each);
    console.log(native.open(0, kept) >= 0);`;
  const done = spawnSync("sh", ["-c", 'ulimit -n 64 && exec "$@"', "sh", process.execPath, "-e", script], {
    encoding: "utf8",
    timeout: 120_000,
    env: { PATH: process.env.PATH },
  });
  t.equal(done.stderr, "");
  const { EMFILE } = constants.errno;
  t.match(done.stdout.trim().split("\n"), [/^\d\d+$/, `true -${EMFILE} -${EMFILE} -${EMFILE}`, "true"]);
});

t.test("S53 a worker may be terminated while it loads the addon", async (t) => {
  const source = `
    const { Worker } = require("node:worker_threads");
    const body = 'require("node:worker_threads").parentPort.postMessage(0); require(${JSON.stringify(library)})';
    (async () => {
      for (let i = 0; i < 40; i++) {
        const worker = new Worker(body, { eval: true });
        await new Promise((resolve) => worker.once("message", resolve));
        for (const end = performance.now() + i / 20; performance.now() < end; );
        await worker.terminate();
      }
    })();`;
  const done = spawnSync(process.execPath, ["-e", source], {
    encoding: "utf8",
    env: { PATH: process.env.PATH },
  });
  t.same([done.status, done.stderr], [0, ""]);
});

t.test("a watch calls while there is something, and pauses", async (t) => {
  const owner = {};
  const poller = native.openPoller(owner);
  const { fd, portNumber } = loop(owner);
  native.addToPoller(poller, fd, 7);
  native.waitPoller(poller, 0);
  let calls = 0;
  t.equal(
    native.watch(poller, () => {
      calls++;
      t.equal(native.waitPoller(poller, 0), 1);
      t.equal(native.eventId(0), 7);
    }),
    0,
  );
  native.sendTo(fd, piece, 0, 1, loopback, portNumber);
  await waitFor(() => calls > 0, "a call");
  native.pauseWatch(poller);
  const { length } = Array.from({ length: calls });
  native.sendTo(fd, piece, 0, 1, loopback, portNumber);
  await new Promise((resolve) => setTimeout(resolve, 20));
  t.equal(calls, length, "paused");
  t.equal(
    native.watch(poller, () => t.fail("the first function goes on")),
    0,
  );
  await waitFor(() => calls > length, "another call");
  native.close(fd);
  native.close(poller);
});

t.test(
  "a watch whose descriptor is closed: before it calls, while it does, and by its owner's end",
  async (t) => {
    const before = openDescriptors();
    const ready = (): { poller: number; fd: number } => {
      const owner = {};
      const poller = native.openPoller(owner);
      const { fd, portNumber } = loop(owner);
      native.addToPoller(poller, fd, 1);
      native.sendTo(fd, piece, 0, 1, loopback, portNumber);
      return { poller, fd };
    };
    const early = ready();
    native.watch(early.poller, () => t.fail("closed before"));
    native.close(early.poller);
    const heir = native.openPoller({});
    t.equal(heir, early.poller, "the same number");
    native.close(early.fd);

    const during = ready();
    await new Promise<void>((resolve) => {
      native.watch(during.poller, () => {
        native.close(during.poller);
        native.close(during.fd);
        resolve();
      });
    });

    const dropped = ready();
    native.watch(dropped.poller, () => {});
    native.pauseWatch(dropped.poller);
    t.same(await leftDescriptors(before), []);
  },
);

t.test("an exception in a watch's function is the process's, and the watch goes on", async (t) => {
  const script = `
    const native = require(${JSON.stringify(library)});
    const owner = {};
    const poller = native.openPoller(owner);
    const fd = native.open(1, owner);
    native.addToPoller(poller, fd, 1);
    let calls = 0;
    process.on("uncaughtException", (error) => console.log(error.message));
    native.watch(poller, () => {
      if (++calls === 2) native.close(poller);
      throw new Error("call " + calls);
    });`;
  const done = spawnSync(process.execPath, ["-e", script], {
    encoding: "utf8",
    timeout: 120_000,
    env: { PATH: process.env.PATH },
  });
  t.equal(done.stdout, "call 1\ncall 2\n");
  t.equal(done.status, 0, done.stderr);
});

/** Loads the addon, opens descriptors of every kind, gives ids, and then does `ending`. */
const program = `
  const { parentPort, workerData } = require("node:worker_threads");
  const native = require(workerData.library);
  const owner = {};
  const poller = native.openPoller(owner);
  for (let i = 0; i < 50; i++) {
    const fd = native.open(i % 2, i % 3 === 0 ? {} : owner);
    native.bind(fd, 0x7f000001, 0);
    if (i % 2 === 0) native.listen(fd, 1);
    native.addToPoller(poller, fd, i + 1);
  }
  native.close(native.open(0, owner));
  const watched = native.watch(poller, () => {});
  const ids = Array.from({ length: 1000 }, () => native.nextIdentifier());
  parentPort.postMessage({ ids, poller, fds: native.open(0, owner) });
  if (workerData.ending === "wait") native.waitPoller(native.bell(), -1);
  if (workerData.ending === "exit") process.exit(0);
  if (workerData.ending === "throw") throw new Error("on purpose");
  if (workerData.ending === "stay") setInterval(() => {}, 1000);
`;

for (const ending of ["stay", "wait", "exit", "throw"]) {
  t.test(
    `eight workers that load, use, and end (${ending}): nothing is left, no id is given out twice`,
    async (t) => {
      const before = openDescriptors();
      const ids = new Set<number>();
      const workers = Array.from({ length: 8 }, () => {
        const worker = new Worker(program, { eval: true, workerData: { library, ending } });
        worker.on("error", () => {});
        return worker;
      });
      const told = workers.map(
        (worker) => new Promise<{ ids: number[] }>((resolve) => worker.once("message", resolve)),
      );
      const ended = workers.map((worker) => new Promise((resolve) => worker.once("exit", resolve)));
      for (const { ids: given } of await withTimeout(Promise.all(told), "the workers")) {
        for (const id of given) ids.add(id);
      }
      t.equal(ids.size, 8_000);
      for (const worker of workers) void worker.terminate();
      await withTimeout(Promise.all(ended), "the workers to end");
      t.same(await leftDescriptors(before), []);
    },
  );
}

t.test("workers terminated at any moment", async (t) => {
  const before = openDescriptors();
  for (let i = 0; i < 16; i++) {
    const worker = new Worker(program, { eval: true, workerData: { library, ending: "stay" } });
    worker.on("error", () => {});
    await new Promise((resolve) => setTimeout(resolve, i * 3));
    await withTimeout(worker.terminate(), "the worker to end");
  }
  t.same(await leftDescriptors(before), []);
});
