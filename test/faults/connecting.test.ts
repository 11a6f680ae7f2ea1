import { constants } from "node:os";
import { RoDataGramSocket, RoMessagePort, type RoStreamSocket } from "rosock";
import t from "tap";
import { openAtRest } from "../support/at-rest.js";
import { becomesReadable, staysQuiet } from "../support/events.js";
import {
  accept,
  address,
  closing,
  connected,
  datagram,
  eventID,
  kernelSocket,
  kernelSockets,
  leftDescriptors,
  listener,
  openDescriptors,
  peer,
  refusing,
  type Scope,
  streamSocket,
  unanswering,
  waitFor,
  waitForSync,
} from "../support/index.js";
import { program } from "../support/program.js";

const { EACCES, EADDRINUSE, EADDRNOTAVAIL, EAGAIN, ECONNREFUSED, EINVAL, EISCONN } = constants.errno;
const other = peer(t);
const before = openAtRest();

/** A socket with a port, on its way to `hostPort`. */
function connecting(t: Scope, hostPort: string, port = new RoMessagePort()): RoStreamSocket {
  const socket = streamSocket(t, port);
  socket.setSendToAddress(address(hostPort));
  if (!socket.connect()) throw new Error(`connect failed: ${socket.status()}`);
  return socket;
}

t.test(
  "connecting to nobody (refused), again and again with one socket, until somebody is there",
  async (t) => {
    for (const port of [null, new RoMessagePort()]) {
      const nobody = refusing(t);
      const socket = streamSocket(t, port);
      socket.notifyWritable(true);
      socket.setSendToAddress(nobody.socket.getAddress());
      for (let time = 0; time < 50; time++) {
        if (port && socket.connect()) t.equal(eventID(port), socket.getID());
        else if (!port) t.equal(socket.connect(), false);
        t.equal(socket.status(), ECONNREFUSED);
        t.equal(socket.isConnected(), false);
      }
      t.equal(nobody.socket.listen(1), true);
      t.equal(socket.connect(), true);
      if (port) t.equal(eventID(port), socket.getID());
      t.equal(socket.isConnected(), true);
      t.equal(socket.status(), 0);
      const server = accept(t, nobody.socket);
      t.equal(server.sendStr("at last"), 7);
      becomesReadable(socket);
      t.equal(socket.receiveStr(10), "at last");
    }
  },
);

t.test("connecting to 0.0.0.0 reaches this machine", async (t) => {
  for (const port of [null, new RoMessagePort()]) {
    const { socket: listening, portNumber } = listener(t);
    const socket = streamSocket(t, port);
    socket.setSendToAddress(address(`0.0.0.0:${portNumber}`));
    t.equal(socket.connect(), true);
    const server = accept(t, listening);
    waitForSync(() => socket.isWritable(), "the connection");
    t.equal(socket.isConnected(), true);
    t.equal(socket.connect(), true, "connected already");
    t.equal(socket.sendStr("hello"), 5);
    t.equal(server.receiveStr(10), "hello");
    t.equal(server.getSendToAddress().getAddress(), socket.getAddress().getAddress());
  }
});

t.test("connecting fails after a send was already asked for", async (t) => {
  const { socket: full, hostPort } = unanswering(t);
  const port = new RoMessagePort();
  const socket = connecting(t, hostPort, port);
  socket.notifyWritable(true);
  t.equal(socket.sendStr("too early"), -1);
  t.equal(socket.status(), EAGAIN);
  t.equal(socket.receiveStr(1), "");
  t.equal(socket.status(), EAGAIN);
  full.close(); // The next attempt of the kernel, a second after the first, is refused.
  t.equal(eventID(port), socket.getID());
  t.equal(socket.status(), ECONNREFUSED);
  t.equal(socket.isConnected(), false);
  t.equal(socket.sendStr("too late"), -1);
  t.equal(socket.eOK(), false);
  t.equal(socket.receiveStr(1), "");
  t.equal(socket.eOK(), false);
});

