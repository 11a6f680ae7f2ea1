import { RoByteArray, RoMessagePort, type RoStreamSocket } from "rosock";
import t from "tap";
import { openAtRest } from "../support/at-rest.js";
import { arrived, becomesReadable, staysQuiet } from "../support/events.js";
import {
  accept,
  connected,
  connectedPair,
  descriptorOf,
  eventID,
  leftDescriptors,
  listener,
  peer,
  sendUrgent,
  skipWithout,
  waitForSync,
} from "../support/index.js";
import { Follower, sentBy } from "../support/pattern.js";

const other = peer(t);
const before = openAtRest();

/** Receives the stream to its end, a piece of a size of its own at each event. */
function follow(
  port: RoMessagePort,
  socket: RoStreamSocket,
  follower: Follower,
  atMost = Number.POSITIVE_INFINITY,
) {
  const into = new RoByteArray();
  for (let turn = 0; follower.count < atMost; turn++) {
    if (eventID(port) !== socket.getID()) throw new Error(`no event after ${follower.count} bytes`);
    const received = socket.receive(into, 0, 1 + ((turn * 7_919) % 150_000));
    if (received === 0) return;
    if (received > 0) follower.take(into.toUint8Array().subarray(0, received));
    else if (!socket.eAgain()) throw new Error(`receive failed: ${socket.status()}`);
  }
}

t.test("16 MiB from a fast peer, in pieces of any size: each byte in its place", async (t) => {
  const bytes = 16 * 1024 * 1024;
  const port = new RoMessagePort();
  const socket = connected(t, sentBy(other, bytes), port);
  socket.notifyReadable(true);
  const follower = new Follower();
  follow(port, socket, follower);
  t.strictSame([follower.count, follower.wrongAt], [bytes, -1]);
  t.equal(socket.status(), 0);
});

t.test("1 byte at a time", async (t) => {
  for (const port of [null, new RoMessagePort()]) {
    const socket = connected(t, sentBy(other, 5_000), port);
    socket.notifyReadable(true);
    const follower = new Follower();
    const into = new RoByteArray();
    for (;;) {
      if (port) t.equal(eventID(port), socket.getID(), "as long as there is a byte, and for the end");
      const received = socket.receive(into, 0, 1);
      if (received !== 1) {
        t.strictSame([received, socket.status()], [0, 0]);
        break;
      }
      follower.take(into.toUint8Array());
    }
    t.strictSame([follower.count, follower.wrongAt], [5_000, -1]);
    t.equal(into.count(), 1);
  }
});

