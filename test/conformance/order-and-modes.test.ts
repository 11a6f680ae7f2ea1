import { constants } from "node:os";
import { Worker } from "node:worker_threads";
import { RoByteArray, RoDataGramSocket, RoMessagePort, type RoSocketAddress, RoStreamSocket } from "rosock";
import t from "tap";
import {
  accept,
  address,
  closing,
  connected,
  connectedPair,
  datagram,
  descriptorOf,
  eventID,
  leftDescriptors,
  listener,
  openDescriptors,
  peer,
  type Socket,
  skipWithout,
  socketOption,
  streamSocket,
  waitForSync,
  withTimeout,
} from "../support/index.js";

const { EAGAIN } = constants.errno;
const other = peer(t);
const before = openDescriptors();

function permutations<T>(items: T[]): T[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, index) =>
    permutations(items.toSpliced(index, 1)).map((rest) => [item, ...rest]),
  );
}

t.test("S1 notifyReadable before setMessagePort, and setMessagePort before notifyReadable", async (t) => {
  for (const flagFirst of [true, false]) {
    const port = new RoMessagePort();
    const { client, server } = connectedPair(t);
    if (flagFirst) server.notifyReadable(true);
    server.setMessagePort(port);
    if (!flagFirst) server.notifyReadable(true);
    t.equal(port.getMessage(), null, "nothing has arrived");
    client.sendStr("x");
    t.equal(eventID(port), server.getID());
  }
});

t.test("S1 setMessagePort and the flag long after data has arrived", async (t) => {
  const port = new RoMessagePort();
  const { client, server } = connectedPair(t);
  client.sendStr("early");
  waitForSync(() => server.getCountRcvBuf() === 5, "the data");
  server.setMessagePort(port);
  server.notifyReadable(true);
  t.equal(eventID(port), server.getID());
  t.equal(server.receiveStr(10), "early");
});

t.test("S1 setMessagePort on a listener that already has a connection waiting", async (t) => {
  const port = new RoMessagePort();
  const { socket, hostPort } = listener(t);
  connected(t, hostPort);
  socket.notifyReadable(true);
  socket.setMessagePort(port);
  t.equal(eventID(port), socket.getID());
  t.ok(accept(t, socket));
});

t.test("S1 setMessagePort and notifyWritable after connect", async (t) => {
  const port = new RoMessagePort();
  const { client } = connectedPair(t);
  client.setMessagePort(port);
  client.notifyWritable(true);
  t.equal(eventID(port), client.getID());
});

t.test("S1 every order of a listener's port, flag, option and address", async (t) => {
  const steps: Record<string, (socket: RoStreamSocket, port: RoMessagePort) => void> = {
    port: (socket, port) => socket.setMessagePort(port),
    flag: (socket) => socket.notifyReadable(true),
    option: (socket) => socket.setRcvBuf(20_000),
    listen: (socket) => {
      if (!socket.setAddress(address(0)) || !socket.listen(4)) throw new Error(`status ${socket.status()}`);
    },
  };
  for (const order of permutations(Object.keys(steps))) {
    const port = new RoMessagePort();
    const socket = streamSocket(t);
    for (const step of order) steps[step]?.(socket, port);
    const client = connected(t, socket.getAddress().getAddress());
    t.equal(eventID(port), socket.getID(), `event after ${order.join(", ")}`);
    t.ok(
      socket.getRcvBuf() >= 20_000 && socket.getRcvBuf() <= 40_000,
      `receive buffer after ${order.join(", ")}`,
    );
    const accepted = socket.accept();
    t.ok(accepted, `accept after ${order.join(", ")}`);
    for (const one of [accepted, client, socket]) one?.close();
  }
});

t.test("S1 every order of a client's port, flag, option and addresses", async (t) => {
  const { socket: listening, hostPort } = listener(t);
  const steps: Record<string, (socket: RoStreamSocket, port: RoMessagePort) => void> = {
    port: (socket, port) => socket.setMessagePort(port),
    flag: (socket) => socket.notifyWritable(true),
    option: (socket) => socket.setNoDelay(true),
    local: (socket) => socket.setAddress(address("127.0.0.2:0")),
    remote: (socket) => socket.setSendToAddress(address(hostPort)),
  };
  for (const order of permutations(Object.keys(steps))) {
    const name = order.join(", ");
    const port = new RoMessagePort();
    const socket = streamSocket(t);
    for (const step of order) steps[step]?.(socket, port);
    socket.connect() || t.fail(`connect after ${name}`);
    const accepted = accept(t, listening);
    const seen = [eventID(port) === socket.getID(), socket.isConnected(), socket.getNoDelay()];
    t.strictSame(seen, [true, true, true], `event, connected, option after ${name}`);
    t.match(accepted.getSendToAddress().getAddress(), /^127\.0\.0\.2:\d+$/, `local address after ${name}`);
    socket.close();
    accepted.close();
  }
});

