import { constants } from "node:os";
import { RoDataGramSocket, RoMessagePort, RoSocketEvent, RoStreamSocket, wait } from "rosock";
import t from "tap";
import { becomesReadable } from "../support/events.js";
import {
  address,
  connectedPair,
  leftDescriptors,
  listener,
  newDescriptors,
  openDescriptors,
  shortest,
  streamSocket,
  timed,
  waitFor,
  withTimeout,
} from "../support/index.js";
import { type ProgramContext, program } from "../support/program.js";

const { errno } = constants;

/** The first watch of a descriptor opens what Node's loop needs for it, once. */
async function warmUp(): Promise<void> {
  using port = new RoMessagePort();
  await port.waitMessageAsync(1);
}
let before = openDescriptors();

function idOf(message: unknown): number | null {
  return message instanceof RoSocketEvent ? message.getSocketID() : null;
}

t.before(async () => {
  await warmUp();
  before = openDescriptors();
});

t.test("waitMessageAsync: the next event, the event loop running meanwhile", async (t) => {
  const port = new RoMessagePort();
  const { client, server } = connectedPair(t, { server: port });
  server.notifyReadable(true);
  let ticks = 0;
  const ticking = setInterval(() => {
    ticks += 1;
    if (ticks === 5) client.sendStr("x");
  }, 5);
  const message = await withTimeout(port.waitMessageAsync(0), "an event");
  clearInterval(ticking);
  t.equal(idOf(message), server.getID());
  t.ok(ticks >= 5, `${ticks} ticks`);
  t.equal(server.receiveStr(1), "x");

  client.sendStr("y");
  t.equal(
    idOf(await withTimeout(port.waitMessageAsync(1_000), "an event")),
    server.getID(),
    "one that is there",
  );
  t.equal(server.receiveStr(1), "y");
  port.postMessage("posted");
  t.equal(await withTimeout(port.waitMessageAsync(0), "a value"), "posted");
});

t.test("waitMessageAsync: null after the time asked for", async (t) => {
  const port = new RoMessagePort();
  const { server } = connectedPair(t, { server: port });
  server.notifyReadable(true);
  for (const milliseconds of [1, 60]) {
    const took = await shortest(milliseconds + 30, async () => {
      const start = performance.now();
      t.equal(await withTimeout(port.waitMessageAsync(milliseconds), "null"), null);
      return performance.now() - start;
    });
    t.ok(took >= milliseconds - 1 && took < milliseconds + 30, `${took} ms instead of ${milliseconds}`);
  }
});

t.test("waitMessageAsync: a posted value ends it", async (t) => {
  const port = new RoMessagePort();
  const waiting = port.waitMessageAsync(0);
  setTimeout(() => port.postMessage({ a: 1 }), 5);
  t.same(await withTimeout(waiting, "the value"), { a: 1 });
});

t.test("waitMessageAsync: several at once each have a message of their own, in order", async (t) => {
  const port = new RoMessagePort();
  const waiting = [port.waitMessageAsync(0), port.waitMessageAsync(0), port.waitMessageAsync(20)];
  port.postMessage("first");
  port.postMessage("second");
  t.same(await withTimeout(Promise.all(waiting), "both"), ["first", "second", null]);
});

t.test("waitMessageAsync: level-triggered and paced like wait()", async (t) => {
  const port = new RoMessagePort();
  const { client, server } = connectedPair(t, { server: port });
  server.notifyReadable(true);
  client.sendStr("abc");
  for (const letter of "abc") {
    t.equal(idOf(await withTimeout(port.waitMessageAsync(0), letter)), server.getID());
    t.equal(server.receiveStr(1), letter);
  }
  t.equal(await port.waitMessageAsync(30), null, "all is read");
  server.notifyWritable(true);
  let events = 0;
  const start = performance.now();
  for (; events < 5 || performance.now() - start < 200; events += 1) {
    t.equal(idOf(await withTimeout(port.waitMessageAsync(0), "an ignored event again")), server.getID());
  }
  const time = performance.now() - start;
  t.ok(events <= time / 5 + 2, `${events} events in ${time} ms`);
});

t.test("waitMessageAsync: not overtaken by calls that do not wait for it", async (t) => {
  const port = new RoMessagePort();
  const first = connectedPair(t, { server: port });
  const second = connectedPair(t, { server: port });
  for (const { client, server } of [first, second]) {
    server.notifyReadable(true);
    client.sendStr("x");
    t.equal(port.waitMessage(1_000) !== null && server.receiveStr(1), "x");
  }
  const takers: [string, () => unknown][] = [
    ["peekMessage", () => port.peekMessage()],
    ["getMessage", () => port.getMessage()],
    ["waitMessage", () => port.waitMessage(1_000)],
  ];
  for (const [name, take] of takers) {
    const waiting = port.waitMessageAsync(0);
    await new Promise((resolve) => setTimeout(resolve, 5));
    for (const { client, server } of [first, second]) {
      client.sendStr("x");
      becomesReadable(server);
    }
    const taken = idOf(take()); // The kernel has told of both now, and will not again.
    const other = name === "peekMessage" || taken === second.server.getID() ? first : second;
    t.equal(idOf(await withTimeout(waiting, name)), other.server.getID(), name);
    for (const { server } of [first, second]) t.equal(server.receiveStr(1), "x");
  }

  const waiting = port.waitMessageAsync(0);
  first.client.sendStr("x");
  becomesReadable(first.server);
  t.equal(idOf(port.getMessage()), first.server.getID());
  t.equal(idOf(await withTimeout(waiting, "an ignored event again")), first.server.getID());
});

