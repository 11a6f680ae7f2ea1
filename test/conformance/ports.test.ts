import { RoMessagePort, RoSocketEvent, type RoStreamSocket, wait } from "rosock";
import t from "tap";
import { arrived, drain, staysQuiet } from "../support/events.js";
import {
  collectGarbage,
  connectedPair,
  eventID,
  hang,
  leftDescriptors,
  openDescriptors,
  shortest,
  timed,
  waitFor,
} from "../support/index.js";

const before = openDescriptors();

t.test("S43 a moved socket takes its undelivered event along", async (t) => {
  const [first, second] = [new RoMessagePort(), new RoMessagePort()];
  const { client, server } = connectedPair(t, { server: first });
  server.notifyReadable(true);
  client.sendStr("x");
  arrived(server);
  t.ok(first.peekMessage(), "it is queued in the first");
  server.setMessagePort(second);
  t.equal(server.getMessagePort(), second);
  t.equal(first.peekMessage(), null);
  t.ok(staysQuiet(first));
  t.equal(eventID(second), server.getID());
  t.equal(server.receiveStr(1), "x");
  client.sendStr("y");
  t.ok(staysQuiet(first), "what comes later goes to the second");
  t.equal(eventID(second), server.getID());
});

t.test("S43 moved to and fro a thousand times: one event, in the last port", async (t) => {
  const ports = [new RoMessagePort(), new RoMessagePort()] as const;
  const { client, server } = connectedPair(t, { server: ports[0] });
  server.notifyReadable(true);
  client.sendStr("x");
  arrived(server);
  for (let count = 0; count < 1_000; count += 1) {
    server.setMessagePort(ports[count % 2 === 0 ? 1 : 0]);
    if (count % 50 === 0) for (const port of ports) port.peekMessage();
  }
  t.same(drain(ports[1]), []);
  t.same(drain(ports[0]), [server.getID()]);
});

t.test("S43 without a port no event, with one again the event", async (t) => {
  const port = new RoMessagePort();
  const { client, server } = connectedPair(t, { server: port });
  server.notifyReadable(true);
  client.sendStr("x");
  arrived(server);
  t.ok(port.peekMessage());
  server.setMessagePort(null);
  t.equal(server.getMessagePort(), null);
  t.ok(staysQuiet(port));
  server.setMessagePort(port);
  t.equal(eventID(port), server.getID());
});

t.test("S43 the same port set again changes nothing", async (t) => {
  const port = new RoMessagePort();
  const { client, server } = connectedPair(t, { server: port });
  server.notifyReadable(true);
  client.sendStr("x");
  arrived(server);
  t.ok(port.peekMessage());
  server.setMessagePort(port);
  t.same(drain(port), [server.getID()]);
});

t.test("S43 each port has the events of its own sockets only", async (t) => {
  const [mine, others] = [new RoMessagePort(), new RoMessagePort()];
  const a = connectedPair(t, { server: mine });
  const b = connectedPair(t, { server: others });
  for (const { client, server } of [a, b]) {
    server.notifyReadable(true);
    client.sendStr("x");
    arrived(server);
  }
  b.server.receiveStr(1);
  t.ok(staysQuiet(others));
  t.equal(eventID(mine), a.server.getID());
  b.client.sendStr("y");
  t.equal(eventID(others), b.server.getID());
  a.server.receiveStr(1);
  t.ok(staysQuiet(mine));
});

t.test("S43 a socket keeps working when its port is forgotten by everybody else", async (t) => {
  const { client, server } = connectedPair(t);
  server.notifyReadable(true);
  server.setMessagePort(new RoMessagePort());
  await new Promise((resolve) => setImmediate(resolve));
  collectGarbage();
  client.sendStr("x");
  arrived(server);
  const port = server.getMessagePort();
  t.ok(port instanceof RoMessagePort);
  t.equal(eventID(port!), server.getID());
  t.equal(server.receiveStr(1), "x");
});