t.test(
  "S1 options set before and after connect reach the kernel",
  { skip: skipWithout("python3") },
  async (t) => {
    const { socket: listening, hostPort } = listener(t);
    const socket = streamSocket(t);
    t.equal(socket.setTTL(33), true);
    socket.setSendToAddress(address(hostPort));
    t.equal(socket.connect(), true);
    t.equal(socket.setKeepAlive(true), true);
    accept(t, listening);
    const descriptor = descriptorOf(socket.getAddress().getAddress(), hostPort);
    t.strictSame(socketOption(descriptor, "IPPROTO_IP", "IP_TTL"), [33]);
    t.strictSame(socketOption(descriptor, "SOL_SOCKET", "SO_KEEPALIVE"), [1]);
  },
);

t.test("S2 without a port receive, receiveStr and accept block; with one they do not", async (t) => {
  const port = new RoMessagePort();
  const { socket: listening, portNumber } = listener(t);
  other.start(async ({ net, state }, portNumber) => {
    await new Promise((resolve) => setTimeout(resolve, 40));
    state.socket = net.connect(portNumber, "127.0.0.1");
  }, portNumber);
  const server = listening.accept();
  if (!server) throw new Error("accept has not waited");
  closing(t, server);
  const say = (text: string) =>
    other.start(async ({ state }, text) => {
      await new Promise((resolve) => setTimeout(resolve, 40));
      state.socket.write(text);
    }, text);

  const bytes = new RoByteArray();
  say("first");
  t.equal(server.receive(bytes, 0, 100), 5, "receive has waited");
  say("second");
  t.equal(server.receiveStr(100), "second", "receiveStr has waited");

  server.setMessagePort(port);
  listening.setMessagePort(port);
  t.equal(server.receive(bytes, 0, 100), -1);
  t.equal(server.status(), EAGAIN);
  t.equal(listening.accept(), null);
  t.equal(listening.status(), EAGAIN);

  server.setMessagePort(null);
  t.equal(server.getMessagePort(), null);
  say("third");
  t.equal(server.receiveStr(100), "third", "waits again once the port is taken away");
  server.setMessagePort(port);
  t.equal(server.receiveStr(100), "");
  t.equal(server.status(), EAGAIN, "and again does not");
});

t.test("S2 a socket that never had a port blocks, with its notify flags on as well", async (t) => {
  const { socket, portNumber } = datagram(t);
  socket.notifyReadable(true);
  other.start(async ({ dgram }, portNumber) => {
    await new Promise((resolve) => setTimeout(resolve, 40));
    const socket = dgram.createSocket("udp4");
    socket.send("late", portNumber, "127.0.0.1", () => socket.close());
  }, portNumber);
  t.equal(socket.receiveStr(100), "late");
  socket.setMessagePort(new RoMessagePort());
  t.equal(socket.receiveStr(100), "");
  t.equal(socket.status(), EAGAIN);
});

t.test("S2 a connect begun with a port is finished without, and the other way round", async (t) => {
  const { socket: listening, hostPort } = listener(t);
  const socket = streamSocket(t, new RoMessagePort());
  socket.setSendToAddress(address(hostPort));
  t.equal(socket.connect(), true);
  socket.setMessagePort(null);
  t.equal(socket.connect(), true, "waits for it");
  t.equal(socket.isConnected(), true);
  t.equal(socket.status(), 0);
  const server = accept(t, listening);
  t.equal(server.sendStr("x"), 1);
  t.equal(socket.receiveStr(10), "x");
  socket.setMessagePort(new RoMessagePort());
  t.equal(socket.connect(), true, "is connected already");
  t.equal(socket.receiveStr(10), "");
  t.equal(socket.status(), EAGAIN);
});

t.test("S2 setMessagePort(invalid) ends the events", async (t) => {
  const port = new RoMessagePort();
  const { client, server } = connectedPair(t);
  server.setMessagePort(port);
  server.notifyReadable(true);
  client.sendStr("x");
  t.equal(eventID(port), server.getID());
  server.setMessagePort(null);
  t.equal(eventID(port, 30), null);
  server.setMessagePort(port);
  t.equal(eventID(port), server.getID(), "and they come back with the port");
});

t.test("S3 an accepted socket inherits the listener's port, not its flags", async (t) => {
  const port = new RoMessagePort();
  const { socket, hostPort } = listener(t, port);
  socket.notifyReadable(true);
  socket.notifyWritable(true);
  const client = connected(t, hostPort);
  t.equal(eventID(port), socket.getID());
  const accepted = accept(t, socket);
  t.equal(accepted.getMessagePort(), port);
  t.equal(accepted.receiveStr(1), "");
  t.equal(accepted.status(), EAGAIN, "it does not block");
  client.sendStr("x");
  waitForSync(() => accepted.isReadable() && accepted.isWritable(), "both conditions");
  t.equal(eventID(port, 30), null, "its flags are off");
  accepted.notifyReadable(true);
  t.equal(eventID(port), accepted.getID());
});

