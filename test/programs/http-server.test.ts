import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { Agent, type IncomingMessage, request } from "node:http";
import { promisify } from "node:util";
import t, { type Test } from "tap";
import { skipWithout, waitFor, withTimeout } from "../support/index.js";
import { dial, garbage, type Line, pattern } from "./peers.js";
import { isIdle, run } from "./running.js";

const server = run(t, "http-server", { port: 0, timeout: 600 });
const index = "<!DOCTYPE html>\n<title>HTTP server</title>\n<p>Served from pkg:/www: grüße.</p>\n";
const digits = "0123456789abcdefghijklmnopqrstuvwxyz";

async function connection(t: Test): Promise<Line> {
  return dial(t, await server.portNumber());
}

interface Response {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

/** The next response on a connection; to a HEAD it has no body. */
async function response(line: Line, method = "GET"): Promise<Response> {
  const [, status] = /^HTTP\/1\.1 (\d{3}) [A-Z][A-Za-z -]*$/.exec(await line.takeLine()) ?? [];
  const headers: Record<string, string> = {};
  for (let text = await line.takeLine(); text !== ""; text = await line.takeLine()) {
    const [, name = "", value = ""] = /^([A-Za-z-]+): (.*)$/.exec(text) ?? [];
    headers[name.toLowerCase()] = value;
  }
  const length = method === "HEAD" ? 0 : Number(headers["content-length"]);
  return { status: Number(status), headers, body: await line.take(length) };
}

async function statusOf(line: Line): Promise<number> {
  return (await response(line)).status;
}

/** One request with Node's client. */
async function fetched(
  options: { path: string; method?: string; headers?: Record<string, string>; agent?: Agent },
  body: Buffer[] = [],
): Promise<Response & { reused: boolean }> {
  const sent = request({ host: "127.0.0.1", port: await server.portNumber(), ...options });
  for (const part of body) sent.write(part);
  sent.end();
  const got = await withTimeout(
    new Promise<IncomingMessage>((resolve, reject) => sent.once("response", resolve).once("error", reject)),
    `${options.path}`,
    20_000,
  );
  const parts: Buffer[] = [];
  for await (const part of got) parts.push(part);
  const headers = got.headers as Record<string, string>;
  return { status: got.statusCode!, headers, body: Buffer.concat(parts), reused: sent.reusedSocket };
}

const sha1 = (data: Uint8Array) => createHash("sha1").update(data).digest("hex");
const get = (path: string, headers = "") => `GET ${path} HTTP/1.1\r\nHost: x\r\n${headers}\r\n`;

t.test("Node's client keeps its connection", async (t) => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  t.teardown(() => agent.destroy());
  const page = await fetched({ path: "/", agent });
  t.equal(page.body.toString(), index);
  t.equal(page.headers["content-type"], "text/html; charset=utf-8");
  t.ok(Math.abs(Date.parse(page.headers.date!) - Date.now()) < 60_000);
  const body = garbage(100_000);
  const echoed = await fetched({ path: "/echo", method: "POST", agent, headers: { "content-type": "x/y" } }, [
    body,
  ]);
  t.ok(echoed.body.equals(body));
  t.equal(echoed.headers["content-type"], "x/y");
  const missing = await fetched({ path: "/missing", agent });
  const last = await fetched({ path: "/digits.txt?x=1", agent });
  t.strictSame(
    [page, echoed, missing, last].map((one) => [one.status, one.reused]),
    [
      [200, false],
      [200, true],
      [404, true],
      [200, true],
    ],
  );
  t.equal(last.body.toString(), digits);
});

t.test("who may do what", async (t) => {
  const line = await connection(t);
  for (const [method, path, status, allow] of [
    ["POST", "/", 405, "GET, HEAD"],
    ["GET", "/echo", 405, "POST"],
    ["DELETE", "/store/x", 405, "GET, HEAD, PUT"],
    ["PUT", "/nothing", 404, undefined],
    ["GET", "/../manifest", 404, undefined],
    ["GET", "/%2e%2e/manifest", 404, undefined],
    ["GET", "/store/..%2fx", 404, undefined],
  ] as const) {
    line.write(`${method} ${path} HTTP/1.1\r\nHost: x\r\n\r\n`);
    const { status: got, headers } = await response(line);
    t.strictSame([got, headers.allow], [status, allow], `${method} ${path}`);
  }
});

