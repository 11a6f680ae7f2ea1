/** Signals during calls that block without a port (row S52). */

import { constants } from "node:os";
import t from "tap";
import { inSystemCall } from "../support/activity.js";
import {
  accept,
  connected,
  leftDescriptors,
  listener,
  openDescriptors,
  patience,
  unanswering,
} from "../support/index.js";
import { type ProgramContext, program } from "../support/program.js";

const { errno } = constants;
const before = openDescriptors();

type Blocking = "receive" | "receiveStr" | "accept" | "connect" | "send" | "datagram" | "close";
const blockings: Blocking[] = ["receive", "receiveStr", "accept", "connect", "send", "datagram", "close"];

/** Blocks in the call named `how`; the signal's handler says so, and then the call goes on, if it can be made again. */
function blocking({ rosock, address, pair, say }: ProgramContext, how: string, deaf: string): void {
  const { client, server } = pair();
  const bytes = rosock.RoByteArray.from(new Uint8Array(1_000_000));
  const udp = new rosock.RoDataGramSocket();
  const listener = new rosock.RoStreamSocket();
  for (const socket of [udp, listener]) socket.setAddress(address("127.0.0.1:0"));
  listener.listen(1);
  const caller = new rosock.RoStreamSocket();
  caller.setSendToAddress(address(deaf));
  const fill = (): void => {
    client.setMessagePort(new rosock.RoMessagePort());
    while (client.send(bytes, 0, bytes.count()) > 0);
    client.setMessagePort(null);
  };
  const calls: Record<string, () => unknown[]> = {
    receive: () => [client.receive(bytes, 0, 10), client.status()],
    receiveStr: () => [client.receiveStr(10), client.status()],
    accept: () => [listener.accept(), listener.status()],
    connect: () => [caller.connect(), caller.status()],
    send: () => [client.send(bytes, 0, bytes.count()), client.status()],
    datagram: () => [udp.receive(bytes, 0, 10), udp.status()],
    close: () => [client.close(), client.status()],
  };
  const call = calls[how]!;
  if (how === "send" || how === "close") fill();
  let handled = 0;
  process.on("SIGTERM", () => {
    say("handled");
    if (++handled === 2) process.exit(0);
    // Without a signal the next call blocks again.
    say("ready");
    say(call());
  });
  say("ready");
  say(call());
  say(server.getID() > 0);
  setTimeout(() => {}, 20_000);
}

t.test("S52 a signal with a JavaScript handler ends every blocking call with EINTR", async (t) => {
  const deaf = unanswering(t);
  const results: Record<Blocking, unknown> = {
    receive: -1,
    receiveStr: "",
    accept: null,
    connect: false,
    send: -1,
    datagram: -1,
    close: undefined,
  };
  for (const how of blockings) {
    const waiting = program(t, blocking, [how as string, deaf.hostPort]);
    t.equal(await waiting.next(), "ready");
    await inSystemCall(waiting.pid);
    const start = performance.now();
    waiting.signal("SIGTERM");
    t.strictSame(await waiting.next(), [results[how], errno.EINTR], how);
    t.equal(await waiting.next(), true);
    t.equal(
      await waiting.next(),
      "handled",
      `${how}: the handler runs when the program returns to the event loop`,
    );
    t.ok(performance.now() - start < 1_000 * patience, how);
    t.equal(await waiting.next(), "ready");
    if (how === "close") {
      t.strictSame(await waiting.next(), [undefined, errno.EBADF], "it was closed");
      waiting.signal("SIGTERM");
    } else {
      await inSystemCall(waiting.pid);
      waiting.signal("SIGTERM");
      const [result, status] = (await waiting.next()) as [unknown, number];
      t.equal(status, errno.EINTR, `${how}, again`);
      // The peer's system may have made room meanwhile, but not for all.
      if (how === "send") t.ok(typeof result === "number" && result < 1_000_000, `${result} bytes`);
      else t.strictSame(result, results[how]);
    }
    t.equal(await waiting.next(), "handled");
    t.same(await waiting.ended, { code: 0, signal: null }, `${how}: a service can end in order`);
  }
});

