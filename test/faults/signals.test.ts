import { constants } from "node:os";
import t from "tap";
import { inSystemCall } from "../support/activity.js";
import { openAtRest } from "../support/at-rest.js";
import { connected, hang, leftDescriptors, peer, unanswering } from "../support/index.js";
import { type ProgramContext, program } from "../support/program.js";

const { EAGAIN, EINPROGRESS, EINTR, EPIPE } = constants.errno;
const [other, bombarder] = [peer(t), peer(t)];
const before = openAtRest();

/** Signals for a process, some thousand a second, until it ends. */
function bombard(pid: number, names: NodeJS.Signals[]): () => number {
  const bombarding = bombarder.start(
    async (_context, pid, names) => {
      let count = 0;
      for (;;) {
        try {
          for (const name of names) process.kill(pid, name);
        } catch {
          break;
        }
        count += names.length;
        if (count % (5 * names.length) === 0) await new Promise((resolve) => setTimeout(resolve, 1));
      }
      return count;
    },
    pid,
    names,
  );
  return () => bombarding.result();
}

/** Has the peer listen; to each connection it says hello after a while, and reads slowly what comes. */
function slowPeer(): number {
  return other.call(async ({ net, once, state }) => {
    state.received = 0;
    state.end = false;
    const server = net.createServer((socket) => {
      setTimeout(() => socket.write("hello"), 150);
      socket.on("data", (chunk) => {
        state.received += chunk.length;
        socket.pause();
        setTimeout(() => socket.resume(), 2);
      });
      socket.on("end", () => {
        state.end = true;
      });
      socket.on("error", () => {});
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return (server.address() as { port: number }).port;
  });
}

t.test("EINTR everywhere: blocking calls go on as if nothing were, where no signal is handled", async (t) => {
  const target = slowPeer();
  const deaf = unanswering(t);
  const child = program(
    t,
    ({ rosock, address, say }, target: number, deaf: string) => {
      say("ready");
      const timed = <T>(work: () => T) => {
        const start = performance.now();
        return [work(), performance.now() - start] as const;
      };
      const socket = new rosock.RoStreamSocket();
      socket.setSendToAddress(address(`127.0.0.1:${target}`));
      say(socket.connect());
      say(socket.receiveStr(10));
      say(socket.sendStr("x".repeat(8_000_000)));
      socket.setReceiveTimeout(1);
      say(timed(() => [socket.receiveStr(10), socket.status()]));
      say(socket.sendStr("x".repeat(500_000)));
      socket.close();
      say(socket.status());

      const listening = new rosock.RoStreamSocket();
      listening.setAddress(address("127.0.0.1:0"));
      listening.listen(1);
      listening.setReceiveTimeout(1);
      say(timed(() => [listening.accept(), listening.status()]));
      const never = new rosock.RoStreamSocket();
      never.setSendToAddress(address(deaf));
      never.setSendTimeout(1);
      say(timed(() => [never.connect(), never.status()]));
      const name = new rosock.RoSocketAddress();
      say(name.setAddress("localhost:1"));
    },
    [target, deaf.hostPort],
  );
  t.equal(await child.next(), "ready");
  const signals = bombard(child.pid, ["SIGURG", "SIGWINCH", "SIGCONT"]);
  t.equal(await child.next(), true, "connect");
  t.equal(await child.next(), "hello", "receive");
  t.equal(await child.next(), 8_000_000, "send");
  const expired = async (what: string, expected: unknown) => {
    const [result, milliseconds] = (await child.next()) as [unknown, number];
    t.same(result, expected, what);
    t.ok(milliseconds >= 999 && milliseconds < hang, `${what}: ${milliseconds} ms`);
  };
  await expired("the receive timeout", ["", EAGAIN]);
  t.equal(await child.next(), 500_000, "send");
  t.equal(await child.next(), 0, "close");
  const received = other.call(async ({ state }) => {
    while (!state.end) await new Promise((resolve) => setTimeout(resolve, 1));
    return state.received as number;
  });
  t.equal(received, 8_500_000);
  await expired("the receive timeout of accept", [null, EAGAIN]);
  await expired("the send timeout of connect", [false, EINPROGRESS]);
  t.equal(await child.next(), true, "a look-up");
  t.same(await child.ended, { code: 0, signal: null });
  t.ok(signals() > 100);
});

t.test(
  "EINTR everywhere: with signals that are handled every call comes back, and nothing is lost",
  async (t) => {
    const target = slowPeer();
    const child = program(
      t,
      ({ rosock, address, say }, target: number, EINTR: number) => {
        let [signals, interrupted] = [0, 0];
        process.on("SIGUSR2", () => {
          signals++;
        });
        say("ready");
        /** Calls until it works; the event loop has its turn, and the handler with it, after each time that a signal came. */
        const insist = async <T>(work: () => T | null): Promise<T> => {
          for (;;) {
            const result = work();
            if (result !== null) return result;
            if (socket.status() !== EINTR) throw new Error(`status ${socket.status()}`);
            interrupted++;
            await new Promise((resolve) => setImmediate(resolve));
          }
        };
        const socket = new rosock.RoStreamSocket();
        socket.setSendToAddress(address(`127.0.0.1:${target}`));
        const main = async () => {
          say(await insist(() => socket.connect() || null));
          say(await insist(() => socket.receiveStr(10) || null));
          const bytes = rosock.RoByteArray.from(new Uint8Array(3_000_000));
          let sent = 0;
          await insist(() => {
            sent += Math.max(0, socket.send(bytes, sent, bytes.count() - sent));
            return sent === bytes.count() || null;
          });
          say(sent);
          socket.close();
          const { error, ...ended } = {
            error: socket.status(),
            signals: signals > 0,
            interrupted: interrupted > 0,
          };
          say([error === 0 || error === EINTR, ended]);
        };
        void main();
      },
      [target, EINTR],
    );
    t.equal(await child.next(), "ready");
    const signals = bombard(child.pid, ["SIGUSR2"]);
    t.equal(await child.next(), true, "connect");
    t.equal(await child.next(), "hello", "receive");
    t.equal(await child.next(), 3_000_000, "send");
    t.same(await child.next(), [true, { signals: true, interrupted: true }]);
    await child.kill();
    const received = other.call(async ({ state }) => {
      while (!state.end) await new Promise((resolve) => setTimeout(resolve, 1));
      return state.received as number;
    });
    t.equal(received, 3_000_000);
    t.ok(signals() > 50);
  },
);

/** Receives 300,000 bytes, an event for each few and tells how that went. */
function receiving({ rosock, pair, say }: ProgramContext, signal: string): void {
  const seen = { bytes: 0, nulls: 0, events: 0, early: 0 };
  if (signal) process.on(signal, () => {});
  const port = new rosock.RoMessagePort();
  const { client, server } = pair();
  for (const socket of [client, server]) socket.setMessagePort(port);
  server.notifyReadable(true);
  say("ready");
  for (let sent = 0; seen.bytes < 300_000 && seen.nulls < 1_000_000; ) {
    if (sent < 300_000) sent += Math.max(0, client.sendStr("0123456789"));
    const start = performance.now();
    const event = port.waitMessage(1_000);
    if (event) {
      seen.events++;
      seen.bytes += server.receiveStr(100).length;
    } else {
      seen.nulls++;
      if (performance.now() - start < 999) seen.early++;
    }
  }
  say(seen);
  const start = performance.now();
  say([port.waitMessage(300), performance.now() - start]);
}

t.test("EINTR everywhere: wait() with signals that are handled, and with signals that are not", async (t) => {
  for (const signal of ["SIGUSR2", ""]) {
    const child = program(t, receiving, [signal]);
    t.equal(await child.next(), "ready");
    const signals = bombard(child.pid, signal ? ["SIGUSR2"] : ["SIGSTOP", "SIGCONT", "SIGURG", "SIGWINCH"]);
    const seen = (await child.next()) as { bytes: number; early: number; nulls: number };
    t.equal(seen.bytes, 300_000);
    if (!signal) t.equal(seen.nulls, 0, "no null that nobody asked for");
    const [nothing, milliseconds] = (await child.next()) as [null, number];
    t.equal(nothing, null);
    if (!signal) t.ok(milliseconds >= 299, `${milliseconds} ms`);
    t.ok(milliseconds < hang, `${milliseconds} ms`);
    await child.kill();
    t.ok(signals() > 50);
  }
});

t.test("SIGPIPE never", async (t) => {
  const child = program(
    t,
    ({ rosock, pair, say }) => {
      let signals = 0;
      process.on("SIGPIPE", () => {
        signals++;
      });
      const statuses = new Set<number>();
      for (const port of [null, new rosock.RoMessagePort()]) {
        const { client, server } = pair();
        server.close();
        for (let time = 0; time < 50; time++) {
          client.setMessagePort(port);
          if (client.sendStr("x".repeat(100)) < 0) statuses.add(client.status());
          if (client.send(rosock.RoByteArray.from([1]), 0, 1) < 0) statuses.add(client.status());
        }
      }
      setTimeout(() => say([[...statuses], signals]), 20);
    },
    [],
  );
  const [statuses, signals] = (await child.next()) as [number[], number];
  t.ok(statuses.includes(EPIPE), "it would have been sent");
  t.equal(signals, 0);
});

t.test("SIGSTOP and SIGCONT during wait: what came meanwhile is there", async (t) => {
  const child = program(
    t,
    ({ rosock, address, say }) => {
      const port = new rosock.RoMessagePort();
      const listening = new rosock.RoStreamSocket();
      listening.setAddress(address("127.0.0.1:0"));
      listening.listen(10);
      listening.setMessagePort(port);
      listening.notifyReadable(true);
      say(listening.getAddress().getPort());
      const texts: string[] = [];
      while (texts.length < 10) {
        if (!rosock.wait(0, port)) break;
        const socket = listening.accept();
        if (socket) texts.push(socket.receiveStr(100));
      }
      say(texts);
    },
    [],
  );
  const portNumber = (await child.next()) as number;
  await inSystemCall(child.pid);
  child.signal("SIGSTOP");
  for (let count = 0; count < 10; count++) connected(t, portNumber).sendStr(`client ${count}`);
  child.signal("SIGCONT");
  t.same(
    await child.next(),
    Array.from({ length: 10 }, (_, count) => `client ${count}`),
  );
});

t.test("no descriptor is left", async (t) => {
  t.strictSame(await leftDescriptors(before), []);
});
