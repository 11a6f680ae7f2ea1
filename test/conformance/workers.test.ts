import t from "tap";
import {
  connectedPair,
  leftDescriptors,
  listener,
  newDescriptors,
  openDescriptors,
  patience,
  unanswering,
  waitFor,
} from "../support/index.js";
import { type Ending, type ProgramContext, program, workerProgram } from "../support/program.js";

const before = openDescriptors();

const settled = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

type Blocking =
  | "wait"
  | "waitMessage"
  | "receive"
  | "receiveStr"
  | "accept"
  | "connect"
  | "send"
  | "datagram"
  | "close";
const blockings: Blocking[] = [
  "wait",
  "waitMessage",
  "receive",
  "receiveStr",
  "accept",
  "connect",
  "send",
  "datagram",
  "close",
];

/** Blocks its thread for ever in the call named `how`. */
function blocking({ rosock, address, pair, say }: ProgramContext, how: string, deaf: string): void {
  const { client, server } = pair();
  const port = new rosock.RoMessagePort();
  const bytes = rosock.RoByteArray.from(new Uint8Array(1_000_000));
  const udp = new rosock.RoDataGramSocket();
  const listener = new rosock.RoStreamSocket();
  for (const socket of [udp, listener]) socket.setAddress(address("127.0.0.1:0"));
  listener.listen(1);
  const calls: Record<string, () => unknown> = {
    wait: () => rosock.wait(0, port),
    waitMessage: () => port.waitMessage(1_000_000),
    receive: () => client.receive(bytes, 0, 10),
    receiveStr: () => client.receiveStr(10),
    accept: () => listener.accept(),
    connect: () => {
      const socket = new rosock.RoStreamSocket();
      socket.setSendToAddress(address(deaf));
      return socket.connect();
    },
    send: () => {
      while (client.send(bytes, 0, bytes.count()) > 0);
    },
    datagram: () => udp.receive(bytes, 0, 10),
    close: () => {
      client.setMessagePort(port);
      while (client.send(bytes, 0, bytes.count()) > 0);
      client.setMessagePort(null);
      return client.close();
    },
  };
  say("ready");
  say(["returned", how, calls[how]!(), server.getID()]); // A server that nobody used any more would be closed meanwhile.
}

t.test("S53 a worker blocked in any call is terminated within 2 seconds", async (t) => {
  const deaf = unanswering(t);
  const open = openDescriptors();
  const children = blockings.map((how) => workerProgram(t, blocking, how as string, deaf.hostPort));
  for (const child of children) t.equal(await child.next(), "ready");
  // They are still in their calls some time later.
  await settled(100);
  t.ok(newDescriptors(open).filter((line) => line.includes("socket:")).length >= blockings.length);
  const control = workerProgram(t, ({ say }) => {
    setInterval(() => {}, 1_000);
    say("ready");
  });
  t.equal(await control.next(), "ready");
  const begun = performance.now();
  const unblocked = control.worker.terminate().then(() => performance.now() - begun);
  await Promise.all(
    children.map(async (child, index) => {
      const start = performance.now();
      await child.worker.terminate();
      const took = performance.now() - start;
      // One that is not blocked shows how busy this machine is.
      t.ok(took < 2_000 + 5 * (await unblocked), `${blockings[index]}: ${took} ms`);
      const more = await child.next().catch((error: Error) => error.message);
      t.match(more, /has ended/, `${blockings[index]} did not return before`);
    }),
  );
  await waitFor(() => newDescriptors(open).length === 0, "their sockets to be released");
});

