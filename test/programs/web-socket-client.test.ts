import { createHash } from "node:crypto";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import t, { type Test } from "tap";
import { type RawData, type WebSocket, WebSocketServer } from "ws";
import { refusing, waitFor } from "../support/index.js";
import { answering, garbage, type Line, pattern } from "./peers.js";
import { isIdle, type RunningProgram, run } from "./running.js";

t.jobs = 4;

const files = ["web-socket-client/main.brs", "web-socket-client/web-socket.brs"];

function start(t: Test, server: string, values: Record<string, number> = {}): RunningProgram {
  return run(t, files, { server, path: "/chat?room=1", patience: 600, timeout: 600, ...values });
}

/** What the program printed, once it has ended as it should. */
async function said(t: Test, client: RunningProgram): Promise<string[]> {
  t.equal(await client.ended(), 0);
  t.equal(client.errors, "");
  return client.output.trimEnd().split("\n");
}

// ---- Against the package ws ----

/** A program, and a server of the package ws to which it connects `times` times. */
async function rightly(t: Test, times = 1) {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1", maxPayload: 1 << 25 });
  t.teardown(() => {
    for (const socket of server.clients) socket.terminate();
    server.close();
  });
  await once(server, "listening");
  const client = start(t, `127.0.0.1:${(server.address() as AddressInfo).port}`, { times });
  const sockets: WebSocket[] = [];
  server.on("connection", (socket, request) => {
    t.equal(request.url, "/chat?room=1");
    sockets.push(socket);
  });
  /** Its next connection. */
  const next = async () => {
    const socket = await waitFor(() => sockets.shift(), "a connection");
    const heard: { data: Buffer; binary: boolean }[] = [];
    const [pings, pongs, codes]: string[][] = [[], [], []] as const;
    socket.on("message", (data: RawData, binary) => heard.push({ data: data as Buffer, binary }));
    socket.on("ping", (data) => pings!.push(data.toString()));
    socket.on("pong", (data) => pongs!.push(data.toString()));
    socket.on("close", (code, reason) => codes!.push(`${code} ${reason}`));
    const message = async () => waitFor(() => heard.shift(), "a message");
    return { socket, message, pings: pings!, pongs: pongs!, codes: codes! };
  };
  return { client, next };
}

t.test("texts and binaries of all lengths come back", { buffered: true }, async (t) => {
  const { client, next } = await rightly(t);
  const { socket, message, codes } = await next();
  const sizes = [0, 1, 125, 126, 127, 65_535, 65_536, 300_000];
  for (const size of sizes) socket.send(pattern(size));
  for (const size of sizes) {
    const { data, binary } = await message();
    t.ok(binary && data.equals(pattern(size)), `${size} bytes`);
  }
  for (const text of ["", "grüße €\u{1f600}", "a\0b", "x".repeat(70_000)]) {
    socket.send(text);
    const { data, binary } = await message();
    t.ok(!binary && data.toString() === text);
  }
  socket.close(1000, "bye");
  const lines = await said(t, client);
  t.strictSame(lines, [
    "open 0",
    ...sizes.map((size) => `binary ${size}`),
    "text 0",
    "text 15 grüße €\u{1f600}",
    "text 3 a",
    "text 70000",
    "closed 1000 bye",
  ]);
  await waitFor(() => codes.length > 0, "the close");
  t.strictSame(codes, ["1000 bye"]);
});

t.test("fragments, with pings in between, both ways", { buffered: true }, async (t) => {
  const { client, next } = await rightly(t);
  const { socket, message, pings, pongs } = await next();
  const text = "grüße, cut in the middle of a character";
  const bytes = Buffer.from(text);
  socket.send(bytes.subarray(0, 3), { fin: false, binary: false });
  socket.ping("first");
  socket.send(bytes.subarray(3, 3), { fin: false, binary: false });
  socket.ping("second");
  socket.send(bytes.subarray(3), { fin: true, binary: false });
  t.equal((await message()).data.toString(), text);
  t.strictSame(pongs, ["first", "second"]);
  socket.send("/fragments 5 it goes in five pieces");
  t.equal((await message()).data.toString(), "it goes in five pieces");
  t.strictSame(pings, ["between"]);
  await client.printed(/^pong 7 between$/m);
  socket.send("/ping are you there");
  await client.printed(/^pong 13 are you there$/m);
  socket.ping(Buffer.alloc(125, "p"));
  await waitFor(() => pongs.length === 3, "the pong");
  t.equal(pongs[2], "p".repeat(125));
  socket.send("/binary 70000");
  t.ok((await message()).data.equals(pattern(70_000)));
  socket.send("/close 4001 had enough");
  t.equal((await said(t, client)).at(-1), "closed 4001 had enough");
});

