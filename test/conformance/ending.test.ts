import { constants } from "node:os";
import { RoByteArray, RoMessagePort, RoSocketAddress } from "rosock";
import t from "tap";
import { arrived, becomesReadable, staysQuiet } from "../support/events.js";
import {
  accept,
  address,
  closing,
  connected,
  connectedPair,
  datagram,
  descriptorOf,
  eventID,
  hang,
  leftDescriptors,
  listener,
  openDescriptors,
  peer,
  type Socket,
  shortest,
  streamSocket,
  timed,
  waitForSync,
} from "../support/index.js";
import { readToEnd, unread, unsentOf } from "../support/large-send.js";
import { program } from "../support/program.js";

const { errno } = constants;
const other = peer(t);
const before = openDescriptors();

t.test("S45 what was sent arrives, then the end", async (t) => {
  for (const asynchronous of [true, false]) {
    for (const size of [0, 1, 1_000, 100_000]) {
      const { client, server } = connectedPair(t);
      client.setSendBuf(400_000);
      const data = RoByteArray.from(new Uint8Array(size).map((_, index) => index % 251));
      t.equal(client.send(data, 0, size), size);
      // The other side reads in this thread, after the close: it must not wait for that.
      client.setMessagePort(new RoMessagePort());
      if (!asynchronous && size < 100_000) client.setMessagePort(null);
      client.close();
      const got = new RoByteArray();
      let count = 0;
      for (let received = 1; received > 0; count += Math.max(0, received)) {
        received = server.receive(got, count, 65_536);
      }
      t.equal(server.status(), 0, "an end, not an error");
      t.equal(count, size);
      t.same(got.toUint8Array(), data.toUint8Array());
    }
  }
});

t.test("S45 a synchronous close waits until the send buffer is empty", async (t) => {
  const { client, sent } = unread(t, other);
  client.setMessagePort(null);
  const reading = readToEnd(other, 300);
  const unsent = unsentOf(client);
  const { milliseconds } = timed(() => client.close());
  t.ok(unsent() <= 1, "no more than the end");
  t.ok(milliseconds < hang, `${milliseconds} ms`);
  t.same(reading(), [sent, "end"]);
});

t.test("S45 a synchronous close waits also after the peer has ended its side", async (t) => {
  const { client, sent } = unread(t, other);
  other.call(({ state }) => {
    state.held.end();
  });
  becomesReadable(client);
  t.same([client.receiveStr(1), client.status()], ["", 0], "the end");
  client.setMessagePort(null);
  const reading = readToEnd(other, 300);
  const unsent = unsentOf(client);
  const { milliseconds } = timed(() => client.close());
  t.ok(unsent() <= 1, "no more than the end");
  t.ok(milliseconds < hang, `${milliseconds} ms`);
  t.same(reading(), [sent, "end"]);
});

t.test("S45 a synchronous close with nothing unsent returns at once", async (t) => {
  const time = await shortest(3, () => {
    const { client } = connectedPair(t);
    t.equal(client.sendStr("x"), 1);
    waitForSync(() => client.getCountSendBuf() === 0, "the acknowledgement");
    return timed(() => client.close()).milliseconds;
  });
  t.ok(time < 3, `${time} ms`);
  const fresh = await shortest(3, () => timed(() => streamSocket(t).close()).milliseconds);
  t.ok(fresh < 3, `${fresh} ms`);
});

t.test("S45 a synchronous close of a connection that the peer has reset returns", async (t) => {
  const closed = program(
    t,
    ({ pair, rosock, say }) => {
      const { client, server } = pair();
      server.setMessagePort(new rosock.RoMessagePort());
      server.close();
      // What is sent to a socket that is closed is answered by a reset, and never acknowledged.
      client.sendStr("too late");
      const start = performance.now();
      client.close();
      say(performance.now() - start);
    },
    [],
  );
  const milliseconds = (await closed.next()) as number;
  t.ok(milliseconds < hang, `${milliseconds} ms`);
});

t.test("S45 an asynchronous close returns at once, and all arrives", async (t) => {
  const { client, sent } = unread(t, other);
  t.ok(client.getCountSendBuf() > 0);
  // Nobody reads yet: it could not end otherwise.
  t.ok(timed(() => client.close()).milliseconds < hang);
  t.same(readToEnd(other, 100)(), [sent, "end"]);
});

t.test("S45 data received and not read does not make close() a reset", async (t) => {
  const { client, sent } = unread(t, other);
  other.call(({ state }) => {
    state.held.write("never read by us");
  });
  arrived(client, 16);
  client.close();
  t.same(readToEnd(other)(), [sent, "end"]);
});

t.test("S45 a listener closed with connections waiting", async (t) => {
  const listening = listener(t);
  const client = connected(t, listening.hostPort, new RoMessagePort());
  becomesReadable(listening.socket);
  listening.socket.close();
  becomesReadable(client);
  t.equal(client.receiveStr(1), "");
  t.ok([0, errno.ECONNRESET].includes(client.status()), `${client.status()}`);
  const again = streamSocket(t);
  t.equal(again.setAddress(address(listening.hostPort)), true, "its port is free again");
  t.equal(again.listen(1), true);
});

