import { constants } from "node:os";
import { RoByteArray, RoDataGramSocket, RoMessagePort, RoSocketAddress, type RoStreamSocket } from "rosock";
import t, { type Test } from "tap";
import { arrived } from "../support/events.js";
import type { Socket } from "../support/index.js";
import {
  address,
  closing,
  connectedPair,
  datagram,
  leftDescriptors,
  listener,
  openDescriptors,
  peer,
  refusing,
  skipWithout,
  streamSocket,
  unanswering,
} from "../support/index.js";
import { program } from "../support/program.js";

const { errno } = constants;
const shared = peer(t);
const before = openDescriptors();

const commonTests = [
  "eAgain",
  "eAlready",
  "eBadAddr",
  "eDestAddrReq",
  "eHostUnreach",
  "eInvalid",
  "eInProgress",
  "eWouldBlock",
  "eSuccess",
  "eOK",
] as const;
const streamTests = [
  ...commonTests,
  "eConnAborted",
  "eConnRefused",
  "eConnReset",
  "eIsConn",
  "eNotConn",
] as const;

/** Gives the socket the status EINVAL, by a call that fails in every state and does nothing. */
function spoil(socket: Socket): void {
  const sent = socket.send(new RoByteArray(), -1, 1);
  if (sent !== -1 || socket.status() !== errno.EINVAL) throw new Error(`sent ${sent}, ${socket.status()}`);
}

const byUnconnected: [string, (socket: RoStreamSocket) => unknown][] = [
  ["isListening", (socket) => socket.isListening()],
  ["isConnected", (socket) => socket.isConnected()],
  ["setMessagePort", (socket) => socket.setMessagePort(new RoMessagePort())],
  ["getMessagePort", (socket) => socket.getMessagePort()],
  ["lastError", (socket) => socket.lastError()],
  ...streamTests.map((name): [string, (socket: RoStreamSocket) => unknown] => [name, (s) => s[name]()]),
];
const byAny: [string, (socket: Socket) => unknown][] = [
  ["isReadable", (socket) => socket.isReadable()],
  ["isWritable", (socket) => socket.isWritable()],
  ["isException", (socket) => socket.isException()],
  ["getCountRcvBuf", (socket) => socket.getCountRcvBuf()],
  ["getCountSendBuf", (socket) => socket.getCountSendBuf()],
  ["getID", (socket) => socket.getID()],
  ["status", (socket) => socket.status()],
  ["notifyReadable", (socket) => socket.notifyReadable(true)],
  ["notifyWritable", (socket) => socket.notifyWritable(true)],
  ["notifyException", (socket) => socket.notifyException(true)],
  ["notifyReadable off", (socket) => socket.notifyReadable(false)],
  ["notifyWritable off", (socket) => socket.notifyWritable(false)],
  ["notifyException off", (socket) => socket.notifyException(false)],
];

t.test("S29 a new socket's status is 0", async (t) => {
  for (const socket of [streamSocket(t), closing(t, new RoDataGramSocket())]) {
    t.equal(socket.status(), 0);
    t.equal(socket.eSuccess(), true);
    t.equal(socket.eOK(), true);
  }
});

t.test("S29 is…, getCount…, getID, e… and the notify calls leave the status alone", async (t) => {
  const fresh = streamSocket(t);
  const { client } = connectedPair(t, { client: new RoMessagePort() });
  const udp = datagram(t).socket;
  for (const socket of [fresh, client, udp]) spoil(socket);
  for (const socket of [fresh, client]) {
    for (const [name, call] of byUnconnected) {
      call(socket);
      t.equal(socket.status(), errno.EINVAL, name);
    }
  }
  for (const socket of [fresh, client, udp]) {
    for (const [name, call] of byAny) {
      call(socket);
      t.equal(socket.status(), errno.EINVAL, name);
    }
  }
  // A call that fails, or would, leaves a status of 0 alone too.
  t.ok(fresh.setTTL(64));
  for (const [name, call] of [...byAny, ...byUnconnected]) {
    call(fresh);
    t.equal(fresh.status(), 0, `${name} after a success`);
  }
});

/** A call that succeeds must clear the status, one that fails must set it. */
function sets(t: Test, socket: Socket, name: string, call: () => unknown, status = 0): void {
  spoil(socket);
  call();
  t.equal(socket.status(), status, name);
}