t.test("S44 posted values come in order, as they are", async (t) => {
  const port = new RoMessagePort();
  const object = { name: "object" };
  const values = ["text", 0, "", false, object, 42, [1, 2], 1n, Symbol.iterator];
  for (const value of values) port.postMessage(value);
  for (const value of values) {
    t.equal(port.peekMessage(), value, "peekMessage leaves it there");
    t.equal(port.peekMessage(), value);
    t.equal(wait(1_000, port), value);
  }
  t.equal(port.peekMessage(), null);
  t.equal(port.getMessage(), null);
  t.ok(staysQuiet(port));
});

t.test("S44 ten thousand values", async (t) => {
  const port = new RoMessagePort();
  const { milliseconds } = timed(() => {
    for (let value = 1; value <= 10_000; value += 1) port.postMessage(value);
    for (let value = 1; value <= 10_000; value += 1) {
      if (port.getMessage() !== value) return t.fail(`not ${value}`);
    }
  });
  t.equal(port.getMessage(), null);
  t.ok(milliseconds < hang, `${milliseconds} ms`);
});

t.test("S44 the order of arrival is kept between values and sockets", async (t) => {
  const port = new RoMessagePort();
  const { client, server } = connectedPair(t, { server: port });
  const id = server.getID();
  server.notifyReadable(true);
  const come = () => {
    const message = wait(1_000, port);
    if (!(message instanceof RoSocketEvent)) return message;
    server.receiveStr(100);
    return message.getSocketID();
  };

  port.postMessage("before");
  client.sendStr("x");
  arrived(server);
  port.postMessage("after");
  t.same([come(), come(), come()], ["before", id, "after"]);

  client.sendStr("x");
  arrived(server);
  t.ok(port.peekMessage());
  port.postMessage("after");
  t.same([come(), come()], [id, "after"]);

  client.sendStr("x");
  arrived(server);
  port.postMessage("after, and nobody had asked");
  t.same([come(), come()], [id, "after, and nobody had asked"]);
  t.equal(port.getMessage(), null);
});

t.test("S44 a posted value does not wait for a paced event", async (t) => {
  const port = new RoMessagePort();
  const { server } = connectedPair(t, { server: port });
  server.notifyWritable(true);
  const time = await shortest(4, () => {
    t.equal(eventID(port), server.getID());
    port.postMessage("now");
    const { value, milliseconds } = timed(() => wait(1_000, port));
    t.equal(value, "now");
    return milliseconds;
  });
  t.ok(time < 4, `${time} ms`);
});

t.test("S44 a program that keeps posting to itself still hears of its sockets", async (t) => {
  const port = new RoMessagePort();
  const busy = connectedPair(t, { server: port });
  const idle = connectedPair(t, { server: port });
  busy.server.notifyReadable(true);
  idle.server.notifyWritable(true);
  busy.client.sendStr("x".repeat(1_000));
  arrived(busy.server, 1_000);
  let [left, ignored, posted] = [1_000, 0, 0];
  // A value stays in the queue for each event that came before it: rounds grow, and a slow machine needs longer.
  for (const start = performance.now(); performance.now() - start < 100 || posted < 10_000; ) {
    port.postMessage(++posted);
    const message = wait(1_000, port);
    if (!(message instanceof RoSocketEvent)) continue;
    // One is read a byte at a time, the other ignored.
    if (message.getSocketID() === busy.server.getID()) left -= busy.server.receiveStr(1).length;
    else ignored += 1;
  }
  t.ok(left < 900, `${left} of 1,000 bytes are left, ${posted} values`);
  t.ok(ignored >= 3, `${ignored} paced events among ${posted} values`);
});

t.test("S44 a value posted to one port is not in another", async (t) => {
  const [one, two] = [new RoMessagePort(), new RoMessagePort()];
  one.postMessage("one");
  t.ok(staysQuiet(two));
  t.equal(one.getMessage(), "one");
});

/** Whether the objects are collected while `port` is not asked for anything. */
async function collected(weak: readonly WeakRef<object>[]): Promise<boolean> {
  try {
    await waitFor(async () => {
      await new Promise((resolve) => setImmediate(resolve));
      collectGarbage();
      return weak.every((each) => each.deref() === undefined);
    }, "the objects to be collected");
    return true;
  } catch {
    return false;
  }
}