t.test("S53 also one whose first blocking call comes when no descriptor is left", async (t) => {
  const deaf = unanswering(t);
  const start = (how: string) =>
    program(
      t,
      ({ workers, library, say }, how: string, source: string, deaf: string) => {
        const script = `
          const rosock = require(${JSON.stringify(library)});
          const { workerData, parentPort } = require("node:worker_threads");
          const address = (text) => {
            const made = new rosock.RoSocketAddress();
            made.setAddress(text);
            return made;
          };
          const pair = () => {
            const port = new rosock.RoMessagePort();
            const listener = new rosock.RoStreamSocket();
            listener.setAddress(address("127.0.0.1:0"));
            listener.listen(1);
            const client = new rosock.RoStreamSocket();
            client.setMessagePort(port);
            client.setSendToAddress(listener.getAddress());
            client.connect();
            client.setMessagePort(null);
            listener.setMessagePort(port);
            let server = null;
            while (server === null) server = listener.accept();
            server.setMessagePort(null);
            return { client, server };
          };
          const say = (value) => {
            if (value !== "ready") return parentPort.postMessage(value);
            const { closeSync, openSync } = require("node:fs");
            const files = [];
            try {
              for (;;) files.push(openSync("/dev/null", "r"));
            } catch {}
            if (workerData[0] === "connect") closeSync(files.pop()); // For the socket that connects.
            parentPort.postMessage(value);
          };
          (${source})({ rosock, address, pair, say }, ...workerData);`;
        const worker = new workers.Worker(script, { eval: true, workerData: [how, deaf] });
        worker.on("error", (error) => say(String(error)));
        worker.on("message", (message) => {
          say(message);
          // It is in its call then.
          setTimeout(async () => {
            const start = performance.now();
            await worker.terminate();
            say(performance.now() - start);
            process.exit(0);
          }, 100);
        });
      },
      [how, blocking.toString(), deaf.hostPort],
      ["sh", "-c", 'ulimit -n 128 && exec "$0" "$@"'],
    );
  const started = blockings.map((how) => [how, start(how)] as const);
  for (const [how, parent] of started) {
    t.equal(await parent.next(), "ready", how);
    const took = await parent.next(10_000).catch((error: Error) => error.message);
    t.ok(typeof took === "number" && took < 2_000 * patience, `${how}: ${took}`);
    await parent.kill();
  }
});

t.test("S53 a process with blocked workers exits within 2 seconds", async (t) => {
  const deaf = unanswering(t);
  for (const how of ["process.exit", "the signal"]) {
    const parent = program(
      t,
      async ({ workers, library, say }, how: string, calls: string[], source: string, deaf: string) => {
        const script = `
          const rosock = require(${JSON.stringify(library)});
          const { workerData, parentPort } = require("node:worker_threads");
          const address = (text) => {
            const made = new rosock.RoSocketAddress();
            made.setAddress(text);
            return made;
          };
          const pair = () => {
            const listener = new rosock.RoStreamSocket();
            listener.setAddress(address("127.0.0.1:0"));
            listener.listen(1);
            const client = new rosock.RoStreamSocket();
            client.setSendToAddress(listener.getAddress());
            client.connect();
            return { client, server: listener.accept() };
          };
          (${source})({ rosock, address, pair, say: (value) => parentPort.postMessage(value) }, ...workerData);`;
        await Promise.all(
          calls.map(
            (call) =>
              new Promise((resolve) => {
                const worker = new workers.Worker(script, { eval: true, workerData: [call, deaf] });
                worker.once("message", resolve);
              }),
          ),
        );
        // They have said that they are about to; a moment later they are.
        setTimeout(() => {
          say("ready");
          if (how === "process.exit") process.exit(3);
        }, 50);
      },
      [how, blockings as string[], blocking.toString(), deaf.hostPort],
    );
    t.equal(await parent.next(), "ready");
    const start = performance.now();
    if (how === "the signal") parent.signal("SIGTERM");
    const expected: Ending =
      how === "process.exit" ? { code: 3, signal: null } : { code: null, signal: "SIGTERM" };
    t.same(await parent.ended, expected);
    const took = performance.now() - start;
    // One without workers shows how busy this machine is.
    const begun = performance.now();
    await program(t, () => process.exit(0), []).ended;
    t.ok(took < 2_000 + 5 * (performance.now() - begun), `${took} ms`);
  }
});

