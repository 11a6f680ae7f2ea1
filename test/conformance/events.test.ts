import { RoByteArray, RoMessagePort } from "rosock";
import t from "tap";
import { arrived, becomesReadable, drain, empty, fill, notified, staysQuiet } from "../support/events.js";
import {
  accept,
  connected,
  connectedPair,
  datagram,
  descriptorOf,
  eventID,
  leftDescriptors,
  listener,
  openDescriptors,
  refusing,
  sendUrgent,
  skipWithout,
  streamSocket,
  waitForSync,
} from "../support/index.js";

const before = openDescriptors();
const needsPython = { skip: skipWithout("python3") };

t.test("S34 data left unread gives another event, until the last byte is read", async (t) => {
  const { client, server, port, id } = notified(t);
  t.ok(staysQuiet(port), "nothing has come yet");
  for (let round = 0; round < 3; round += 1) {
    client.sendStr("0123456789");
    arrived(server, 10);
    for (const [count, text] of [
      [4, "0123"],
      [1, "4"],
      [5, "56789"],
    ] as const) {
      t.equal(eventID(port), id);
      t.equal(server.receiveStr(count), text);
    }
    t.equal(port.getMessage(), null, "exactly all the bytes there were have been read");
    t.ok(staysQuiet(port));
  }
});

t.test("S34 any mix of sends and reads: an event while and only while data is unread", async (t) => {
  const { client, server, port, id } = notified(t);
  const into = new RoByteArray();
  let [unread, random] = [0, 1];
  const next = (below: number) => {
    random = (random * 48_271) % 2_147_483_647;
    return random % below;
  };
  let [events, silences] = [0, 0];
  for (let step = 0; step < 600; step += 1) {
    if (next(3) === 0 && unread < 1_000) {
      const count = 1 + next(20);
      client.sendStr("x".repeat(count));
      unread += count;
      arrived(server, unread);
    }
    if (unread === 0) {
      if (port.getMessage() !== null) return t.fail(`step ${step}: an event with nothing to read`);
      silences += 1;
      continue;
    }
    if (eventID(port) !== id) return t.fail(`step ${step}: no event with ${unread} bytes to read`);
    events += 1;
    const asked = [1, unread, unread + 1, 1 + next(unread)][next(4)]!;
    const received = server.receive(into, 0, asked);
    if (received !== Math.min(asked, unread)) return t.fail(`step ${step}: ${received} of ${unread} bytes`);
    unread -= received;
    // Sometimes once more, which meets EAGAIN when all has been read.
    if (next(5) === 0) unread -= Math.max(0, server.receive(into, 0, 1));
  }
  t.ok(events > 100 && silences > 100, `${events} events, ${silences} silences`);
});

t.test("S34 a flag turned on when the condition already holds", needsPython, async (t) => {
  const port = new RoMessagePort();
  const { client, server } = connectedPair(t, { server: port });
  t.ok(staysQuiet(port), "no flag is on");
  server.notifyWritable(true);
  t.equal(eventID(port), server.getID(), "room to send");
  server.notifyWritable(false);

  client.sendStr("abc");
  arrived(server, 3);
  t.ok(staysQuiet(port), "data, but the flag is off");
  server.notifyReadable(true);
  t.equal(eventID(port), server.getID(), "data");
  t.equal(server.receiveStr(10), "abc");
  server.notifyReadable(false);

  sendUrgent(descriptorOf(client.getAddress().getAddress(), server.getAddress().getAddress()), "!");
  waitForSync(() => server.isException(), "the urgent byte");
  t.ok(staysQuiet(port), "an urgent byte, but the flag is off");
  server.notifyException(true);
  t.equal(eventID(port), server.getID(), "an urgent byte");
  server.notifyException(false);

  client.close();
  becomesReadable(server);
  t.ok(staysQuiet(port), "the end, but the flag is off");
  server.notifyReadable(true);
  t.equal(eventID(port), server.getID(), "the end");

  const listening = listener(t, port);
  connected(t, listening.hostPort);
  becomesReadable(listening.socket);
  server.close();
  t.ok(staysQuiet(port), "a connection, but the flag is off");
  listening.socket.notifyReadable(true);
  t.equal(eventID(port), listening.socket.getID(), "a connection");

  const refused = streamSocket(t, port);
  refused.setSendToAddress(refusing(t).socket.getAddress());
  refused.connect();
  listening.socket.close();
  waitForSync(() => refused.isWritable(), "the refusal");
  refused.notifyWritable(true);
  t.equal(eventID(port), refused.getID(), "an error");
});

t.test("S34 connections and datagrams: an event for as long as one is left", async (t) => {
  const port = new RoMessagePort();
  const listening = listener(t, port);
  listening.socket.notifyReadable(true);
  for (let count = 0; count < 3; count += 1) connected(t, listening.hostPort);
  for (let count = 0; count < 3; count += 1) {
    t.equal(eventID(port), listening.socket.getID());
    t.ok(accept(t, listening.socket));
  }
  t.ok(staysQuiet(port), "all are accepted");

  const [receiver, sender] = [datagram(t, port), datagram(t)];
  receiver.socket.notifyReadable(true);
  sender.socket.setSendToAddress(receiver.socket.getAddress());
  for (const text of ["one", "two", ""]) sender.socket.sendStr(text);
  arrived(receiver.socket, 3);
  for (const text of ["one", "two", ""]) {
    t.equal(eventID(port), receiver.socket.getID());
    t.equal(receiver.socket.receiveStr(3), text);
    t.equal(receiver.socket.status(), 0);
  }
  t.ok(staysQuiet(port), "all datagrams are read");
});

t.test("S34 room to send: none while the buffer is full, an event once there is room", async (t) => {
  const port = new RoMessagePort();
  const { client, server } = connectedPair(t, { client: port, server: new RoMessagePort() });
  client.notifyWritable(true);
  t.equal(eventID(port), client.getID());
  for (let round = 0; round < 3; round += 1) {
    t.ok(fill(client) > 0);
    // A segment that TCP has to send again makes room late; an event before the buffer stays full must mean that.
    for (let late = 0; !staysQuiet(port); late += 1) {
      if (client.sendStr("x") !== 1 || late > 20) return t.fail("an event while the buffer is full");
      fill(client);
    }
    t.ok(empty(server) > 0);
    t.equal(eventID(port), client.getID(), "there is room again");
  }
});

t.test("S34 at most one undelivered event per socket", async (t) => {
  const { client, server, port, id } = notified(t);
  server.notifyWritable(true);
  for (let count = 1; count <= 3; count += 1) {
    client.sendStr("x");
    arrived(server, count);
    t.ok(port.peekMessage(), "it has been noticed");
  }
  t.same(drain(port), [id]);
  t.equal(server.receiveStr(10), "xxx");
});

t.test("S34 a flag toggled a thousand times", async (t) => {
  const { client, server, port, id } = notified(t);
  client.sendStr("x");
  arrived(server);
  for (let count = 0; count < 1_000; count += 1) {
    server.notifyReadable(false);
    server.notifyReadable(true);
    if (count % 100 === 0) port.peekMessage();
  }
  t.same(drain(port), [id], "one event");
  for (let count = 0; count < 1_000; count += 1) {
    server.notifyReadable(true);
    server.notifyReadable(false);
  }
  t.ok(staysQuiet(port), "off at the end");
  server.notifyReadable(true);
  t.equal(eventID(port), id);
  t.equal(server.receiveStr(1), "x");
  t.ok(staysQuiet(port));
});

t.test("S34 no descriptor left behind", async (t) => {
  t.same(await leftDescriptors(before), []);
});
