import { constants } from "node:os";
import { RoDataGramSocket, RoMessagePort, RoStreamSocket } from "rosock";
import t from "tap";
import {
  accept,
  address,
  collectGarbage,
  connected,
  eventID,
  leftDescriptors,
  listener,
  newDescriptors,
  openDescriptors,
  unanswering,
  waitFor,
} from "../support/index.js";
import { program, workerProgram } from "../support/program.js";

const { errno } = constants;
const before = openDescriptors();

const collected = (made: Map<number, string>) => async () => {
  collectGarbage();
  return newDescriptors(made).length === 0;
};

t.test("S47 sockets dropped without close are released when they are collected", async (t) => {
  const kinds: [string, () => void][] = [
    [
      "listeners",
      () => {
        const socket = new RoStreamSocket();
        socket.setAddress(address(0));
        if (!socket.listen(1)) throw new Error("listen failed");
      },
    ],
    ["made by an option", () => void new RoStreamSocket().getTTL()],
    [
      "datagram sockets with a port",
      () => {
        const socket = new RoDataGramSocket();
        socket.setMessagePort(new RoMessagePort());
        socket.setAddress(address(0));
      },
    ],
    [
      "connections with a port that is dropped as well, and notifications",
      () => {
        const port = new RoMessagePort();
        const socket = new RoStreamSocket();
        socket.setAddress(address(0));
        socket.listen(1);
        const client = new RoStreamSocket();
        client.setSendToAddress(socket.getAddress());
        client.connect();
        const server = socket.accept()!;
        for (const each of [socket, client, server]) {
          each.setMessagePort(port);
          each.notifyReadable(true);
          each.notifyWritable(true);
        }
        if (port.getMessage() === null) throw new Error("no event");
      },
    ],
  ];
  for (const [name, make] of kinds) {
    const made = openDescriptors();
    (() => {
      for (let count = 0; count < 20; count += 1) make();
    })();
    t.ok(newDescriptors(made).length >= 20, name);
    await waitFor(collected(made), `${name} to be released`);
  }
});

t.test("S47 without notifications a live port keeps no socket", async (t) => {
  const port = new RoMessagePort();
  t.equal(port.getMessage(), null);
  const made = openDescriptors();
  (() => {
    for (let count = 0; count < 20; count += 1) {
      const socket = new RoDataGramSocket();
      socket.setMessagePort(port);
      socket.setAddress(address(0));
      if (count < 10) continue;
      socket.notifyReadable(true);
      socket.notifyReadable(false);
    }
  })();
  t.equal(port.getMessage(), null);
  await waitFor(collected(made), "the sockets to be released");
  t.equal(port.getMessage(), null);
});

t.test("S47 a listener with notifications on and a live port stays alive", async (t) => {
  const port = new RoMessagePort();
  const made = openDescriptors();
  const [id, hostPort] = (() => {
    const socket = new RoStreamSocket();
    socket.setAddress(address(0));
    socket.listen(4);
    socket.notifyReadable(true);
    socket.setMessagePort(port);
    return [socket.getID(), socket.getAddress().getAddress()] as const;
  })();
  for (let count = 0; count < 5; count += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    collectGarbage();
  }
  const client = connected(t, hostPort);
  t.equal(eventID(port), id);
  client.close();
  port[Symbol.dispose]();
  await waitFor(collected(made), "everything to be released once the port is gone");
});

t.test("S47 a connection with notifications on and a live port stays alive", async (t) => {
  const port = new RoMessagePort();
  const made = openDescriptors();
  const listening = new RoStreamSocket();
  listening.setAddress(address(0));
  listening.listen(4);
  const client = connected(t, listening.getAddress().getAddress());
  const id = (() => {
    const socket = accept({ teardown: () => {} }, listening);
    socket.notifyReadable(true);
    socket.setMessagePort(port);
    return socket.getID();
  })();
  for (let count = 0; count < 5; count += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    collectGarbage();
  }
  client.sendStr("still there?");
  t.equal(eventID(port), id);
  client.close();
  listening.close();
  port[Symbol.dispose]();
  await waitFor(collected(made), "everything to be released once the port is gone");
});

