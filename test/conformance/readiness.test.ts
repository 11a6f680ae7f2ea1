import { constants } from "node:os";
import { RoByteArray, RoDataGramSocket, RoMessagePort, type RoStreamSocket } from "rosock";
import t, { type Test } from "tap";
import { arrived, becomesReadable, empty, fill, staysQuiet } from "../support/events.js";
import {
  accept,
  address,
  closing,
  connected,
  connectedPair,
  datagram,
  descriptorOf,
  eventID,
  kernelSocket,
  leftDescriptors,
  listener,
  openDescriptors,
  peer,
  refusing,
  type Socket,
  sendUrgent,
  skipWithout,
  streamSocket,
  unanswering,
  waitForSync,
  withDescriptor,
} from "../support/index.js";

const { errno } = constants;
const other = peer(t);
const before = openDescriptors();

/** A connection whose peer has sent `text` and then reset it; both have arrived. */
function reset(t: Test, text: string, port: RoMessagePort | null): RoStreamSocket {
  const listening = listener(t);
  other.call(async ({ net, once, state }, to) => {
    state.socket = net.connect(to, "127.0.0.1");
    await once(state.socket, "connect");
  }, listening.portNumber);
  const server = accept(t, listening.socket);
  const [local, remote] = [server.getAddress().getAddress(), server.getSendToAddress().getAddress()];
  if (port) server.setMessagePort(port);
  other.call(
    ({ state }, data) =>
      new Promise<void>((resolve) => {
        const end = () => {
          state.socket.resetAndDestroy();
          resolve();
        };
        if (data) state.socket.write(data, end);
        else end();
      }),
    text,
  );
  waitForSync(() => kernelSocket(local, remote) === null, "the reset");
  return server;
}

t.test("S41 data still unread is read before a reset is seen", async (t) => {
  for (const asynchronous of [true, false]) {
    const port = asynchronous ? new RoMessagePort() : null;
    const server = reset(t, "last words", port);
    server.notifyReadable(true);
    t.equal(server.isReadable(), true);
    for (const text of ["last ", "words"]) {
      if (port) t.equal(eventID(port), server.getID());
      t.equal(server.receiveStr(5), text);
      t.equal(server.status(), 0);
    }
    if (port) t.equal(eventID(port), server.getID(), "the error gives an event");
    t.equal(server.receive(new RoByteArray(), 0, 5), -1);
    t.equal(server.status(), errno.ECONNRESET);
  }
});

t.test("S41 an error is readable and writable, and gives either event", async (t) => {
  for (const flag of ["notifyReadable", "notifyWritable"] as const) {
    const port = new RoMessagePort();
    const server = reset(t, "", port);
    t.equal(server.isReadable(), true);
    t.equal(server.isWritable(), true);
    t.ok(staysQuiet(port), "no flag is on");
    server[flag](true);
    t.equal(eventID(port), server.getID(), flag);

    const refused = streamSocket(t, port);
    server.close();
    refused[flag](true);
    refused.setSendToAddress(refusing(t).socket.getAddress());
    t.equal(refused.connect(), true);
    t.equal(eventID(port), refused.getID(), `${flag}, refused`);
    t.equal(refused.isReadable(), true);
    t.equal(refused.isWritable(), true);
    t.equal(refused.status(), errno.ECONNREFUSED);
  }
});

t.test("S41 a hang-up with data unread: the data, then the end", async (t) => {
  for (const alsoOurs of [false, true]) {
    const port = new RoMessagePort();
    const { client, server } = connectedPair(t, { server: port });
    server.notifyReadable(true);
    if (alsoOurs) t.equal(client.getCountRcvBuf(), 0);
    client.sendStr("0123456789");
    client.setMessagePort(port);
    client.close();
    arrived(server, 10);
    for (const text of ["0123", "4567", "89"]) {
      t.equal(eventID(port), server.getID());
      t.equal(server.receiveStr(4), text);
      t.equal(server.status(), 0);
    }
    t.equal(eventID(port), server.getID(), "the end gives an event");
    t.equal(server.isReadable(), true);
    t.equal(server.receive(new RoByteArray(), 0, 4), 0);
    t.equal(server.status(), 0);
  }
});

t.test("S41 a datagram refused by the other side is readable and writable", async (t) => {
  const port = new RoMessagePort();
  const gone = datagram(t);
  const target = gone.socket.getAddress();
  gone.socket.close();
  const { socket } = datagram(t, port);
  socket.setSendToAddress(target);
  t.equal(socket.sendStr("anybody?"), 8);
  // Linux tells an unconnected socket nothing of it; what matters is that nothing claims to be there that is not.
  socket.notifyReadable(true);
  const id = eventID(port, 100);
  t.equal(id === null, !socket.isReadable());
});

type Truth = [readable: boolean, writable: boolean, exception: boolean];
const truth = (socket: Socket): Truth => [socket.isReadable(), socket.isWritable(), socket.isException()];

/** With and without a port, with and without flags. */
const settings: [string, (socket: Socket) => void][] = [
  ["no port, no flags", (socket) => socket.setMessagePort(null)],
  ["a port, no flags", (socket) => socket.setMessagePort(new RoMessagePort())],
  [
    "a port and all flags",
    (socket) => {
      socket.setMessagePort(new RoMessagePort());
      socket.notifyReadable(true);
      socket.notifyWritable(true);
      socket.notifyException(true);
    },
  ],
  [
    "flags and no port",
    (socket) => {
      socket.setMessagePort(null);
      socket.notifyReadable(true);
      socket.notifyWritable(true);
    },
  ],
];

