import { constants } from "node:os";
import { RoByteArray, RoMessagePort, type RoStreamSocket } from "rosock";
import t from "tap";
import { activity, activitySince } from "../support/activity.js";
import { openAtRest } from "../support/at-rest.js";
import { becomesReadable, fill, staysQuiet } from "../support/events.js";
import {
  address,
  connected,
  connectedPair,
  eventID,
  leftDescriptors,
  peer,
  streamSocket,
  waitForSync,
} from "../support/index.js";
import { followedBy, pattern } from "../support/pattern.js";

const { ECONNRESET, EPIPE } = constants.errno;
const other = peer(t);
const before = openAtRest();

/**
 * Sends the first `bytes` bytes of the stream in pieces of at most `piece`: waits for room when the socket is asynchronous, as a
 * program with one socket does. Gives how often it was that a send took less than asked.
 */
function sendStream(socket: RoStreamSocket, bytes: number, piece: number): number {
  const stream = pattern();
  const port = socket.getMessagePort();
  let partial = 0;
  for (let sent = 0; sent < bytes; ) {
    const from = sent % stream.count();
    const asked = Math.min(piece, bytes - sent, stream.count() - from);
    const took = socket.send(stream, from, asked);
    if (took > 0) sent += took;
    else if (!socket.eAgain()) throw new Error(`send failed: ${socket.status()}`);
    if (took === asked || port === null) continue;
    partial++;
    socket.notifyWritable(true);
    if (eventID(port) !== socket.getID()) throw new Error("no room came");
    socket.notifyWritable(false);
  }
  return partial;
}

t.test("64 MiB with a slow reader, asynchronously: each byte in its place", async (t) => {
  const bytes = 64 * 1024 * 1024;
  const { portNumber, taken } = followedBy(other, 1);
  const socket = connected(t, portNumber, new RoMessagePort());
  const partial = sendStream(socket, bytes, 300_000);
  socket.close();
  t.strictSame(taken(), { count: bytes, wrongAt: -1, end: "end" });
  t.ok(partial > 10, `the reader was slow: ${partial} sends took less than asked`);
});

t.test("16 MiB with a slow reader in one synchronous send", async (t) => {
  const bytes = 16 * 1024 * 1024;
  const { portNumber, taken } = followedBy(other, 1);
  const socket = connected(t, portNumber);
  const data = new RoByteArray();
  while (data.count() < bytes) data.append(pattern());
  t.equal(socket.send(data, 0, bytes), bytes);
  t.equal(socket.status(), 0);
  socket.close();
  t.strictSame(taken(), { count: bytes, wrongAt: -1, end: "end" });
});

for (const mode of ["synchronous", "asynchronous"]) {
  const portOfMode = () => (mode === "asynchronous" ? new RoMessagePort() : null);

  t.test(`partial writes with the smallest send buffer, ${mode}`, async (t) => {
    const { portNumber, taken } = followedBy(other);
    const socket = streamSocket(t);
    t.equal(socket.setSendBuf(1), true);
    const size = socket.getSendBuf();
    t.ok(size > 1 && size < 10_000, `${size} bytes, Linux's least`);
    socket.setSendToAddress(address(portNumber));
    t.equal(socket.connect(), true);
    socket.setMessagePort(portOfMode());
    const partial = sendStream(socket, 1_000_000, 100_000);
    if (socket.getMessagePort()) t.ok(partial > 10, `${partial} partial writes`);
    socket.close();
    t.strictSame(taken(), { count: 1_000_000, wrongAt: -1, end: "end" });
  });

  t.test(`many small in a row, order kept, ${mode}`, async (t) => {
    for (const isDelayed of [true, false]) {
      const { portNumber, taken } = followedBy(other);
      const socket = connected(t, portNumber, portOfMode());
      t.equal(socket.setNoDelay(!isDelayed), true);
      sendStream(socket, 10_000, 1);
      socket.close();
      t.strictSame(taken(), { count: 10_000, wrongAt: -1, end: "end" });
    }
  });

  t.test(`after the peer half-closed everything can still be sent, ${mode}`, async (t) => {
    const portNumber = other.call(async ({ net, once, state }) => {
      const server = net.createServer({ allowHalfOpen: true }, (socket) => {
        server.close();
        socket.end("that was all");
        state.count = 0;
        state.ended = false;
        socket.on("data", (chunk: Buffer) => {
          state.count += chunk.length;
        });
        socket.on("end", () => {
          state.ended = true;
        });
      });
      server.listen(0, "127.0.0.1");
      await once(server, "listening");
      return (server.address() as { port: number }).port;
    });
    const socket = connected(t, portNumber);
    t.equal(socket.receiveStr(100), "that was all");
    t.equal(socket.receiveStr(100), "");
    t.equal(socket.status(), 0);
    socket.setMessagePort(portOfMode());
    t.equal(socket.isConnected(), true);
    t.equal(socket.isWritable(), true);
    sendStream(socket, 1_000_000, 100_000);
    t.equal(socket.receiveStr(100), "", "the end stays the end");
    t.equal(socket.status(), 0);
    socket.close();
    const count = other.call(async ({ state }) => {
      while (!state.ended) await new Promise((resolve) => setTimeout(resolve, 1));
      return state.count as number;
    });
    t.equal(count, 1_000_000);
  });
}

