import { constants } from "node:os";
import { RoByteArray, RoMessagePort, RoSocketAddress, type RoStreamSocket } from "rosock";
import t from "tap";
import {
  accept,
  connectedPair,
  datagram,
  leftDescriptors,
  listener,
  openDescriptors,
  peer,
  remote,
  reset,
  skipWithout,
  waitForSync,
} from "../support/index.js";

const { EAGAIN, ECONNRESET, EINVAL } = constants.errno;
const other = peer(t);
const before = openDescriptors();

const modes: [string, () => RoMessagePort | null][] = [
  ["synchronous", () => null],
  ["asynchronous", () => new RoMessagePort()],
];

for (const [mode, makePort] of modes) {
  t.test(`S17 receive gives the count, then 0 with status 0 when the peer has closed, ${mode}`, async (t) => {
    const socket = remote(t, other, makePort());
    other.call(({ state }) => void state.socket.end("goodbye"));
    waitForSync(() => socket.getCountRcvBuf() === 7, "the data");
    const bytes = new RoByteArray();
    t.equal(socket.receive(bytes, 0, 4), 4);
    t.equal(socket.status(), 0);
    t.equal(bytes.toAsciiString(), "good");
    t.equal(socket.receive(bytes, 4, 100), 3);
    t.equal(bytes.toAsciiString(), "goodbye");
    waitForSync(() => socket.isReadable(), "the end");
    for (const time of ["first", "second"]) {
      t.equal(socket.receive(bytes, 0, 100), 0, `the ${time} time`);
      t.equal(socket.status(), 0);
      t.equal(socket.eSuccess(), true);
      t.equal(socket.eOK(), true);
    }
    t.equal(bytes.count(), 7);
  });

  t.test(`S17 receive gives -1 and the error when the peer has reset, ${mode}`, async (t) => {
    const socket = remote(t, other, makePort());
    reset(other);
    waitForSync(() => socket.isReadable(), "the reset");
    const bytes = new RoByteArray();
    t.equal(socket.receive(bytes, 0, 100), -1);
    t.equal(socket.status(), ECONNRESET);
    t.equal(socket.eConnReset(), true);
    t.equal(socket.eOK(), false);
    t.equal(bytes.count(), 0);
  });
}

t.test("S17 receive gives -1 with EAGAIN when there is nothing yet", async (t) => {
  const socket = remote(t, other, new RoMessagePort());
  const bytes = new RoByteArray();
  t.equal(socket.receive(bytes, 0, 100), -1);
  t.equal(socket.status(), EAGAIN);
  t.equal(socket.eAgain(), true);
  t.equal(socket.eWouldBlock(), true);
  t.equal(socket.eOK(), true);
  t.equal(bytes.count(), 0);
  other.call(({ state }) => void state.socket.write("x"));
  waitForSync(() => socket.receive(bytes, 0, 100) === 1, "the data");
  t.equal(socket.status(), 0);
  t.equal(socket.receive(bytes, 0, 100), -1, "and nothing again");
  t.equal(socket.eAgain(), true);
});

t.test("S17 to receive nothing gives 0 at once and takes nothing", async (t) => {
  for (const [, makePort] of modes) {
    const port = makePort();
    const { client, server } = connectedPair(t, { client: port, server: port });
    const bytes = RoByteArray.from([1]);
    t.equal(server.receive(bytes, 0, 0), 0, "when there is nothing");
    t.equal(server.status(), 0);
    client.sendStr("x");
    waitForSync(() => server.getCountRcvBuf() === 1, "the data");
    t.equal(server.receive(bytes, 0, 0), 0, "when there is something");
    t.equal(server.receiveStr(0), "");
    t.equal(server.status(), 0);
    t.strictSame([...bytes.toUint8Array()], [1]);
    t.equal(server.receiveStr(10), "x");
  }
});

t.test("S17 a synchronous receive waits for data, for the end and for a reset", async (t) => {
  const bytes = new RoByteArray();
  const socket = remote(t, other);
  other.start(({ state }) => setTimeout(() => state.socket.write("soon"), 40) && null);
  t.equal(socket.receive(bytes, 0, 100), 4);
  other.start(({ state }) => setTimeout(() => state.socket.end(), 40) && null);
  t.equal(socket.receive(bytes, 0, 100), 0);
  t.equal(socket.status(), 0);

  const second = remote(t, other);
  other.start(({ state }) => setTimeout(() => state.socket.resetAndDestroy(), 40) && null);
  t.equal(second.receive(bytes, 0, 100), -1);
  t.equal(second.status(), ECONNRESET);
});