type Call = [name: string, expected: unknown, call: (socket: Socket) => unknown];

const bytes = RoByteArray.from([1, 2, 3]);
const somewhere = address("127.0.0.1:9");
/** What each gives after close(). Those before "status" also set the status. */
const setting: Call[] = [
  ["send", -1, (s) => s.send(bytes, 0, 3)],
  ["sendStr", -1, (s) => s.sendStr("x")],
  ["receive", -1, (s) => s.receive(bytes, 0, 3)],
  ["receiveStr", "", (s) => s.receiveStr(3)],
  ["setAddress", false, (s) => s.setAddress(somewhere)],
  ["setSendToAddress", false, (s) => s.setSendToAddress(somewhere)],
  ["getTTL", 0, (s) => s.getTTL()],
  ["setTTL", false, (s) => s.setTTL(1)],
  ["getReuseAddr", false, (s) => s.getReuseAddr()],
  ["setReuseAddr", false, (s) => s.setReuseAddr(true)],
  ["getOOBInline", false, (s) => s.getOOBInline()],
  ["setOOBInline", false, (s) => s.setOOBInline(true)],
  ["getSendBuf", 0, (s) => s.getSendBuf()],
  ["setSendBuf", false, (s) => s.setSendBuf(10_000)],
  ["getRcvBuf", 0, (s) => s.getRcvBuf()],
  ["setRcvBuf", false, (s) => s.setRcvBuf(10_000)],
  ["getSendTimeout", 0, (s) => s.getSendTimeout()],
  ["setSendTimeout", false, (s) => s.setSendTimeout(1)],
  ["getReceiveTimeout", 0, (s) => s.getReceiveTimeout()],
  ["setReceiveTimeout", false, (s) => s.setReceiveTimeout(1)],
];
const stream = (socket: Socket) => socket as ReturnType<typeof streamSocket>;
const udp = (socket: Socket) => socket as ReturnType<typeof datagram>["socket"];
const group = address("239.1.2.3");
const settingTCP: Call[] = [
  ["listen", false, (s) => stream(s).listen(1)],
  ["connect", false, (s) => stream(s).connect()],
  ["accept", null, (s) => stream(s).accept()],
  ["getKeepAlive", false, (s) => stream(s).getKeepAlive()],
  ["setKeepAlive", false, (s) => stream(s).setKeepAlive(true)],
  ["getLinger", 0, (s) => stream(s).getLinger()],
  ["setLinger", false, (s) => stream(s).setLinger(1)],
  ["getMaxSeg", 0, (s) => stream(s).getMaxSeg()],
  ["setMaxSeg", false, (s) => stream(s).setMaxSeg(1_000)],
  ["getNoDelay", false, (s) => stream(s).getNoDelay()],
  ["setNoDelay", false, (s) => stream(s).setNoDelay(true)],
];
const settingUDP: Call[] = [
  ["getBroadcast", false, (s) => udp(s).getBroadcast()],
  ["setBroadcast", false, (s) => udp(s).setBroadcast(true)],
  ["joinGroup", false, (s) => udp(s).joinGroup(group)],
  ["dropGroup", false, (s) => udp(s).dropGroup(group)],
  ["getMulticastLoop", false, (s) => udp(s).getMulticastLoop()],
  ["setMulticastLoop", false, (s) => udp(s).setMulticastLoop(true)],
  ["getMulticastTTL", 0, (s) => udp(s).getMulticastTTL()],
  ["setMulticastTTL", false, (s) => udp(s).setMulticastTTL(1)],
];
const asking: Call[] = [
  ["getCountRcvBuf", 0, (s) => s.getCountRcvBuf()],
  ["getCountSendBuf", 0, (s) => s.getCountSendBuf()],
  ["isReadable", false, (s) => s.isReadable()],
  ["isWritable", false, (s) => s.isWritable()],
  ["isException", false, (s) => s.isException()],
  ["notifyReadable", undefined, (s) => s.notifyReadable(true)],
  ["notifyWritable", undefined, (s) => s.notifyWritable(true)],
  ["notifyException", undefined, (s) => s.notifyException(true)],
  ["eOK", false, (s) => s.eOK()],
  ["eSuccess", false, (s) => s.eSuccess()],
];
const askingTCP: Call[] = [
  ["isListening", false, (s) => stream(s).isListening()],
  ["isConnected", false, (s) => stream(s).isConnected()],
];