t.test("text sent in pieces cut anywhere arrives as it was", async (t) => {
  const { client, server } = connectedPair(t, { client: new RoMessagePort() });
  const text = "1 byte, ä: 2, €: 3, 😀: 4, \udcff: a byte that is no UTF-8. ".repeat(50);
  const length = Buffer.byteLength(text.replaceAll("\udcff", "x"));
  let received = "";
  for (let sent = 0; sent < length; ) {
    const took = client.send(text, sent, 1 + (sent % 5));
    if (took <= 0) throw new Error(`send failed: ${client.status()}`);
    sent += took;
    received += server.receiveStr(100);
  }
  const whole = new RoByteArray();
  whole.fromAsciiString(received);
  t.equal(whole.count(), length);
  t.ok(whole.toAsciiString() === text, "joined it is the text");
});

t.test("to a peer that never reads: no event, no CPU, no harm; then it is killed", async (t) => {
  const reader = peer(t);
  const portNumber = reader.call(async ({ net, once }) => {
    const server = net.createServer({ pauseOnConnect: true }).listen(0, "127.0.0.1");
    await once(server, "listening");
    return (server.address() as { port: number }).port;
  });
  const port = new RoMessagePort();
  const socket = connected(t, portNumber, port);
  socket.notifyWritable(true);
  // The two systems shift some of it to and fro before all is full.
  for (let turn = 0; turn < 20 && eventID(port, 200) !== null; turn++) fill(socket);
  fill(socket);
  t.equal(socket.eAgain(), true);
  t.equal(socket.isWritable(), false);
  const start = activity(process.pid);
  t.ok(staysQuiet(port, 300));
  const { ticks } = activitySince(process.pid, start);
  t.ok(ticks < 10, `${ticks} ticks of CPU in 30`);
  t.ok(socket.getCountSendBuf() > 0);
  reader.signal("SIGKILL"); // With data unread, which makes its end a reset.
  t.equal(eventID(port), socket.getID());
  t.equal(socket.sendStr("x"), -1);
  t.ok([ECONNRESET, EPIPE].includes(socket.status()), `${socket.status()}`);
  t.equal(socket.getCountSendBuf(), 0);
});

t.test("to a peer that closed: the sends fail sooner or later, and stay failed", async (t) => {
  for (const port of [null, new RoMessagePort()]) {
    const { client, server } = connectedPair(t, { client: port });
    server.close();
    becomesReadable(client);
    waitForSync(() => client.sendStr("x") === -1, "the send to fail");
    for (let time = 0; time < 10; time++) {
      t.equal(client.sendStr("x"), -1);
      t.equal(client.status(), EPIPE);
      t.equal(client.lastError()?.code, "EPIPE");
    }
    t.equal(client.receiveStr(1), "");
  }
});

t.test("from inside the handling of a connect", async (t) => {
  const port = new RoMessagePort();
  const { portNumber, taken } = followedBy(other);
  const socket = streamSocket(t, port);
  socket.notifyWritable(true);
  socket.setSendToAddress(address(portNumber));
  t.equal(socket.connect(), true);
  t.equal(eventID(port), socket.getID());
  t.equal(socket.send(pattern(), 0, 1_000), 1_000);
  socket.close();
  t.strictSame(taken(), { count: 1_000, wrongAt: -1, end: "end" });
});

t.test("0 bytes change nothing, in any state", async (t) => {
  const port = new RoMessagePort();
  const { client, server } = connectedPair(t, { client: port, server: port });
  server.notifyReadable(true);
  const nothing = new RoByteArray();
  for (let time = 0; time < 100; time++) {
    t.equal(client.send(nothing, 0, 0), 0);
    t.equal(client.sendStr(""), 0);
    t.equal(client.status(), 0);
  }
  t.ok(staysQuiet(port), "nothing arrived");
  fill(client);
  t.equal(client.send(nothing, 0, 0), 0, "also when there is no room");
});

t.test("no descriptor is left", async (t) => {
  t.strictSame(await leftDescriptors(before), []);
});
