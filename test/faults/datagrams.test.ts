import { readFileSync } from "node:fs";
import { constants } from "node:os";
import { RoByteArray, RoDataGramSocket, RoMessagePort } from "rosock";
import t from "tap";
import { openAtRest } from "../support/at-rest.js";
import { staysQuiet } from "../support/events.js";
import {
  address,
  closing,
  collectGarbage,
  datagram,
  eventID,
  leftDescriptors,
  peer,
  type Scope,
  waitFor,
  waitForSync,
} from "../support/index.js";
import { pattern } from "../support/pattern.js";
import { dropped, receiveBurst } from "../support/scenarios.js";

const { EACCES, EADDRINUSE, EADDRNOTAVAIL, EINVAL, EMSGSIZE, ENOBUFS } = constants.errno;
const other = peer(t);
const before = openAtRest();

/** A UDP socket that receives from everywhere. */
function anywhere(
  t: Scope,
  port: RoMessagePort | null = null,
): { socket: RoDataGramSocket; portNumber: number } {
  const socket = closing(t, new RoDataGramSocket());
  if (!socket.setAddress(address("0.0.0.0:0"))) throw new Error(`setAddress failed: ${socket.status()}`);
  if (port) socket.setMessagePort(port);
  return { socket, portNumber: socket.getAddress().getPort() };
}

t.test(
  "10,000 in a row from another process: in order, each once, none but those the kernel dropped",
  async (t) => {
    receiveBurst(t, other, 10_000);
  },
);

