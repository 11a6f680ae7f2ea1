/** roUrlTransfer against servers that refuse, stall, break off and talk nonsense. */
import t from "tap";
import type { Value } from "#src/brightscript/runtime/values.js";
import { call } from "./call.js";
import { at, newPort, next, outcome, startServers, transfer } from "./http.js";

t.before(() => startServers(t));

t.test("errors of HTTP's", async (t) => {
  const made = transfer(at("status?code=404"));
  t.equal(call(made, "GetToString"), "");
  t.equal(call(made, "GetFailureReason"), "404 Not Found");
  t.same(outcome(made), { code: 404, reason: "404 Not Found", body: "" });
  call(made, "RetainBodyOnError", true);
  t.equal(call(made, "GetToString"), "an error's body");
  t.same(outcome(made), { code: 404, reason: "404 Not Found", body: "an error's body" });
  for (const code of [204, 304, 399, 500, 599])
    t.equal(outcome(transfer(at(`status?code=${code}`))).code, code);
  const port = newPort();
  call(made, "SetMessagePort", port);
  call(made, "AsyncGetToString");
  const event = next(port);
  t.equal(call(call(event, "GetResponseHeaders"), "Count"), 0, "only of a success");
  t.ok((call(call(event, "GetResponseHeadersArray"), "Count") as number) > 0, "in any case");
});

t.test("errors of the connection", async (t) => {
  const cases: [url: string, code: number][] = [
    ["http://127.0.0.1:1/", -7],
    ["http://localhost:1/", -7],
    ["http://does-not-exist.invalid/", -6],
    ["", -3],
    ["http://", -3],
    ["http://[", -3],
    ["ftp://127.0.0.1/", -1],
    [at("", "garbage"), -1],
    [at("", "badHeader"), -8],
    [at("", "badChunk"), -56],
    [at("hangup"), -52],
    [at("cut"), -18],
    [at("cut?chunked"), -18],
    [at("reset"), -56],
    [at("switch"), -8],
  ];
  for (const [url, code] of cases) {
    const { code: got, reason, body } = outcome(transfer(url));
    t.equal(got, code, `${url}: ${reason}`);
    t.not(reason, "");
    t.equal(body, "");
  }
  const made = transfer(at("cut"));
  t.equal(call(made, "GetToString"), "", "the program that waits is told, too");
  t.not(call(made, "GetFailureReason"), "");
});

t.test("a connection that the server has given up is replaced", async (t) => {
  const made = transfer(at("once"));
  const ports = [1, 2, 3].map(() => call(made, "GetToString"));
  t.equal(new Set(ports).size, 3);
  t.notOk(ports.includes(""), `${ports}`);
});

t.test("a minimum rate ends what stalls, and leaves alone what does not", async (t) => {
  const port = newPort();
  const begin = performance.now();
  const urls = [at("never"), at("stall"), at("drip"), at("", "silent")];
  const held = new Set<Value>();
  const all = urls.map((url) => {
    const made = transfer(url, port);
    call(made, "SetMinimumTransferRate", 1_000, 1);
    call(made, "AsyncGetToString");
    held.add(call(made, "GetIdentity"));
    return made;
  });
  for (const _ of all) {
    const event = next(port);
    t.equal(call(event, "GetResponseCode"), -28);
    t.ok(held.delete(call(event, "GetSourceIdentity")));
  }
  for (const made of all) t.match(call(made, "GetFailureReason"), /less than 1000 bytes a second/);
  const time = performance.now() - begin;
  t.ok(time > 900 && time < 60_000, `${time}`);
});
