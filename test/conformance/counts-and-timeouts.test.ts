import { constants } from "node:os";
import { RoByteArray, RoDataGramSocket, RoMessagePort, RoStreamSocket } from "rosock";
import t, { type Test } from "tap";
import { fill, fixBuffers, whenFull } from "../support/events.js";
import {
  accept,
  address,
  closing,
  connectedPair,
  datagram,
  hang,
  kernelSocket,
  leftDescriptors,
  listener,
  openDescriptors,
  peer,
  remote,
  reset,
  streamSocket,
  timed,
  waitForSync,
} from "../support/index.js";

const { EAGAIN } = constants.errno;
const other = peer(t);
const before = openDescriptors();

for (const mode of ["synchronous", "asynchronous"]) {
  t.test(`S25 getCountRcvBuf is live in a busy loop that touches nothing else, ${mode}`, async (t) => {
    const socket = remote(t, other);
    if (mode === "asynchronous") socket.setMessagePort(new RoMessagePort());
    t.equal(socket.getCountRcvBuf(), 0);
    other.start(({ state }) => {
      state.socket.write("abc");
      setTimeout(() => state.socket.write("defgh"), 10);
      return null;
    });
    const seen: number[] = [];
    const end = performance.now() + hang;
    while (seen.at(-1) !== 8 && performance.now() < end) {
      const count = socket.getCountRcvBuf();
      if (count !== seen.at(-1)) seen.push(count);
    }
    t.equal(seen.at(-1), 8);
    t.equal(socket.receiveStr(5), "abcde");
    t.equal(socket.getCountRcvBuf(), 3);
    t.equal(socket.receiveStr(5), "fgh");
    t.equal(socket.getCountRcvBuf(), 0);
  });

  t.test(`S25 getCountSendBuf is what the peer has not acknowledged, ${mode}`, async (t) => {
    const socket = remote(t, other, new RoMessagePort());
    t.equal(socket.getCountSendBuf(), 0);
    const sent = fill(socket);
    if (mode === "synchronous") socket.setMessagePort(null);
    const own = socket.getAddress().getAddress();
    const peers = socket.getSendToAddress().getAddress();
    // The kernel may still be moving what was sent last: the same answer before and after is the answer.
    const agreed = waitForSync(() => {
      const kernel = kernelSocket(own, peers)?.sendQueue ?? 0;
      return kernel === socket.getCountSendBuf() ? kernel : 0;
    }, "the count to be the kernel's");
    t.ok(agreed > 0 && agreed < sent, `${agreed} of ${sent}`);
    other.start(({ state }) => void state.socket.resume());
    const end = performance.now() + hang;
    let count = agreed;
    while (count > 0 && performance.now() < end) count = socket.getCountSendBuf();
    t.equal(count, 0, "all is acknowledged when the peer has read");
  });
}

t.test("S25 the counts of a dead socket are 0", async (t) => {
  const fresh = [new RoStreamSocket(), new RoDataGramSocket()].map((socket) => closing(t, socket));
  for (const socket of fresh)
    t.strictSame([socket.getCountRcvBuf(), socket.getCountSendBuf()], [0, 0], "fresh");
  const { socket: listening } = listener(t);
  t.strictSame([listening.getCountRcvBuf(), listening.getCountSendBuf()], [0, 0], "listening");

  const { client, server } = connectedPair(t, { client: new RoMessagePort(), server: new RoMessagePort() });
  client.sendStr("x");
  waitForSync(() => server.getCountRcvBuf() === 1, "the data");
  server.close();
  t.strictSame([server.getCountRcvBuf(), server.getCountSendBuf()], [0, 0], "closed");

  const socket = remote(t, other, new RoMessagePort());
  fill(socket);
  t.ok(socket.getCountSendBuf() > 0);
  reset(other);
  waitForSync(() => socket.isReadable(), "the reset");
  t.equal(socket.getCountSendBuf(), 0, "reset with data unsent");
  t.equal(socket.getCountRcvBuf(), 0);
  t.equal(socket.sendStr("x"), -1);
  t.equal(socket.getCountSendBuf(), 0, "and once the error is known");
});

t.test("S25 for UDP the size of the next datagram", async (t) => {
  const from = datagram(t);
  const to = datagram(t, new RoMessagePort());
  from.socket.setSendToAddress(address(to.hostPort));
  t.equal(to.socket.getCountRcvBuf(), 0);
  for (const text of ["four", "sixsix", "x"]) from.socket.sendStr(text);
  waitForSync(() => to.socket.isReadable(), "the datagrams");
  for (const count of [4, 6, 1]) {
    t.equal(to.socket.getCountRcvBuf(), count);
    t.equal(to.socket.receiveStr(100).length, count);
  }
  t.equal(to.socket.getCountRcvBuf(), 0);
  t.equal(from.socket.getCountSendBuf(), 0, "sent, and there is nobody to acknowledge it");
});

