import t from "tap";
import { hang, leftDescriptors, openDescriptors, peer, streamSocket } from "../support/index.js";
import { readToEnd, unread, unsentOf } from "../support/large-send.js";

const other = peer(t);
const before = openDescriptors();

t.test("S33 setLinger(0), the default, never resets", async (t) => {
  const socket = streamSocket(t);
  t.equal(socket.getLinger(), 0);
  t.equal(socket.setLinger(7), true);
  t.equal(socket.getLinger(), 7);
  t.equal(socket.setLinger(0), true);
  t.equal(socket.getLinger(), 0);
});

t.test("S33 an asynchronous close returns at once, and all arrives", async (t) => {
  for (const linger of [0, 500]) {
    const { client, sent } = unread(t, other);
    t.equal(client.setLinger(linger), true);
    const start = performance.now();
    client.close();
    t.ok(performance.now() - start < hang, `linger ${linger}`);
    t.same(readToEnd(other)(), [sent, "end"], `linger ${linger}`);
  }
});

t.test("S33 a synchronous close waits at most the linger time, and all still arrives", async (t) => {
  const { client, sent } = unread(t, other);
  t.equal(client.setLinger(1), true);
  client.setMessagePort(null);
  const start = performance.now();
  client.close();
  const took = performance.now() - start;
  t.ok(took >= 950 && took < hang, `${took} ms`);
  t.same(readToEnd(other)(), [sent, "end"]);
});

t.test("S33 a synchronous close returns when all is flushed, before the linger time", async (t) => {
  const { client, sent } = unread(t, other);
  t.equal(client.setLinger(500), true);
  client.setMessagePort(null);
  const reading = readToEnd(other, 200);
  const unsent = unsentOf(client);
  const start = performance.now();
  client.close();
  const took = performance.now() - start;
  t.ok(unsent() <= 1, "no more than the end");
  t.ok(took < hang, `${took} ms`);
  t.same(reading(), [sent, "end"]);
});

t.test("S33 no descriptor left behind", async (t) => {
  t.same(await leftDescriptors(before), []);
});
