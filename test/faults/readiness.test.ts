import { readFileSync } from "node:fs";
import { RoByteArray, RoMessagePort, type RoSocketEvent, type RoStreamSocket, wait } from "rosock";
import t from "tap";
import { openAtRest } from "../support/at-rest.js";
import { drain, staysQuiet } from "../support/events.js";
import {
  accept,
  collectGarbage,
  connected,
  connectedPair,
  eventID,
  leftDescriptors,
  listener,
  openDescriptors,
  type Pair,
  peer,
  type Scope,
  waitFor,
} from "../support/index.js";
import { Follower, sentBy } from "../support/pattern.js";

const other = peer(t);
const before = openAtRest();

/** Many connections, whose server ends are set to one port. */
function manyPairs(t: Scope, count: number, port: RoMessagePort): Pair[] {
  const listening = listener(t, null, count);
  const pairs: Pair[] = [];
  for (let made = 0; made < count; made++) {
    const client = connected(t, listening.hostPort);
    const server = accept(t, listening.socket);
    server.setMessagePort(port);
    server.notifyReadable(true);
    pairs.push({ client, server });
  }
  return pairs;
}

t.test("event for a descriptor number that was closed and given out again, hundreds of times", async (t) => {
  const port = new RoMessagePort();
  const listening = listener(t);
  const open = new Map<number, RoStreamSocket>();
  const texts = new Map<number, string>();
  let events = 0;
  for (let round = 0; round < 300; round++) {
    const client = connected({ teardown: () => {} }, listening.hostPort, port);
    const server = accept({ teardown: () => {} }, listening.socket);
    server.setMessagePort(port);
    server.notifyReadable(true);
    client.sendStr(`${round}`);
    client.close();
    open.set(server.getID(), server);
    texts.set(server.getID(), `${round}`);
    // Its event is queued, or still in the kernel, when its number goes to the next one.
    if (round % 2 === 0) port.peekMessage();
    if (round % 3 !== 0) {
      server.close();
      open.delete(server.getID());
    }
    if (round % 5 === 0) {
      for (let event = port.getMessage(); event; event = port.getMessage()) {
        const id = (event as RoSocketEvent).getSocketID();
        const socket = open.get(id);
        if (!socket) throw new Error(`an event of the closed socket ${id}`);
        if (socket.receiveStr(10) !== texts.get(id)) t.fail(`not what was sent to ${id}`);
        events++;
        socket.close();
        open.delete(id);
      }
    }
  }
  t.ok(events > 80, `${events} events`);
  for (const socket of open.values()) socket.close();
  t.equal(port.getMessage(), null);
});

t.test("many sockets on one port: events of those, and only those, that have something", async (t) => {
  const port = new RoMessagePort();
  const pairs = manyPairs(t, 300, port);
  const servers = new Map(pairs.map(({ server }) => [server.getID(), server]));
  for (const share of [1, 2, 7, 50, 299]) {
    const chosen = pairs.filter((_, index) => index % share === share - 1);
    for (const { client } of chosen) client.sendStr("x");
    const seen = new Set<number>();
    while (seen.size < chosen.length) {
      const id = eventID(port);
      if (id === null) break;
      seen.add(id);
      t.equal(servers.get(id)?.receiveStr(10), "x");
    }
    t.same([...seen].sort(), chosen.map(({ server }) => server.getID()).sort(), `one in ${share}`);
    t.equal(port.getMessage(), null);
  }
});

const limit = Number(/^Max open files +(\d+)/m.exec(readFileSync("/proc/self/limits", "utf8"))?.[1]);
const skip = limit < 3_000 && `needs 3,000 descriptors, and the limit is ${limit}: ulimit -n 4096`;

t.test(
  "many sockets on one port: more ready at once than the kernel tells in one go",
  { skip },
  async (t) => {
    const port = new RoMessagePort();
    const pairs = manyPairs(t, 1_300, port);
    const servers = new Map(pairs.map(({ server }) => [server.getID(), server]));
    for (const round of ["all at once", "read in two halves"]) {
      for (const { client } of pairs) client.sendStr("ab");
      const seen = new Map<number, string>();
      let events = 0;
      while (events < 10_000 && [...seen.values()].join("").length < 2_600) {
        const id = eventID(port);
        if (id === null) break;
        events++;
        const text = servers.get(id)!.receiveStr(round === "all at once" ? 10 : 1);
        seen.set(id, (seen.get(id) ?? "") + text);
      }
      t.equal(seen.size, 1_300, round);
      t.ok([...seen.values()].every((text) => text === "ab"));
      t.equal(events, round === "all at once" ? 1_300 : 2_600);
      t.equal(port.getMessage(), null);
    }
  },
);