for (const kind of ["TCP", "UDP"] as const) {
  for (const asynchronous of [true, false]) {
    const mode = asynchronous ? "asynchronous" : "synchronous";
    t.test(`S46 every method of a closed ${kind} socket, ${mode}`, async (t) => {
      const port = asynchronous ? new RoMessagePort() : null;
      const socket: Socket = kind === "TCP" ? connectedPair(t).client : datagram(t).socket;
      socket.setMessagePort(port);
      const id = socket.getID();
      const local = socket.getAddress().getAddress();
      const remote = kind === "TCP" ? socket.getSendToAddress().getAddress() : undefined;
      const number = descriptorOf(local, remote, kind === "TCP" ? "tcp" : "udp");
      socket.close();

      // Another socket, which gets the same descriptor number, must feel nothing of what follows.
      let heir = datagram(t);
      for (
        let tries = 0;
        descriptorOf(heir.hostPort, undefined, "udp") !== number && tries < 20;
        tries += 1
      ) {
        heir = datagram(t);
      }
      t.equal(descriptorOf(heir.hostPort, undefined, "udp"), number);
      const sender = datagram(t);
      sender.socket.setSendToAddress(heir.socket.getAddress());
      sender.socket.sendStr("for the heir");
      arrived(heir.socket, 12);
      const was = [heir.socket.getTTL(), heir.socket.getSendBuf(), heir.socket.getReuseAddr()];

      const calls = [...setting, ...(kind === "TCP" ? settingTCP : settingUDP)];
      for (const [name, expected, call] of calls) {
        t.equal(call(socket), expected, name);
        t.equal(socket.status(), errno.EBADF, `${name}: status`);
      }
      for (const [name, expected, call] of [...asking, ...(kind === "TCP" ? askingTCP : [])]) {
        t.equal(call(socket), expected, name);
        t.equal(socket.status(), errno.EBADF, `${name}: status`);
      }
      for (const get of ["getAddress", "getSendToAddress", "getReceivedFromAddress"] as const) {
        t.ok(socket[get]() instanceof RoSocketAddress, get);
      }
      t.equal(socket.getID(), id);
      t.equal(socket.close(), undefined, "a second close");
      socket.setMessagePort(new RoMessagePort());
      socket.setMessagePort(null);
      t.equal(socket.close(), undefined, "a third close");
      t.same(bytes.toUint8Array(), [1, 2, 3], "the array is untouched");

      t.same([heir.socket.getTTL(), heir.socket.getSendBuf(), heir.socket.getReuseAddr()], was);
      t.equal(heir.socket.receiveStr(100), "for the heir");
      t.equal(heir.socket.getAddress().getAddress(), heir.hostPort, "it is still bound");
    });
  }
}

t.test("S46 a socket closed before it was ever used", async (t) => {
  const socket = streamSocket(t);
  socket.close();
  t.equal(socket.setTTL(1), false, "no new descriptor is made");
  t.equal(socket.status(), errno.EBADF);
  t.equal(socket.setAddress(address(0)), false);
  t.equal(socket.connect(), false);
  t.equal(socket.status(), errno.EBADF);
});

t.test("S48 five hundred connects at once", async (t) => {
  const port = new RoMessagePort();
  const listening = listener(t, null, 1_000);
  const waiting = new Map<number, ReturnType<typeof streamSocket>>();
  for (let count = 0; count < 500; count += 1) {
    const socket = streamSocket(t, port);
    socket.notifyWritable(true);
    socket.setSendToAddress(listening.socket.getAddress());
    t.equal(socket.connect(), true);
    waiting.set(socket.getID(), socket);
  }
  for (
    let id = eventID(port);
    id !== null && waiting.size > 0;
    id = waiting.size > 0 ? eventID(port) : null
  ) {
    const socket = waiting.get(id);
    if (!socket) continue;
    socket.notifyWritable(false);
    if (!socket.isConnected()) return t.fail(`not connected: ${socket.status()}`);
    waiting.delete(id);
  }
  t.equal(waiting.size, 0);
  t.ok(staysQuiet(port));
  for (let count = 0; count < 500; count += 1) {
    const server = accept(t, listening.socket);
    server.setMessagePort(port);
    server.close();
  }
});

for (const count of [64, 500]) {
  t.test(`S48 ${count} connects pending, all refused in the end`, async (t) => {
    const port = new RoMessagePort();
    const deaf = listener(t, null, 0);
    connected(t, deaf.hostPort);
    const sockets = Array.from({ length: count }, () => {
      const socket = closing(t, streamSocket(t, port));
      socket.notifyWritable(true);
      socket.setSendToAddress(deaf.socket.getAddress());
      t.equal(socket.connect(), true);
      t.equal(socket.status(), errno.EINPROGRESS);
      return socket;
    });
    t.ok(staysQuiet(port), "all are pending");
    t.same(
      sockets.filter((socket) => socket.isConnected() || !socket.eInProgress()),
      [],
    );
    // The next try of each, about a second after the first, meets no listener.
    deaf.socket.close();
    const waiting = new Map(sockets.map((socket) => [socket.getID(), socket]));
    for (const end = performance.now() + hang; waiting.size > 0 && performance.now() < end; ) {
      const id = eventID(port, 1_000);
      const socket = id === null ? undefined : waiting.get(id);
      if (!socket) continue;
      if (!socket.eConnRefused() || socket.isConnected()) return t.fail(`status ${socket.status()}`);
      socket.close();
      waiting.delete(id!);
    }
    t.equal(waiting.size, 0, "each has had its event");
  });
}

t.test("S45-S48 no descriptor left behind", async (t) => {
  t.same(await leftDescriptors(before), []);
});