t.test("S53 a worker whose main thread is blocked in wait() goes on", async (t) => {
  const both = program(
    t,
    ({ rosock, workers, library, say, address }) => {
      const listener = new rosock.RoStreamSocket();
      listener.setAddress(address("127.0.0.1:0"));
      listener.listen(1);
      const port = new rosock.RoMessagePort();
      listener.setMessagePort(port);
      listener.notifyReadable(true);
      const script = `
        const { RoStreamSocket, RoSocketAddress } = require(${JSON.stringify(library)});
        const { workerData } = require("node:worker_threads");
        const to = new RoSocketAddress();
        to.setAddress(workerData);
        const socket = new RoStreamSocket();
        socket.setSendToAddress(to);
        socket.connect();
        socket.sendStr("hello");
        socket.close();`;
      new workers.Worker(script, { eval: true, workerData: listener.getAddress().getAddress() });
      // A worker needs its main thread's event loop to start; from then on it does not.
      setTimeout(() => {
        const event = rosock.wait(5_000, port);
        const server = listener.accept();
        server?.setMessagePort(null);
        say([event !== null, server?.receiveStr(10)]);
      }, 0);
    },
    [],
  );
  t.same(await both.next(), [true, "hello"]);
  t.same(await both.ended, { code: 0, signal: null });
});

t.test("S53 eight workers at once, each its own", async (t) => {
  const children = Array.from({ length: 8 }, (_, index) =>
    workerProgram(
      t,
      ({ rosock, address, say }, index: number) => {
        const port = new rosock.RoMessagePort();
        const listener = new rosock.RoStreamSocket();
        listener.setAddress(address("127.0.0.1:0"));
        listener.listen(16);
        listener.setMessagePort(port);
        listener.notifyReadable(true);
        const ids = [listener.getID()];
        const clients: InstanceType<typeof rosock.RoStreamSocket>[] = [];
        for (let count = 0; count < 10; count += 1) {
          const client = new rosock.RoStreamSocket();
          client.setSendToAddress(listener.getAddress());
          if (!client.connect()) throw new Error(`connect failed: ${client.status()}`);
          client.sendStr(`worker ${index} client ${count}`);
          clients.push(client);
          ids.push(client.getID());
        }
        const servers = new Map<number, InstanceType<typeof rosock.RoStreamSocket>>();
        const heard = new Set<string>();
        let events = 0;
        while (heard.size < 10 && events < 1_000) {
          const event = rosock.wait(5_000, port);
          if (!(event instanceof rosock.RoSocketEvent)) throw new Error("no event");
          events += 1;
          const id = event.getSocketID();
          if (id === listener.getID()) {
            const server = listener.accept();
            if (!server) throw new Error(`accept failed: ${listener.status()}`);
            server.notifyReadable(true);
            servers.set(server.getID(), server);
            ids.push(server.getID());
          } else {
            const server = servers.get(id);
            if (!server) throw new Error(`worker ${index} heard of somebody else's socket ${id}`);
            const text = server.receiveStr(100);
            server.sendStr(text.toUpperCase());
            heard.add(text);
          }
        }
        const answers = clients.map((client) => client.receiveStr(100));
        for (const socket of [...clients, ...servers.values(), listener]) socket.close();
        say({ ids, heard: [...heard].sort(), answers });
      },
      index,
    ),
  );
  const ids: number[] = [connectedPair(t).client.getID(), listener(t).socket.getID()];
  for (const [index, child] of children.entries()) {
    const result = (await child.next()) as { ids: number[]; heard: string[]; answers: string[] };
    const texts = Array.from({ length: 10 }, (_, count) => `worker ${index} client ${count}`);
    t.same(result.heard, texts.toSorted());
    t.same(
      result.answers,
      texts.map((text) => text.toUpperCase()),
    );
    t.equal(result.ids.length, 21);
    ids.push(...result.ids);
    t.equal(await child.ended, 0);
  }
  t.ok(ids.every((id) => Number.isInteger(id) && id > 0));
  t.equal(new Set(ids).size, ids.length, "no id twice");
});

t.test("S53 no descriptor left behind", async (t) => {
  t.same(await leftDescriptors(before), []);
});
