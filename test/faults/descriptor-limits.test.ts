import { constants } from "node:os";
import t from "tap";
import { openAtRest } from "../support/at-rest.js";
import { connected, leftDescriptors, peer, peerWithDescriptors, skipWithout } from "../support/index.js";
import { program } from "../support/program.js";
import { serveUnderLimit } from "../support/scenarios.js";

const { EMFILE } = constants.errno;
const other = peer(t);
const before = openAtRest();

t.test("descriptor limit 64: many more clients than that, all are served in the end", async (t) => {
  await serveUnderLimit(t, other, 200);
});

t.test("out of descriptors in a synchronous accept, then in again", async (t) => {
  const poor = peerWithDescriptors(t, 64);
  const portNumber = poor.call(({ rosock, fs, state }) => {
    const listening = new rosock.RoStreamSocket();
    const local = new rosock.RoSocketAddress();
    local.setAddress("127.0.0.1:0");
    listening.setAddress(local);
    listening.listen(16);
    // Whatever is loaded late must not need a descriptor.
    listening.setMessagePort(new rosock.RoMessagePort());
    listening.accept();
    listening.setMessagePort(null);
    state.files = [];
    try {
      for (;;) state.files.push(fs.openSync("/dev/null", "r"));
    } catch {
      // None is left.
    }
    state.listening = listening;
    return listening.getAddress().getPort();
  });
  const client = connected(t, portNumber);
  const seen = poor.call(({ state, fs }) => {
    const { listening, files } = state;
    const starved = [listening.accept(), listening.status(), listening.isListening()];
    for (const file of files) fs.closeSync(file);
    state.server = listening.accept();
    return [...starved, state.server.sendStr("served"), listening.status()];
  });
  t.strictSame(seen, [null, EMFILE, true, 6, 0]);
  t.equal(client.receiveStr(10), "served");
});

t.test("out of descriptors when a port is first used, then in again: its events come", async (t) => {
  for (const way of ["wait", "waitMessageAsync"]) {
    const poor = peerWithDescriptors(t, 64);
    const seen = poor.call(async ({ rosock, fs, net, once }, way) => {
      const server = net.createServer((socket) => socket.write("hello")).listen(0, "127.0.0.1");
      await once(server, "listening");
      const client = new rosock.RoStreamSocket();
      const to = new rosock.RoSocketAddress();
      to.setAddress(`127.0.0.1:${(server.address() as { port: number }).port}`);
      client.setSendToAddress(to);
      const connected = client.connect();
      // Node accepts and sends.
      while (client.getCountRcvBuf() < 5) await new Promise((resolve) => setTimeout(resolve, 1));
      const files: number[] = [];
      try {
        for (;;) files.push(fs.openSync("/dev/null", "r"));
      } catch {
        // None is left.
      }
      const port = new rosock.RoMessagePort();
      client.setMessagePort(port);
      client.notifyReadable(true);
      const early = way === "wait" ? port.waitMessage(20) : port.waitMessageAsync(5_000);
      for (const file of files) fs.closeSync(file);
      const late = way === "wait" ? port.waitMessage(2_000) : await early;
      const text = client.receiveStr(10);
      client.close();
      server.close();
      return [connected, late !== null, text];
    }, way);
    t.strictSame(seen, [true, true, "hello"], way);
  }
});

t.test(
  "descriptor limit lowered below what is open: the events go on",
  { skip: skipWithout("prlimit") },
  async (t) => {
    const poor = program(
      t,
      ({ rosock, pair, say, childProcess }) => {
        const port = new rosock.RoMessagePort();
        const pairs = Array.from({ length: 40 }, pair);
        const servers = new Map(pairs.map(({ server }) => [server.getID(), server]));
        for (const server of servers.values()) {
          server.setMessagePort(port);
          server.notifyReadable(true);
        }
        /** Each gets ten bytes and reads them in two halves, an event each. */
        const round = () => {
          for (const { client } of pairs) client.sendStr("0123456789");
          let bytes = 0;
          for (let events = 0; bytes < 400 && events < 1_000; events++) {
            const event = port.waitMessage(1_000) as { getSocketID(): number } | null;
            if (!event) break;
            bytes += servers.get(event.getSocketID())!.receiveStr(5).length;
          }
          return bytes;
        };
        say(round());
        childProcess.execFileSync("prlimit", ["--pid", `${process.pid}`, "--nofile=20:"]);
        say(round());
        say(round());
        const more = new rosock.RoStreamSocket();
        say([more.getTTL(), more.status()]);
      },
      [],
    );
    t.equal(await poor.next(), 400);
    t.equal(await poor.next(), 400, "lowered");
    t.equal(await poor.next(), 400, "lowered, again");
    t.same(await poor.next(), [0, EMFILE]);
  },
);

t.test("no descriptor is left", async (t) => {
  t.strictSame(await leftDescriptors(before), []);
});
