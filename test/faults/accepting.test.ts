import { constants } from "node:os";
import { RoMessagePort, type RoStreamSocket } from "rosock";
import t from "tap";
import { openAtRest } from "../support/at-rest.js";
import { becomesReadable, staysQuiet } from "../support/events.js";
import {
  accept,
  address,
  connected,
  eventID,
  kernelSocket,
  kernelSockets,
  leftDescriptors,
  listener,
  peer,
  skipWithout,
  streamSocket,
  waitForSync,
} from "../support/index.js";

const { EADDRINUSE, ECONNRESET, EINVAL } = constants.errno;
const other = peer(t);
const before = openAtRest();

/** Has the peer connect, send and leave; when it returns the listener's queue holds what is left of the connection. */
function comeAndGo(portNumber: number, text: string, how: "end" | "resetAndDestroy" | "destroy"): void {
  other.call(
    async ({ net, once }, portNumber, text, how) => {
      const socket = net.connect(portNumber, "127.0.0.1");
      await once(socket, "connect");
      if (text) await new Promise((resolve) => socket.write(text, resolve));
      socket[how]();
    },
    portNumber,
    text,
    how,
  );
}

t.test("the peer gone before accept: closed", async (t) => {
  for (const port of [null, new RoMessagePort()]) {
    for (const how of ["end", "destroy"] as const) {
      const { socket: listening, portNumber } = listener(t, port);
      comeAndGo(portNumber, "farewell", how);
      const server = accept(t, listening);
      t.equal(server.isConnected(), true);
      becomesReadable(server);
      t.equal(server.receiveStr(100), "farewell");
      becomesReadable(server);
      t.equal(server.receiveStr(100), "");
      t.equal(server.status(), 0, "an end, not an error");
    }
  }
});

t.test("the peer gone before accept: reset", async (t) => {
  for (const port of [null, new RoMessagePort()]) {
    const { socket: listening, portNumber, hostPort } = listener(t, port);
    comeAndGo(portNumber, "", "resetAndDestroy");
    const isHeld = () => kernelSockets().some((row) => row.remote === hostPort && row.state === "ESTAB");
    waitForSync(() => !isHeld(), "the reset");
    const server = accept(t, listening);
    t.equal(server.getSendToAddress().getHostName(), "127.0.0.1", "who it was is known");
    t.equal(server.receiveStr(1), "");
    t.equal(server.status(), ECONNRESET);
    t.equal(server.sendStr("x"), -1);
    t.equal(server.eOK(), false);
    comeAndGo(portNumber, "the next one", "end");
    const next = accept(t, listening);
    becomesReadable(next);
    t.equal(next.receiveStr(100), "the next one", "the listener goes on");
  }
});

t.test("the listener closed from within the handling of an accept", async (t) => {
  const port = new RoMessagePort();
  const { socket: listening, hostPort } = listener(t, port);
  listening.notifyReadable(true);
  const clients = [1, 2, 3].map(() => connected(t, hostPort, port));
  t.equal(eventID(port), listening.getID());
  const server = accept(t, listening);
  listening.close();
  t.equal(listening.isListening(), false);
  t.equal(listening.accept(), null);
  t.ok(staysQuiet(port), "the two that are left make no event");
  t.equal(server.sendStr("you are in"), 10);
  becomesReadable(clients[0]!);
  t.equal(clients[0]!.receiveStr(20), "you are in");
  for (const refused of clients.slice(1)) {
    becomesReadable(refused);
    t.equal(refused.receiveStr(1), "");
    t.equal(refused.status(), ECONNRESET);
  }
});

t.test("accept long after the connection came, and in order", async (t) => {
  const port = new RoMessagePort();
  const { socket: listening, portNumber } = listener(t, null, 50);
  for (let count = 0; count < 50; count++) comeAndGo(portNumber, `number ${count}`, "end");
  listening.setMessagePort(port);
  listening.notifyReadable(true);
  for (let count = 0; count < 50; count++) {
    t.equal(eventID(port), listening.getID());
    const server = accept(t, listening);
    t.equal(server.receiveStr(100), `number ${count}`);
    t.equal(server.receiveStr(100), "");
    t.equal(server.status(), 0);
    server.close();
  }
  t.equal(listening.accept(), null);
  t.equal(listening.eAgain(), true);
  t.ok(staysQuiet(port));
});