t.test("HEAD: the headers of GET, and no body", async (t) => {
  const line = await connection(t);
  for (const path of ["/", "/digits.txt", "/bytes/100000", "/missing"]) {
    line.write(`HEAD ${path} HTTP/1.1\r\nHost: x\r\n\r\n${get(path)}`);
    const [head, got] = [await response(line, "HEAD"), await response(line)];
    t.strictSame({ ...head.headers, date: "" }, { ...got.headers, date: "" });
    t.equal(head.status, got.status);
    t.equal(Number(head.headers["content-length"]), got.body.length);
  }
});

t.test("ranges", async (t) => {
  const line = await connection(t);
  for (const [range, status, body, told] of [
    ["bytes=0-0", 206, "0", "bytes 0-0/36"],
    ["bytes=10-", 206, digits.slice(10), "bytes 10-35/36"],
    ["bytes=5-9", 206, "56789", "bytes 5-9/36"],
    ["bytes=30-99999", 206, "uvwxyz", "bytes 30-35/36"],
    ["bytes=-3", 206, "xyz", "bytes 33-35/36"],
    ["bytes=-99", 206, digits, "bytes 0-35/36"],
    ["bytes=36-", 416, "", "bytes */36"],
    ["bytes=-0", 416, "", "bytes */36"],
    ["bytes=9-5", 200, digits, undefined],
    ["bytes=-", 200, digits, undefined],
    ["bytes=0-1,3-4", 200, digits, undefined],
    ["lines=0-1", 200, digits, undefined],
    ["bytes=99999999999-", 200, digits, undefined],
  ] as const) {
    line.write(get("/digits.txt", `Range: ${range}\r\n`));
    const got = await response(line);
    t.strictSame(
      [got.status, got.body.toString(), got.headers["content-range"]],
      [status, body, told],
      range,
    );
  }
  line.write(get("/bytes/5000000", "Range: bytes=4000000-4099999\r\n"));
  const part = await response(line);
  t.equal(part.status, 206);
  t.ok(part.body.equals(pattern(100_000, 4_000_000)));
});

t.test("pipelining: in order and to the byte, in one segment and in segments of any size", async (t) => {
  const requests = Buffer.from(
    [
      get("/digits.txt"),
      "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 12\r\n\r\nGET / HTTP/\r",
      "HEAD / HTTP/1.1\r\nHost: x\r\n\r\n",
      "\r\nPOST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n0\r\nX: y\r\n\r\n",
      "POST /echo HTTP/1.1\nHost: x\nContent-Length: 0\n\n",
      get("/bytes/70000"),
      get("/missing"),
    ].join(""),
  );
  for (const size of [requests.length, 1, 7, 64]) {
    const line = await connection(t);
    await line.writePieces(requests, size);
    t.equal((await response(line)).body.toString(), digits);
    t.equal((await response(line)).body.toString(), "GET / HTTP/\r");
    t.equal((await response(line, "HEAD")).headers["content-length"], `${Buffer.byteLength(index)}`);
    t.equal((await response(line)).body.toString(), "hello");
    t.equal((await response(line)).body.length, 0);
    t.ok((await response(line)).body.equals(pattern(70_000)));
    t.equal(await statusOf(line), 404);
    line.socket.end();
    await line.ends();
    t.equal(line.bytes, 0, "nothing more");
  }
});