t.test("one socket moved between ports while data flows: nothing is lost", async (t) => {
  const bytes = 4_000_000;
  const ports = [new RoMessagePort(), new RoMessagePort(), new RoMessagePort()];
  const socket = connected(t, sentBy(other, bytes), ports[0]!);
  socket.notifyReadable(true);
  const follower = new Follower();
  const into = new RoByteArray();
  for (let turn = 1; ; turn++) {
    const port = socket.getMessagePort()!;
    if (turn % 2 === 0) port.peekMessage(); // At times with the event queued already.
    const next = ports[turn % 3]!;
    socket.setMessagePort(next);
    if (port !== next) t.equal(port.getMessage(), null, "nothing stays behind");
    t.equal(eventID(next), socket.getID());
    const received = socket.receive(into, 0, 20_000);
    if (received === 0) break;
    if (received > 0) follower.take(into.toUint8Array().subarray(0, received));
  }
  t.strictSame([follower.count, follower.wrongAt], [bytes, -1]);
});

t.test("flags toggled a thousand times while data flows", async (t) => {
  const bytes = 4_000_000;
  const port = new RoMessagePort();
  const socket = connected(t, sentBy(other, bytes), port);
  const follower = new Follower();
  const into = new RoByteArray();
  let toggles = 0;
  for (;;) {
    for (let time = 0; time < 5; time++, toggles += 2) {
      socket.notifyReadable(true);
      if (time % 2 === 0) socket.notifyException(time % 4 === 0);
      socket.notifyReadable(false);
    }
    socket.notifyException(false);
    if (port.getMessage() !== null) t.fail("an event with all flags off");
    socket.notifyReadable(true);
    if (eventID(port) !== socket.getID()) t.fail("no event");
    const received = socket.receive(into, 0, 30_000);
    if (received === 0) break;
    if (received > 0) follower.take(into.toUint8Array().subarray(0, received));
  }
  t.ok(toggles > 1_000, `${toggles} toggles`);
  t.strictSame([follower.count, follower.wrongAt], [bytes, -1]);
});

t.test("a port dropped with sockets still set to it", async (t) => {
  const open = openDescriptors();
  const { client, server } = connectedPair(t);
  (() => {
    const port = new RoMessagePort();
    server.setMessagePort(port);
    server.notifyReadable(true);
    client.sendStr("a");
    t.equal(eventID(port), server.getID());
  })();
  await new Promise((resolve) => setImmediate(resolve));
  collectGarbage();
  t.equal(server.receiveStr(10), "a");
  t.equal(server.receiveStr(10), "", "still without blocking");
  t.equal(server.eAgain(), true);
  (() => {
    client.sendStr("b");
    t.equal(eventID(server.getMessagePort()!), server.getID(), "the socket has kept it");
    t.equal(server.receiveStr(10), "b");
  })();

  const next = new RoMessagePort();
  server.setMessagePort(next);
  await waitFor(() => {
    collectGarbage();
    return [...openDescriptors()].filter(([number]) => !open.has(number)).length <= 3;
  }, "the old port to be released: two sockets and the new port are left");
  client.sendStr("c");
  t.equal(eventID(next), server.getID());
  t.equal(server.receiveStr(10), "c");

  next[Symbol.dispose]();
  client.sendStr("d");
  t.equal(next.getMessage(), null, "a port that was disposed of gives nothing");
  t.equal(next.waitMessage(5), null);
  const last = new RoMessagePort();
  server.setMessagePort(last);
  t.equal(eventID(last), server.getID());
  t.equal(server.receiveStr(10), "d");
});

t.test("a socket dropped with its port still waited on", async (t) => {
  const port = new RoMessagePort();
  const kept = connectedPair(t, { server: port });
  kept.server.notifyReadable(true);
  const dropped = (() => {
    const { client, server } = connectedPair({ teardown: () => {} }, { server: port });
    server.notifyReadable(true);
    server.notifyReadable(false);
    return client;
  })();
  const open = openDescriptors();
  const waiting = port.waitMessageAsync(5_000) as Promise<RoSocketEvent>;
  await waitFor(() => {
    collectGarbage();
    return openDescriptors().size < open.size;
  }, "the socket to be collected");
  dropped.sendStr("anybody?");
  t.ok(staysQuiet(port));
  kept.client.sendStr("x");
  t.equal((await waiting).getSocketID(), kept.server.getID());
  t.equal(kept.server.receiveStr(10), "x");
  t.equal(wait(20, port), null);
  dropped.close();
});

t.test("sockets dropped and collected while their events are queued", async (t) => {
  const port = new RoMessagePort();
  const kept = connectedPair(t, { server: port });
  kept.server.notifyReadable(true);
  for (let round = 0; round < 20; round++) {
    (() => {
      for (let count = 0; count < 5; count++) {
        const { client, server } = connectedPair({ teardown: () => {} }, { server: port });
        server.notifyReadable(true);
        client.sendStr("x");
        port.peekMessage();
        server.notifyReadable(false);
      }
    })();
    kept.client.sendStr("y");
    await new Promise((resolve) => setImmediate(resolve));
    collectGarbage();
    t.equal(eventID(port), kept.server.getID());
    t.equal(kept.server.receiveStr(10), "y");
    t.strictSame(drain(port), []);
  }
});

t.test("no descriptor is left", async (t) => {
  t.strictSame(await leftDescriptors(before), []);
});