t.test("10,000 in a row to another process, as fast as the system takes them", async (t) => {
  const portNumber = other.call(async ({ dgram, once, state }) => {
    const receiver = dgram.createSocket({ type: "udp4", recvBufferSize: 4_000_000 });
    state.got = { receiver, count: 0, last: -1, wrong: 0 };
    receiver.on("message", (data) => {
      const number = Number.parseInt(data.toString(), 10);
      if (number <= state.got.last || data.length !== 100) state.got.wrong++;
      state.got.last = number;
      state.got.count++;
    });
    receiver.bind(0, "127.0.0.1");
    await once(receiver, "listening");
    return receiver.address().port;
  });
  const { socket } = datagram(t);
  socket.setSendToAddress(address(portNumber));
  for (let number = 0; number < 10_000; number++) {
    if (socket.sendStr(`${number}`.padEnd(100)) !== 100) t.fail(`status ${socket.status()}`);
  }
  socket.sendStr("10000".padEnd(100));
  const drops = dropped(portNumber);
  const got = other.call(async ({ state }, drops) => {
    const { got } = state;
    const end = performance.now() + 60_000;
    while (got.count + drops < 10_001 && performance.now() < end) {
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    got.receiver.close();
    return [got.count, got.wrong] as const;
  }, drops);
  t.strictSame(got, [10_001 - drops, 0]);
});

t.test("datagram of 65,507 bytes, to and from another program; one more (EMSGSIZE)", async (t) => {
  const { socket, portNumber } = datagram(t);
  const remote = other.call(async ({ dgram, once, state }) => {
    state.echo = dgram.createSocket("udp4");
    state.echo.on("message", (data: Buffer, from: { port: number }) =>
      state.echo.send(data, from.port, "127.0.0.1"),
    );
    state.echo.bind(0, "127.0.0.1");
    await once(state.echo, "listening");
    return state.echo.address().port as number;
  });
  t.ok(portNumber !== remote);
  socket.setSendToAddress(address(remote));
  socket.setReceiveTimeout(5);
  const got = new RoByteArray();
  for (const size of [65_507, 65_506, 1, 1_472, 1_473]) {
    t.equal(socket.send(pattern(), size, size), size);
    t.equal(socket.receive(got, 0, 70_000), size);
    t.equal(
      Buffer.compare(
        got.toUint8Array().subarray(0, size),
        pattern()
          .toUint8Array()
          .subarray(size, 2 * size),
      ),
      0,
    );
  }
  for (const size of [65_508, 65_535, 65_536, 1_000_000]) {
    t.equal(socket.send(pattern(), 0, size), -1);
    t.equal(socket.status(), EMSGSIZE);
    t.equal(socket.sendStr("x".repeat(size)), -1);
    t.equal(socket.status(), EMSGSIZE);
  }
  t.equal(socket.sendStr("still"), 5);
  t.equal(socket.receiveStr(10), "still");
  other.call(({ state }) => void state.echo.close());
});

t.test("truncated receive, of each size, and with 0 asked", async (t) => {
  const port = new RoMessagePort();
  const { socket, portNumber } = datagram(t, port);
  const { socket: sender } = datagram(t);
  sender.setSendToAddress(address(portNumber));
  socket.notifyReadable(true);
  const into = new RoByteArray();
  for (let size = 1; size <= 10; size++) sender.sendStr("0123456789");
  for (let size = 1; size <= 10; size++) {
    t.equal(eventID(port), socket.getID());
    t.equal(socket.receive(into, 0, size), size);
    t.equal(socket.status(), 0);
    t.equal(into.toAsciiString(), "0123456789".slice(0, size));
  }
  sender.sendStr("gone");
  sender.sendStr("here");
  t.equal(socket.receive(into, 0, 0), 0);
  t.equal(socket.receiveStr(10), "here");
  t.equal(socket.receiveStr(10), "");
  t.equal(socket.eAgain(), true);
  t.ok(staysQuiet(port));
});

t.test("unreachable port: sends to nobody do not disturb those to somebody", async (t) => {
  const port = new RoMessagePort();
  const gone = datagram(t);
  gone.socket.close();
  const { socket: receiver, portNumber } = datagram(t);
  const { socket } = datagram(t, port);
  for (const notify of ["notifyReadable", "notifyException"] as const) socket[notify](true);
  for (let time = 0; time < 50; time++) {
    socket.setSendToAddress(address(gone.portNumber));
    t.equal(socket.sendStr("nobody"), 6);
    t.equal(socket.status(), 0);
    socket.setSendToAddress(address(portNumber));
    t.equal(socket.sendStr(`somebody ${time}`), `somebody ${time}`.length);
    t.equal(receiver.receiveStr(100), `somebody ${time}`);
  }
  t.ok(staysQuiet(port));
});

/** A group of this process alone, since all that run on this machine share its loopback interface. */
const groupOf = (number: number): string => `239.${number}.${(process.pid >> 8) & 255}.${process.pid & 255}`;

/** The groups joined on the loopback interface. */
function groupsOnLoopback(): string[] {
  const text = readFileSync("/proc/net/igmp", "utf8");
  const lines = /^\d+\tlo .*\n((?:\t.*\n)*)/m.exec(text)?.[1]?.trim().split("\n") ?? [];
  return lines.map((line) => Buffer.from(line.trim().split(/\s+/)[0]!, "hex").reverse().join("."));
}

t.test("multicast on loopback: join, drop, twice", async (t) => {
  const group = groupOf(1);
  const { socket } = datagram(t);
  t.notOk(groupsOnLoopback().includes(group));
  t.equal(socket.dropGroup(address(group)), false, "never joined");
  t.equal(socket.status(), EADDRNOTAVAIL);
  t.equal(socket.joinGroup(address(group)), true);
  t.ok(groupsOnLoopback().includes(group), "a socket bound to 127.0.0.1 joins there");
  t.equal(socket.joinGroup(address(group)), false, "twice");
  t.equal(socket.status(), EADDRINUSE);
  t.equal(socket.dropGroup(address(group)), true);
  t.notOk(groupsOnLoopback().includes(group));
  t.equal(socket.dropGroup(address(group)), false, "twice");
  t.equal(socket.joinGroup(address(group)), true, "and again");

  const second = datagram(t).socket;
  t.equal(second.joinGroup(address(group)), true, "another socket, too");
  socket.close();
  t.ok(groupsOnLoopback().includes(group), "as long as one is left");
  second.close();
  t.notOk(groupsOnLoopback().includes(group), "close drops");

  (() => {
    const lost = new RoDataGramSocket();
    lost.setAddress(address(0));
    lost.joinGroup(address(group));
  })();
  await waitFor(() => {
    collectGarbage();
    return !groupsOnLoopback().includes(group);
  }, "the group of a socket that was dropped to be left");
});

t.test("multicast on loopback: what is sent to the group arrives while it is joined", async (t) => {
  const port = new RoMessagePort();
  const { socket: member } = datagram(t);
  const { socket: receiver, portNumber } = anywhere(t, port);
  receiver.notifyReadable(true);
  const { socket: sender, hostPort } = datagram(t);
  sender.setSendToAddress(address(`${groupOf(2)}:${portNumber}`));
  t.equal(sender.sendStr("too early"), 9);
  t.ok(staysQuiet(port));
  t.equal(member.joinGroup(address(groupOf(2))), true);
  t.equal(sender.sendStr("hello"), 5);
  t.equal(eventID(port), receiver.getID());
  t.equal(receiver.receiveStr(10), "hello");
  t.equal(receiver.getReceivedFromAddress().getAddress(), hostPort);
  receiver.setSendToAddress(receiver.getReceivedFromAddress());
  t.equal(receiver.sendStr("answer"), 6);
  sender.setReceiveTimeout(5);
  t.equal(sender.receiveStr(10), "answer");
  t.equal(member.dropGroup(address(groupOf(2))), true);
  t.equal(sender.sendStr("too late"), 8);
  t.ok(staysQuiet(port));
});

t.test("multicast: addresses that are no group, and more groups than Linux allows a socket", async (t) => {
  const { socket } = datagram(t);
  for (const none of ["127.0.0.1", "0.0.0.0", "223.255.255.255", "240.0.0.0", "255.255.255.255"]) {
    t.equal(socket.joinGroup(address(none)), false, none);
    t.equal(socket.status(), EINVAL, none);
    t.equal(socket.dropGroup(address(none)), false, none);
    t.equal(socket.status(), EINVAL, none);
  }
  for (const edge of ["224.0.0.0", "239.255.255.255"]) {
    t.equal(socket.joinGroup(address(`${edge}:1234`)), true, `${edge}, whatever the port`);
    t.equal(socket.dropGroup(address(edge)), true);
  }
  const most = Number(readFileSync("/proc/sys/net/ipv4/igmp_max_memberships", "utf8"));
  if (most > 200) return;
  for (let count = 0; count < most; count++) t.equal(socket.joinGroup(address(groupOf(count))), true);
  t.equal(socket.joinGroup(address(groupOf(200))), false);
  t.equal(socket.status(), ENOBUFS);
  t.equal(socket.dropGroup(address(groupOf(0))), true);
  t.equal(socket.joinGroup(address(groupOf(200))), true);
});

t.test("broadcast with and without permission", async (t) => {
  const port = new RoMessagePort();
  const { socket: receiver, portNumber } = anywhere(t, port);
  receiver.notifyReadable(true);
  const { socket } = datagram(t);
  socket.setSendToAddress(address(`127.255.255.255:${portNumber}`));
  t.equal(socket.getBroadcast(), false);
  t.equal(socket.sendStr("x"), -1);
  t.equal(socket.status(), EACCES);
  t.equal(socket.eOK(), false);
  t.ok(staysQuiet(port));
  t.equal(socket.setBroadcast(true), true);
  t.equal(socket.sendStr("everybody"), 9);
  t.equal(eventID(port), receiver.getID());
  t.equal(receiver.receiveStr(10), "everybody");
  t.equal(receiver.receiveStr(10), "", "once");
  t.equal(socket.setBroadcast(false), true);
  t.equal(socket.sendStr("x"), -1);
  t.equal(socket.status(), EACCES);
});

t.test("a peer that never reads its datagrams: they are dropped, the sends go on", async (t) => {
  const { socket: lazy, portNumber } = datagram(t);
  lazy.setRcvBuf(1);
  const { socket } = datagram(t, new RoMessagePort());
  socket.setSendToAddress(address(portNumber));
  for (let time = 0; time < 1_000; time++) {
    if (socket.sendStr("x".repeat(500)) !== 500) t.fail(`status ${socket.status()}`);
  }
  waitForSync(() => lazy.getCountRcvBuf() === 500, "the first, whose size is told");
  t.ok(dropped(portNumber) > 900);
});

t.test("no descriptor is left", async (t) => {
  t.strictSame(await leftDescriptors(before), []);
});
