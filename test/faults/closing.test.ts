import { readFileSync } from "node:fs";
import { join } from "node:path";
import { RoByteArray, RoMessagePort, type RoSocketEvent, RoStreamSocket } from "rosock";
import t from "tap";
import { openAtRest } from "../support/at-rest.js";
import {
  accept,
  address,
  connectedPair,
  eventID,
  leftDescriptors,
  listener,
  openDescriptors,
  peer,
  skipWithout,
  waitForSync,
} from "../support/index.js";
import { followedBy, pattern, patternSource } from "../support/pattern.js";
import { type ProgramContext, program, workerProgram } from "../support/program.js";

const other = peer(t);
const before = openAtRest();

/** Programs that fetch what a server sends: how each is called, and which mode the server's close is in. */
const fetchers: [string, (portNumber: number, path: string) => string[]][] = [
  ["curl", (portNumber, path) => ["-s", "--http0.9", "-o", path, `http://127.0.0.1:${portNumber}/`]],
  ["socat", (portNumber, path) => ["-u", `TCP:127.0.0.1:${portNumber}`, `CREATE:${path}`]],
  ["nc", (portNumber) => ["-d", "127.0.0.1", `${portNumber}`]],
];

for (const [tool, words] of fetchers) {
  t.test(`at once after a large send (all arrives): ${tool}`, { skip: skipWithout(tool) }, async (t) => {
    const data = new RoByteArray();
    while (data.count() < 4_000_000) data.append(pattern());
    for (const isSynchronous of [true, false]) {
      const path = join(t.testdir(), "fetched");
      const { socket: listening, portNumber } = listener(t);
      const fetching = other.start(
        ({ childProcess, fs }, tool, words, path) => {
          const output = tool === "nc" ? fs.openSync(path, "w") : "ignore";
          const child = childProcess.spawn(tool, words, { stdio: ["ignore", output, "ignore"] });
          return new Promise<number | null>((resolve) => child.once("close", resolve));
        },
        tool,
        words(portNumber, path),
        path,
      );
      const server = accept(t, listening);
      if (tool === "curl") t.match(server.receiveStr(1_000), "GET / HTTP/1.1");
      t.equal(server.send(data, 0, data.count()), data.count());
      if (!isSynchronous) server.setMessagePort(new RoMessagePort());
      server.close();
      t.equal(fetching.result(), 0);
      t.ok(readFileSync(path).equals(data.toUint8Array()), "each byte");
    }
  });
}

const bytes = 200_000;
const all = { count: bytes, wrongAt: -1, end: "end" };

for (const how of ["returns", "exits", "throws", "is terminated"]) {
  t.test(`by a worker that ${how}: what was sent arrives, then the end`, async (t) => {
    const { portNumber, taken } = followedBy(other);
    const child = workerProgram(
      t,
      ({ rosock, address, say }, portNumber: number, source: string, bytes: number, how: string) => {
        const socket = new rosock.RoStreamSocket();
        socket.setSendToAddress(address(`127.0.0.1:${portNumber}`));
        if (!socket.connect()) throw new Error(`connect failed: ${socket.status()}`);
        socket.setMessagePort(new rosock.RoMessagePort());
        socket.notifyReadable(true);
        socket.setSendBuf(1_000_000);
        say(socket.send(rosock.RoByteArray.from(new Function(`return ${source}`)()), 0, bytes));
        Object.assign(globalThis, { socket });
        if (how === "exits") process.exit(0);
        if (how === "is terminated") setInterval(() => {}, 1_000);
        // After what was said has left the worker.
        const failing = () => {
          throw new Error("on purpose");
        };
        if (how === "throws") setTimeout(failing, 10);
      },
      portNumber,
      patternSource,
      bytes,
      how,
    );
    t.equal(await child.next(), bytes);
    if (how === "is terminated") await child.worker.terminate();
    await child.ended;
    t.strictSame(taken(), all);
  });
}

for (const how of ["process.exit", "the end of the program", "an uncaught error", "SIGTERM", "SIGKILL"]) {
  t.test(`by ${how}: what was sent arrives, then the end`, async (t) => {
    const { portNumber, taken } = followedBy(other);
    const child = program(
      t,
      ({ rosock, address, say }, portNumber: number, source: string, bytes: number, how: string) => {
        const socket = new rosock.RoStreamSocket();
        socket.setSendToAddress(address(`127.0.0.1:${portNumber}`));
        if (!socket.connect()) throw new Error(`connect failed: ${socket.status()}`);
        socket.setMessagePort(new rosock.RoMessagePort());
        socket.setSendBuf(1_000_000);
        socket.setLinger(20);
        say(socket.send(rosock.RoByteArray.from(new Function(`return ${source}`)()), 0, bytes));
        Object.assign(globalThis, { socket });
        if (how === "process.exit") process.exit(0);
        if (how.startsWith("SIG")) rosock.wait(0, socket.getMessagePort()!);
        if (how === "an uncaught error") {
          process.on("uncaughtException", () => process.exit(1));
          throw new Error("on purpose");
        }
      },
      [portNumber, patternSource, bytes, how],
    );
    t.equal(await child.next(), bytes);
    if (how.startsWith("SIG")) child.signal(how as NodeJS.Signals);
    await child.ended;
    t.strictSame(taken(), all);
  });
}