t.test("S47 also in a program that never returns to its event loop", async (t) => {
  const blocked = program(
    t,
    ({ rosock, address, pair, openSockets, say }) => {
      const port = new rosock.RoMessagePort();
      const kept = pair();
      kept.server.setMessagePort(port);
      kept.server.notifyReadable(true);
      rosock.wait(1, port);
      const start = openSockets();
      let most = 0;
      // Ten a turn, made, used and dropped without close.
      const make = () => {
        for (let count = 0; count < 5; count += 1) {
          const udp = new rosock.RoDataGramSocket();
          udp.setMessagePort(port);
          udp.setAddress(address("127.0.0.1:0"));
          const listener = new rosock.RoStreamSocket();
          listener.setAddress(address("127.0.0.1:0"));
          listener.listen(1);
        }
      };
      for (let turn = 0; turn < 40; turn += 1) {
        make();
        most = Math.max(most, openSockets());
        globalThis.gc?.();
        rosock.wait(2, port);
      }
      let end = openSockets();
      for (
        const limit = performance.now() + 60_000;
        end > start && performance.now() < limit;
        end = openSockets()
      ) {
        globalThis.gc?.();
        rosock.wait(10, port);
      }
      kept.client.sendStr("x");
      say([most >= start + 10, end - start, rosock.wait(60_000, port) !== null]);
    },
    [],
  );
  t.same(await blocked.next(), [true, 0, true]);
});

t.test("S47 also in a program that only blocks, in each of its calls", async (t) => {
  const deaf = unanswering(t);
  const start = (how: string) =>
    program(
      t,
      ({ rosock, address, pair, openSockets, say }, how: string, deaf: string) => {
        const { client, server } = pair();
        const bytes = rosock.RoByteArray.from(new Uint8Array(1_000_000));
        const udp = new rosock.RoDataGramSocket();
        const listener = new rosock.RoStreamSocket();
        const caller = new rosock.RoStreamSocket();
        for (const socket of [udp, listener]) socket.setAddress(address("127.0.0.1:0"));
        listener.listen(1);
        caller.setSendToAddress(address(deaf));
        for (const socket of [client, udp, listener, caller]) {
          socket.setReceiveTimeout(1);
          socket.setSendTimeout(1);
        }
        const calls: Record<string, () => unknown> = {
          receive: () => client.receive(bytes, 0, 10),
          accept: () => listener.accept(),
          connect: () => caller.connect(),
          datagram: () => udp.receive(bytes, 0, 10),
          send: () => {
            while (client.send(bytes, 0, bytes.count()) === bytes.count());
          },
        };
        const start = openSockets();
        (() => {
          for (let count = 0; count < 20; count++) {
            const dropped = new rosock.RoDataGramSocket();
            dropped.setAddress(address("127.0.0.1:0"));
          }
        })();
        const most = openSockets() - start;
        globalThis.gc?.();
        // What is collected less than a second after the last look is closed within the call.
        for (let turn = 0; turn < 2 && openSockets() > start; turn++) calls[how]!();
        say([most, openSockets() - start]);
        say(server.getID() + listener.getID() > 0);
      },
      [how, deaf.hostPort],
    );
  const started = ["receive", "accept", "connect", "datagram", "send"].map(
    (how) => [how, start(how)] as const,
  );
  for (const [how, blocked] of started) t.same(await blocked.next(), [20, 0], how);
});