t.test("closed by either side, with and without a code; cut off", { buffered: true }, async (t) => {
  const long = "ü".repeat(61);
  const endings: [(socket: WebSocket) => void, RegExp, string][] = [
    [(socket) => socket.close(), /^closed 1005 ?$/, "1005 "],
    [(socket) => socket.close(4999, long), new RegExp(`^closed 4999 ${long}$`), `4999 ${long}`],
    [(socket) => socket.send("/close 1000"), /^closed 1000 ?$/, "1000 "],
    [(socket) => socket.terminate(), /^closed 1006 (cut off|status 104)$/, "1006 "],
  ];
  const { client, next } = await rightly(t, endings.length);
  for (const [end, , code] of endings) {
    const { socket, codes } = await next();
    end(socket);
    await waitFor(() => codes.length > 0, "the close");
    t.equal(codes[0], code);
  }
  const closings = (await said(t, client)).filter((line) => line.startsWith("closed"));
  for (const [index, [, printed]] of endings.entries()) t.match(closings[index], printed);
});

// ---- Against a server that does it wrong ----

const key = /^Sec-WebSocket-Key: (.*)$/im;

function accepting(request: string): string {
  const accept = createHash("sha1")
    .update(`${key.exec(request)?.[1]?.trim()}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
    .digest("base64");
  return `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`;
}

/** A program, and a server of Node's own to which it connects `times` times. */
async function wrongly(t: Test, values: Record<string, number> = {}) {
  const server = await answering(t);
  const client = start(t, server.hostPort, values);
  /** Its next connection, the request read. */
  const asked = async (): Promise<{ line: Line; request: string }> => {
    const line = await server.next();
    const request = await line.hears("\r\n\r\n");
    await line.take(line.bytes);
    return { line, request };
  };
  /** Its next connection, opened. */
  const opened = async (): Promise<Line> => {
    const { line, request } = await asked();
    line.write(accepting(request));
    return line;
  };
  return { client, asked, opened };
}

/** The next frame that the program sent, its mask taken off. */
async function frame(line: Line): Promise<{ first: number; payload: Buffer }> {
  const header = await line.take(2);
  if (header[1]! < 128) throw new Error("a frame of a client without a mask");
  let size = header[1]! & 127;
  if (size === 126) size = (await line.take(2)).readUInt16BE();
  else if (size === 127) size = Number((await line.take(8)).readBigUInt64BE());
  const mask = await line.take(4);
  const payload = await line.take(size);
  return { first: header[0]!, payload: Buffer.from(payload.map((byte, index) => byte ^ mask[index & 3]!)) };
}

t.test("the request, and each segment of one byte", { buffered: true }, async (t) => {
  const { client, asked } = await wrongly(t);
  const { line, request } = await asked();
  const lines = request.trimEnd().split("\r\n");
  t.equal(lines[0], "GET /chat?room=1 HTTP/1.1");
  t.equal(Buffer.from(key.exec(request)![1]!, "base64").length, 16);
  for (const one of ["Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13"]) {
    t.ok(lines.includes(one), one);
  }
  const text = Buffer.from("€".repeat(50)); // 150 bytes: a length in two bytes.
  const head = Buffer.from([0x81, 126, 0, 150]);
  const ping = Buffer.from([0x89, 1, 120]);
  await line.writePieces(Buffer.concat([Buffer.from(accepting(request)), head, text, ping]), 1);
  t.same(await frame(line), { first: 0x81, payload: text });
  t.same(await frame(line), { first: 0x8a, payload: Buffer.from("x") });
  line.write([0x88, 2, 3]); // Half a frame, and then nothing for a while.
  const idle = await client.idles();
  t.ok(isIdle(idle), JSON.stringify(idle));
  line.write([232]);
  t.same(await frame(line), { first: 0x88, payload: Buffer.from([3, 232]) });
  await line.ends();
  t.strictSame(await said(t, client), ["open 0", "text 150", "closed 1000"]);
});

t.test("handshakes that are wrong, cut off, or garbage", { buffered: true }, async (t) => {
  const answers: [string, (request: string) => string | Buffer][] = [
    ["wrong key", (request) => accepting(request).replace(/(Accept: ).*/, "$1aGVsbG8=")],
    ["wrong key", (request) => accepting(request).replace(/\r\nSec.*/, "")],
    ["no upgrade", (request) => accepting(request).replace("websocket", "h2c")],
    [
      "no connection upgrade",
      (request) => accepting(request).replace("Connection: Upgrade", "Connection: close"),
    ],
    [
      "not asked for",
      (request) => accepting(request).replace("\r\n\r\n", "\r\nSec-WebSocket-Protocol: chat\r\n\r\n"),
    ],
    ["HTTP/1.1 404 Not Found", () => "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"],
    ["no end", () => "x".repeat(10_000)],
    ["cut off", () => "HTTP/1.1 101 Switch"],
    ["cut off", () => ""],
    ["no end", () => garbage(9_000)],
  ];
  const { client, asked } = await wrongly(t, { times: answers.length });
  for (const [reason, answer] of answers) {
    const { line, request } = await asked();
    line.socket.write(answer(request));
    if (reason === "cut off") line.socket.end();
    await line.ends();
  }
  t.strictSame(
    await said(t, client),
    answers.map(([reason]) => `closed 1006 ${reason === "cut off" ? "" : "handshake: "}${reason}`),
  );
  t.strictSame(await said(t, start(t, refusing(t).hostPort)), ["closed 1006 cannot connect, status 111"]);
});

t.test("frames that are wrong: each is told, and the connection failed", { buffered: true }, async (t) => {
  const wrong: [number, string, number[]][] = [
    [1002, "reserved bits", [0xc1, 0]],
    [1002, "masked", [0x81, 0x80, 1, 2, 3, 4]],
    [1002, "opcode", [0x83, 0]],
    [1002, "opcode", [0x8b, 0]],
    [1002, "control frame", [0x09, 0]],
    [1002, "control frame", [0x89, 126, 0, 126]],
    [1002, "fragments", [0x80, 0]],
    [1002, "fragments", [0x01, 0, 0x81, 0]],
    [1002, "close code", [0x88, 1, 3]],
    [1002, "close code", [0x88, 2, 3, 237]],
    [1007, "not UTF-8", [0x88, 3, 3, 232, 0x80]],
    [1007, "not UTF-8", [0x81, 2, 0xc0, 0x80]],
    [1007, "not UTF-8", [0x81, 3, 0xed, 0xa0, 0x80]],
    [1007, "not UTF-8", [0x01, 1, 0xe2, 0x80, 1, 0x82]],
    [1009, "too big", [0x82, 127, 0, 0, 0, 1, 0, 0, 0, 0]],
    [1009, "too big", [0x82, 127, 0, 0, 0, 0, 0x7f, 0xff, 0xff, 0xff]],
  ];
  const { client, opened } = await wrongly(t, { times: wrong.length });
  for (const [code, reason, bytes] of wrong) {
    const line = await opened();
    // One segment: what is before the wrong frame is still answered, what is after it is not.
    line.write([0x81, 1, 97, ...bytes, 0x81, 1, 98]);
    t.same(await frame(line), { first: 0x81, payload: Buffer.from("a") });
    const { first, payload } = await frame(line);
    t.strictSame([first, payload.readUInt16BE(), payload.toString("utf8", 2)], [0x88, code, reason]);
    line.socket.end();
    await line.ends();
    t.equal(line.bytes, 0);
  }
  t.strictSame(
    await said(t, client),
    wrong.flatMap(([code, reason]) => ["open 0", "text 1 a", `closed ${code} ${reason}`]),
  );
});

t.test("cut off in a frame and between fragments; reset; garbage", { buffered: true }, async (t) => {
  const { client, opened } = await wrongly(t, { times: 6 });
  for (const bytes of [[0x82], [0x82, 10, 1, 2], [0x01, 1, 97]]) {
    const line = await opened();
    line.write(bytes);
    line.socket.end();
    await line.ends();
  }
  (await opened()).reset();
  for (const seed of [1, 2]) {
    const line = await opened();
    line.socket.end(garbage(5_000, seed));
    await line.ends();
  }
  const lines = (await said(t, client)).filter((line) => line !== "open 0");
  t.strictSame(lines.slice(0, 3), ["closed 1006 cut off", "closed 1006 cut off", "closed 1006 cut off"]);
  t.equal(lines[3], "closed 1006 status 104");
  for (const line of lines.slice(4)) t.match(line, /^closed 100[269] /);
});

t.test("a server that stalls is pinged, then left", { buffered: true }, async (t) => {
  const handshaking = await wrongly(t, { patience: 0.4 });
  const { client, opened } = await wrongly(t, { timeout: 0.4 });
  const line = await opened();
  line.write([0x82, 10, 1, 2]); // Half a frame.
  t.same(await frame(line), { first: 0x89, payload: Buffer.from("there?") });
  await line.ends();
  t.strictSame(await said(t, client), ["open 0", "closed 1006 open: no answer"]);
  t.strictSame(await said(t, handshaking.client), ["closed 1006 handshake: no answer"]);
});