/** Serves one client, sends it everything and ends without having read or closed anything. */
function ends({ rosock, address, say }: ProgramContext, how: string): void {
  const listening = new rosock.RoStreamSocket();
  listening.setAddress(address("127.0.0.1:0"));
  listening.listen(1);
  say(listening.getAddress().getPort());
  const socket = listening.accept()!;
  socket.setSendBuf(1_000_000);
  while (socket.getCountRcvBuf() < 6);
  say(socket.sendStr("x".repeat(200_000)));
  Object.assign(globalThis, { socket });
  if (how === "a worker's process.exit") process.exit(0);
}

for (const how of ["the end of the program", "the end of a worker", "a worker's process.exit"]) {
  t.test(`by ${how} with data unread: what was sent arrives all the same`, async (t) => {
    const child = how.includes("worker") ? workerProgram(t, ends, how) : program(t, ends, [how]);
    const portNumber = (await child.next()) as number;
    const got = other.start(
      ({ net }, portNumber) =>
        new Promise<[number, string]>((resolve) => {
          let count = 0;
          const socket = net.connect(portNumber, "127.0.0.1");
          socket.write("unread");
          // Reading begins when the other side is gone, so that a reset would overtake the data.
          const read = (chunk: Buffer) => {
            count += chunk.length;
          };
          setTimeout(() => socket.on("data", read), 300);
          socket.on("end", () => resolve([count, "end"]));
          socket.on("error", (error: NodeJS.ErrnoException) => resolve([count, `${error.code}`]));
        }),
      portNumber,
    );
    t.equal(await child.next(), 200_000);
    await child.ended;
    t.strictSame(got.result(), [200_000, "end"]);
  });
}

t.test("never (dropped): what was sent arrives, then the end", async (t) => {
  const { portNumber, taken } = followedBy(other);
  const open = openDescriptors();
  (() => {
    const socket = new RoStreamSocket();
    socket.setSendToAddress(address(portNumber));
    if (!socket.connect()) throw new Error(`connect failed: ${socket.status()}`);
    const port = new RoMessagePort();
    socket.setMessagePort(port);
    socket.setLinger(20);
    socket.setSendBuf(1_000_000);
    t.equal(socket.send(pattern(), 0, bytes), bytes);
  })();
  t.strictSame(await leftDescriptors(open), []);
  t.strictSame(taken(), all);
});

t.test("by a handler of another socket's event, again and again", async (t) => {
  const port = new RoMessagePort();
  const open = new Map<number, RoStreamSocket>();
  for (let count = 0; count < 60; count++) {
    const { client, server } = connectedPair(t);
    server.setMessagePort(port);
    server.notifyReadable(true);
    server.notifyWritable(count % 2 === 0);
    client.sendStr(`${server.getID()}`);
    open.set(server.getID(), server);
  }
  let events = 0;
  while (open.size > 0) {
    const id = eventID(port);
    const socket = open.get(id!);
    if (!socket) throw new Error(`an event of a closed socket, or none: ${id}`);
    t.equal(socket.receiveStr(20), `${id}`);
    events++;
    // Some that have events queued, itself at times.
    const victims = [...open.values()].filter((_, index) => index % 7 === events % 7);
    for (const victim of victims) {
      victim.close();
      victim.close();
      open.delete(victim.getID());
    }
    if (open.delete(id!)) socket.close();
  }
  t.ok(events > 5 && events < 60, `${events} events for 60 sockets`);
  t.equal(port.getMessage(), null);
});

t.test("while somebody awaits its port", async (t) => {
  const port = new RoMessagePort();
  const { client, server } = connectedPair(t, { server: port });
  const second = connectedPair(t, { server: port });
  for (const socket of [server, second.server]) socket.notifyReadable(true);
  const waiting = port.waitMessageAsync(5_000) as Promise<RoSocketEvent>;
  client.sendStr("x");
  waitForSync(() => server.getCountRcvBuf() === 1, "the data");
  server.close(); // Its event was on the way.
  second.client.sendStr("y");
  t.equal((await waiting).getSocketID(), second.server.getID());
  t.equal(second.server.receiveStr(10), "y");
  t.equal(await port.waitMessageAsync(30), null);

  const seen: number[] = [];
  second.client.sendStr("z");
  for await (const event of port) {
    seen.push((event as RoSocketEvent).getSocketID());
    second.server.close();
    port[Symbol.dispose]();
  }
  t.strictSame(seen, [second.server.getID()]);
});

t.test("no descriptor is left", async (t) => {
  t.strictSame(await leftDescriptors(before), []);
});