t.test(
  "S17 curl gets its page from a server written with blocking calls",
  { skip: skipWithout("curl") },
  async (t) => {
    const { socket: listening, hostPort } = listener(t);
    const page = other.start(({ childProcess }, url) => {
      const curl = childProcess.spawn("curl", ["-sS", "--max-time", "5", url]);
      let output = "";
      for (const stream of [curl.stdout, curl.stderr]) stream.on("data", (data) => (output += data));
      return new Promise<string>((resolve) => curl.on("close", (code) => resolve(`${code} ${output}`)));
    }, `http://${hostPort}/`);
    const socket = accept(t, listening);
    let request = "";
    while (!request.includes("\r\n\r\n")) request += socket.receiveStr(10);
    t.match(request, /^GET \/ HTTP\/1\.1\r\n/);
    socket.sendStr("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nA page with an é\n");
    socket.close();
    t.equal(page.result(), "0 A page with an é\n");
  },
);

t.test(
  "S17 after the end of what socat sends it can still be answered",
  { skip: skipWithout("socat") },
  async (t) => {
    const { socket: listening, hostPort } = listener(t);
    const answer = other.start(({ childProcess }, hostPort) => {
      const socat = childProcess.spawn("socat", ["-t", "5", "-", `TCP4:${hostPort}`]);
      socat.stdin.end("question");
      let output = "";
      socat.stdout.on("data", (data) => (output += data));
      return new Promise<string>((resolve) => socat.on("close", () => resolve(output)));
    }, hostPort);
    const socket = accept(t, listening);
    let question = "";
    for (let piece = socket.receiveStr(3); piece !== ""; piece = socket.receiveStr(3)) question += piece;
    t.equal(question, "question");
    t.equal(socket.status(), 0);
    t.equal(socket.sendStr("answer"), 6);
    socket.close();
    t.equal(answer.result(), "answer");
  },
);

t.test("S18 receiveStr gives at most n bytes", async (t) => {
  const socket = remote(t, other, new RoMessagePort());
  other.call(({ state }) => void state.socket.write("ab€cd"));
  waitForSync(() => socket.getCountRcvBuf() === 7, "the data");
  t.equal(socket.receiveStr(2), "ab");
  t.equal(socket.getCountRcvBuf(), 5, "two bytes, no more, were taken");
  t.equal(socket.receiveStr(3), "€", "n counts bytes, not characters");
  t.equal(socket.getCountRcvBuf(), 2);
  t.equal(socket.receiveStr(1), "c");
  t.equal(socket.receiveStr(1_000), "d");
  t.equal(socket.status(), 0);
});

t.test("S18 receiveStr is empty for nothing yet, the end and an error; the status tells which", async (t) => {
  const port = new RoMessagePort();
  const first = remote(t, other, port);
  t.equal(first.receiveStr(10), "");
  t.strictSame([first.eAgain(), first.eSuccess(), first.eOK()], [true, false, true]);
  other.call(({ state }) => void state.socket.end());
  waitForSync(() => first.isReadable(), "the end");
  t.equal(first.receiveStr(10), "");
  t.strictSame([first.eAgain(), first.eSuccess(), first.eOK()], [false, true, true]);

  const second = remote(t, other, port);
  reset(other);
  waitForSync(() => second.isReadable(), "the reset");
  t.equal(second.receiveStr(10), "");
  t.strictSame([second.eAgain(), second.eSuccess(), second.eOK()], [false, false, false]);
  t.equal(second.eConnReset(), true);
});

t.test("S18 a synchronous receiveStr returns what is there, not only all that was asked for", async (t) => {
  const { client, server } = connectedPair(t);
  client.sendStr("part");
  t.equal(server.receiveStr(1_000_000), "part");
  client.close();
  t.equal(server.receiveStr(10), "");
  t.equal(server.eSuccess(), true);
});

