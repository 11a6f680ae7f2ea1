/**
 * The servers of url-transfer.test.ts, in a process of their own, since the program blocks its thread. Writes their ports as a
 * line of JSON. With a key and certificate for TLS as arguments it also speaks HTTPS.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import http, { type IncomingMessage, type ServerResponse } from "node:http";
import https from "node:https";
import net, { type AddressInfo, type Server, type Socket } from "node:net";
import { buffer } from "node:stream/consumers";
import { deflateSync, gzipSync } from "node:zlib";

type Answer = (request: IncomingMessage, response: ServerResponse, url: URL) => void | Promise<void>;

const digits = (length: number): Buffer => Buffer.alloc(length, "0123456789");
const text = "The quick brown fox. ".repeat(100);

let waiting = 0;

const answers: Record<string, Answer> = {
  async echo(request, response) {
    const body = await buffer(request);
    response.setHeader("X-Method", request.method!);
    response.end(
      JSON.stringify({
        method: request.method,
        url: request.url,
        headers: request.headers,
        bytes: body.length,
        sha: createHash("sha1").update(body).digest("hex"),
        body: body.length < 1_000 ? body.toString("latin1") : "",
        from: request.socket.remotePort,
      }),
    );
  },
  status(_, response, url) {
    response.statusCode = Number(url.searchParams.get("code"));
    response.setHeader("X-Why", "asked for");
    response.end("an error's body");
  },
  redirect(_, response, url) {
    const left = Number(url.searchParams.get("left"));
    const to = url.searchParams.get("to") ?? "/echo";
    const Location = left > 1 ? `/redirect?left=${left - 1}&to=${encodeURIComponent(to)}` : to;
    response.writeHead(Number(url.searchParams.get("code") ?? 302), { Location });
    response.end("moved");
  },
  compressed(request, response, url) {
    const name = url.searchParams.get("with")!;
    const accepted = request.headers["accept-encoding"] ?? "";
    if (!accepted.includes(name) && !url.searchParams.has("anyway")) {
      response.end("not asked for");
      return;
    }
    response.setHeader("Content-Encoding", name);
    const whole = name === "gzip" ? gzipSync(text) : deflateSync(text);
    const wrong = url.searchParams.get("wrong");
    if (wrong === "empty") response.end();
    else if (wrong === "cut") response.end(whole.subarray(0, -20));
    else if (wrong === "garbage") response.end("garbage");
    else response.end(whole);
  },
  bomb(_, response, url) {
    response.setHeader("Content-Encoding", "gzip");
    response.end(gzipSync(Buffer.alloc(Number(url.searchParams.get("bytes")))));
  },
  large(request, response, url) {
    const whole = digits(Number(url.searchParams.get("bytes")));
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);
    if (from === 0) {
      response.end(whole);
    } else if (url.searchParams.has("elsewhere")) {
      response.writeHead(206, { "Content-Range": "bytes 9000000000000000-9000000000000001/*" }).end("xx");
    } else if (from >= whole.length) {
      response.writeHead(416).end();
    } else {
      response.writeHead(206, { "Content-Range": `bytes ${from}-${whole.length - 1}/${whole.length}` });
      response.end(whole.subarray(from));
    }
  },
  chunks(_, response) {
    response.write("first, ");
    setTimeout(() => response.end("second"), 30);
  },
  never(request) {
    waiting++;
    request.socket.once("close", () => waiting--);
  },
  /** How many requests there are that never get an answer. */
  waiting(_, response) {
    response.end(`${waiting}`);
  },
  stall(_, response) {
    response.writeHead(200, { "Content-Length": 100 });
    response.write("only this");
  },
  drip(request, response) {
    const timer = setInterval(() => response.write("."), 100);
    request.socket.on("close", () => clearInterval(timer));
  },
  cut(_, response, url) {
    response.writeHead(200, url.searchParams.has("chunked") ? {} : { "Content-Length": 100 });
    response.write("only this");
    setTimeout(() => response.socket!.end(), 10);
  },
  reset(_, response) {
    response.writeHead(200, { "Content-Length": 100 });
    response.write("only this");
    setTimeout(() => response.socket!.resetAndDestroy(), 30);
  },
  hangup(request) {
    request.socket.end();
  },
  switch(_, response) {
    response.writeHead(101, { Upgrade: "else", Connection: "Upgrade" });
    response.end();
  },
  headers(_, response) {
    response.setHeader("X-Twice", ["one", "two"]);
    response.setHeader("X-Text", Buffer.from("grüß").toString("latin1"));
    response.setHeader("X-Bytes", "\xff");
    response.end();
  },
  setCookies(_, response, url) {
    response.setHeader("Set-Cookie", url.searchParams.getAll("cookie"));
    response.writeHead(302, { Location: "/echo" });
    response.end();
  },
  digest(request, response, url) {
    const algorithm = url.searchParams.get("algorithm") ?? "MD5";
    const qop = url.searchParams.get("qop");
    if (isAuthorized(request, algorithm)) {
      response.end("welcome");
      return;
    }
    const challenge = `Digest realm="a \\"realm\\"", nonce="abc", opaque="o"${qop === null ? "" : `, qop="${qop}"`}, algorithm=${algorithm}`;
    response.setHeader("WWW-Authenticate", ['Basic realm="b"', challenge]);
    response.statusCode = 401;
    response.end("who are you?");
  },
  /** Closes the connection only when the next request comes. */
  once(request, response) {
    const { socket } = request;
    if (served.has(socket)) socket.destroy();
    else response.end(`${socket.remotePort}`);
    served.add(socket);
  },
};

