/** roUrlTransfer and peers that stall, go away or reset in each phase: one event each, with libcurl's number. */
import { createHash } from "node:crypto";
import { readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { call } from "./call.js";
import { at, newPort, next, portOf, startServers, transfer } from "./http.js";
import { startProgram } from "./program.js";

t.before(() => startServers(t));

const large = "x".repeat(20_000_000);

type Case = readonly [phase: string, server: string, scheme: string, code: number, body?: string];

const cases: readonly Case[] = [
  ["no TLS handshake", "silent", "https", -28],
  ["no answer", "silent", "http", -28],
  ["half a status line", "halfStatus", "http", -28],
  ["half a header", "halfHeader", "http", -28],
  ["half a body", "halfBody", "http", -28],
  ["half a chunk", "halfChunk", "http", -28],
  ["a peer that does not read", "deaf", "http", -28, large],
  ["closed in the TLS handshake", "closing", "https", -35],
  ["closed before the answer", "closing", "http", -52],
  ["closed while the request is sent", "closing", "http", -55, large],
  ["reset in the TLS handshake", "resetting", "https", -35],
  ["reset before the answer", "resetting", "http", -56],
  ["reset in the head", "resettingHead", "http", -56],
  ["reset in the body", "resettingBody", "http", -56],
];

t.test("one event for each phase", async (t) => {
  const port = newPort();
  const begin = performance.now();
  const made = cases.map(([, server, scheme, , body]) => {
    const each = transfer(`${scheme}://127.0.0.1:${portOf(server)}/`, port);
    call(each, "SetMinimumTransferRate", 1_000_000_000, 1);
    call(each, body === undefined ? "AsyncGetToString" : "AsyncPostFromString", ...(body ? [body] : []));
    return each;
  });
  const codes = new Map<unknown, unknown[]>();
  for (const _ of made) {
    const event = next(port);
    const source = call(event, "GetSourceIdentity");
    const reason = call(event, "GetFailureReason");
    codes.set(source, [...(codes.get(source) ?? []), call(event, "GetResponseCode"), reason !== ""]);
  }
  t.equal(call(port, "WaitMessage", 100), null, "no more than one");
  for (const [index, [phase, , , code]] of cases.entries()) {
    const got = codes.get(call(made[index]!, "GetIdentity"));
    // Whether the reset or the end comes first is the system's.
    const isSending = phase.includes("is sent") && got?.[0] === -56;
    t.same(got, [isSending ? -56 : code, true], phase);
  }
  t.ok(performance.now() - begin < 8_000);
});

t.test("an answer before the request was sent", async (t) => {
  const post = (server: string): object => {
    const port = newPort();
    const made = transfer(`http://127.0.0.1:${portOf(server)}/`, port);
    call(made, "RetainBodyOnError", true);
    call(made, "AsyncPostFromString", large);
    return next(port);
  };
  const refused = post("refusing");
  t.equal(call(refused, "GetResponseCode"), 413);
  t.equal(call(refused, "GetString"), "too much");
  const early = post("early");
  t.equal(call(early, "GetResponseCode"), 200);
  t.equal(call(early, "GetString"), `${large.length}`, "the server had all of it");
});

t.test("a file that becomes shorter while it is sent", async (t) => {
  const { tmp } = startProgram(t);
  const file = join(tmp, "file");
  writeFileSync(file, large);
  const port = newPort();
  const made = transfer(`http://127.0.0.1:${portOf("slow")}/`, port);
  call(made, "AsyncPostFromFile", "tmp:/file");
  call(port, "WaitMessage", 300);
  truncateSync(file, 1_000);
  const event = next(port);
  t.equal(call(event, "GetResponseCode"), -26);
  t.match(call(event, "GetFailureReason"), /shorter/);
});

t.test("a file of nothing, and a large one", async (t) => {
  const { tmp } = startProgram(t);
  for (const text of ["", "x", large]) {
    writeFileSync(join(tmp, "file"), text);
    const made = transfer(at("echo"));
    call(made, "GetToString");
    const port = newPort();
    call(made, "SetMessagePort", port);
    call(made, "AsyncPostFromFileToFile", "tmp:/file", "tmp:/answer");
    t.equal(call(next(port), "GetResponseCode"), 200);
    const sha = createHash("sha1").update(text).digest("hex");
    t.match(JSON.parse(readFileSync(join(tmp, "answer"), "utf8")), { bytes: text.length, sha });
  }
});

t.test("what goes wrong with a file is said by the program's path", async (t) => {
  const { tmp } = startProgram(t);
  const made = transfer(at("echo"));
  for (const path of ["tmp:/none/x", "tmp:/"]) {
    t.equal(call(made, "GetToFile", path), -23);
    const reason = call(made, "GetFailureReason") as string;
    t.match(reason, path);
    t.notMatch(reason, tmp);
    t.notMatch(reason, "/proc/");
  }
});
