import { RoByteArray, RoMessagePort, RoSocketEvent, RoStreamSocket } from "rosock";
import t from "tap";
import { arrived, becomesReadable, fill, notified, staysQuiet } from "../support/events.js";
import {
  accept,
  address,
  closing,
  connected,
  connectedPair,
  datagram,
  eventID,
  leftDescriptors,
  listener,
  openDescriptors,
  refusing,
  type Socket,
} from "../support/index.js";

const before = openDescriptors();

t.test("S35 the data of a queued event read before it is delivered", async (t) => {
  const { client, server, port, id } = notified(t);
  const into = new RoByteArray();
  const reads: [string, () => unknown][] = [
    ["receiveStr", () => server.receiveStr(100)],
    ["receive", () => server.receive(into, 0, 5)],
    [
      "receive, without a port meanwhile",
      () => {
        server.setMessagePort(null);
        server.receive(into, 0, 5);
        server.setMessagePort(port);
      },
    ],
  ];
  for (const [name, read] of reads) {
    client.sendStr("12345");
    arrived(server, 5);
    t.ok(port.peekMessage() instanceof RoSocketEvent, "the event is queued");
    read();
    t.equal(port.peekMessage(), null, name);
    t.equal(port.getMessage(), null, name);
    t.ok(staysQuiet(port), name);
  }
  client.sendStr("x");
  t.equal(eventID(port), id, "and new data gives a new event");
});

t.test("S35 a connection accepted, room used up, a flag turned off before delivery", async (t) => {
  const port = new RoMessagePort();
  const listening = listener(t, port);
  listening.socket.notifyReadable(true);
  connected(t, listening.hostPort);
  becomesReadable(listening.socket);
  t.ok(port.peekMessage());
  const server = accept(t, listening.socket);
  t.ok(staysQuiet(port), "the connection has been accepted");

  server.notifyWritable(true);
  t.ok(port.peekMessage());
  fill(server);
  t.ok(staysQuiet(port), "the room has been used up");

  const other = notified(t);
  other.client.sendStr("x");
  arrived(other.server);
  t.ok(other.port.peekMessage());
  other.server.notifyReadable(false);
  t.ok(staysQuiet(other.port), "the flag has been turned off");
});

t.test("S35 every event delivered means that something is there", async (t) => {
  const port = new RoMessagePort();
  const pairs = Array.from({ length: 8 }, () => connectedPair(t, { server: port }));
  const byID = new Map(pairs.map(({ server }) => [server.getID(), server]));
  for (const { server } of pairs) server.notifyReadable(true);
  let [delivered, total] = [0, 0];
  for (let round = 0; round < 300; round += 1) {
    for (const [index, { client }] of pairs.entries()) {
      if ((round * 7 + index * 3) % 5 < 2) total += client.sendStr("abc");
    }
    // Some read without having been asked to.
    if (round % 3 === 0) delivered += Math.max(0, pairs[round % 8]!.server.receiveStr(100).length);
    for (let event = port.getMessage(); event; event = port.getMessage()) {
      const server = byID.get((event as RoSocketEvent).getSocketID())!;
      const text = server.receiveStr(2);
      if (text === "") return t.fail(`round ${round}: an event with status ${server.status()}`);
      delivered += text.length;
    }
  }
  while (delivered < total) {
    const id = eventID(port);
    if (id === null) return t.fail(`${total - delivered} bytes were never announced`);
    delivered += byID.get(id)!.receiveStr(100).length;
  }
  t.equal(delivered, total);
});

