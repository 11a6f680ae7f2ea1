/** Whatever numbers reach the addon: an error number comes back, and nothing happens to what is not its own. */

import { spawnSync } from "node:child_process";
import { closeSync, fstatSync, openSync } from "node:fs";
import { constants } from "node:os";
import fc from "fast-check";
import t from "tap";
import { Bytes, setSlot } from "#src/bytes.js";
import * as native from "#src/native.js";

const { EBADF, EINVAL, ENOPROTOOPT, ENOTSOCK } = constants.errno;
const least = -(2 ** 31);
const most = 2 ** 31 - 1;
const loopback = 0x7f000001;

/** A descriptor that is not the addon's. */
const foreign = openSync("/dev/null", "r+");
t.teardown(() => closeSync(foreign));

const owner = {};
const bytes = (length: number): Bytes => new Bytes(new Uint8Array(length));

function opened(t: { teardown(work: () => unknown): unknown }, kind: number): number {
  const fd = native.open(kind, owner);
  t.teardown(() => native.close(fd));
  return fd;
}

/** Every function that takes a descriptor. */
const operations: Record<string, (fd: number) => number> = {
  bind: (fd) => native.bind(fd, loopback, 0),
  listen: (fd) => native.listen(fd, 1),
  connect: (fd) => native.connect(fd, loopback, 9),
  accept: (fd) => native.accept(fd),
  receive: (fd) => native.receive(fd, bytes(1), 0, 1),
  receiveFrom: (fd) => native.receiveFrom(fd, bytes(1), 0, 1),
  discard: (fd) => native.discard(fd),
  send: (fd) => native.send(fd, bytes(1), 0, 1),
  sendTo: (fd) => native.sendTo(fd, bytes(1), 0, 1, loopback, 9),
  shutdownSend: (fd) => native.shutdownSend(fd),
  localAddress: (fd) => native.localAddress(fd),
  countReceive: (fd) => native.countReceive(fd),
  countSend: (fd) => native.countSend(fd),
  getOption: (fd) => native.getOption(fd, native.option.ttl),
  setOption: (fd) => native.setOption(fd, native.option.ttl, 1),
  setMembership: (fd) => native.setMembership(fd, 0xe0000001, 0, true),
  addToPoller: (fd) => native.addToPoller(fd, foreign, 1),
  removeFromPoller: (fd) => native.removeFromPoller(fd, foreign),
  waitPoller: (fd) => native.waitPoller(fd, 0),
  clearEventfd: (fd) => native.clearEventfd(fd),
};

for (const [name, operation] of Object.entries(operations)) {
  t.test(`${name}: a descriptor that is closed, was never open, or is none`, async (t) => {
    const closed = native.open(native.transport.stream, owner);
    t.equal(native.close(closed), 0);
    for (const fd of [closed, -1, least, most, 1_000_000]) t.equal(operation(fd), -EBADF, `${fd}`);
  });

  t.test(`${name}: a descriptor of something else`, async (t) => {
    const result = operation(foreign);
    t.ok(result < 0, `${result}`);
    t.ok(fstatSync(foreign).isCharacterDevice(), "it is as it was");
  });
}

t.test("close leaves alone what the addon did not open", async (t) => {
  for (const fd of [foreign, 0, 1, 2, -1, least, most]) t.equal(native.close(fd), -EBADF, `${fd}`);
  t.ok(fstatSync(foreign).isCharacterDevice());
  const fd = native.open(native.transport.stream, owner);
  t.equal(native.close(fd), 0);
  t.equal(native.close(fd), -EBADF, "twice");
});

t.test("a descriptor is not handed to another owner, nor one that is not ours", async (t) => {
  const fd = opened(t, native.transport.stream);
  for (const strange of [fd, foreign, -1, least, most]) native.adopt(strange, {});
  native.adopt(fd, null as unknown as object);
  t.ok(native.localAddress(fd) >= 0);
});

t.test("numbers of options that do not exist", async (t) => {
  const fd = opened(t, native.transport.stream);
  for (const name of [-1, 15, 100, least, most]) {
    t.equal(native.getOption(fd, name), -ENOPROTOOPT, `get ${name}`);
    t.equal(native.setOption(fd, name, 1), -ENOPROTOOPT, `set ${name}`);
  }
});