t.test("S29 data, address, option and connection calls of TCP set it", async (t) => {
  const socket = streamSocket(t);
  sets(t, socket, "setAddress", () => socket.setAddress(address(0)));
  sets(t, socket, "listen", () => socket.listen(4));
  const client = streamSocket(t);
  sets(t, client, "setSendToAddress", () => client.setSendToAddress(socket.getAddress()));
  sets(t, client, "connect", () => client.connect());
  sets(t, client, "connect again", () => client.connect());
  let server: RoStreamSocket | null = null;
  sets(t, socket, "accept", () => {
    server = socket.accept();
  });
  closing(t, server!).sendStr("abcd");
  arrived(client, 4);
  const bytes = RoByteArray.from([1, 2, 3]);
  sets(t, client, "receive", () => client.receive(bytes, 0, 2));
  sets(t, client, "receiveStr", () => client.receiveStr(2));
  sets(t, client, "send", () => client.send(bytes, 0, 3));
  sets(t, client, "sendStr", () => client.sendStr("x"));
  for (const name of ["KeepAlive", "NoDelay", "ReuseAddr", "OOBInline"] as const) {
    sets(t, client, `set${name}`, () => client[`set${name}`](true));
    sets(t, client, `get${name}`, () => client[`get${name}`]());
  }
  for (const name of ["Linger", "SendTimeout", "ReceiveTimeout", "TTL", "SendBuf", "RcvBuf"] as const) {
    sets(t, client, `set${name}`, () => client[`set${name}`](name === "TTL" ? 60 : 0));
    sets(t, client, `get${name}`, () => client[`get${name}`]());
  }
  sets(t, client, "setMaxSeg", () => client.setMaxSeg(1000));
  sets(t, client, "getMaxSeg", () => client.getMaxSeg());

  const fails = streamSocket(t, new RoMessagePort());
  const elsewhere = address("192.0.2.1:0");
  sets(t, fails, "setAddress", () => fails.setAddress(elsewhere), errno.EADDRNOTAVAIL);
  t.ok(fails.setTTL(64));
  t.equal(fails.listen(1), false);
  t.equal(fails.status(), errno.EINVAL, "listen");
  sets(t, fails, "receive", () => fails.receive(bytes, 0, 1), errno.ENOTCONN);
  sets(t, fails, "receiveStr", () => fails.receiveStr(1), errno.ENOTCONN);
  spoil(fails);
  t.equal(fails.sendStr("x"), -1);
  t.ok([errno.EPIPE, errno.ENOTCONN].includes(fails.status()), `sendStr: ${fails.status()}`);
  t.ok(fails.setTTL(64));
  t.equal(fails.accept(), null);
  t.equal(fails.status(), errno.EINVAL, "accept");
  t.ok(fails.setNoDelay(true));
  t.equal(fails.setTTL(0), false);
  t.equal(fails.status(), errno.EINVAL, "setTTL");
});

t.test("S29 data, address and option calls of UDP set it", async (t) => {
  const { socket } = datagram(t, new RoMessagePort());
  const other = datagram(t);
  const bytes = RoByteArray.from([1, 2, 3]);
  sets(t, socket, "sendStr without an address", () => socket.sendStr("x"), errno.EDESTADDRREQ);
  sets(t, socket, "setSendToAddress", () => socket.setSendToAddress(other.socket.getAddress()));
  sets(t, socket, "sendStr", () => socket.sendStr("x"));
  sets(t, socket, "send", () => socket.send(bytes, 0, 3));
  sets(t, socket, "receive with nothing there", () => socket.receive(bytes, 0, 3), errno.EAGAIN);
  arrived(other.socket);
  sets(t, other.socket, "receive", () => other.socket.receive(bytes, 0, 3));
  arrived(other.socket);
  sets(t, other.socket, "receiveStr", () => other.socket.receiveStr(3));
  for (const name of ["Broadcast", "MulticastLoop"] as const) {
    sets(t, socket, `set${name}`, () => socket[`set${name}`](true));
    sets(t, socket, `get${name}`, () => socket[`get${name}`]());
  }
  sets(t, socket, "setMulticastTTL", () => socket.setMulticastTTL(2));
  sets(t, socket, "getMulticastTTL", () => socket.getMulticastTTL());
  sets(t, socket, "bound again", () => socket.setAddress(address(0)), errno.EINVAL);
});

type Tests = readonly (typeof streamTests)[number][];

/** Exactly `expected` of the e… methods hold. */
function holds(t: Test, socket: RoStreamSocket, number: number, expected: Tests): void {
  t.equal(socket.status(), number);
  t.same(
    streamTests.filter((name) => socket[name]()),
    streamTests.filter((name) => expected.includes(name)),
  );
}