t.test("S3 an accepted socket is in the mode the listener has at that moment", async (t) => {
  const [first, second] = [new RoMessagePort(), new RoMessagePort()];
  const { socket, hostPort } = listener(t, first);
  const ports: (RoMessagePort | null)[] = [];
  for (const port of [first, second, null]) {
    socket.setMessagePort(port);
    const client = connected(t, hostPort);
    waitForSync(() => socket.isReadable(), "the connection");
    const accepted = accept(t, socket);
    ports.push(accepted.getMessagePort());
    if (port) {
      t.equal(accepted.receiveStr(1), "");
      t.ok(accepted.eAgain());
    } else {
      client.sendStr("y");
      t.equal(accepted.receiveStr(1), "y");
    }
  }
  t.equal(ports[0], first);
  t.equal(ports[1], second);
  t.equal(ports[2], null);
});

t.test("S3 setting the same port again changes nothing", async (t) => {
  const port = new RoMessagePort();
  const { client, server } = connectedPair(t, { server: port });
  server.notifyReadable(true);
  client.sendStr("x");
  waitForSync(() => port.peekMessage(), "the event");
  server.setMessagePort(port);
  server.setMessagePort(port);
  t.equal(server.getMessagePort(), port);
  t.equal(eventID(port), server.getID(), "the queued event is still there");
  t.equal(server.receiveStr(10), "x");
  t.equal(eventID(port, 30), null, "and is there once");
});

t.test("S4 an address object changed after it was handed over changes no socket", async (t) => {
  const { socket: listening, hostPort } = listener(t);
  const remote = address(hostPort);
  const local = address("127.0.0.3:0");
  const socket = streamSocket(t);
  socket.setSendToAddress(remote);
  t.equal(socket.setAddress(local), true);
  remote.setAddress("127.0.0.1:1");
  local.setAddress("127.0.0.4:2");
  t.equal(socket.getSendToAddress().getAddress(), hostPort);
  t.match(socket.getAddress().getAddress(), /^127\.0\.0\.3:\d+$/);
  t.equal(socket.connect(), true, "connects to the address as it was");
  const accepted = accept(t, listening);
  t.match(accepted.getSendToAddress().getAddress(), /^127\.0\.0\.3:\d+$/);
});

t.test("S4 what a socket returns is a copy", async (t) => {
  const from = datagram(t);
  const to = datagram(t);
  from.socket.setSendToAddress(address(to.hostPort));
  from.socket.sendStr("x");
  t.equal(to.socket.receiveStr(1), "x");
  const getters: [string, () => RoSocketAddress, string][] = [
    ["getAddress", () => to.socket.getAddress(), to.hostPort],
    ["getSendToAddress", () => from.socket.getSendToAddress(), to.hostPort],
    ["getReceivedFromAddress", () => to.socket.getReceivedFromAddress(), from.hostPort],
  ];
  for (const [name, get, expected] of getters) {
    const copy = get();
    t.equal(copy.getAddress(), expected, name);
    copy.setAddress("192.0.2.1:9");
    t.equal(get().getAddress(), expected, `${name} after its result was changed`);
  }
  from.socket.sendStr("y");
  t.equal(to.socket.receiveStr(1), "y", "the socket still sends to its own address");
});

t.test("S5 ids are positive integers, never used again although descriptors are", async (t) => {
  const ids = new Set<number>();
  const descriptors = new Set<number>();
  for (let round = 0; round < 100; round++) {
    const sockets: Socket[] = [new RoStreamSocket(), new RoDataGramSocket()];
    for (const socket of sockets) {
      t.equal(socket.setAddress(address(0)), true);
      const kind = socket instanceof RoStreamSocket ? "tcp" : "udp";
      if (kind === "udp") descriptors.add(descriptorOf(socket.getAddress().getAddress(), undefined, kind));
      const id = socket.getID();
      if (!(Number.isInteger(id) && id > 0 && id < 2 ** 31)) t.fail(`id ${id}`);
      ids.add(id);
      socket.close();
      if (socket.getID() !== id) t.fail("the id changed with close");
    }
  }
  t.equal(ids.size, 200);
  t.ok(descriptors.size < 100, "descriptors were used again");
});

t.test("S5 accepted sockets have ids of their own", async (t) => {
  const { client, server } = connectedPair(t);
  t.not(client.getID(), server.getID());
  t.ok(server.getID() > 0);
});

t.test("S5 ids are unique across threads", async (t) => {
  const source = `
    const { RoStreamSocket } = require(${JSON.stringify(require.resolve("rosock"))});
    const ids = Array.from({ length: 50 }, () => new RoStreamSocket().getID());
    require("node:worker_threads").parentPort.postMessage(ids);`;
  const workers = [1, 2, 3].map(() => new Worker(source, { eval: true }));
  const answers = workers.map(
    (worker) =>
      new Promise<number[]>((resolve, reject) => worker.once("message", resolve).once("error", reject)),
  );
  const ids = [...(await withTimeout(Promise.all(answers), "the workers")).flat()];
  await Promise.all(workers.map((worker) => worker.terminate()));
  for (let n = 0; n < 50; n++) ids.push(new RoStreamSocket().getID());
  t.equal(new Set(ids).size, 200);
});

t.test("no descriptor is left", async (t) => {
  t.strictSame(await leftDescriptors(before), []);
});