t.test("a send while connecting does not take an earlier call's error for its own", async (t) => {
  const { hostPort } = unanswering(t);
  const socket = connecting(t, hostPort);
  const spoilers: [string, () => unknown][] = [
    ["a failed option", () => socket.setTTL(-1)],
    ["a second connect", () => socket.connect()],
    ["a bind", () => socket.setAddress(address(0))],
  ];
  for (const [what, spoil] of spoilers) {
    spoil();
    t.equal(socket.sendStr("x"), -1, what);
    t.equal(socket.status(), EAGAIN, what);
    spoil();
    t.equal(socket.receiveStr(1), "", what);
    t.equal(socket.status(), EAGAIN, what);
  }
});

t.test("closed while connecting: the attempt ends, nothing is reported", async (t) => {
  for (const how of ["asynchronous", "synchronous"]) {
    const { socket: full, hostPort } = unanswering(t);
    const port = new RoMessagePort();
    const socket = connecting(t, hostPort, port);
    for (const notify of ["notifyReadable", "notifyWritable"] as const) socket[notify](true);
    const local = socket.getAddress().getAddress();
    t.equal(kernelSocket(local, hostPort)?.state, "SYN-SENT");
    if (how === "synchronous") socket.setMessagePort(null);
    socket.close();
    t.equal(kernelSocket(local, hostPort), null, how);
    t.equal(socket.isConnected(), false);
    t.ok(staysQuiet(port));
    // The queue has room again, and only the connection that had filled it comes.
    accept(t, full);
    full.setMessagePort(port);
    t.equal(full.accept(), null);
    t.equal(full.status(), EAGAIN);
  }
});

t.test("two connects at once on one socket, to different peers: the first counts", async (t) => {
  const { socket: full, hostPort } = unanswering(t);
  const second = listener(t);
  const port = new RoMessagePort();
  const socket = connecting(t, hostPort, port);
  socket.notifyWritable(true);
  socket.setSendToAddress(address(second.hostPort));
  t.equal(socket.connect(), true);
  t.equal(socket.eAlready(), true);
  accept(t, full); // The kernel's next attempt finds room.
  t.equal(eventID(port), socket.getID());
  t.equal(socket.isConnected(), true);
  t.equal(kernelSocket(socket.getAddress().getAddress(), hostPort)?.state, "ESTAB");
  t.equal(socket.getReceivedFromAddress().getAddress(), hostPort);
  t.equal(socket.connect(), false, "the other peer is not the one it is connected to");
  t.equal(socket.status(), EISCONN);
  t.equal(second.socket.isReadable(), false, "where nobody came");
  socket.setSendToAddress(address(hostPort));
  t.equal(socket.connect(), true);
  t.equal(accept(t, full).sendStr("hello"), 5);
  becomesReadable(socket);
  t.equal(socket.receiveStr(10), "hello");
});

t.test("connecting to oneself", async (t) => {
  for (const port of [null, new RoMessagePort()]) {
    const socket = streamSocket(t, port);
    t.equal(socket.setAddress(address(0)), true);
    const itself = socket.getAddress();
    socket.setSendToAddress(itself);
    t.equal(socket.connect(), true);
    waitForSync(() => socket.isWritable(), "the connection");
    t.equal(socket.isConnected(), true);
    t.equal(socket.sendStr("echo"), 4);
    becomesReadable(socket);
    t.equal(socket.receiveStr(10), "echo");
    t.equal(socket.getReceivedFromAddress().getAddress(), itself.getAddress());
    // It is its own peer: its end is what it would read next, so a close waits for nobody.
    socket.close();
    t.equal(socket.receiveStr(1), "");
  }
});

t.test("bind twice: the second is refused, the first holds", async (t) => {
  const socket = streamSocket(t);
  t.equal(socket.setAddress(address(0)), true);
  const first = socket.getAddress().getAddress();
  t.equal(socket.setAddress(address(0)), false);
  t.equal(socket.status(), EINVAL);
  t.equal(socket.getAddress().getAddress(), first);
  t.equal(socket.listen(1), true);
  t.equal(connected(t, first).isConnected(), true);

  const udp = datagram(t);
  t.equal(udp.socket.setAddress(address(0)), false);
  t.equal(udp.socket.status(), EINVAL);
  t.equal(udp.socket.getAddress().getAddress(), udp.hostPort);

  const server = accept(t, socket);
  t.equal(server.setAddress(address(0)), false, "an accepted socket");
  t.equal(server.status(), EINVAL);
});

