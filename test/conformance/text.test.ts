import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { RoByteArray, RoMessagePort } from "rosock";
import t from "tap";
import {
  connected,
  connectedPair,
  datagram,
  leftDescriptors,
  openDescriptors,
  peer,
  skipWithout,
  waitForSync,
} from "../support/index.js";

const other = peer(t);
const before = openDescriptors();

/** Bytes that are often nearly UTF-8: pieces of characters, overlong forms, surrogates, numbers too large, plain text. */
const nearlyText = fc
  .array(
    fc.oneof(
      fc.uint8Array({ maxLength: 4 }).map((bytes) => [...bytes]),
      fc.string({ unit: "binary", maxLength: 4 }).map((text) => [...Buffer.from(text)]),
      fc
        .string({ unit: "binary", minLength: 1, maxLength: 2 })
        .map((text) => [...Buffer.from(text)].slice(0, -1)),
      fc.constantFrom(
        [0xc0, 0x80],
        [0xc1, 0xbf],
        [0xe0, 0x80, 0x80],
        [0xe0, 0x9f, 0xbf],
        [0xed, 0xa0, 0x80],
        [0xed, 0xbf, 0xbf],
        [0xf0, 0x80, 0x80, 0x80],
        [0xf4, 0x90, 0x80, 0x80],
        [0xf5, 0x80],
        [0xff, 0xfe],
        [0xef, 0xbb, 0xbf],
        [0],
      ),
    ),
    { maxLength: 12 },
  )
  .map((pieces) => Uint8Array.from(pieces.flat()));

t.test("S19 invalid bytes become U+DC80 and up, one for each byte", async (t) => {
  const { client, server } = connectedPair(t);
  const cases: [number[], string][] = [
    [[0x80], "\uDC80"],
    [[0xff, 0x41], "\uDCFFA"],
    [[0xc3], "\uDCC3"],
    [[0xc3, 0xa9], "é"],
    [[0xc3, 0x41], "\uDCC3A"],
    [[0xe2, 0x82], "\uDCE2\uDC82"],
    [[0xe2, 0x82, 0xac], "€"],
    [[0xf0, 0x9f, 0x98, 0x80], "😀"],
    [[0xf0, 0x9f, 0x98], "\uDCF0\uDC9F\uDC98"],
    [[0xc0, 0x80], "\uDCC0\uDC80"],
    [[0xed, 0xa0, 0x80], "\uDCED\uDCA0\uDC80"],
    [[0xed, 0xb2, 0x80], "\uDCED\uDCB2\uDC80"],
    [[0xf4, 0x90, 0x80, 0x80], "\uDCF4\uDC90\uDC80\uDC80"],
    [[0xef, 0xbb, 0xbf, 0x41], "\uFEFFA"],
    [[0xef, 0xbf, 0xbd], "\uFFFD"],
    [[0x41, 0, 0x42, 0], "A\0B\0"],
  ];
  for (const [bytes, text] of cases) {
    const sent = RoByteArray.from(bytes);
    t.equal(client.send(sent, 0, bytes.length), bytes.length);
    t.equal(server.receiveStr(100), text, `${sent.toHexString()} received`);
    t.equal(server.sendStr(text), bytes.length);
    const back = new RoByteArray();
    t.equal(client.receive(back, 0, 100), bytes.length);
    t.equal(back.toHexString(), sent.toHexString(), `${sent.toHexString()} sent`);
  }
});

t.test("S19 every byte value survives receiveStr and sendStr", async (t) => {
  const { client, server } = connectedPair(t);
  for (const descending of [false, true]) {
    const bytes = Uint8Array.from({ length: 256 }, (_, index) => (descending ? 255 - index : index));
    client.send(RoByteArray.from(bytes), 0, 256);
    waitForSync(() => server.getCountRcvBuf() === 256, "the data");
    const text = server.receiveStr(256);
    t.equal(server.sendStr(text), 256);
    const back = new RoByteArray();
    waitForSync(() => client.getCountRcvBuf() === 256, "the data");
    client.receive(back, 0, 256);
    t.strictSame(back.toUint8Array(), bytes);
  }
});