t.test("waitMessageAsync: six hundred ports at once, some blocked on as well", async (t) => {
  const waiting = program(
    t,
    async ({ rosock, say }) => {
      const ports = Array.from({ length: 600 }, () => new rosock.RoMessagePort<number>());
      for (const port of ports.slice(0, 120)) port.waitMessage(1);
      const messages = ports.map((port) => port.waitMessageAsync(0));
      await new Promise((resolve) => setTimeout(resolve, 20));
      for (const port of ports.slice(60, 180)) port.waitMessage(1);
      ports.forEach((port, index) => {
        port.postMessage(index);
      });
      const got = await Promise.all(messages);
      say(got.every((message, index) => message === index));
    },
    [],
  );
  t.equal(await waiting.next(), true);
});

t.test("waitMessageAsync: a socket that is set to the port while it waits", async (t) => {
  const port = new RoMessagePort();
  const waiting = port.waitMessageAsync(0);
  await new Promise((resolve) => setImmediate(resolve));
  const { client, server } = connectedPair(t);
  client.sendStr("x");
  server.notifyReadable(true);
  server.setMessagePort(port);
  t.equal(idOf(await withTimeout(waiting, "the event")), server.getID());
});

t.test("waitMessageAsync: a flag turned on while it waits", async (t) => {
  const port = new RoMessagePort();
  const { server } = connectedPair(t, { server: port });
  const waiting = port.waitMessageAsync(0);
  await new Promise((resolve) => setTimeout(resolve, 10));
  server.notifyWritable(true);
  t.equal(idOf(await withTimeout(waiting, "the event")), server.getID());
});

t.test("AbortSignal: before, during and after", async (t) => {
  const port = new RoMessagePort();
  await t.rejects(port.waitMessageAsync(0, { signal: AbortSignal.abort() }), { name: "AbortError" });

  const controller = new AbortController();
  const waiting = port.waitMessageAsync(0, { signal: controller.signal });
  setTimeout(() => controller.abort(), 5);
  await t.rejects(withTimeout(waiting, "the abort"), { name: "AbortError" });

  port.postMessage("not lost");
  t.equal(await port.waitMessageAsync(100), "not lost", "an aborted wait takes no message");

  const late = new AbortController();
  port.postMessage("there");
  t.equal(await port.waitMessageAsync(0, { signal: late.signal }), "there");
  late.abort();
  const next = port.waitMessageAsync(20, { signal: new AbortController().signal });
  t.equal(await next, null, "an abort after the end concerns nobody");
  await t.rejects(port.waitMessageAsync(0, { signal: AbortSignal.timeout(10) }), { name: /Abort|Timeout/ });
});

t.test("for await: events and values until the loop is left", async (t) => {
  const port = new RoMessagePort();
  const { client, server } = connectedPair(t, { server: port });
  server.notifyReadable(true);
  client.sendStr("ab");
  const seen: unknown[] = [];
  const reading = (async () => {
    for await (const message of port) {
      if (message instanceof RoSocketEvent) seen.push(server.receiveStr(1));
      else seen.push(message);
      if (seen.at(-1) === "b") port.postMessage("the end");
      if (message === "the end") break;
    }
  })();
  await withTimeout(reading, "the loop to end");
  t.same(seen, ["a", "b", "the end"]);
  // The port outlives its loop, and a second loop goes on where the first stopped.
  port.postMessage("more");
  for await (const message of port) {
    t.equal(message, "more");
    break;
  }
  client.sendStr("c");
  t.equal(idOf(wait(1_000, port)), server.getID());
});

t.test("for await: an echo server and its client in one thread", async (t) => {
  const port = new RoMessagePort();
  const listening = listener(t, port);
  listening.socket.notifyReadable(true);
  const client = streamSocket(t, port);
  client.notifyReadable(true);
  client.setSendToAddress(listening.socket.getAddress());
  client.connect();
  await waitFor(() => client.isConnected(), "the connection");
  client.sendStr("1");
  let server: RoStreamSocket | null = null;
  const turns = (async () => {
    for await (const event of port) {
      const id = idOf(event);
      if (id === listening.socket.getID()) {
        server = listening.socket.accept();
        server?.notifyReadable(true);
      } else if (id === client.getID()) {
        const value = Number(client.receiveStr(10));
        if (value === 50) return value;
        client.sendStr(String(value + 1));
      } else if (server) {
        server.sendStr(server.receiveStr(10));
      }
    }
    return 0;
  })();
  t.equal(await withTimeout(turns, "fifty turns"), 50);
  (server as RoStreamSocket | null)?.close();
});