t.test("S36 no event after close(), the queued one included", async (t) => {
  const { client, server, port } = notified(t);
  server.notifyWritable(true);
  client.sendStr("x");
  arrived(server);
  t.ok(port.peekMessage(), "the event is queued");
  server.close();
  t.equal(port.peekMessage(), null);
  t.equal(port.getMessage(), null);
  t.ok(staysQuiet(port));
  client.sendStr("more");
  t.ok(staysQuiet(port), "also when more comes");

  const listening = listener(t, port);
  listening.socket.notifyReadable(true);
  connected(t, listening.hostPort);
  becomesReadable(listening.socket);
  t.ok(port.peekMessage());
  listening.socket.close();
  t.ok(staysQuiet(port), "of a listener");

  const udp = datagram(t, port).socket;
  udp.notifyWritable(true);
  t.ok(port.peekMessage());
  udp.close();
  t.ok(staysQuiet(port), "of a datagram socket");

  const last = notified(t);
  const waiting = last.port.waitMessageAsync(40);
  last.client.sendStr("x");
  arrived(last.server);
  last.server.close();
  t.equal(await waiting, null, "for somebody who waits without blocking");
});

t.test("S36 a socket closed by the handler of another's event", async (t) => {
  const port = new RoMessagePort();
  const pairs = Array.from({ length: 10 }, () => connectedPair(t, { server: port }));
  const open = new Map(pairs.map(({ server }) => [server.getID(), server]));
  for (const { client, server } of pairs) {
    server.notifyReadable(true);
    client.sendStr("x");
    arrived(server);
  }
  let delivered = 0;
  for (let id = eventID(port, 100); id !== null; id = eventID(port, 100)) {
    const current = open.get(id);
    if (!current) return t.fail("an event of a closed socket");
    delivered += 1;
    current.receiveStr(1);
    open.delete(id);
    const [victimID, victim] = [...open].at(-1) ?? [];
    if (victim) {
      victim.close();
      open.delete(victimID!);
    }
  }
  t.equal(delivered, 5);
});

t.test("S36 the descriptor number of a closed socket given out again", async (t) => {
  const port = new RoMessagePort();
  const listening = listener(t);
  let reused = 0;
  for (let round = 0; round < 30; round += 1) {
    // The port's own descriptor is made by the first round.
    if (round === 0) port.getMessage();
    const known = openDescriptors();
    const old = connected(t, listening.hostPort, port);
    const [number] = [...openDescriptors().keys()].filter((each) => !known.has(each));
    const oldPeer = accept(t, listening.socket);
    old.notifyReadable(true);
    oldPeer.sendStr("old");
    arrived(old, 3);
    t.ok(port.peekMessage());
    old.close();
    const without = openDescriptors();
    const now = connected(t, listening.hostPort, port);
    if (openDescriptors().has(number!) && !without.has(number!)) reused += 1;
    const nowPeer = accept(t, listening.socket);
    nowPeer.sendStr("new");
    arrived(now, 3);
    if (round % 10 === 0) t.ok(staysQuiet(port), "the flags of the old socket are not those of the new");
    t.equal(port.getMessage(), null);
    now.notifyReadable(true);
    t.equal(eventID(port), now.getID());
    t.equal(now.receiveStr(10), "new");
    t.equal(port.getMessage(), null);
    for (const socket of [now, nowPeer, oldPeer]) {
      socket.setMessagePort(port);
      socket.close();
    }
  }
  t.ok(reused > 24, `the number came again in ${reused} rounds`);
});

t.test("S36 closed while connecting", async (t) => {
  const port = new RoMessagePort();
  const sockets: Socket[] = [];
  for (const to of [
    listener(t).socket.getAddress(),
    refusing(t).socket.getAddress(),
    address("127.0.0.1:9"),
  ]) {
    const socket = closing(t, new RoStreamSocket());
    socket.setMessagePort(port);
    socket.notifyWritable(true);
    socket.notifyReadable(true);
    socket.setSendToAddress(to);
    t.equal(socket.connect(), true);
    sockets.push(socket);
  }
  for (const socket of sockets) socket.close();
  t.ok(staysQuiet(port));
});

t.test("S35-S36 no descriptor left behind", async (t) => {
  t.same(await leftDescriptors(before), []);
});