t.test(
  "S52 a send that a signal ends returns what it had sent, and what was sent is once in the stream",
  async (t) => {
    const waiting = program(
      t,
      ({ rosock, pair, say }) => {
        const { client, server } = pair();
        const total = 20_000_000;
        const bytes = rosock.RoByteArray.from(new Uint8Array(total).map((_, index) => index % 251));
        process.on("SIGUSR2", () => {});
        say("ready");
        const first = client.send(bytes, 0, total);
        const status = client.status();
        // What was taken is there, in order; the rest goes as if nothing had been.
        client.setMessagePort(new rosock.RoMessagePort());
        const received = new rosock.RoByteArray();
        const part = new rosock.RoByteArray();
        server.setReceiveTimeout(5);
        for (let sent = first; received.count() < total; ) {
          if (sent < total) sent += Math.max(0, client.send(bytes, sent, total - sent));
          part.clear();
          if (server.receive(part, 0, 65_536) <= 0) break;
          received.append(part);
        }
        const same = Buffer.compare(received.toUint8Array(), bytes.toUint8Array()) === 0;
        say([first > 0 && first < total, status, same]);
      },
      [],
    );
    t.equal(await waiting.next(), "ready");
    await inSystemCall(waiting.pid);
    waiting.signal("SIGUSR2");
    t.same(await waiting.next(), [true, errno.EINTR, true]);
  },
);

t.test("S52 a connect that a signal ended goes on", async (t) => {
  const listening = listener(t, null, 0);
  connected(t, listening.hostPort); // The queue is full now.
  const waiting = program(
    t,
    ({ rosock, address, say }, hostPort: string) => {
      process.on("SIGTERM", () => {
        say([socket.connect(), socket.status(), socket.isConnected()]);
        process.exit(0);
      });
      const socket = new rosock.RoStreamSocket();
      socket.setSendToAddress(address(hostPort));
      say("ready");
      say([socket.connect(), socket.status(), socket.lastError()?.code]);
    },
    [listening.hostPort],
  );
  t.equal(await waiting.next(), "ready");
  await inSystemCall(waiting.pid);
  waiting.signal("SIGTERM");
  t.same(await waiting.next(), [false, errno.EINTR, "EINTR"]);
  accept(t, listening.socket); // Now there is room.
  t.same(await waiting.next(), [true, 0, true]);
});

t.test("S52 signals that nobody handles do not end a blocking call", async (t) => {
  const waiting = program(
    t,
    ({ pair, childProcess, say }) => {
      const { client } = pair();
      process.on("SIGUSR2", () => {});
      client.setReceiveTimeout(1);
      const receive = () => {
        const start = performance.now();
        return [client.receiveStr(1), client.eAgain(), performance.now() - start >= 999];
      };
      say("ready");
      say(receive());
      // A child's end is a signal that Node handles, not the program.
      childProcess.spawn("sleep", ["0.1"], { stdio: "ignore" }).unref();
      say(receive());
      // Once the event loop has had its turn, a signal is of the past.
      process.kill(process.pid, "SIGUSR2");
      setTimeout(() => say(receive()), 20);
    },
    [],
  );
  t.equal(await waiting.next(), "ready");
  await inSystemCall(waiting.pid);
  for (const name of ["SIGCHLD", "SIGWINCH", "SIGURG", "SIGCONT"] as const) waiting.signal(name);
  t.same(await waiting.next(), ["", true, true]);
  t.same(await waiting.next(), ["", true, true], "the child's end is no reason");
  t.same(await waiting.next(), ["", true, true], "nor a signal that was handled before");
});

t.test("S52 a signal ends a wait and a blocking call also without a descriptor left", async (t) => {
  const waiting = program(
    t,
    ({ rosock, pair, fs, say }) => {
      const { client, server } = pair();
      process.on("SIGTERM", () => say("handled"));
      try {
        for (;;) fs.openSync("/dev/null", "r");
      } catch {
        // None is left.
      }
      say("ready");
      say(new rosock.RoMessagePort().waitMessage(0)); // There is no descriptor for it.
      setTimeout(() => {
        say("ready");
        say([client.receiveStr(1), client.status()]);
        server.close();
      }, 20);
    },
    [],
    ["sh", "-c", 'ulimit -n 64 && exec "$0" "$@"'],
  );
  t.equal(await waiting.next(), "ready");
  waiting.signal("SIGTERM");
  t.equal(await waiting.next(), null);
  t.equal(await waiting.next(), "handled");
  t.equal(await waiting.next(), "ready");
  waiting.signal("SIGTERM");
  t.same(await waiting.next(), ["", errno.EINTR]);
  t.equal(await waiting.next(), "handled");
});

t.test("S52 no descriptor left behind", async (t) => {
  t.same(await leftDescriptors(before), []);
});