/** What leaves a port, and where it stood there: queued, delivered, paced, just touched. */
const standings = {
  queued: (port: RoMessagePort) => {
    port.peekMessage();
  },
  delivered: (port: RoMessagePort) => {
    port.getMessage();
  },
  ignored: (port: RoMessagePort) => {
    port.getMessage();
    port.waitMessage(1);
  },
  touched: (port: RoMessagePort, server: RoStreamSocket) => {
    port.getMessage();
    server.receiveStr(1);
  },
  "ignored, then touched": (port: RoMessagePort, server: RoStreamSocket) => {
    port.getMessage();
    port.waitMessage(1);
    server.receiveStr(1);
  },
} as const;

const leavings = {
  "moved to another port": (server: RoStreamSocket) => {
    server.setMessagePort(new RoMessagePort());
  },
  "left without a port": (server: RoStreamSocket) => {
    server.setMessagePort(null);
  },
  closed: (server: RoStreamSocket) => {
    server.close();
  },
  "silenced, then used": (server: RoStreamSocket) => {
    server.notifyReadable(false);
    server.receiveStr(1);
  },
} as const;

for (const [standing, stand] of Object.entries(standings)) {
  for (const [leaving, leave] of Object.entries(leavings)) {
    t.test(`S47 a port does not keep a socket that was ${standing}, then ${leaving}`, async (t) => {
      const port = new RoMessagePort();
      t.equal(port.getMessage(), null); // Its descriptor is made.
      const made = openDescriptors();
      const weak = (() => {
        const { client, server } = connectedPair({ teardown: () => {} }, { server: port });
        server.notifyReadable(true);
        client.sendStr("some text");
        arrived(server);
        stand(port, server);
        leave(server);
        const target = server.getMessagePort();
        client.setMessagePort(new RoMessagePort());
        return [new WeakRef(server), ...(target === null || target === port ? [] : [new WeakRef(target)])];
      })();
      t.ok(await collected(weak), "it is collected though the port is never asked again");
      t.same(await leftDescriptors(made), []);
      t.equal(port.getMessage(), null);
      port[Symbol.dispose]();
    });
  }
}

t.test("S44 a port does not keep a value that it has delivered", async (t) => {
  const port = new RoMessagePort();
  const weak = (() => {
    const value = { some: "value" };
    port.postMessage(value);
    port.getMessage();
    return [new WeakRef(value)];
  })();
  t.ok(await collected(weak));
  t.equal(port.getMessage(), null);
});

t.test("S43 S39 sockets that leave from the middle of a round take no other's event with them", async (t) => {
  const [port, other] = [new RoMessagePort(), new RoMessagePort()];
  const pairs = Array.from({ length: 20 }, () => connectedPair(t, { server: port }));
  for (const { client, server } of pairs) {
    server.notifyReadable(true);
    client.sendStr("x");
    arrived(server);
  }
  t.ok(port.peekMessage(), "all are queued");
  const moved = new Set<number>();
  pairs.forEach(({ server }, index) => {
    if (index % 3 !== 1) return;
    moved.add(server.getID());
    server.setMessagePort(index % 2 === 0 ? other : null);
  });
  const heard: number[] = [];
  for (let event = port.getMessage(); event !== null; event = port.getMessage()) {
    const id = (event as RoSocketEvent).getSocketID();
    heard.push(id);
    const { server } = pairs.find((pair) => pair.server.getID() === id)!;
    // One that has been delivered leaves, too, and one that comes next.
    if (heard.length % 4 === 0) {
      server.setMessagePort(other);
      const next = pairs.find(
        (pair) => !heard.includes(pair.server.getID()) && !moved.has(pair.server.getID()),
      );
      if (next !== undefined) {
        moved.add(next.server.getID());
        next.server.setMessagePort(other);
      }
    }
  }
  t.equal(new Set(heard).size, heard.length, "each once");
  t.same(new Set([...heard, ...moved]), new Set(pairs.map(({ server }) => server.getID())));
  t.notOk(heard.some((id) => moved.has(id)));
  for (const { server } of pairs) {
    server.setMessagePort(port);
    t.equal(server.receiveStr(1), "x");
  }
});

t.test("S43-S44 no descriptor left behind", async (t) => {
  t.same(await leftDescriptors(before), []);
});