t.test("S47 also in a wait that goes on for long, right after the collection", async (t) => {
  const { socket, hostPort } = listener(t);
  const waiting = program(
    t,
    ({ rosock, address, say }, to: string) => {
      const port = new rosock.RoMessagePort();
      rosock.wait(1, port);
      (() => {
        const dropped = new rosock.RoStreamSocket();
        dropped.setSendToAddress(address(to));
        dropped.connect();
      })();
      globalThis.gc?.();
      say("ready");
      rosock.wait(0, port);
    },
    [hostPort],
  );
  const server = socket.accept();
  t.equal(await waiting.next(), "ready");
  server?.setReceiveTimeout(5);
  t.equal(server?.receiveStr(1), "");
  t.equal(server?.status(), 0, "the peer sees the end of the dropped connection");
  server?.close();
});

t.test("S47 the same with ports that are dropped as well", async (t) => {
  const blocked = program(
    t,
    ({ rosock, address, fs, say }) => {
      const kept = new rosock.RoMessagePort();
      rosock.wait(1, kept);
      const open = () => fs.readdirSync("/proc/self/fd").length;
      const start = open();
      const make = () => {
        for (let count = 0; count < 10; count += 1) {
          const port = new rosock.RoMessagePort();
          const socket = new rosock.RoDataGramSocket();
          socket.setMessagePort(port);
          socket.notifyWritable(true);
          socket.setAddress(address("127.0.0.1:0"));
          if (port.getMessage() === null) throw new Error("no event");
        }
      };
      make();
      const most = open();
      for (const limit = performance.now() + 60_000; open() > start && performance.now() < limit; ) {
        globalThis.gc?.();
        rosock.wait(10, kept);
      }
      say([most >= start + 20, open() - start]);
    },
    [],
  );
  t.same(await blocked.next(), [true, 0]);
});

t.test("S47 a worker's sockets are released when it ends", async (t) => {
  const made = openDescriptors();
  for (const how of ["returns", "exits", "is terminated"]) {
    const child = workerProgram(
      t,
      ({ rosock, address, say }, how: string) => {
        const kept: unknown[] = [];
        const port = new rosock.RoMessagePort();
        for (let count = 0; count < 20; count += 1) {
          const socket = new rosock.RoStreamSocket();
          socket.setMessagePort(port);
          socket.notifyReadable(true);
          socket.setAddress(address("127.0.0.1:0"));
          socket.listen(1);
          kept.push(socket);
        }
        Object.assign(globalThis, { kept });
        say("made");
        if (how === "exits") process.exit(0);
        if (how === "is terminated") setInterval(() => {}, 1_000);
      },
      how,
    );
    t.equal(await child.next(), "made");
    if (how === "is terminated") {
      t.ok(newDescriptors(made).filter((line) => line.includes("socket:")).length >= 20);
      await child.worker.terminate();
    }
    await child.ended;
    await waitFor(() => newDescriptors(made).length === 0, `the sockets of a worker that ${how}`);
  }
});

t.test("S48 as many sockets as the system allows, and no trouble beyond", async (t) => {
  const limited = program(
    t,
    ({ rosock, address, say }) => {
      const kept: InstanceType<typeof rosock.RoStreamSocket>[] = [];
      let status = 0;
      while (kept.length < 1_000) {
        const socket = new rosock.RoStreamSocket();
        if (!socket.setAddress(address("127.0.0.1:0"))) {
          status = socket.status();
          break;
        }
        kept.push(socket);
      }
      say([kept.length, status]);
      kept.pop()!.close();
      const last = new rosock.RoStreamSocket();
      say([last.setAddress(address("127.0.0.1:0")), last.status(), last.listen(1)]);
    },
    [],
    ["sh", "-c", 'ulimit -n 256 && exec "$0" "$@"'],
  );
  const [count, status] = (await limited.next()) as [number, number];
  t.equal(status, errno.EMFILE);
  t.ok(count > 200 && count < 256, `${count} sockets`);
  t.same(await limited.next(), [true, 0, true]);
  t.same(await limited.ended, { code: 0, signal: null });
});

t.test("S47-S48 no descriptor left behind", async (t) => {
  t.same(await leftDescriptors(before), []);
});
