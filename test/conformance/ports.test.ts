import { RoMessagePort, RoSocketEvent, wait } from "rosock";
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

t.test("S43-S44 no descriptor left behind", async (t) => {
  t.same(await leftDescriptors(before), []);
});