t.test("values of options at the ends", async () => {
  const results = fc.property(
    fc.constantFrom(...Object.values(native.option)),
    fc.oneof(fc.constantFrom(least, -1, 0, 1, most), fc.integer()),
    fc.constantFrom(...Object.values(native.transport)),
    (name, value, kind) => {
      const fd = native.open(kind, owner);
      const [set, got] = [native.setOption(fd, name, value), native.getOption(fd, name)];
      return native.close(fd) === 0 && set <= 0 && got <= 0;
    },
  );
  fc.assert(results, { seed: 1, numRuns: 2_000 });
});

t.test("ranges outside the bytes", async (t) => {
  const fd = opened(t, native.transport.datagram);
  t.equal(native.bind(fd, loopback, 0), 0);
  t.equal(native.localAddress(fd), 0);
  const portNumber = native.reportedPort();
  const transfers = [
    native.receive,
    native.receiveFrom,
    native.send,
    (to: number, from: Bytes, start: number, length: number) =>
      native.sendTo(to, from, start, length, loopback, portNumber),
  ];
  const ends = fc.constantFrom(least, least + 1, -1, 0, 1, 9, 10, 11, 65_536, most - 1, most);
  const outside = fc.property(
    fc.constantFrom(...transfers),
    ends,
    ends,
    fc.constantFrom(0, 10, 70_000),
    (transfer, start, length, size) => {
      fc.pre(length !== 0 && (start < 0 || length < 0 || start + length > size));
      return transfer(fd, bytes(size), start, length) === -EINVAL;
    },
  );
  fc.assert(outside, { seed: 1, numRuns: 2_000 });
  t.equal(native.countReceive(fd), 0, "nothing was sent");
});

t.test("no bytes at all are bytes, too", async (t) => {
  const fd = opened(t, native.transport.datagram);
  native.bind(fd, loopback, 0);
  native.localAddress(fd);
  const portNumber = native.reportedPort();
  t.equal(native.sendTo(fd, bytes(0), 0, 0, loopback, portNumber), 0);
  t.equal(native.receiveFrom(fd, bytes(0), 0, 0), 0);
});

t.test("slots: more arrays than there are, small and large by turns", async (t) => {
  const fd = opened(t, native.transport.datagram);
  native.bind(fd, loopback, 0);
  native.localAddress(fd);
  const portNumber = native.reportedPort();
  const arrays = Array.from({ length: 200 }, (_, i) => {
    const storage = new Uint8Array(i % 7 === 0 ? 100_000 : 10 + (i % 3));
    return { storage, bytes: new Bytes(storage) };
  });
  for (let round = 0; round < 3; round++) {
    for (const [i, array] of arrays.entries()) {
      array.storage.fill(i);
      t.equal(native.sendTo(fd, array.bytes, 1, 5, loopback, portNumber), 5);
      const into = arrays[(i * 31 + round) % arrays.length]!;
      const kept = into.storage[9];
      t.equal(native.receiveFrom(fd, into.bytes, 2, 7), 5);
      t.same([...into.storage.subarray(2, 7)], Array(5).fill(i), `array ${i}`);
      t.equal(into.storage[9], kept, "the byte behind is as it was");
    }
  }
});

t.test("the slots' numbers are no way to other memory", async (t) => {
  const fd = opened(t, native.transport.datagram);
  for (const slot of [-1, 0, 1, 2, 63, 64, least, most]) {
    const forged = { storage: new Uint8Array(10), slot } as unknown as Bytes;
    t.throws(() => native.send(fd, forged, 0, 10), TypeError, `made by hand, slot ${slot}`);
    const numbered = bytes(10);
    setSlot(numbered, slot);
    t.equal(native.send(fd, numbered, 0, 11), -EINVAL, `slot ${slot}`);
  }
});