/** Runs `work` and checks that it took about a second. */
function takesASecond<T>(t: Test, work: () => T): T {
  const { value, milliseconds } = timed(work);
  t.ok(milliseconds >= 950 && milliseconds < hang, `it took ${Math.round(milliseconds)} ms`);
  return value;
}

t.test("S26 the receive timeout ends receive and accept", async (t) => {
  const { socket } = datagram(t);
  t.equal(socket.setReceiveTimeout(1), true);
  t.equal(socket.getReceiveTimeout(), 1);
  const bytes = new RoByteArray();
  t.equal(
    takesASecond(t, () => socket.receive(bytes, 0, 10)),
    -1,
    "receive",
  );
  t.strictSame([socket.status(), socket.eAgain(), socket.eOK()], [EAGAIN, true, true]);

  const { socket: listening } = listener(t);
  listening.setReceiveTimeout(1);
  t.equal(
    takesASecond(t, () => listening.accept()),
    null,
    "accept",
  );
  t.strictSame([listening.status(), listening.eAgain(), listening.eOK()], [EAGAIN, true, true]);
});

t.test("S26 the send timeout ends a send that finds no room", async (t) => {
  const { client, server } = connectedPair(t);
  fixBuffers(client, server);
  t.equal(client.setSendTimeout(1), true);
  t.equal(client.getSendTimeout(), 1);
  client.setMessagePort(new RoMessagePort());
  fill(client, 100);
  client.setMessagePort(null);
  t.equal(
    takesASecond(t, () => client.sendStr("no room")),
    -1,
  );
  t.strictSame([client.status(), client.eAgain(), client.eOK()], [EAGAIN, true, true]);
});

t.test("S26 data in time ends the wait", async (t) => {
  const socket = remote(t, other);
  socket.setReceiveTimeout(600);
  other.start(({ state }) => setTimeout(() => state.socket.write("now"), 40) && null);
  const { value, milliseconds } = timed(() => socket.receiveStr(10));
  t.equal(value, "now");
  t.equal(socket.status(), 0);
  t.ok(milliseconds < hang, `it took ${milliseconds} ms`);
});

t.test("S26 0 is no timeout", async (t) => {
  const socket = remote(t, other);
  t.equal(socket.getReceiveTimeout(), 0, "which is what a socket starts with");
  t.equal(socket.getSendTimeout(), 0);
  socket.setReceiveTimeout(1);
  t.equal(socket.setReceiveTimeout(0), true);
  t.equal(socket.getReceiveTimeout(), 0);
  other.start(({ state }) => setTimeout(() => state.socket.write("late"), 1_200) && null);
  t.equal(socket.receiveStr(10), "late");
});

t.test("S26 an asynchronous socket takes no notice of timeouts", async (t) => {
  const port = new RoMessagePort();
  const { client, server } = connectedPair(t, { client: port, server: port });
  client.setSendTimeout(600);
  server.setReceiveTimeout(600);
  fixBuffers(client, server);
  fill(client, 100);
  const { socket: listening } = listener(t, port);
  listening.setReceiveTimeout(600);
  const { milliseconds } = timed(() => {
    t.equal(
      whenFull(client, () => client.sendStr("x")),
      -1,
    );
    const bytes = new RoByteArray();
    while (server.receive(bytes, 0, 1 << 20) > 0) {
      // Until there is nothing.
    }
    t.equal(server.status(), EAGAIN);
    t.equal(listening.accept(), null);
    t.equal(listening.status(), EAGAIN);
  });
  t.ok(milliseconds < hang, `it took ${milliseconds} ms`);
});

t.test(
  "S26 the receive timeout ends receiveStr, also when given before the socket is connected",
  async (t) => {
    const { socket: listening, hostPort } = listener(t);
    const socket = streamSocket(t);
    socket.setReceiveTimeout(1);
    socket.setSendToAddress(address(hostPort));
    t.equal(socket.connect(), true);
    accept(t, listening);
    t.equal(socket.getReceiveTimeout(), 1);
    t.equal(
      takesASecond(t, () => socket.receiveStr(10)),
      "",
    );
    t.equal(socket.status(), EAGAIN);
  },
);

t.test("no descriptor is left", async (t) => {
  t.strictSame(await leftDescriptors(before), []);
});
