import { constants } from "node:os";
import { RoByteArray, RoDataGramSocket, RoMessagePort } from "rosock";
import t from "tap";
import {
  address,
  closing,
  datagram,
  eventID,
  leftDescriptors,
  openDescriptors,
  peer,
  skipWithout,
  waitForSync,
} from "../support/index.js";

const { EAGAIN, EDESTADDRREQ, EMSGSIZE } = constants.errno;
const other = peer(t);
const before = openDescriptors();

/** A dgram socket in the peer, as state[name], that keeps what it gets in state[name + "Got"]; gives its port. */
function peerSocket(name: string): number {
  return other.call(async ({ dgram, state, once }, name) => {
    const socket = dgram.createSocket("udp4");
    state[name] = socket;
    state[`${name}Got`] = [];
    socket.on("message", (data, from) => state[`${name}Got`].push([data.toString("latin1"), from.port]));
    socket.bind(0, "127.0.0.1");
    await once(socket, "listening");
    return socket.address().port;
  }, name);
}

function got(name: string, count: number): [string, number][] {
  return other.call(
    async ({ state }, name, count) => {
      const end = performance.now() + 60_000;
      while (state[`${name}Got`].length < count && performance.now() < end) {
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
      return state[`${name}Got`].splice(0) as [string, number][];
    },
    name,
    count,
  );
}

function say(name: string, text: string, portNumber: number): void {
  other.call(
    ({ state }, name, text, portNumber) =>
      new Promise<null>((resolve, reject) =>
        state[name].send(Buffer.from(text, "latin1"), portNumber, "127.0.0.1", (error: Error | null) =>
          error ? reject(error) : resolve(null),
        ),
      ),
    name,
    text,
    portNumber,
  );
}

const first = peerSocket("first");
const second = peerSocket("second");
t.teardown(() =>
  other.call(({ state }) => {
    for (const name of ["first", "second"]) state[name].close();
  }),
);

t.test("S27 sendStr and send go to the send-to address, which may change", async (t) => {
  const { socket, portNumber } = datagram(t);
  socket.setSendToAddress(address(first));
  t.equal(socket.sendStr("one"), 3);
  t.equal(socket.status(), 0);
  t.equal(socket.send(RoByteArray.from([9, 8, 7, 6]), 1, 2), 2);
  socket.setSendToAddress(address(second));
  t.equal(socket.sendStr("two"), 3);
  t.strictSame(got("first", 2), [
    ["one", portNumber],
    ["\b\u0007", portNumber],
  ]);
  t.strictSame(got("second", 1), [["two", portNumber]]);
});

t.test("S27 receive and receiveStr set getReceivedFromAddress", async (t) => {
  for (const port of [null, new RoMessagePort()]) {
    const { socket, portNumber } = datagram(t, port);
    t.equal(socket.getReceivedFromAddress().getAddress(), "0.0.0.0:0", "before anything was received");
    say("first", "a", portNumber);
    say("second", "b", portNumber);
    waitForSync(() => socket.isReadable(), "the datagrams");
    const bytes = new RoByteArray();
    t.equal(socket.receive(bytes, 0, 100), 1);
    t.equal(socket.getReceivedFromAddress().getAddress(), `127.0.0.1:${first}`);
    waitForSync(() => socket.isReadable(), "the second");
    t.equal(socket.receiveStr(100), "b");
    t.equal(socket.getReceivedFromAddress().getAddress(), `127.0.0.1:${second}`);
    t.equal(socket.getSendToAddress().getAddress(), "0.0.0.0:0", "which is another matter");
  }
});

t.test("S27 an answer goes to the address received from", async (t) => {
  const { socket, portNumber } = datagram(t);
  socket.setSendToAddress(address(first));
  say("second", "question", portNumber);
  t.equal(socket.receiveStr(100), "question", "from another than the send-to address");
  socket.setSendToAddress(socket.getReceivedFromAddress());
  socket.sendStr("answer");
  t.strictSame(got("second", 1), [["answer", portNumber]]);
});

t.test("S27 a socket that was never bound sends, and gets the answer", async (t) => {
  const socket = closing(t, new RoDataGramSocket());
  socket.setReceiveTimeout(5);
  socket.setSendToAddress(address(first));
  t.equal(socket.sendStr("hello"), 5);
  const [[, from = 0] = []] = got("first", 1);
  t.equal(socket.getAddress().getPort(), from);
  say("first", "welcome", from);
  t.equal(socket.receiveStr(100), "welcome");
});

t.test("S27 a send without an address is -1 with EDESTADDRREQ", async (t) => {
  const { socket } = datagram(t);
  t.equal(socket.sendStr("x"), -1);
  t.equal(socket.status(), EDESTADDRREQ);
  t.equal(socket.eDestAddrReq(), true);
  t.equal(socket.eOK(), false);
});

t.test("S27 a datagram longer than asked is cut, and its rest is gone", async (t) => {
  const { socket, portNumber } = datagram(t, new RoMessagePort());
  for (const text of ["0123456789", "abcdefghij", "end"]) say("first", text, portNumber);
  waitForSync(() => socket.isReadable(), "the datagrams");
  t.equal(socket.receiveStr(4), "0123");
  t.equal(socket.status(), 0);
  const bytes = RoByteArray.from([1, 2, 3, 4, 5, 6]);
  t.equal(socket.receive(bytes, 1, 3), 3);
  t.equal(socket.status(), 0);
  t.strictSame([...bytes.toUint8Array()], [1, 97, 98, 99, 5, 6]);
  t.equal(socket.receiveStr(100), "end");
  t.equal(socket.receiveStr(100), "");
  t.equal(socket.status(), EAGAIN);
});

t.test("S27 empty datagrams are sent", async (t) => {
  const { socket, portNumber } = datagram(t);
  socket.setSendToAddress(address(first));
  t.equal(socket.sendStr(""), 0);
  t.equal(socket.status(), 0);
  t.equal(socket.send(RoByteArray.from([1]), 0, 0), 0);
  t.equal(socket.status(), 0);
  socket.sendStr("after");
  t.strictSame(got("first", 3), [
    ["", portNumber],
    ["", portNumber],
    ["after", portNumber],
  ]);
});

t.test("S27 an empty datagram is readable, an event, and not the same as nothing", async (t) => {
  const port = new RoMessagePort();
  const { socket, portNumber } = datagram(t, port);
  socket.notifyReadable(true);
  t.equal(socket.isReadable(), false);
  say("second", "", portNumber);
  t.equal(eventID(port), socket.getID());
  t.equal(socket.isReadable(), true);
  t.equal(socket.getCountRcvBuf(), 0);
  const bytes = new RoByteArray();
  t.equal(socket.receive(bytes, 0, 100), 0);
  t.equal(socket.status(), 0);
  t.equal(socket.getReceivedFromAddress().getAddress(), `127.0.0.1:${second}`);
  t.equal(socket.receive(bytes, 0, 100), -1);
  t.equal(socket.status(), EAGAIN);
  say("first", "", portNumber);
  say("first", "then", portNumber);
  waitForSync(() => socket.isReadable(), "the datagrams");
  t.equal(socket.receiveStr(100), "");
  t.equal(socket.eSuccess(), true);
  t.equal(socket.receiveStr(100), "then", "what follows an empty one is still there");
});

t.test("S27 a datagram of 65,507 bytes arrives, one byte more is EMSGSIZE", async (t) => {
  const from = datagram(t);
  const to = datagram(t);
  from.socket.setSendToAddress(address(to.hostPort));
  const bytes = RoByteArray.from(Uint8Array.from({ length: 65_508 }, (_, index) => index % 251));
  t.equal(from.socket.send(bytes, 0, 65_508), -1);
  t.equal(from.socket.status(), EMSGSIZE);
  t.equal(from.socket.eOK(), false);
  t.equal(from.socket.send(bytes, 0, 65_507), 65_507);
  const received = new RoByteArray();
  t.equal(to.socket.receive(received, 0, 100_000), 65_507);
  t.strictSame(received.toUint8Array(), bytes.toUint8Array().subarray(0, 65_507));
});

t.test("S27 a synchronous receive waits for a datagram", async (t) => {
  const { socket, portNumber } = datagram(t);
  other.start(({ state }, portNumber) => {
    setTimeout(() => state.first.send("soon", portNumber, "127.0.0.1"), 40);
  }, portNumber);
  t.equal(socket.receiveStr(100), "soon");
  t.equal(socket.status(), 0);
});

t.test("S27 10,000 in a row, each received before the next, none lost or changed", async (t) => {
  const from = datagram(t);
  const to = datagram(t);
  from.socket.setSendToAddress(address(to.hostPort));
  to.socket.setReceiveTimeout(5);
  let wrong = 0;
  for (let n = 0; n < 10_000; n++) {
    const text = `datagram ${n}`;
    if (from.socket.sendStr(text) !== text.length || to.socket.receiveStr(100) !== text) wrong++;
  }
  t.equal(wrong, 0);
});

t.test("S27 socat answers over UDP", { skip: skipWithout("socat") }, async (t) => {
  const portNumber = other.call(async ({ childProcess, state, fs }) => {
    state.socat = childProcess.spawn("socat", ["UDP4-RECVFROM:0,bind=127.0.0.1", "SYSTEM:tr a-z A-Z"], {
      stdio: "ignore",
    });
    for (;;) {
      const inodes = fs
        .readdirSync(`/proc/${state.socat.pid}/fd`)
        .map((fd) => fs.readlinkSync(`/proc/${state.socat.pid}/fd/${fd}`));
      for (const row of fs.readFileSync("/proc/net/udp", "utf8").trim().split("\n").slice(1)) {
        const field = row.trim().split(/\s+/);
        if (inodes.includes(`socket:[${field[9]}]`)) return Number.parseInt(field[1]!.split(":")[1]!, 16);
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  });
  const socket = closing(t, new RoDataGramSocket());
  socket.setReceiveTimeout(5);
  socket.setSendToAddress(address(portNumber));
  socket.sendStr("loud");
  t.equal(socket.receiveStr(100), "LOUD");
});

t.test("no descriptor is left", async (t) => {
  t.strictSame(await leftDescriptors(before), []);
});
