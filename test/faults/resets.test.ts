import { constants } from "node:os";
import { RoMessagePort, type RoStreamSocket } from "rosock";
import t, { type Test } from "tap";
import { openAtRest } from "../support/at-rest.js";
import { arrived, becomesReadable, drain, fill, staysQuiet } from "../support/events.js";
import {
  connected,
  connectedPair,
  eventID,
  hang,
  leftDescriptors,
  peer,
  type Scope,
  timed,
  waitForSync,
} from "../support/index.js";
import { resetStorm } from "../support/scenarios.js";

const { ECONNRESET, EPIPE } = constants.errno;
const other = peer(t);
const before = openAtRest();

/** Has the peer listen and hold what connects, without reading, until `reset`. Gives the port. */
const portNumber = other.call(async ({ net, once, state }) => {
  state.held = [];
  state.server = net.createServer({ pauseOnConnect: true, allowHalfOpen: true }, (socket) => {
    socket.on("error", () => {});
    state.held.push(socket);
  });
  state.server.listen(0, "127.0.0.1");
  await once(state.server, "listening");
  return state.server.address().port as number;
});

/** The peer resets every connection that it holds, after so many milliseconds; before that it sends `text`. */
function reset(delay = 0, text = ""): void {
  other.start(
    async ({ state }, delay, text) => {
      while (state.held.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
      for (const socket of state.held.splice(0)) {
        if (text) await new Promise((resolve) => socket.write(text, resolve));
        setTimeout(() => socket.resetAndDestroy(), delay);
      }
    },
    delay,
    text,
  );
}

const toBe = (t: Scope, port: RoMessagePort | null = null) => connected(t, portNumber, port);

/** It is dead, and says so in every way. */
function isReset(t: Test, socket: RoStreamSocket): void {
  t.equal(socket.sendStr("x"), -1);
  t.ok([ECONNRESET, EPIPE].includes(socket.status()), `send: ${socket.status()}`);
  t.equal(socket.receiveStr(1), "");
  t.ok([0, ECONNRESET].includes(socket.status()), `receive: ${socket.status()}`);
  t.equal(socket.sendStr("x"), -1);
  t.equal(socket.status(), EPIPE);
  t.equal(socket.getCountRcvBuf(), 0);
  t.equal(socket.getCountSendBuf(), 0);
  t.strictSame([socket.isReadable(), socket.isWritable(), socket.isException()], [true, true, false]);
}

t.test("reset while idle", async (t) => {
  for (const notify of ["notifyReadable", "notifyWritable"] as const) {
    const port = new RoMessagePort();
    const socket = toBe(t, port);
    reset();
    becomesReadable(socket);
    socket[notify](true);
    t.equal(eventID(port), socket.getID(), notify);
    t.equal(socket.receiveStr(1), "");
    t.equal(socket.eConnReset(), true);
    t.equal(socket.lastError()?.code, "ECONNRESET");
    isReset(t, socket);
  }
});

t.test("reset with unread data: the data first", async (t) => {
  for (const port of [null, new RoMessagePort()]) {
    const socket = toBe(t, port);
    reset(5, "the last words");
    arrived(socket, 14);
    waitForSync(() => socket.isWritable() && socket.sendStr("") === 0, "nothing yet");
    t.equal(socket.receiveStr(100), "the last words");
    becomesReadable(socket);
    t.equal(socket.receiveStr(100), "");
    t.equal(socket.status(), ECONNRESET);
    isReset(t, socket);
  }
});

t.test("reset with unsent data", async (t) => {
  const port = new RoMessagePort();
  const socket = toBe(t, port);
  fill(socket);
  socket.notifyWritable(true);
  t.ok(staysQuiet(port));
  reset();
  t.equal(eventID(port), socket.getID());
  t.equal(socket.isWritable(), true, "an error counts as writable");
  isReset(t, socket);
});

t.test("reset during a blocking send and a blocking receive", async (t) => {
  const sender = toBe(t);
  reset(50);
  const text = "x".repeat(1_000_000);
  let turns = 0;
  while (sender.sendStr(text) === text.length && turns < 100) turns++;
  t.ok(turns < 100);
  t.ok([ECONNRESET, EPIPE].includes(sender.status()), `${sender.status()}`);
  isReset(t, sender);

  const receiver = toBe(t);
  reset(50);
  t.equal(receiver.receiveStr(1), "");
  t.equal(receiver.status(), ECONNRESET);
  isReset(t, receiver);
});

t.test("reset during a blocking close", async (t) => {
  const port = new RoMessagePort();
  const socket = toBe(t, port);
  fill(socket);
  socket.setMessagePort(null);
  reset(100);
  const { milliseconds } = timed(() => socket.close());
  t.ok(milliseconds < hang, `${milliseconds} ms`);
  t.equal(socket.isConnected(), false);
});

t.test("reset after the peer half-closed", async (t) => {
  const port = new RoMessagePort();
  const socket = toBe(t, port);
  socket.notifyReadable(true);
  other.call(async ({ state }) => {
    while (state.held.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    state.held[0].end("half");
  });
  t.equal(eventID(port), socket.getID());
  t.equal(socket.receiveStr(10), "half");
  t.equal(eventID(port), socket.getID());
  t.equal(socket.receiveStr(10), "");
  t.equal(socket.status(), 0);
  t.equal(socket.sendStr("still"), 5);
  reset();
  waitForSync(() => socket.sendStr("x") === -1, "the reset");
  isReset(t, socket);
});

t.test("reset while an event is queued", async (t) => {
  const port = new RoMessagePort();
  const { client, server } = connectedPair(t, { client: port, server: port });
  server.notifyReadable(true);
  client.sendStr("queued");
  waitForSync(() => port.peekMessage() !== null, "the event");
  const socket = toBe(t, port);
  socket.notifyReadable(true);
  reset();
  becomesReadable(socket);
  t.strictSame(drain(port, 2).sort(), [server.getID(), socket.getID()].sort());
  t.equal(server.receiveStr(10), "queued");
  isReset(t, socket);
});

t.test("reset while being accepted, used and closed, a few hundred times on one port", async (t) => {
  resetStorm(t, other, 300);
});

t.test("no descriptor is left", async (t) => {
  t.strictSame(await leftDescriptors(before), []);
});
