/** Other code in the process closes a descriptor of ours by mistake. Its number is given out anew, and must stay its next owner's. */

import { closeSync, fstatSync, openSync } from "node:fs";
import { createServer } from "node:net";
import { constants } from "node:os";
import { RoDataGramSocket, RoMessagePort, RoStreamSocket, wait } from "rosock";
import t from "tap";
import { crashReport } from "#src/brightscript/runtime/report.js";
import { call, g } from "../brightscript/library/call.js";
import {
  address,
  collectGarbage,
  connectedPair,
  datagram,
  eventID,
  leftDescriptors,
  openDescriptors,
  streamSocket,
  waitFor,
  withTimeout,
} from "../support/index.js";
import { workerProgram } from "../support/program.js";

const { EBADF } = constants.errno;
const before = openDescriptors();

/** The one descriptor that `make` opens. */
function opened(make: () => unknown): number {
  const already = openDescriptors();
  make();
  const [fd, ...others] = [...openDescriptors().keys()].filter((each) => !already.has(each));
  if (fd === undefined || others.length > 0) throw new Error("it opens not one descriptor");
  return fd;
}

function bound(): RoDataGramSocket {
  const socket = new RoDataGramSocket();
  socket.setAddress(address(0));
  return socket;
}

async function collect(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) {
    await new Promise((resolve) => setImmediate(resolve));
    collectGarbage();
  }
}

t.test("S47 a dropped socket whose number is a file's by now", async (t) => {
  const fd = (() => {
    let socket: unknown;
    const number = opened(() => {
      socket = bound();
    });
    closeSync(number);
    t.ok(socket);
    return number;
  })();
  const file = openSync("/dev/null", "r");
  t.equal(file, fd, "the same number");
  await collect();
  t.ok(fstatSync(file).isCharacterDevice(), "by the event loop");
  new RoMessagePort().waitMessage(1_100);
  t.ok(fstatSync(file).isCharacterDevice(), "by a blocking call");
  closeSync(file);
});

t.test(
  "S47 the same with a socket of Node's, and with a connection that is not to be shut down",
  async (t) => {
    const { client, server } = connectedPair(t);
    const fd = (() => {
      let dropped: unknown;
      const number = opened(() => {
        dropped = bound();
      });
      closeSync(number);
      t.ok(dropped);
      return number;
    })();
    const listening = createServer((socket) => socket.destroy()).listen(0, "127.0.0.1");
    await waitFor(() => listening.listening, "Node to listen");
    t.match(openDescriptors().get(fd), /^socket:/, "the same number");
    await collect();
    const { port } = listening.address() as { port: number };
    const caller = streamSocket(t);
    caller.setSendToAddress(address(port));
    t.ok(caller.connect(), "Node listens still");
    client.sendStr("x");
    t.equal(server.receiveStr(1), "x");
    await new Promise((resolve) => listening.close(resolve));
  },
);

t.test("S46 close() of a socket whose number is another's closes nothing, and says EBADF", async (t) => {
  const mistaken = new RoStreamSocket();
  const fd = opened(() => mistaken.setAddress(address(0)));
  mistaken.setLinger(1);
  closeSync(fd);
  const file = openSync("/dev/null", "r");
  t.equal(file, fd);
  mistaken.close();
  t.equal(mistaken.status(), EBADF);
  t.equal(mistaken.lastError()?.code, "EBADF");
  t.ok(fstatSync(file).isCharacterDevice());
  closeSync(file);
  const again = new RoDataGramSocket();
  const number = opened(() => again.setAddress(address(0)));
  closeSync(number);
  again.close();
  t.equal(again.status(), EBADF, "nobody has the number yet");
});

t.test("S46 a socket whose number is another of ours by now is as a closed one", async (t) => {
  const port = new RoMessagePort();
  t.equal(port.getMessage(), null);
  const mistaken = new RoDataGramSocket();
  const fd = opened(() => mistaken.setAddress(address(0)));
  mistaken.setMessagePort(port);
  mistaken.notifyReadable(true);
  closeSync(fd);
  const heir = new RoDataGramSocket();
  t.equal(
    opened(() => heir.setAddress(address(0))),
    fd,
  );
  heir.setMessagePort(port);
  heir.notifyReadable(true);
  t.same([mistaken.receiveStr(1), mistaken.status()], ["", EBADF]);
  t.same([mistaken.sendStr("x"), mistaken.status(), mistaken.getCountRcvBuf()], [-1, EBADF, 0]);
  t.equal(mistaken.isWritable(), false);
  mistaken.setMessagePort(null);
  mistaken.close();
  const sender = datagram(t).socket;
  sender.setSendToAddress(heir.getAddress());
  t.equal(sender.sendStr("x"), 1);
  t.equal(eventID(port), heir.getID());
  t.equal(heir.receiveStr(1), "x", "the heir goes on");
  heir.close();
  t.equal(heir.status(), 0);
});