t.test("S30 each e… method is true of its own numbers only", async (t) => {
  const port = new RoMessagePort();

  await t.test("S30 EAGAIN: eAgain and eWouldBlock alike", async (t) => {
    const { client } = connectedPair(t, { client: port });
    holds(t, client, 0, ["eSuccess", "eOK"]);
    t.equal(client.receiveStr(1), "");
    holds(t, client, errno.EAGAIN, ["eAgain", "eWouldBlock", "eOK"]);
    t.equal(errno.EAGAIN, errno.EWOULDBLOCK);
  });

  await t.test("S30 EINPROGRESS, then EALREADY", async (t) => {
    const socket = streamSocket(t, port);
    socket.setSendToAddress(unanswering(t).socket.getAddress());
    t.equal(socket.connect(), true);
    holds(t, socket, errno.EINPROGRESS, ["eInProgress", "eOK"]);
    t.equal(socket.connect(), true);
    holds(t, socket, errno.EALREADY, ["eAlready", "eOK"]);
  });

  await t.test("S30 ECONNREFUSED", async (t) => {
    const socket = streamSocket(t);
    socket.setSendToAddress(refusing(t).socket.getAddress());
    t.equal(socket.connect(), false);
    holds(t, socket, errno.ECONNREFUSED, ["eConnRefused"]);
  });

  await t.test("S30 EISCONN and ENOTCONN", async (t) => {
    const { client } = connectedPair(t);
    client.setSendToAddress(listener(t).socket.getAddress());
    t.equal(client.connect(), false);
    holds(t, client, errno.EISCONN, ["eIsConn"]);
    const socket = streamSocket(t);
    t.equal(socket.receiveStr(1), "");
    holds(t, socket, errno.ENOTCONN, ["eNotConn"]);
  });

  await t.test("S30 EINVAL and EDESTADDRREQ", async (t) => {
    const socket = streamSocket(t);
    t.equal(socket.listen(1), false);
    holds(t, socket, errno.EINVAL, ["eInvalid"]);
    const udp = datagram(t).socket;
    t.equal(udp.sendStr("x"), -1);
    t.equal(udp.status(), errno.EDESTADDRREQ);
    t.same(
      commonTests.filter((name) => udp[name]()),
      ["eDestAddrReq"],
    );
  });

  await t.test("S30 ECONNRESET", async (t) => {
    const listening = listener(t);
    shared.call(async ({ net, once, state }, to) => {
      state.reset = net.connect(to, "127.0.0.1");
      await once(state.reset, "connect");
    }, listening.portNumber);
    const server = closing(t, listening.socket.accept()!);
    shared.call(({ state }) => {
      state.reset.resetAndDestroy();
    });
    t.equal(server.receiveStr(1), "");
    holds(t, server, errno.ECONNRESET, ["eConnReset"]);
  });

  await t.test("S30 a number without a method of its own", async (t) => {
    const socket = streamSocket(t);
    t.equal(socket.setAddress(listener(t).socket.getAddress()), false);
    holds(t, socket, errno.EADDRINUSE, []);
  });
});

const namespace = ["unshare", "--map-root-user", "--net"];

t.test("S30 EHOSTUNREACH and ECONNABORTED", { skip: skipWithout("ip") }, async (t) => {
  const far = program(
    t,
    ({ rosock, address, childProcess, pair, say }) => {
      const run = (...words: string[]) => childProcess.spawnSync(words[0]!, words.slice(1)).status === 0;
      if (
        !run("ip", "link", "set", "lo", "up") ||
        !run("ip", "route", "add", "unreachable", "192.0.2.0/24")
      ) {
        say("no namespace");
        return;
      }
      const socket = new rosock.RoStreamSocket();
      socket.setSendToAddress(address("192.0.2.1:80"));
      say([socket.connect(), socket.status(), socket.eHostUnreach(), socket.eOK(), socket.eConnRefused()]);
      const { client } = pair();
      run("ss", "-K", "sport", "=", `:${client.getAddress().getPort()}`);
      client.setReceiveTimeout(1);
      say([client.receiveStr(1), client.status(), client.eConnAborted(), client.eOK(), client.eConnReset()]);
    },
    [],
    namespace,
  );
  const first = await far.next().catch(() => "no namespace");
  if (first === "no namespace") return t.pass("this machine allows no network namespace");
  t.same(first, [false, errno.EHOSTUNREACH, true, false, false]);
  const second = (await far.next()) as unknown[];
  // Not every kernel can end another's connection.
  if (second[1] !== errno.EAGAIN) t.same(second, ["", errno.ECONNABORTED, true, false, false]);
});

t.test("S31 eBadAddr is true of EADDRNOTAVAIL, and of no other trouble with an address", async (t) => {
  const socket = streamSocket(t);
  t.equal(socket.setAddress(address("192.0.2.1:0")), false);
  t.equal(socket.status(), errno.EADDRNOTAVAIL);
  t.equal(socket.eBadAddr(), true);
  t.equal(socket.eOK(), false);
  const udp = closing(t, new RoDataGramSocket());
  t.equal(udp.setAddress(address("192.0.2.1:0")), false);
  t.equal(udp.eBadAddr(), true);
  t.equal(udp.setAddress(address(0)), true);
  t.equal(udp.eBadAddr(), false);
  const taken = streamSocket(t);
  t.equal(taken.setAddress(listener(t).socket.getAddress()), false);
  t.equal(taken.status(), errno.EADDRINUSE);
  t.equal(taken.eBadAddr(), false);
  const invalid = new RoSocketAddress();
  t.equal(invalid.setAddress("1.2.3"), false);
  t.equal(socket.setAddress(invalid), false);
  t.equal(socket.eOK(), false);
});

t.test("S29-S31 no descriptor left behind", async (t) => {
  t.same(await leftDescriptors(before), []);
});