t.test("1 byte at a time from a peer that sends no more at once", async (t) => {
  const portNumber = other.call(async ({ net, once }) => {
    const server = net.createServer(async (socket) => {
      server.close();
      socket.setNoDelay(true);
      for (let byte = 0; byte < 256; byte++) {
        socket.write(Uint8Array.of(byte));
        if (byte % 16 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
      }
      socket.end();
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return (server.address() as { port: number }).port;
  });
  const port = new RoMessagePort();
  const socket = connected(t, portNumber, port);
  socket.notifyReadable(true);
  const whole = new RoByteArray();
  for (let received = 1; received > 0; ) {
    t.equal(eventID(port), socket.getID());
    received = socket.receive(whole, whole.count(), 100);
    if (received < 0) t.fail(`status ${socket.status()}`);
  }
  t.strictSame(
    [...whole],
    Array.from({ length: 256 }, (_, byte) => byte),
  );
});

t.test("end at once with the last data", async (t) => {
  for (const port of [null, new RoMessagePort()]) {
    for (let time = 0; time < 30; time++) {
      const { socket: listening, portNumber } = listener(t, port);
      other.call(
        ({ net }, portNumber) => void net.connect(portNumber, "127.0.0.1").end("the last"),
        portNumber,
      );
      const server = accept(t, listening);
      server.notifyReadable(true);
      if (port) t.equal(eventID(port), server.getID());
      t.equal(server.receiveStr(100), "the last");
      if (port) t.equal(eventID(port), server.getID(), "the end is an event of its own");
      t.equal(server.receiveStr(100), "");
      t.equal(server.status(), 0);
      server.close();
      listening.close();
    }
  }
});

for (const [tool, ...words] of [
  ["socat", "-u", "-"],
  ["nc", "-N"],
]) {
  t.test(`end at once with the last data of ${tool}`, { skip: skipWithout(tool!) }, async (t) => {
    const { socket: listening, portNumber } = listener(t);
    const target = tool === "socat" ? [`TCP:127.0.0.1:${portNumber}`] : ["127.0.0.1", `${portNumber}`];
    other.call(
      ({ childProcess, state }, tool, words) => {
        state.tool = childProcess.spawn(tool, words, { stdio: ["pipe", "ignore", "ignore"] });
        state.tool.stdin.end("x".repeat(10_000));
      },
      tool!,
      [...words, ...target],
    );
    const server = accept(t, listening);
    const into = new RoByteArray();
    let count = 0;
    for (let received = 1; received > 0; count += received) received = server.receive(into, count, 1_000);
    t.equal(count, 10_000);
    t.equal(server.status(), 0);
    t.equal(server.receiveStr(1), "");
    server.close();
  });
}

t.test("reading stopped (flag off) and started again", async (t) => {
  const bytes = 8 * 1024 * 1024;
  const port = new RoMessagePort();
  const socket = connected(t, sentBy(other, bytes), port);
  const follower = new Follower();
  for (const upTo of [1_000_000, 3_000_000, 6_000_000]) {
    socket.notifyReadable(true);
    follow(port, socket, follower, upTo);
    socket.notifyReadable(false);
    arrived(socket);
    t.ok(staysQuiet(port, 20), "stopped");
    t.equal(socket.isReadable(), true);
  }
  // It fills up and the peer has to wait: nothing is lost by that.
  let last = -1;
  waitForSync(() => {
    const [was, now] = [last, socket.getCountRcvBuf()];
    last = now;
    return was === now;
  }, "the buffer to be full");
  socket.notifyReadable(true);
  follow(port, socket, follower);
  t.strictSame([follower.count, follower.wrongAt], [bytes, -1]);
});

t.test("end of file while the flag is off", async (t) => {
  const port = new RoMessagePort();
  const { client, server } = connectedPair(t, { server: port });
  server.notifyReadable(true);
  client.sendStr("the last");
  t.equal(eventID(port), server.getID());
  server.notifyReadable(false);
  client.close();
  t.ok(staysQuiet(port));
  server.notifyReadable(true);
  t.equal(eventID(port), server.getID());
  t.equal(server.receiveStr(4), "the ");
  t.equal(server.receiveStr(100), "last");
  t.equal(eventID(port), server.getID());
  t.equal(server.receiveStr(100), "");
  t.equal(server.status(), 0);
  server.notifyReadable(false);
  t.ok(staysQuiet(port), "and off again it is quiet, though the end holds");
});

t.test("nothing there: receives in a row change nothing", async (t) => {
  const port = new RoMessagePort();
  const { client, server } = connectedPair(t, { server: port });
  server.notifyReadable(true);
  const into = RoByteArray.from([1, 2, 3]);
  for (let time = 0; time < 1_000; time++) {
    if (server.receive(into, time, 10) !== -1 || !server.eAgain()) t.fail(`status ${server.status()}`);
  }
  t.strictSame([...into], [1, 2, 3]);
  t.ok(staysQuiet(port));
  client.sendStr("x");
  t.equal(eventID(port), server.getID());
  t.equal(server.receive(into, 1, 10), 1);
  t.strictSame([...into], [1, 120, 3]);
});

const skip = skipWithout("python3");

function descriptor(socket: RoStreamSocket): number {
  return descriptorOf(socket.getAddress().getAddress(), socket.getSendToAddress().getAddress());
}

t.test("urgent byte twice in a row: the first one becomes an ordinary byte", { skip }, async (t) => {
  const port = new RoMessagePort();
  const { client, server } = connectedPair(t, { server: port });
  server.notifyReadable(true);
  server.notifyException(true);
  client.sendStr("start"); // Linux drops an urgent byte that would be the next to read when another comes.
  sendUrgent(descriptor(client), "1");
  waitForSync(() => server.isException(), "the first");
  sendUrgent(descriptor(client), "2");
  client.sendStr("end");
  let text = "";
  for (let turn = 0; turn < 100 && !text.endsWith("end"); turn++) {
    t.equal(eventID(port), server.getID());
    text += server.receiveStr(100);
  }
  t.equal(text, "start1end");
  t.equal(server.isException(), false);
  t.ok(staysQuiet(port));
});

t.test("urgent byte, then the end at once", { skip }, async (t) => {
  for (const port of [null, new RoMessagePort()]) {
    const { client, server } = connectedPair(t, { server: port });
    server.notifyReadable(true);
    client.sendStr("text");
    sendUrgent(descriptor(client), "!");
    client.close();
    waitForSync(() => server.isException(), "the urgent byte");
    if (port) t.equal(eventID(port), server.getID());
    t.equal(server.receiveStr(100), "text");
    if (port) t.equal(eventID(port), server.getID());
    t.equal(server.receiveStr(100), "");
    t.equal(server.status(), 0);
  }
});

t.test("urgent bytes while a blocking receive waits for ordinary ones", { skip }, async (t) => {
  const { client, server } = connectedPair(t);
  sendUrgent(descriptor(client), "!");
  waitForSync(() => server.isException(), "the urgent byte");
  server.setReceiveTimeout(1);
  t.equal(server.receiveStr(10), "", "it is none of them");
  t.equal(server.eAgain(), true, "and not the end");
  client.sendStr("ordinary");
  becomesReadable(server);
  t.equal(server.receiveStr(10), "ordinary");
});

t.test("no descriptor is left", async (t) => {
  t.strictSame(await leftDescriptors(before), []);
});