t.test("S47 a dropped socket whose number is another of ours by now", async (t) => {
  const fd = (() => {
    let dropped: unknown;
    const number = opened(() => {
      dropped = bound();
    });
    closeSync(number);
    t.ok(dropped);
    return number;
  })();
  collectGarbage(); // Collected, but not yet closed, when the number is given out anew.
  let heir: RoDataGramSocket | undefined;
  t.equal(
    opened(() => {
      heir = bound();
    }),
    fd,
  );
  await collect();
  heir!.setSendToAddress(heir!.getAddress());
  t.equal(heir!.sendStr("x"), 1);
  t.equal(heir!.receiveStr(1), "x");
  heir!.close();
  t.equal(heir!.status(), 0);
});

t.test("S47 a worker that ends closes nothing that is another's", async (t) => {
  const child = workerProgram(t, ({ rosock, fs, address, say }) => {
    const names = () => fs.readdirSync("/proc/self/fd").filter((fd) => fs.existsSync(`/proc/self/fd/${fd}`));
    const already = new Set(names());
    const socket = new rosock.RoDataGramSocket();
    socket.setAddress(address("127.0.0.1:0"));
    Object.assign(globalThis, { socket });
    say(names().filter((fd) => !already.has(fd)));
    setInterval(() => {}, 1_000);
  });
  const [fd] = ((await child.next()) as string[]).map(Number);
  closeSync(fd!);
  const file = openSync("/dev/null", "r");
  t.equal(file, fd);
  await child.worker.terminate();
  t.ok(fstatSync(file).isCharacterDevice());
  closeSync(file);
});

/** A port that has lost its epoll set, with a socket in it; `take` has somebody else get the number. */
function lostPort(take: () => unknown): { port: RoMessagePort; socket: RoDataGramSocket } {
  const port = new RoMessagePort();
  const fd = opened(() => port.getMessage());
  const socket = bound();
  socket.setMessagePort(port);
  socket.notifyReadable(true);
  closeSync(fd);
  take();
  return { port, socket };
}

const lost = { code: "EBADF", errno: -EBADF, syscall: "epoll_wait", message: /message port/ };

for (const taker of ["nobody", "a file", "another port"]) {
  t.test(`a port whose epoll set is lost, and its number ${taker}'s: an error, not a spin`, async (t) => {
    let file = -1;
    const heir = new RoMessagePort();
    const { port, socket } = lostPort(() => {
      if (taker === "a file") file = openSync("/dev/null", "r");
      if (taker === "another port") t.equal(heir.getMessage(), null);
    });
    const used = process.cpuUsage();
    t.throws(() => port.waitMessage(0), lost);
    t.throws(() => wait(5_000, port), lost);
    t.throws(() => port.getMessage(), lost);
    t.throws(() => port.peekMessage(), lost);
    const { code } = lost;
    await t.rejects(withTimeout(port.waitMessageAsync(0), "the error", 5_000), { code });
    await t.rejects(withTimeout(port[Symbol.asyncIterator]().next(), "the error", 5_000), { code });
    const { user, system } = process.cpuUsage(used);
    t.ok(user + system < 2_000_000, "microseconds");
    port[Symbol.dispose]();
    t.equal(port.waitMessage(0), null, "nothing more comes from one that was disposed of");
    if (file >= 0) {
      t.ok(fstatSync(file).isCharacterDevice());
      closeSync(file);
    }
    // The socket can go to another port.
    socket.setMessagePort(heir);
    socket.setSendToAddress(socket.getAddress());
    t.equal(socket.sendStr("x"), 1);
    t.equal(eventID(heir), socket.getID());
    t.equal(socket.receiveStr(1), "x");
    socket.close();
    heir[Symbol.dispose]();
  });
}