t.test("backlog full: those too many wait, and come when there is room", async (t) => {
  const port = new RoMessagePort();
  const { socket: listening, hostPort } = listener(t, port, 2);
  const clients = Array.from({ length: 5 }, () => {
    const client = streamSocket(t, port);
    client.setSendToAddress(address(hostPort));
    t.equal(client.connect(), true);
    return client;
  });
  waitForSync(
    () => kernelSocket(hostPort)?.receiveQueue === 3,
    "the queue to be full: the backlog and one more",
  );
  const inState = (state: string) =>
    kernelSockets().filter((row) => row.remote === hostPort && row.state === state).length;
  t.equal(inState("SYN-SENT"), 2, "two wait");
  listening.notifyReadable(true);
  const servers: RoStreamSocket[] = [];
  while (servers.length < 5) {
    t.equal(eventID(port), listening.getID());
    const server = listening.accept();
    if (server) servers.push(server);
    else t.equal(listening.eAgain(), true);
  }
  for (const server of servers) {
    t.equal(server.sendStr("welcome"), 7);
    server.close();
  }
  for (const client of clients) {
    becomesReadable(client);
    t.equal(client.isConnected(), true);
    t.equal(client.receiveStr(10), "welcome");
  }
});

t.test("two listeners on one port with and without reuse", async (t) => {
  for (const reuse of [true, false]) {
    const [first, second] = [streamSocket(t), streamSocket(t)];
    for (const socket of [first, second]) t.equal(socket.setReuseAddr(reuse), true);
    t.equal(first.setAddress(address(0)), true);
    // Linux lets two sockets that may share an address have it as long as neither listens; never both listen.
    t.equal(second.setAddress(first.getAddress()), reuse);
    if (!reuse) t.equal(second.status(), EADDRINUSE);
    t.equal(first.listen(2), true);
    t.equal(second.listen(2), false);
    t.equal(second.status(), reuse ? EADDRINUSE : EINVAL);
    t.equal(second.isListening(), false);
    const client = connected(t, first.getAddress().getAddress());
    t.equal(accept(t, first).sendStr("first"), 5);
    t.equal(client.receiveStr(10), "first");
    first.close();
    if (reuse) t.equal(second.listen(2), true, "once the first is gone");
  }
});

t.test("listening again on a listener changes its backlog and loses nobody", async (t) => {
  const { socket: listening, hostPort } = listener(t, null, 5);
  const client = connected(t, hostPort);
  t.equal(listening.listen(1), true);
  t.equal(listening.isListening(), true);
  const server = accept(t, listening);
  t.equal(server.sendStr("still here"), 10);
  t.equal(client.receiveStr(20), "still here");
});

t.test(
  "port scanners, nc and curl at one listener",
  { skip: skipWithout("nc") || skipWithout("curl") },
  async (t) => {
    const port = new RoMessagePort();
    const { socket: listening, portNumber } = listener(t, port);
    listening.notifyReadable(true);
    const visitors = other.start(({ childProcess }, portNumber) => {
      const run = (command: string, ...values: string[]) =>
        new Promise<string>((resolve) => {
          const child = childProcess.execFile(command, values, { timeout: 60_000 }, (_error, out) =>
            resolve(out),
          );
          child.stdin?.end("hello from nc");
        });
      return Promise.all([
        run("nc", "-z", "127.0.0.1", `${portNumber}`),
        run("nc", "-N", "127.0.0.1", `${portNumber}`),
        run("curl", "-s", "--http0.9", `http://127.0.0.1:${portNumber}/from/curl`),
        run("nc", "-z", "127.0.0.1", `${portNumber}`),
      ]);
    }, portNumber);
    const open = new Map<number, RoStreamSocket>();
    const heard: string[] = [];
    while (!visitors.done() || open.size > 0) {
      const id = eventID(port, 20);
      if (id === null) continue;
      if (id === listening.getID()) {
        const socket = listening.accept();
        socket?.notifyReadable(true);
        if (socket) open.set(socket.getID(), socket);
        continue;
      }
      const socket = open.get(id)!;
      const text = socket.receiveStr(1_000);
      if (text) {
        heard.push(text.split("\r\n")[0]!);
        socket.sendStr(`got ${text.length}`);
      }
      if (text.startsWith("GET") || !text) {
        socket.close();
        open.delete(id);
      }
    }
    t.strictSame(heard.sort(), ["GET /from/curl HTTP/1.1", "hello from nc"]);
    const [, nc, curl] = visitors.result();
    t.equal(nc, "got 13");
    t.match(curl, /^got \d+$/);
  },
);

t.test("no descriptor is left", async (t) => {
  t.strictSame(await leftDescriptors(before), []);
});
