/** roUrlTransfer and answers that are not by the book: it makes of them what curl does. */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { promisify } from "node:util";
import t from "tap";
import { Dechunker } from "#src/brightscript/library/transfer/framing.js";
import { HeadReader } from "#src/brightscript/library/transfer/head.js";
import { skipWithout } from "../../support/tools.js";
import { type Outcome, strange } from "./answers.js";
import { call } from "./call.js";
import { newPort, next, outcome, transfer } from "./http.js";

let base = "";

t.before(async () => {
  const server = spawn(process.execPath, [join(__dirname, "answer-server.js")], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { PATH: process.env.PATH },
  });
  t.teardown(() => server.stdin.end());
  const [line] = await once(server.stdout, "data");
  base = `http://127.0.0.1:${String(line).trim()}`;
});

function ours(path: string): Outcome & { reason: string } {
  const made = transfer(`${base}/${path}`);
  call(made, "EnableEncodings", true);
  const { code, body, reason } = outcome(made);
  return { code: code as number, body: body as string, reason: reason as string };
}

/** "" for the body when curl fails: a Roku gives none. */
async function curls(path: string): Promise<Outcome> {
  const words = ["-s", "-L", "--compressed", "-m", "20", "-w", "\n%{http_code}", `${base}/${path}`];
  try {
    const { stdout } = await promisify(execFile)("curl", words);
    const at = stdout.lastIndexOf("\n");
    return { code: Number(stdout.slice(at + 1)), body: stdout.slice(0, at) };
  } catch (error) {
    return { code: -(error as { code: number }).code, body: "" };
  }
}

for (const way of ["", "slow/"]) {
  t.test(`answers that come ${way === "" ? "at once" : "piece by piece"}`, async (t) => {
    for (const [name, { code, body }] of Object.entries(strange)) {
      const got = ours(way + name);
      t.same({ code: got.code, body: got.body }, { code, body }, `${name}: ${got.reason}`);
      if (code < 0) t.not(got.reason, "", name);
    }
  });
}

t.test("what curl makes of them", { skip: skipWithout("curl") }, async (t) => {
  for (const [name, { code, body, unlikeCurl }] of Object.entries(strange)) {
    if (unlikeCurl === undefined) t.same(await curls(name), { code, body }, name);
  }
});

t.test("a server that says more than it announced does not spoil the next answer", async (t) => {
  const made = transfer(`${base}/late/204-with-chunks`);
  for (let i = 0; i < 5; i++) {
    t.equal(outcome(made).code, 204);
  }
});

t.test("headers as they came, but for the folds", async (t) => {
  const port = newPort();
  const headersOf = (name: string): object => {
    const made = transfer(`${base}/${name}`, port);
    call(made, "AsyncGetToString");
    return call(next(port), "GetResponseHeaders") as object;
  };
  t.equal(call(headersOf("folded"), "Lookup", "X"), "a b c");
  t.equal(call(headersOf("space-before-colon"), "Lookup", "x"), "a");
  t.equal(call(headersOf("space-in-name"), "Lookup", "X Y"), "a");
  t.equal(call(headersOf("control-characters"), "Lookup", "X"), "a\x01\x1f\x7fb");
  t.equal(call(headersOf("many-headers"), "Count"), 3_001);
});

t.test("a reason is text", async (t) => {
  t.equal(ours("bytes-in-reason").reason, "404 Pas trouv\u00e9");
});

t.test("a status line that comes byte by byte takes no longer for each", async (t) => {
  const reader = new HeadReader();
  const begin = performance.now();
  for (const byte of Buffer.from(`HTTP/1.1 200 ${"x".repeat(60_000)}\r\n\r\n`)) reader.take(Buffer.of(byte));
  t.equal(reader.head?.reason.length, 60_000);
  const time = performance.now() - begin;
  t.ok(time < 5_000, `${time}`);
});

t.test("however the bytes are cut", async (t) => {
  const head = Buffer.from("HTTP/1.1 200 OK\r\nA: b\r\n  c\r\nD: \xa0\r\n\r\nbody", "latin1");
  const body = Buffer.from("3;x\r\nabc\r\n2\nde\r\n0\r\nT: u\r\n\r\nmore");
  for (let first = 0; first <= body.length; first++) {
    const pieces = (all: Buffer): Buffer[] => [all.subarray(0, first), all.subarray(first)];
    const reader = new HeadReader();
    let taken = 0;
    for (const piece of pieces(head)) if (!reader.isWhole) taken += reader.take(piece);
    t.same([taken, reader.isWhole], [head.length - 4, true]);
    t.same(reader.head?.headers, [
      ["A", "b c"],
      ["D", "\xa0"],
    ]);
    const dechunker = new Dechunker();
    let text = "";
    let used = 0;
    for (const piece of pieces(body)) {
      const { data, taken } = dechunker.take(piece);
      text += Buffer.concat(data).toString();
      used += taken;
    }
    t.same([text, used, dechunker.isDone], ["abcde", body.length - 4, true]);
  }
});
