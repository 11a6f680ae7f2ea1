/** roUrlTransfer and ports: when the end of a transfer is told, to whom, and what else a program may do meanwhile. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import t from "tap";
import type { RoArray } from "#src/brightscript/library/array.js";
import { typeName, type Value } from "#src/brightscript/runtime/values.js";
import { leftDescriptors, newDescriptors, openDescriptors } from "../../support/descriptors.js";
import type { Scope } from "../../support/sockets.js";
import { withTimeout } from "../../support/time.js";
import { plainNode } from "../../support/tools.js";
import { call } from "./call.js";
import { at, echo, newPort, next, startServers, transfer } from "./http.js";

t.before(() => startServers(t));

t.test("Head", async (t) => {
  const made = transfer(at("echo"));
  const event = call(made, "Head");
  t.equal(typeName(event), "roUrlEvent");
  t.equal(call(event, "GetResponseCode"), 200);
  t.equal(call(event, "GetString"), "");
  t.equal(call(call(event, "GetResponseHeaders"), "Lookup", "x-method"), "HEAD");
  const port = newPort();
  call(made, "SetMessagePort", port);
  t.equal(call(made, "AsyncHead"), true);
  t.equal(call(made, "Head"), null, "another one is under way");
  t.equal(call(next(port), "GetResponseCode"), 200);
  t.equal(call(call(transfer("http://127.0.0.1:1/"), "Head"), "GetResponseCode"), -7);
});

t.test("roUrlEvent", async (t) => {
  const port = newPort();
  const made = transfer(at("headers"), port);
  call(made, "AsyncGetToString");
  const event = next(port);
  t.equal(typeName(event), "roUrlEvent");
  t.equal(call(event, "GetInt"), 1);
  t.equal(call(event, "GetSourceIdentity"), call(made, "GetIdentity"));
  t.equal(call(event, "GetTargetIpAddress"), "127.0.0.1");
  t.equal(call(event, "GetFailureReason"), "");
  const headers = call(event, "GetResponseHeaders");
  t.equal(call(headers, "Lookup", "X-Twice"), "two", "the last");
  t.equal(call(headers, "Lookup", "x-text"), "grüß");
  t.equal(call(headers, "Lookup", "X-Bytes"), "\udcff");
  const all = (call(event, "GetResponseHeadersArray") as RoArray).items.map((each) =>
    call(each, "Lookup", "X-Twice"),
  );
  t.same(
    all.filter((value) => value !== null),
    ["one", "two"],
  );
});

t.test("fifty at once on one port, with a socket among them", async (t) => {
  const port = newPort();
  const made = new Map<Value, { made: object; index: number }>();
  for (let index = 0; index < 50; index++) {
    const each = transfer(at(`echo?${index}`), port);
    made.set(call(each, "GetIdentity"), { made: each, index });
    t.equal(call(each, "AsyncGetToString"), true);
  }
  call(port, "PostMessage", "posted");
  let posted = 0;
  while (made.size > 0) {
    const event = next(port);
    if ((event as unknown) === "posted") {
      posted++;
      continue;
    }
    const source = call(event, "GetSourceIdentity");
    t.equal(echo(call(event, "GetString")).url, `/echo?${made.get(source)!.index}`);
    made.delete(source);
  }
  t.equal(posted, 1);
  t.equal(call(port, "WaitMessage", 20), null, "no more than these");
});

t.test("ports: peeking, changing, none", async (t) => {
  const [first, second] = [newPort(), newPort()];
  const made = transfer(at("echo"), first);
  call(made, "AsyncGetToString");
  let peeked: Value = null;
  while (peeked === null) peeked = call(first, "PeekMessage");
  t.equal(call(first, "PeekMessage"), peeked);
  call(made, "SetMessagePort", second);
  t.equal(call(first, "GetMessage"), null);
  t.equal(call(second, "GetMessage"), peeked, "the event went along");

  call(made, "AsyncGetToString");
  call(made, "SetMessagePort", first);
  t.equal(call(next(first), "GetResponseCode"), 200, "changed while it was under way");
  t.equal(call(second, "GetMessage"), null);

  call(made, "SetMessagePort", null);
  t.equal(call(made, "AsyncGetToString"), true, "without a port");
  for (let i = 0; !call(made, "AsyncGetToString"); i++) {
    if (i > 1_000) throw new Error("it does not end");
    call(first, "WaitMessage", 5);
  }
  call(made, "AsyncCancel");
});

t.test("events wake somebody who waits without blocking", async (t) => {
  const port = newPort() as { waitMessageAsync(timeout: number): Promise<Value> };
  const made = transfer(at("chunks"), port as Value);
  call(made, "AsyncGetToString");
  t.equal(call(await port.waitMessageAsync(10_000), "GetString"), "first, second");
});

t.test("nothing is left open", async (t) => {
  const before = openDescriptors();
  const port = newPort();
  const made = [1, 2, 3, 4, 5].map(() => transfer(at("chunks"), port));
  for (const each of made) call(each, "AsyncGetToString");
  for (const _ of made) t.equal(call(next(port), "GetString"), "first, second");
  const left = newDescriptors(before).filter((each) => !/socket:|eventpoll/.test(each));
  t.same(left, [], "but for kept connections and the port's epoll set");
});

const program = join(__dirname, "transfer-process.js");

function run(t: Scope, doing: string): ChildProcess {
  const child = spawn(...plainNode(program, doing, at("never")), {
    stdio: ["ignore", "pipe", "inherit"],
    env: { PATH: process.env.PATH },
  });
  t.teardown(() => child.kill("SIGKILL"));
  return child;
}

t.test("a program ends with a transfer under way", async (t) => {
  const child = run(t, "begin");
  t.same(await withTimeout(once(child, "exit"), "the end"), [0, null]);
});

t.test("a signal ends a program that waits for a transfer", async (t) => {
  const child = run(t, "wait");
  await once(child.stdout!, "data");
  child.kill("SIGINT");
  t.same(await withTimeout(once(child, "exit"), "the end"), [null, "SIGINT"]);
});

t.test("a worker that waits for a transfer can be terminated, and its descriptors go with it", async (t) => {
  const before = openDescriptors();
  // Without the modules that the test runner adds to a worker, which may be reading their files when it ends.
  const plain = { execArgv: [], env: { PATH: process.env.PATH } };
  const worker = new Worker(program, { ...plain, workerData: { doing: "wait", url: at("never") } });
  await once(worker, "message");
  await new Promise((resolve) => setTimeout(resolve, 50));
  await withTimeout(worker.terminate(), "the end");
  t.same(await leftDescriptors(before), []);
});