t.test("uploads: with a length, in chunks, asked for by 100-continue", async (t) => {
  const body = garbage(4 << 20);
  const expected = { bytes: body.length, sha1: sha1(body) };
  const pieces = [body.subarray(0, 1), body.subarray(1, 3_000_000), body.subarray(3_000_000)];
  const headers = { "content-length": `${body.length}` };
  const [whole, chunked] = await Promise.all([
    fetched({ path: "/digest", method: "PUT", headers }, pieces),
    fetched({ path: "/digest", method: "POST" }, pieces),
  ]);
  t.strictSame(JSON.parse(whole.body.toString()), expected);
  t.strictSame(JSON.parse(chunked.body.toString()), expected);
  t.equal((await fetched({ path: "/store/file.bin", method: "PUT", headers }, pieces)).status, 201);
  t.ok((await fetched({ path: "/store/file.bin" })).body.equals(body));
  const line = await connection(t);
  line.write("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  await line.hears("HTTP/1.1 100 Continue\r\n\r\n");
  await line.take(25);
  line.write("ok");
  t.equal((await response(line)).body.toString(), "ok");
});

t.test("bodies nobody wants, and too large ones: told at once", async (t) => {
  for (const [path, status] of [
    ["/digits.txt", 405],
    ["/missing", 404],
  ] as const) {
    const line = await connection(t);
    line.write(`POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: 900000000\r\n\r\nsome`);
    const got = await response(line);
    t.strictSame([got.status, got.headers.connection], [status, "close"]);
    line.write("of it, then");
    line.socket.end();
    await line.ends();
  }
  const line = await connection(t);
  line.write("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2000000\r\n\r\n");
  line.write(Buffer.alloc(2_000_000));
  t.equal(await statusOf(line), 413);
});

t.test("a client that reads slowly, and one that writes slowly, hold nobody up", async (t) => {
  const [reader, writer] = [await connection(t), await connection(t)];
  reader.socket.pause();
  reader.write(get("/bytes/20000000") + get("/digits.txt").repeat(50));
  writer.write("PUT /digest HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n01234");
  for (let count = 0; count < 3; count++)
    t.equal((await fetched({ path: "/digits.txt" })).body.toString(), digits);
  const idle = await server.idles();
  t.ok(isIdle(idle), JSON.stringify(idle));
  writer.write("56789");
  t.equal(JSON.parse((await response(writer)).body.toString()).sha1, sha1(Buffer.from("0123456789")));
  reader.socket.resume();
  t.ok((await response(reader)).body.equals(pattern(20_000_000)));
  for (let count = 0; count < 50; count++) t.equal((await response(reader)).body.toString(), digits);
});

t.test("when a connection is kept", async (t) => {
  for (const [version, header, kept] of [
    ["1.1", "", true],
    ["1.1", "Connection: close\r\n", false],
    ["1.1", "Connection: upgrade, CLOSE\r\n", false],
    ["1.0", "", false],
    ["1.0", "Connection: Keep-Alive\r\n", true],
  ] as const) {
    const line = await connection(t);
    line.write(`GET /digits.txt HTTP/${version}\r\nHost: x\r\n${header}\r\n`);
    const got = await response(line);
    t.strictSame([got.body.toString(), got.headers.connection], [digits, kept ? undefined : "close"]);
    if (!kept) await line.ends();
    else line.write(get("/missing"));
    if (kept) t.equal(await statusOf(line), 404);
  }
});

t.test("requests that are wrong", async (t) => {
  const wrong: [number, string][] = [
    [400, "hello\r\n"],
    [400, "GET /\r\n"],
    [400, "GET  / HTTP/1.1\r\n"],
    [400, "GET x HTTP/1.1\r\n"],
    [400, "GET / HTTP/1.1 \r\n"],
    [505, "GET / HTTP/2.0\r\n"],
    [400, "GET / HTTP/1.1\r\n\r\n"],
    [400, "GET / HTTP/1.1\r\nHost x\r\n"],
    [400, "GET / HTTP/1.1\r\nHost : x\r\n"],
    [400, "GET / HTTP/1.1\r\n Host: x\r\n"],
    [400, "GET / HTTP/1.1\r\nHo\0st: x\r\n"],
    [400, "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n"],
    [400, "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n"],
    [400, "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n"],
    [400, "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"],
    [501, "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n"],
    [400, "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n"],
    [400, "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n"],
    [400, "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n"],
    [400, "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n\r\n"],
    [431, `GET /${"x".repeat(9000)} HTTP/1.1\r\n`],
    [431, `GET / HTTP/1.1\r\nHost: x\r\nX: ${"x".repeat(9000)}`],
    [431, `GET / HTTP/1.1\r\nHost: x\r\n${`X: ${"x".repeat(2000)}\r\n`.repeat(9)}`],
    [400, "\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03"],
  ];
  for (const [status, text] of wrong) {
    const line = await connection(t);
    line.write(Buffer.from(text, "latin1"));
    const got = await response(line);
    t.strictSame([got.status, got.headers.connection], [status, "close"], JSON.stringify(text.slice(0, 60)));
    line.socket.end();
    await line.ends();
    t.equal(line.bytes, 0);
  }
});

t.test("cut off and reset at every byte of a request", async (t) => {
  const whole = Buffer.from(
    "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
  );
  await Promise.all(
    Array.from({ length: whole.length }, async (_, count) => {
      const line = await connection(t);
      line.write(whole.subarray(0, count));
      if (count % 2) {
        line.socket.end();
        await line.ends();
        t.equal(line.heard, "");
      } else {
        line.reset();
      }
    }),
  );
  const cut = await connection(t);
  cut.write("PUT /store/cut.bin HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf");
  cut.socket.end();
  await cut.ends();
  t.equal((await fetched({ path: "/store/cut.bin" })).status, 404, "what was cut off is not kept");
  const reading = await connection(t);
  reading.socket.pause();
  reading.write(get("/bytes/50000000"));
  await new Promise((resolve) => reading.socket.once("readable", resolve));
  reading.reset();
  t.equal((await fetched({ path: "/digits.txt" })).status, 200);
});

t.test("garbage", async (t) => {
  for (let seed = 1; seed <= 8; seed++) {
    const line = await connection(t);
    line.socket.end(garbage(30_000, seed));
    await line.ends();
    if (line.heard !== "") t.match(line.heard, /^HTTP\/1\.1 4\d\d /);
  }
  t.equal((await fetched({ path: "/digits.txt" })).status, 200);
  t.ok(server.sound, server.errors);
});

t.test("clients that stall have to go, each in its way", async (t) => {
  const strict = run(t, "http-server", { port: 0, timeout: 1 });
  const portNumber = await strict.portNumber();
  const stalling = [
    "",
    "GE",
    "GET / HTTP/1.1\r\nHost: x\r\n",
    "PUT /digest HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nx",
  ];
  const lines = await Promise.all(stalling.map(() => dial(t, portNumber)));
  for (const [index, text] of stalling.entries()) lines[index]!.write(text);
  const reader = await dial(t, portNumber);
  reader.socket.pause();
  reader.write(get("/bytes/50000000"));
  const dripping = await dial(t, portNumber);
  dripping.write("GET / HTTP/1.1\r\n");
  const drip = setInterval(() => dripping.write("X: y\r\n"), 20);
  t.teardown(() => clearInterval(drip));
  const answers = await Promise.all(
    [...lines, dripping].map(async (line) => {
      await line.ends();
      return line.heard === "" ? 0 : statusOf(line);
    }),
  );
  t.strictSame(answers, [0, 408, 408, 408, 408]);
  await waitFor(async () => {
    const line = await dial(t, portNumber);
    line.write(get("/status", "Connection: close\r\n"));
    const { timed_out: timedOut } = JSON.parse((await response(line)).body.toString());
    return timedOut >= 6;
  }, "the reader to be sent away");
  const idle = await strict.idles();
  t.ok(isIdle(idle), JSON.stringify(idle));
  t.ok(strict.sound, strict.errors);
});

t.test("curl", { skip: skipWithout("curl") }, async (t) => {
  const at = `http://127.0.0.1:${await server.portNumber()}`;
  const curl = async (...words: string[]) => {
    const options = { encoding: "buffer" as const, timeout: 120_000, maxBuffer: 1 << 26 };
    return (await promisify(execFile)("curl", ["--silent", "--show-error", ...words], options)).stdout;
  };
  t.equal((await curl(`${at}/`)).toString(), index);
  t.match(
    (await curl("--head", `${at}/digits.txt`)).toString(),
    /^HTTP\/1\.1 200 OK\r\n(.*\r\n)*Content-Length: 36\r\n/,
  );
  t.equal((await curl("--range", "3-5", `${at}/digits.txt`)).toString(), "345");
  t.ok((await curl(`${at}/bytes/3000000`)).equals(pattern(3_000_000)));
  const twice = await curl("--write-out", "%{num_connects};", `${at}/digits.txt`, `${at}/digits.txt`);
  t.equal(twice.toString(), `${digits}1;${digits}0;`);
  const folder = t.testdir({ "data.bin": garbage(3_000_000).toString("latin1") });
  const file = `${folder}/data.bin`;
  const sum = JSON.stringify(JSON.parse((await curl("--upload-file", file, `${at}/digest`)).toString()));
  const chunked = await curl("--header", "Transfer-Encoding: chunked", "--upload-file", file, `${at}/digest`);
  t.equal(JSON.stringify(JSON.parse(chunked.toString())), sum);
  const data = Buffer.from(garbage(3_000_000).toString("latin1"));
  t.strictSame(JSON.parse(sum), { bytes: data.length, sha1: sha1(data) });
  t.equal((await curl("--data", "a=b", `${at}/echo`)).toString(), "a=b");
});

t.test("the counts add up", async (t) => {
  const said = (await fetched({ path: "/status" })).body.toString();
  const { accepted, requests, refused, timed_out: timedOut } = JSON.parse(said);
  t.ok(accepted > 100 && requests > 100 && refused > 30, said);
  t.equal(timedOut, 0);
  t.ok(server.sound, server.errors);
});