t.test("S22 a byte array too short grows to start + received, and never shrinks", async (t) => {
  const { client, server } = connectedPair(t, { server: new RoMessagePort() });
  const receive = (bytes: RoByteArray, start: number, length: number, text: string) => {
    client.sendStr(text);
    waitForSync(() => server.getCountRcvBuf() === text.length, "the data");
    return server.receive(bytes, start, length);
  };
  const bytes = RoByteArray.from([1, 2, 3]);
  t.equal(receive(bytes, 2, 1_000, "abcde"), 5);
  t.strictSame(
    [...bytes.toUint8Array()],
    [1, 2, 97, 98, 99, 100, 101],
    "to start + received, not start + asked",
  );
  t.equal(bytes.count(), 7);

  t.equal(receive(bytes, 0, 1_000, "X"), 1);
  t.strictSame([...bytes.toUint8Array()], [88, 2, 97, 98, 99, 100, 101], "the rest stays");

  t.equal(receive(bytes, 7, 1_000, "end"), 3, "at the end it is appended to");
  t.equal(bytes.toAsciiString(), "X\u0002abcdeend");

  const empty = new RoByteArray();
  t.equal(receive(empty, 4, 10, "far"), 3);
  t.equal(empty.count(), 7, "also past the end");
  t.strictSame([...empty.toUint8Array().subarray(4)], [102, 97, 114]);

  t.equal(server.receive(bytes, 0, 1_000), -1);
  t.equal(server.receive(bytes, 100, 1_000), -1);
  t.equal(bytes.count(), 10, "nothing received, nothing grown");
});

for (const kind of ["stream", "datagram"]) {
  t.test(`S23 bad ranges and no byte array: -1 with EINVAL, and nothing happens (${kind})`, async (t) => {
    const port = new RoMessagePort();
    let [client, server] = [
      datagram(t, port).socket,
      datagram(t, port).socket,
    ] as unknown as RoStreamSocket[];
    if (kind === "stream") ({ client, server } = connectedPair(t, { client: port, server: port }));
    else client!.setSendToAddress(server!.getAddress());
    if (!client || !server) return;
    const bytes = RoByteArray.from([1, 2, 3]);
    const notBytes = [null, new RoSocketAddress(), {}, []] as unknown as RoByteArray[];
    const failed = (result: number, socket: RoStreamSocket, what: string) => {
      t.strictSame([result, socket.status(), socket.eInvalid()], [-1, EINVAL, true], what);
    };
    failed(client.send(bytes, -1, 1), client, "send from a negative start");
    failed(client.send(bytes, 0, -1), client, "send with a negative length");
    failed(client.send(bytes, 4, 1), client, "send from past the end");
    failed(client.send(bytes, 2 ** 31 - 1, 1), client, "send from the largest start");
    failed(client.send(new RoByteArray(), 1, 1), client, "send from past the end of an empty array");
    for (const value of notBytes) failed(client.send(value, 0, 1), client, `send ${JSON.stringify(value)}`);
    t.equal(client.sendStr("only this"), 9);
    waitForSync(() => server.getCountRcvBuf() === 9, "the data");

    failed(server.receive(bytes, -1, 10), server, "receive to a negative start");
    failed(server.receive(bytes, 0, -1), server, "receive with a negative length");
    failed(server.receive(bytes, -(2 ** 31), -(2 ** 31)), server, "receive at the smallest integers");
    for (const value of notBytes)
      failed(server.receive(value, 0, 10), server, `receive into ${JSON.stringify(value)}`);
    t.strictSame([...bytes.toUint8Array()], [1, 2, 3], "the array is untouched");
    t.equal(server.receiveStr(100), "only this", "nothing was received, nothing else was sent");
    t.equal(server.receiveStr(100), "");
    t.equal(server.status(), EAGAIN);
  });
}

t.test("S24 send given a String sends its UTF-8 bytes, start and length in bytes", async (t) => {
  const { client, server } = connectedPair(t);
  t.equal(client.send("plain", 0, 5), 5);
  t.equal(server.receiveStr(100), "plain");
  t.equal(client.send("aéb", 1, 2), 2);
  t.equal(server.receiveStr(100), "é");
  t.equal(client.send("aéb", 2, 2), 2);
  t.equal(server.receiveStr(100), "\uDCA9b", "a character may be cut");
  t.equal(client.send("\uDCFF\0\uDC80", 0, 3), 3, "and S19 holds for it");
  const bytes = new RoByteArray();
  t.equal(server.receive(bytes, 0, 10), 3);
  t.equal(bytes.toHexString(), "FF0080");
  t.equal(client.send("aéb", 5, 1), -1);
  t.equal(client.status(), EINVAL);
  t.equal(client.send("aéb", -1, 1), -1);
  t.equal(client.status(), EINVAL);
});

t.test("no descriptor is left", async (t) => {
  t.strictSame(await leftDescriptors(before), []);
});