t.test("S19 a character cut in two by n survives joining and sendStr", async (t) => {
  const { client, server } = connectedPair(t);
  const text = "aé€😀z";
  for (let size = 1; size <= 4; size++) {
    client.sendStr(text);
    let joined = "";
    waitForSync(() => server.getCountRcvBuf() === 11, "the data");
    while (server.getCountRcvBuf() > 0) joined += server.receiveStr(size);
    t.equal(server.sendStr(joined), 11, `in pieces of ${size}`);
    waitForSync(() => client.getCountRcvBuf() === 11, "the data");
    t.equal(client.receiveStr(11), text);
  }
});

t.test("S19 any bytes, received in any pieces, are sent back unchanged", async (t) => {
  const { client, server } = connectedPair(t);
  const back = new RoByteArray();
  fc.assert(
    fc.property(nearlyText, fc.infiniteStream(fc.integer({ min: 1, max: 9 })), (bytes, sizes) => {
      if (client.send(RoByteArray.from(bytes), 0, bytes.length) !== bytes.length) return false;
      let joined = "";
      waitForSync(() => server.getCountRcvBuf() === bytes.length || bytes.length === 0, "the data");
      while (server.getCountRcvBuf() > 0) joined += server.receiveStr(sizes.next().value);
      if (server.sendStr(joined) !== bytes.length) return false;
      back.clear();
      for (let count = 0; count < bytes.length; ) count += client.receive(back, count, bytes.length - count);
      return Buffer.from(bytes).equals(back.toUint8Array());
    }),
    { numRuns: 500 },
  );
  t.pass("500 times");
});

t.test("S19 decodes as Python's surrogateescape does", { skip: skipWithout("python3") }, async (t) => {
  const { client, server } = connectedPair(t);
  const samples = fc.sample(nearlyText, { numRuns: 500, seed: 19 }).filter((bytes) => bytes.length > 0);
  const script = [
    "import sys",
    "for line in sys.stdin:",
    "  text = bytes.fromhex(line).decode('utf-8', 'surrogateescape')",
    "  print(text.encode('utf-16-le', 'surrogatepass').hex())",
  ].join("\n");
  const input = samples.map((bytes) => Buffer.from(bytes).toString("hex")).join("\n");
  const expected = spawnSync("python3", ["-c", script], { input, encoding: "utf8", timeout: 60_000 });
  const received = samples.map((bytes) => {
    client.send(RoByteArray.from(bytes), 0, bytes.length);
    waitForSync(() => server.getCountRcvBuf() === bytes.length, "the data");
    return Buffer.from(server.receiveStr(bytes.length), "utf16le").toString("hex");
  });
  t.strictSame(received, expected.stdout.trim().split("\n"));
});

t.test("S19 the same bytes through byte arrays, files and datagrams", async (t) => {
  const bytes = [0, 0x80, 0xff, 0xc3, 0xa9, 0xe2, 0x82];
  const text = "\0\uDC80\uDCFFé\uDCE2\uDC82";
  const array = new RoByteArray();
  array.fromAsciiString(text);
  t.strictSame([...array.toUint8Array()], bytes, "fromAsciiString");
  t.equal(RoByteArray.from(bytes.slice(1)).toAsciiString(), text.slice(1), "toAsciiString");

  const folder = mkdtempSync(join(tmpdir(), "rosock-text-"));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "bytes");
  t.equal(array.writeFile(path), true);
  t.strictSame([...readFileSync(path)], bytes, "writeFile");

  const from = datagram(t);
  const to = datagram(t);
  from.socket.setSendToAddress(to.socket.getAddress());
  t.equal(from.socket.sendStr(text), bytes.length);
  t.equal(to.socket.receiveStr(100), text, "datagrams");
});

t.test("S19 another program sees the bytes", async (t) => {
  const portNumber = other.call(async ({ net, state, once }) => {
    state.server = net.createServer((socket) => {
      // Backwards, so that an echo of the same mistake would be seen.
      socket.on("data", (data) => socket.write(data.toReversed()));
    });
    state.server.listen(0, "127.0.0.1");
    await once(state.server, "listening");
    return state.server.address().port as number;
  });

  const socket = connected(t, portNumber, new RoMessagePort());
  t.equal(socket.sendStr("é\0\uDCFF"), 4);
  waitForSync(() => socket.getCountRcvBuf() === 4, "the answer");
  t.equal(socket.receiveStr(10), "\uDCFF\0\uDCA9\uDCC3");
  other.call(({ state }) => void state.server.close());
});

t.test("no descriptor is left", async (t) => {
  t.strictSame(await leftDescriptors(before), []);
});