t.test("bind to an address not of this machine, of datagrams", async (t) => {
  const udp = closing(t, new RoDataGramSocket());
  t.equal(udp.setAddress(address("192.0.2.1:0")), false);
  t.equal(udp.status(), EADDRNOTAVAIL);
  t.equal(udp.setAddress(address(0)), true, "the same socket can be bound elsewhere");
});

t.test("bind conflict: a second connection between the same two addresses", async (t) => {
  const { socket: listening, hostPort } = listener(t);
  const first = streamSocket(t);
  first.setAddress(address(0));
  const second = streamSocket(t);
  t.equal(second.setAddress(first.getAddress()), true, "neither listens, so both may have it");
  for (const socket of [first, second]) socket.setSendToAddress(address(hostPort));
  t.equal(first.connect(), true);
  t.equal(second.connect(), false);
  t.equal(second.status(), EADDRNOTAVAIL);
  t.equal(second.eBadAddr(), true);
  t.equal(second.isConnected(), false);
  t.equal(accept(t, listening).sendStr("x"), 1);
  t.equal(first.receiveStr(1), "x", "the first one is not disturbed");
});

t.test("bind conflict: with a port that another program connects from", async (t) => {
  const { socket: listening, portNumber } = listener(t);
  const taken = other.call(async ({ net, once, state }, portNumber) => {
    state.client = net.connect(portNumber, "127.0.0.1");
    await once(state.client, "connect");
    return state.client.localPort as number;
  }, portNumber);
  accept(t, listening);
  const socket = streamSocket(t);
  t.equal(socket.setAddress(address(taken)), false);
  t.equal(socket.status(), EADDRINUSE);
  t.equal(socket.listen(1), false);
  other.call(({ state }) => void state.client.destroy());
  t.equal(
    kernelSockets().some((row) => row.local.endsWith(`:${taken}`) && row.state === "LISTEN"),
    false,
  );
});

t.test("privileged port without privilege, in a port search over a range", async (t) => {
  const search = program(
    t,
    ({ rosock, fs, address, say }) => {
      const first = Number(fs.readFileSync("/proc/sys/net/ipv4/ip_unprivileged_port_start", "utf8"));
      if (process.getuid?.() === 0) process.setuid?.(65_534);
      const tries: [boolean, number, boolean, number][] = [];
      // One of the first few ports that anybody may have will be free.
      for (let port = first - 3; port < first + 20; port++) {
        const socket = new rosock.RoStreamSocket();
        const bound = socket.setAddress(address(`127.0.0.1:${port}`));
        const status = socket.status();
        tries.push([bound, status, socket.listen(1), socket.status()]);
        if (socket.isListening()) break;
      }
      say([first, tries]);
    },
    [],
  );
  const [first, tries] = (await search.next()) as [number, [boolean, number, boolean, number][]];
  if (first <= 3) return t.pass("this machine has no privileged ports");
  for (const tried of tries.slice(0, 3)) t.same(tried, [false, EACCES, false, EINVAL]);
  t.ok(tries.length > 3);
  t.same(tries.at(-1), [true, 0, true, 0]);
  for (const [, status] of tries.slice(3, -1)) t.equal(status, EADDRINUSE);
});

t.test("dropped while connecting", async (t) => {
  const { hostPort } = unanswering(t);
  const open = openDescriptors();
  (() => {
    for (let count = 0; count < 5; count++) connecting({ teardown: () => {} }, hostPort);
  })();
  t.equal(kernelSockets().filter((row) => row.remote === hostPort && row.state === "SYN-SENT").length, 5);
  t.same(await leftDescriptors(open), []);
  await waitFor(
    () => !kernelSockets().some((row) => row.remote === hostPort && row.state === "SYN-SENT"),
    "the attempts to end",
  );
});

t.test("no descriptor is left", async (t) => {
  t.strictSame(await leftDescriptors(before), []);
});