/** What is expected within a moment, and once it is so it stays, however often it is asked. */
function becomes(t: Test, socket: Socket, expected: Truth, what: string): void {
  try {
    waitForSync(() => truth(socket).join() === expected.join(), what);
  } catch {
    // The comparison tells more.
  }
  t.same(truth(socket), expected, what);
  t.same(truth(socket), expected, `${what}, asked again`);
}

for (const [name, prepare] of settings) {
  t.test(`S42 isReadable and its kin with ${name}`, { skip: skipWithout("python3") }, async (t) => {
    const fresh = streamSocket(t);
    prepare(fresh);
    becomes(t, fresh, [false, false, false], "a new socket");

    const listening = listener(t);
    prepare(listening.socket);
    becomes(t, listening.socket, [false, false, false], "a listener");
    const client = connected(t, listening.hostPort);
    becomes(t, listening.socket, [true, false, false], "a connection waits");
    const server = accept(t, listening.socket);
    server.setMessagePort(null);
    becomes(t, listening.socket, [false, false, false], "the connection is accepted");

    prepare(client);
    becomes(t, client, [false, true, false], "connected");
    server.sendStr("abc");
    becomes(t, client, [true, true, false], "data");
    t.equal(client.receiveStr(1), "a");
    becomes(t, client, [true, true, false], "data left");
    t.equal(client.receiveStr(2), "bc");
    becomes(t, client, [false, true, false], "all read");

    const [near, far] = [client.getAddress().getAddress(), server.getAddress().getAddress()];
    sendUrgent(descriptorOf(far, near), "!");
    becomes(t, client, [false, true, true], "an urgent byte");
    server.sendStr("x");
    becomes(t, client, [true, true, true], "an urgent byte and data behind it");
    t.equal(client.receiveStr(1), "x");
    becomes(t, client, [false, true, false], "both past");

    server.sendStr("stolen");
    becomes(t, client, [true, true, false], "data");
    withDescriptor(descriptorOf(near, far), ["s.recv(100)"]);
    becomes(t, client, [false, true, false], "read by another process");

    server.close();
    becomes(t, client, [true, true, false], "the end");
    t.equal(client.receiveStr(1), "");
    becomes(t, client, [true, true, false], "the end, seen");
  });

  t.test(`S42 room to send, with ${name}`, async (t) => {
    const { client, server } = connectedPair(t, { server: new RoMessagePort() });
    client.setMessagePort(new RoMessagePort());
    fill(client);
    prepare(client);
    becomes(t, client, [false, false, false], "full");
    empty(server);
    becomes(t, client, [false, true, false], "emptied");
  });

  t.test(`S42 datagrams, with ${name}`, async (t) => {
    const fresh = closing(t, new RoDataGramSocket());
    prepare(fresh);
    becomes(t, fresh, [false, true, false], "a new socket");
    t.equal(fresh.setTTL(4), true);
    becomes(t, fresh, [false, true, false], "one that has a descriptor");
    const [receiver, sender] = [datagram(t), datagram(t)];
    prepare(receiver.socket);
    becomes(t, receiver.socket, [false, true, false], "nothing there");
    sender.socket.setSendToAddress(receiver.socket.getAddress());
    sender.socket.sendStr("");
    becomes(t, receiver.socket, [true, true, false], "an empty datagram");
    t.equal(receiver.socket.receiveStr(10), "");
    becomes(t, receiver.socket, [false, true, false], "received");
  });
}

t.test("S42 a pending connect, a failed one, a closed socket", async (t) => {
  const port = new RoMessagePort();
  const pending = streamSocket(t, port);
  pending.setSendToAddress(unanswering(t).socket.getAddress());
  t.equal(pending.connect(), true);
  becomes(t, pending, [false, false, false], "pending");
  t.equal(pending.isConnected(), false);

  const failed = streamSocket(t, port);
  failed.setSendToAddress(refusing(t).socket.getAddress());
  t.equal(failed.connect(), true);
  becomes(t, failed, [true, true, false], "refused");

  const { client } = connectedPair(t);
  client.close();
  becomes(t, client, [false, false, false], "closed");
});

t.test("S42, S35 a socket that listens after a connect that failed", async (t) => {
  const port = new RoMessagePort();
  const socket = streamSocket(t, port);
  t.equal(socket.setAddress(address(0)), true);
  socket.notifyReadable(true);
  socket.setSendToAddress(refusing(t).socket.getAddress());
  t.equal(socket.connect(), true);
  t.equal(eventID(port), socket.getID(), "the failure");
  t.equal(socket.listen(4), true);
  t.equal(socket.isReadable(), false);
  t.equal(port.waitMessage(20), null, "nobody has come");
  connected(t, socket.getAddress().getPort());
  t.equal(eventID(port), socket.getID());
  t.equal(socket.listen(4), true, "again, with a connection waiting");
  t.equal(eventID(port), socket.getID());
  accept(t, socket);
  t.equal(port.waitMessage(20), null);
});

t.test("S42 the truth is told in a loop that never waits", async (t) => {
  const { client, server } = connectedPair(t, { server: new RoMessagePort() });
  for (let round = 0; round < 200; round += 1) {
    t.equal(server.isReadable(), false);
    client.sendStr("x");
    becomesReadable(server);
    t.equal(server.receiveStr(1), "x");
  }
});

t.test("S41-S42 no descriptor left behind", async (t) => {
  t.same(await leftDescriptors(before), []);
});