t.test("a pending for await, and a pending wait, keep the process alive", async (t) => {
  const sources = [
    async ({ rosock, say }: ProgramContext) => {
      const port = new rosock.RoMessagePort();
      say("waiting");
      for await (const message of port) say(message);
    },
    async ({ rosock, say }: ProgramContext) => {
      const port = new rosock.RoMessagePort();
      say("waiting");
      await port.waitMessageAsync(0);
    },
  ];
  const waiting = sources.map((source) => program(t, source, []));
  for (const each of waiting) t.equal(await each.next(), "waiting");
  let ended = 0;
  for (const each of waiting) void each.ended.then(() => (ended += 1));
  await new Promise((resolve) => setTimeout(resolve, 400));
  t.equal(ended, 0, "still there");
});

t.test("a port nobody waits on keeps nothing alive", async (t) => {
  const sources = [
    ({ rosock, address, say }: ProgramContext) => {
      const port = new rosock.RoMessagePort();
      const listening = new rosock.RoStreamSocket();
      listening.setMessagePort(port);
      listening.notifyReadable(true);
      listening.setAddress(address("127.0.0.1:0"));
      listening.listen(1);
      Object.assign(globalThis, { port, listening });
      say("done");
    },
    async ({ rosock, pair, say }: ProgramContext) => {
      const port = new rosock.RoMessagePort();
      const { client, server } = pair();
      server.setMessagePort(port);
      server.notifyReadable(true);
      client.sendStr("x");
      for await (const message of port) {
        if (message) break;
      }
      Object.assign(globalThis, { port, client, server });
      say("done");
    },
    async ({ rosock, say }: ProgramContext) => {
      const port = new rosock.RoMessagePort();
      await port.waitMessageAsync(5);
      await port.waitMessageAsync(0, { signal: AbortSignal.timeout(5) }).catch(() => {});
      Object.assign(globalThis, { port });
      say("done");
    },
  ];
  for (const source of sources) {
    const each = program(t, source, []);
    t.equal(await each.next(), "done");
    t.same(await withTimeout(each.ended, "its end"), { code: 0, signal: null });
  }
});

t.test("postMessage from a callback of the event loop, and from within the loop", async (t) => {
  const port = new RoMessagePort();
  setImmediate(() => port.postMessage(1));
  const seen: unknown[] = [];
  for await (const message of port) {
    seen.push(message);
    if (message === 4) break;
    port.postMessage((message as number) + 1);
  }
  t.same(seen, [1, 2, 3, 4]);
});

t.test("Symbol.dispose closes a socket", async (t) => {
  const made = openDescriptors();
  let [tcp, udp] = [null as RoStreamSocket | null, null as RoDataGramSocket | null];
  {
    using first = new RoStreamSocket();
    using second = new RoDataGramSocket();
    for (const socket of [first, second]) t.equal(socket.setAddress(address(0)), true);
    t.equal(newDescriptors(made).length, 2);
    [tcp, udp] = [first, second];
  }
  t.same(newDescriptors(made), []);
  for (const socket of [tcp, udp]) {
    t.equal(socket.setTTL(1), false);
    t.equal(socket.status(), errno.EBADF);
    socket[Symbol.dispose]();
  }
});

t.test("Symbol.dispose gives up a port's descriptors and harms no socket", async (t) => {
  const { client, server } = connectedPair(t);
  const made = openDescriptors();
  {
    using port = new RoMessagePort();
    server.setMessagePort(port);
    server.notifyReadable(true);
    client.sendStr("x");
    t.equal(idOf(await port.waitMessageAsync(1_000)), server.getID());
    t.ok(newDescriptors(made).length > 0);
  }
  t.same(await leftDescriptors(made), []);
  t.equal(server.receiveStr(1), "x");
  const next = new RoMessagePort();
  server.setMessagePort(next);
  client.sendStr("y");
  t.equal(idOf(wait(1_000, next)), server.getID());
  next[Symbol.dispose]();
  next[Symbol.dispose]();
  t.equal(next.getMessage(), null);
  t.equal(timed(() => next.peekMessage()).value, null);
  next.postMessage("too late");
  t.equal(next.getMessage(), null);
});

t.test("Symbol.dispose ends a pending wait", async (t) => {
  const port = new RoMessagePort();
  const waiting = port.waitMessageAsync(0).catch(() => null);
  const looping = (async () => {
    for await (const message of port) t.fail(`a message: ${message}`);
  })().catch(() => null);
  await new Promise((resolve) => setTimeout(resolve, 5));
  port[Symbol.dispose]();
  t.equal(await withTimeout(waiting, "the wait to end"), null);
  await withTimeout(looping, "the loop to end");
});

t.test("no descriptor left behind", async (t) => {
  t.same(await leftDescriptors(before), []);
});
