import { constants } from "node:os";
import { RoByteArray, RoMessagePort } from "rosock";
import t from "tap";
import { fill, fixBuffers, whenFull } from "../support/events.js";
import {
  connectedPair,
  eventID,
  leftDescriptors,
  openDescriptors,
  peer,
  remote,
  reset,
  waitForSync,
} from "../support/index.js";

const { EAGAIN, ECONNRESET, EPIPE } = constants.errno;
const other = peer(t);
const before = openDescriptors();

const modes: [string, () => RoMessagePort | null][] = [
  ["synchronous", () => null],
  ["asynchronous", () => new RoMessagePort()],
];

const mebibyte = 1 << 20;

t.test("S20 an asynchronous send gives what the system took, then -1 with EAGAIN", async (t) => {
  const port = new RoMessagePort();
  const socket = remote(t, other, port);
  socket.setSendBuf(16_384);
  const bytes = RoByteArray.from(
    Uint8Array.from({ length: 16 * mebibyte }, (_, index) => (index * 7919) >> 8),
  );
  const first = socket.send(bytes, 0, bytes.count());
  t.ok(first > 0 && first < bytes.count(), `${first} bytes were taken`);
  t.equal(socket.status(), 0);
  let sent = first;
  let taken = first;
  for (; taken > 0; sent += Math.max(taken, 0)) taken = socket.send(bytes, sent, bytes.count() - sent);
  t.equal(taken, -1);
  t.equal(socket.status(), EAGAIN);
  t.equal(socket.eAgain(), true);
  t.equal(socket.eOK(), true);

  const total = sent + 100_000;
  const received = other.start(({ state }, total) => {
    const chunks: Buffer[] = [];
    let count = 0;
    state.socket.resume();
    return new Promise<Buffer>((resolve) =>
      state.socket.on("data", (chunk: Buffer) => {
        chunks.push(chunk);
        count += chunk.length;
        if (count >= total) resolve(Buffer.concat(chunks));
      }),
    );
  }, total);
  socket.notifyWritable(true);
  while (sent < total) {
    if (eventID(port) === null) throw new Error("no room in 5 s");
    sent += Math.max(socket.send(bytes, sent, total - sent), 0);
  }
  const expected = Buffer.from(bytes.toUint8Array().subarray(0, total));
  t.ok(expected.equals(received.result()), "every byte counted has arrived once and in order");
});

t.test("S20 send and sendStr give -1, not 0, while there is no room", async (t) => {
  const { client, server } = connectedPair(t, { client: new RoMessagePort() });
  fixBuffers(client, server);
  fill(client, 100);
  const bytes = RoByteArray.from([1, 2, 3]);
  for (const send of [
    () => client.send(bytes, 0, 3),
    () => client.sendStr("abc"),
    () => client.send("abc", 0, 3),
  ]) {
    t.equal(whenFull(client, send), -1);
    t.strictSame(
      [client.status(), client.eAgain(), client.eWouldBlock(), client.eOK()],
      [EAGAIN, true, true, true],
    );
  }
  t.equal(client.sendStr(""), 0, "though nothing can be sent");
  t.equal(client.status(), 0);
});

t.test("S20 a synchronous send takes all of it, however slow the peer", async (t) => {
  const socket = remote(t, other);
  socket.setSendBuf(16_384);
  const text = "é0123456789".repeat(50_000);
  const count = Buffer.byteLength(text);
  const received = other.start(({ state }, count) => {
    return new Promise<string>((resolve) => {
      const chunks: Buffer[] = [];
      let length = 0;
      state.socket.resume();
      state.socket.on("data", (chunk: Buffer) => {
        chunks.push(chunk);
        length += chunk.length;
        if (length >= 2 * count) resolve(Buffer.concat(chunks).toString());
        else if (chunks.length % 16 === 0) {
          state.socket.pause();
          setTimeout(() => state.socket.resume(), 1);
        }
      });
    });
  }, count);
  t.equal(socket.sendStr(text), count, "bytes, not characters");
  t.equal(socket.status(), 0);
  const bytes = RoByteArray.from(Buffer.from(text));
  t.equal(socket.send(bytes, 0, bytes.count()), count);
  t.equal(socket.status(), 0);
  t.equal(received.result() === text + text, true, "and all has arrived");
});

t.test("S20 a synchronous send that fails midway gives what was sent before, and the error", async (t) => {
  const socket = remote(t, other);
  other.start(({ state }) => {
    state.socket.once("data", () => {
      state.socket.pause();
      setTimeout(() => state.socket.resetAndDestroy(), 20);
    });
    state.socket.resume();
    return null;
  });
  const bytes = RoByteArray.from(new Uint8Array(64 * mebibyte));
  const sent = socket.send(bytes, 0, bytes.count());
  t.ok(sent > 0 && sent < bytes.count(), `${sent} bytes were sent`);
  t.ok([ECONNRESET, EPIPE].includes(socket.status()), `status ${socket.status()}`);
  t.equal(socket.eOK(), false);
  t.equal(socket.send(bytes, sent, 1), -1, "nothing more can be");
});

t.test("S20 sending nothing gives 0", async (t) => {
  for (const [, makePort] of modes) {
    const port = makePort();
    const { client, server } = connectedPair(t, { client: port, server: port });
    t.equal(client.sendStr(""), 0);
    t.equal(client.status(), 0);
    t.equal(client.send(RoByteArray.from([1, 2, 3]), 1, 0), 0);
    t.equal(client.status(), 0);
    t.equal(client.sendStr("x"), 1);
    waitForSync(() => server.getCountRcvBuf() > 0, "the data");
    t.equal(server.receiveStr(10), "x", "and nothing but what was sent");
  }
});

t.test("S20 part of a byte array", async (t) => {
  const { client, server } = connectedPair(t);
  const bytes = new RoByteArray();
  bytes.fromAsciiString("0123456789");
  t.equal(client.send(bytes, 3, 4), 4);
  t.equal(server.receiveStr(10), "3456");
  t.equal(client.send(bytes, 9, 1), 1);
  t.equal(server.receiveStr(10), "9");
});

for (const [mode, makePort] of modes) {
  for (const end of ["reset", "close"]) {
    t.test(`S21 a send to a peer that is gone (${end}), ${mode}`, async (t) => {
      const signals: string[] = [];
      const onSignal = () => signals.push("SIGPIPE");
      process.on("SIGPIPE", onSignal);
      t.teardown(() => process.removeListener("SIGPIPE", onSignal));
      const socket = remote(t, other, makePort());
      if (end === "reset") reset(other);
      else other.call(({ state }) => void state.socket.destroy());
      waitForSync(() => socket.isReadable(), "the end");
      // After an orderly end the first send still succeeds, and is answered with a reset.
      const result = waitForSync(() => socket.sendStr("anyone?") === -1 && "failed", "a send to fail");
      t.equal(result, "failed");
      t.ok([ECONNRESET, EPIPE].includes(socket.status()), `status ${socket.status()}`);
      t.equal(socket.eOK(), false);
      t.equal(socket.send(RoByteArray.from([1]), 0, 1), -1, "every later send too");
      t.ok([ECONNRESET, EPIPE].includes(socket.status()));
      await new Promise((resolve) => setImmediate(resolve));
      t.strictSame(signals, []);
    });
  }
}

t.test("no descriptor is left", async (t) => {
  t.strictSame(await leftDescriptors(before), []);
});