t.test("memory that is detached between two calls is not used any more", async (t) => {
  const fd = opened(t, native.transport.datagram);
  native.bind(fd, loopback, 0);
  native.localAddress(fd);
  const portNumber = native.reportedPort();
  for (const size of [10, 100_000]) {
    const storage = new Uint8Array(size);
    const kept = new Bytes(storage);
    t.equal(native.sendTo(fd, kept, 0, 5, loopback, portNumber), 5);
    t.equal(native.receiveFrom(fd, kept, 0, 5), 5);
    const taken = structuredClone(storage, { transfer: [storage.buffer] });
    t.equal(native.sendTo(fd, kept, 0, 5, loopback, portNumber), -EINVAL, `${size} bytes`);
    t.equal(native.receiveFrom(fd, kept, 0, 5), -EINVAL);
    t.equal(taken.length, size);
  }
  t.equal(native.countReceive(fd), 0, "nothing was sent");
});

t.test("the memory that is shared with the addon cannot be taken away from it", async (t) => {
  const script = `
    const native = require(${JSON.stringify(require.resolve("#src/native.js"))});
    const { buffer } = native.scratch;
    const ways = [
      () => structuredClone(0, { transfer: [buffer] }),
      () => buffer.transfer?.(),
    ];
    for (const way of ways) {
      try {
        way();
      } catch (error) {
        if (error.name !== "DataCloneError") throw error;
      }
    }
    gc();
    // Whatever they give, they touch no memory that is another's by now.
    for (let i = 0; i < 1000; i++) native.close(native.open(0, {}));
    native.poll(1, 0);
    native.waitPoller(native.openPoller({}), 0);
    console.log("alive");`;
  const done = spawnSync(process.execPath, ["--expose-gc", "-e", script], {
    encoding: "utf8",
    env: { PATH: process.env.PATH },
  });
  t.same([done.stdout, done.status, done.signal], ["alive\n", 0, null], done.stderr);
});

t.test("poll: how many, and which", async (t) => {
  for (const count of [-1, native.maximumPolls + 1, least, most])
    t.equal(native.poll(count, 0), -EINVAL, `${count}`);
  for (let i = 0; i < native.maximumPolls; i++) native.setPoll(i, -1, native.ready.in);
  t.equal(native.poll(native.maximumPolls, 0), 0, "none but holes");
  const fd = opened(t, native.transport.datagram);
  native.setPoll(native.maximumPolls - 1, fd, native.ready.out);
  t.equal(native.poll(native.maximumPolls, 0), 1);
  t.equal(native.polled(native.maximumPolls - 1), native.ready.out);
  native.setPoll(0, 1_000_000, native.ready.in);
  t.equal(native.poll(1, -1), 1, "a closed one does not wait");
});

t.test("ports and hosts are cut to their bits", async (t) => {
  const fd = opened(t, native.transport.stream);
  t.equal(native.bind(fd, loopback, 65_536), 0, "port 0");
  t.equal(native.localAddress(fd), 0);
  t.equal(native.reportedHost(), loopback);
  t.ok(native.reportedPort() > 0);
  const other = opened(t, native.transport.stream);
  t.equal(native.bind(other, 0xffffffff - 1, 0), -constants.errno.EADDRNOTAVAIL);
});

t.test("lookup of what is no name", async (t) => {
  for (const name of [
    "",
    "\0",
    "a\0b",
    " ",
    "x".repeat(253),
    "x".repeat(254),
    "x".repeat(100_000),
    "\ud800",
  ]) {
    t.equal(native.lookup(name), -1, JSON.stringify(name.slice(0, 20)));
  }
  t.equal(native.lookup(12 as unknown as string), -1);
  t.equal(native.lookup("127.0.0.1"), loopback);
  t.equal(native.lookup("localhost"), loopback);
});

t.test("watch of what cannot be watched", async (t) => {
  t.ok(native.watch(-1, () => {}) < 0);
  t.ok(native.watch(1_000_000, () => {}) < 0);
  t.equal(native.pauseWatch(1_000_000), 0);
  t.equal(native.accept(foreign), -ENOTSOCK, "and on it goes");
});

t.test("ids are positive and new", async (t) => {
  const ids = new Set(Array.from({ length: 10_000 }, () => native.nextIdentifier()));
  t.equal(ids.size, 10_000);
  t.ok([...ids].every((id) => id > 0 && Number.isInteger(id)));
});