t.test("in BrightScript a lost port is a run-time error that says so", async (t) => {
  const port = g.createobject!("roMessagePort") as RoMessagePort;
  const fd = opened(() => call(port, "getMessage"));
  closeSync(fd);
  for (const work of [() => g.wait!(0, port), () => call(port, "getMessage")]) {
    let report = "";
    try {
      work();
    } catch (error) {
      report = crashReport(error);
    }
    t.match(report, /^UNEXPECTED INTERNAL\. epoll_wait EBADF: .*message port.* \(runtime error &hfe\)/);
  }
  port[Symbol.dispose]();
});

t.test("a port that is waited for without blocking loses its epoll set to another port", async (t) => {
  const port = new RoMessagePort();
  const fd = opened(() => port.getMessage());
  const heir = new RoMessagePort();
  const waiting = port.waitMessageAsync(0);
  await new Promise((resolve) => setImmediate(resolve));
  closeSync(fd);
  heir.postMessage("first");
  t.equal(heir.getMessage(), "first");
  const failing = t.rejects(withTimeout(waiting, "the error", 5_000), { code: "EBADF" });
  t.equal(
    opened(() => {
      const third = new RoMessagePort();
      third.getMessage();
      t.teardown(() => third[Symbol.dispose]());
    }) >= 0,
    true,
  );
  await failing;
  heir.postMessage("second");
  t.equal(await withTimeout(heir.waitMessageAsync(0), "the message", 5_000), "second");
  port[Symbol.dispose]();
  heir[Symbol.dispose]();
});

t.test("a port that the event loop watched before loses its epoll set", async (t) => {
  const port = new RoMessagePort();
  const fd = opened(() => port.getMessage());
  t.equal(await port.waitMessageAsync(5), null);
  port.postMessage(1);
  t.equal(await port.waitMessageAsync(0), 1);
  const socket = bound();
  socket.setMessagePort(port);
  socket.notifyWritable(true);
  await port.waitMessageAsync(0);
  await new Promise((resolve) => setTimeout(resolve, 20)); // The loop gives the watch up.
  closeSync(fd);
  await t.rejects(withTimeout(port.waitMessageAsync(0), "the error", 5_000), { code: "EBADF" });
  socket.close();
  port[Symbol.dispose]();
});

t.test("a worker whose descriptors are all lost ends with errors, and can be terminated", async (t) => {
  const child = workerProgram(t, ({ rosock, address, fs, say }) => {
    const names = () => fs.readdirSync("/proc/self/fd").filter((fd) => fs.existsSync(`/proc/self/fd/${fd}`));
    const already = new Set(names());
    const port = new rosock.RoMessagePort();
    port.getMessage();
    const [poller] = names().filter((fd) => !already.has(fd));
    fs.closeSync(Number(poller));
    try {
      rosock.wait(0, port);
    } catch (error) {
      say((error as { code: string }).code);
    }
    const socket = new rosock.RoDataGramSocket();
    socket.setAddress(address("127.0.0.1:0"));
    say("blocks");
    socket.receiveStr(1);
  });
  t.equal(await child.next(), "EBADF");
  t.equal(await child.next(), "blocks");
  await withTimeout(child.worker.terminate(), "the worker to end", 2_000);
});

t.test("what wakes blocking calls is lost: it is made anew", async (t) => {
  const child = workerProgram(t, ({ rosock, library, address, fs, say }) => {
    const socket = new rosock.RoDataGramSocket();
    socket.setAddress(address("127.0.0.1:0"));
    socket.setReceiveTimeout(1);
    const { createRequire } = process.getBuiltinModule("node:module");
    fs.closeSync(createRequire(library)("./native.js").bell());
    const used = process.cpuUsage();
    const start = performance.now();
    const text = socket.receiveStr(1);
    const { user, system } = process.cpuUsage(used);
    say([text, socket.eAgain(), performance.now() - start >= 999, user + system < 800_000]);
    socket.setReceiveTimeout(0);
    say("blocks");
    socket.receiveStr(1);
  });
  t.same(await child.next(), ["", true, true, true]);
  t.equal(await child.next(), "blocks");
  await withTimeout(child.worker.terminate(), "the worker to end", 2_000);
});

t.test("no descriptor is left", async (t) => {
  t.same(await leftDescriptors(before), []);
});
