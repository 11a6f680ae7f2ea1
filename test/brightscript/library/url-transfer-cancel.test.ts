/** roUrlTransfer: what ends a transfer before its end, and what is refused while one is under way. */
import t from "tap";
import { redirect } from "#src/brightscript/runtime/console.js";
import type { Value } from "#src/brightscript/runtime/values.js";
import { waitFor } from "../../support/time.js";
import { call } from "./call.js";
import { at, newPort, next, startServers, transfer } from "./http.js";
import { startProgram } from "./program.js";

t.before(() => startServers(t));

/** What is written to the console meanwhile. */
function console(work: () => unknown): string {
  let text = "";
  redirect((bytes) => {
    text += Buffer.from(bytes).toString();
  });
  try {
    work();
  } finally {
    redirect();
  }
  return text;
}

const outcomeOf = (event: object): Value[] => [
  call(event, "GetResponseCode"),
  call(event, "GetFailureReason"),
  call(event, "GetString"),
];

/** How many connections the server holds that wait for an answer. */
const waiting = (): number => Number(call(transfer(at("waiting")), "GetToString"));

t.test("AsyncCancel: one event, which says so", async (t) => {
  const port = newPort();
  const made = transfer(at("never"), port);
  t.equal(call(made, "AsyncCancel"), true, "with nothing to cancel");
  t.equal(call(port, "WaitMessage", 20), null);
  t.equal(call(made, "AsyncGetToString"), true);
  t.equal(waiting(), 1);
  t.equal(call(made, "AsyncCancel"), true);
  const event = next(port);
  t.same(outcomeOf(event), [-10001, "Cancelled", ""]);
  t.equal(call(event, "GetSourceIdentity"), call(made, "GetIdentity"));
  t.equal(call(made, "GetFailureReason"), "Cancelled");
  t.equal(call(made, "AsyncCancel"), true, "a second time");
  t.equal(call(port, "WaitMessage", 50), null);
  await waitFor(() => waiting() === 0, "the connection to be closed");
});

t.test("AsyncCancel of what has ended, but was not delivered", async (t) => {
  const port = newPort();
  const made = transfer(at("echo"), port);
  call(made, "AsyncGetToString");
  while (call(port, "PeekMessage") === null);
  t.equal(call(made, "AsyncGetToString"), false, "it is still under way");
  call(made, "AsyncCancel");
  t.equal(call(next(port), "GetResponseCode"), -10001);
  t.equal(call(port, "WaitMessage", 50), null);
});

t.test("a cancelled transfer is over: the next one can begin", async (t) => {
  const port = newPort();
  const made = transfer(at("never"), port);
  call(made, "AsyncGetToString");
  call(made, "AsyncCancel");
  call(made, "SetUrl", at("chunks"));
  t.equal(call(made, "AsyncGetToString"), true);
  t.same(outcomeOf(next(port)), [-10001, "Cancelled", ""]);
  t.same(outcomeOf(next(port)), [200, "", "first, second"]);
  t.equal(call(port, "WaitMessage", 50), null);
});

t.test("without a port nobody is told", async (t) => {
  const made = transfer(at("never"));
  call(made, "AsyncGetToString");
  call(made, "AsyncCancel");
  t.equal(call(made, "GetFailureReason"), "Cancelled");
  call(made, "SetUrl", at("chunks"));
  t.equal(call(made, "GetToString"), "first, second");
});

t.test("what is refused while a transfer is under way", async (t) => {
  startProgram(t);
  const port = newPort();
  const url = at("never");
  const made = transfer(url, port);
  call(made, "AsyncGetToString");
  const refused: [method: string, values: Value[], result: Value][] = [
    ["SetUrl", [at("echo")], null],
    ["GetToString", [], ""],
    ["GetToFile", ["tmp:/x"], -2],
    ["PostFromString", ["x"], -2],
    ["PostFromFile", ["tmp:/x"], -2],
    ["Head", [], null],
    ["AsyncGetToString", [], false],
    ["AsyncGetToFile", ["tmp:/x"], false],
    ["AsyncPostFromString", ["x"], false],
    ["AsyncPostFromFile", ["tmp:/x"], false],
    ["AsyncPostFromFileToFile", ["tmp:/x", "tmp:/y"], false],
    ["AsyncHead", [], false],
  ];
  for (const [method, values, result] of refused) {
    let got: Value;
    const text = console(() => {
      got = call(made, method, ...values) ?? null;
    });
    t.equal(got!, result, method);
    t.equal(text, `BRIGHTSCRIPT: ERROR: roUrlTransfer.${method}: Asynchronous operation in progress\n`);
  }
  t.equal(call(made, "GetUrl"), url);
  t.not(call(made, "GetFailureReason"), "");
  call(made, "AsyncCancel");
  t.equal(
    console(() => call(made, "SetUrl", at("echo"))),
    "",
    "not any more",
  );
  t.equal(call(made, "GetUrl"), at("echo"));
});

/** In a function of its own, which leaves nothing on the stack. */
function beginAndDrop(count: number, path: string, port: object | null): void {
  for (let i = 0; i < count; i++) call(transfer(at(path), port), "AsyncGetToString");
}

t.test("a dropped transfer stops, and no event comes of it", async (t) => {
  const port = newPort();
  beginAndDrop(3, "never", port);
  beginAndDrop(2, "chunks", port);
  const kept = transfer(at("chunks?kept"), port);
  call(kept, "AsyncGetToString");
  t.equal(call(next(port), "GetSourceIdentity"), call(kept, "GetIdentity"));
  t.equal(call(port, "WaitMessage", 1_000), null);
  await waitFor(() => waiting() === 0, "the connections to be closed");
  beginAndDrop(2, "never", null);
  call(port, "WaitMessage", 500);
  await waitFor(() => waiting() === 0, "those without a port, too");
});

t.test("a transfer that is held comes to its end, however much garbage there is", async (t) => {
  const port = newPort();
  const held = new Map<Value, object>();
  for (let i = 0; i < 20; i++) {
    const made = transfer(at("chunks"), port);
    held.set(call(made, "GetIdentity"), made);
    call(made, "AsyncGetToString");
  }
  while (held.size > 0) {
    globalThis.gc?.();
    const event = next(port);
    t.equal(call(event, "GetString"), "first, second");
    t.ok(held.delete(call(event, "GetSourceIdentity")));
  }
});