const served = new WeakSet<Socket>();

/** User "me", password "secret". */
function isAuthorized(request: IncomingMessage, algorithm: string): boolean {
  const header = request.headers.authorization ?? "";
  const fields = Object.fromEntries(
    [...header.matchAll(/(\w+)=(?:"((?:\\.|[^"])*)"|([^\s,]+))/g)].map(([, name, quoted, token]) => [
      name,
      quoted?.replace(/\\(.)/g, "$1") ?? token,
    ]),
  );
  const hash = (value: string): string =>
    createHash(algorithm.startsWith("SHA-256") ? "sha256" : "md5")
      .update(value)
      .digest("hex");
  let secret = hash(`me:${fields.realm}:secret`);
  if (algorithm.endsWith("-sess")) secret = hash(`${secret}:abc:${fields.cnonce}`);
  const middle = fields.qop === undefined ? "abc" : `abc:${fields.nc}:${fields.cnonce}:auth`;
  const expected = hash(`${secret}:${middle}:${hash(`${request.method}:${request.url}`)}`);
  return fields.username === "me" && fields.opaque === "o" && fields.response === expected;
}

function serve(request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url!, "http://server");
  const answer = answers[url.pathname.slice(1)];
  if (answer === undefined) response.writeHead(404).end();
  else void answer(request, response, url);
}

/** Says something, whatever it is asked, and hangs up. */
const saying = (words: string): Server =>
  net.createServer((socket) => socket.on("error", () => {}).end(words));

/** Does something with each connection at its first bytes. */
const doing = (work: (socket: Socket) => void): Server =>
  net.createServer((socket) => socket.on("error", () => {}).once("data", () => work(socket)));

/** Says something, and then nothing more. */
const stalling = (words: string): Server => doing((socket) => socket.write(words));

const ok = "HTTP/1.1 200 OK\r\n";

/** Answers with the length of the body, of which it says beforehand how many digits it has. */
function answerEarly(socket: Socket): void {
  const length = 20_000_000;
  let bytes = 0;
  socket.write(`${ok}Content-Length: 8\r\n\r\n2`);
  socket.on("data", (data) => {
    bytes += data.length;
    if (bytes > length - 70_000 && !socket.writableEnded) socket.end(`${length}`.slice(1));
  });
}

const [key, certificate] = process.argv.slice(2);
const servers: Record<string, Server> = {
  http: http.createServer(serve),
  other: http.createServer(serve),
  garbage: saying("SSH-2.0-OpenSSH_9.2\r\n"),
  badHeader: saying("HTTP/1.1 200 OK\r\nno colon\r\n\r\n"),
  badChunk: saying("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n"),
  silent: net.createServer((socket) => socket.on("error", () => {})),
  deaf: net.createServer((socket) => socket.on("error", () => {}).pause()),
  slow: net.createServer((socket) => {
    socket.on("error", () => {});
    setTimeout(() => socket.resume(), 1_000);
  }),
  halfStatus: stalling("HTTP/1.1 20"),
  halfHeader: stalling(`${ok}Content-`),
  halfBody: stalling(`${ok}Content-Length: 10\r\n\r\nhello`),
  huge: stalling(`${ok}Content-Length: ${2 ** 50}\r\n\r\nhello`),
  halfChunk: stalling(`${ok}Transfer-Encoding: chunked\r\n\r\n5\r\nhel`),
  closing: doing((socket) => socket.destroy()),
  resetting: doing((socket) => socket.resetAndDestroy()),
  resettingHead: doing((socket) =>
    socket.write(`${ok}X: `, () => setTimeout(() => socket.resetAndDestroy(), 50)),
  ),
  resettingBody: doing((socket) =>
    socket.write(`${ok}\r\nbody`, () => setTimeout(() => socket.resetAndDestroy(), 50)),
  ),
  refusing: doing((socket) => {
    socket.pause().write("HTTP/1.1 413 Too Large\r\nContent-Length: 8\r\n\r\ntoo much");
  }),
  early: doing(answerEarly),
};
if (key !== undefined && certificate !== undefined) {
  const files = { key: readFileSync(key), cert: readFileSync(certificate) };
  servers.https = https.createServer(files, serve);
  servers.https12 = https.createServer({ ...files, maxVersion: "TLSv1.2" }, serve);
}

const ports = Object.entries(servers).map(
  ([name, server]) =>
    new Promise<[string, number]>((resolve) => {
      server.listen(0, "127.0.0.1", () => resolve([name, (server.address() as AddressInfo).port]));
    }),
);
void Promise.all(ports).then((list) => console.log(JSON.stringify(Object.fromEntries(list))));
process.stdin.resume().on("end", () => process.exit());
