import t, { type Test } from "tap";
import { inSystemCall } from "../support/activity.js";
import { refusing } from "../support/index.js";
import { answering, garbage, type Line, pattern } from "./peers.js";
import { isIdle, type RunningProgram, run } from "./running.js";

t.jobs = 4;

/** The program, and a server to which it connects `times` times. */
async function meeting(t: Test, values: Record<string, number> = {}) {
  const listening = await answering(t);
  const client = run(t, "late-port.brs", { server: listening.hostPort, ...values });
  const next = () => listening.next();
  /** The next connection after the greeting, the port set. */
  const subscribed = async (): Promise<Line> => {
    const line = await next();
    line.write("HELLO 1\n");
    t.equal(await line.takeLine(), "SUBSCRIBE news");
    return line;
  };
  return { client, next, subscribed };
}

async function says(t: Test, client: RunningProgram, ...lines: string[]): Promise<void> {
  t.equal(await client.ended(), 0);
  t.equal(client.output, lines.map((line) => `${line}\n`).join(""));
  t.equal(client.errors, "");
}

t.test("news that was there before the port was set, news byte by byte", { buffered: true }, async (t) => {
  const { client, next, subscribed } = await meeting(t, { times: 2 });
  const early = await next();
  early.write("HELLO 1.5 (grüße)\nNEWS one\nNEWS two\nBYE\n"); // One segment: the last three wait in the socket.
  t.equal(await early.takeLine(), "SUBSCRIBE news");
  await early.ends();
  const line = await subscribed();
  await line.writePieces(Buffer.from("NEWS grüße\nNEWS \x1b[2J\nWHAT\n\nNEWS last\nBYE\n"), 1);
  await says(
    t,
    client,
    ...["connected to version 1.5 (grüße)", "news: one", "news: two", "ended: bye"],
    ...["connected to version 1", "news: grüße", "news: ?[2J", "news: last", "ended: bye"],
  );
});

t.test(
  "a report blocks, whatever the reader does, and events go on after it",
  { buffered: true },
  async (t) => {
    const { client, subscribed } = await meeting(t);
    const line = await subscribed();
    const size = 24 << 20;
    line.socket.pause();
    line.write(`REPORT ${size}\nNEWS after\n`);
    line.write("NEWS later\n");
    await client.printed(/connected/);
    await inSystemCall(client.pid);
    t.equal(client.output, "connected to version 1\n");
    line.socket.resume();
    t.ok((await line.take(size)).equals(pattern(size)));
    line.write("REPORT 3\nBYE\n");
    await says(
      t,
      client,
      "connected to version 1",
      `reported ${size} of ${size}`,
      "news: after",
      "news: later",
      "reported 3 of 3",
      "ended: bye",
    );
    t.strictSame(await line.take(3), Buffer.from([0, 1, 2]));
  },
);

t.test("nobody there", { buffered: true }, async (t) => {
  const { hostPort } = refusing(t);
  const refused = ["cannot connect, status 111", "cannot connect, status 111"];
  await says(t, run(t, "late-port.brs", { server: hostPort, times: 2 }), ...refused);
  await says(t, run(t, "late-port.brs", { server: "1.2.3:5" }), "no such server: 1.2.3:5");
});

t.test("cut off, reset or garbage, before, in and after the greeting", { buffered: true }, async (t) => {
  const { client, next, subscribed } = await meeting(t, { times: 10 });
  for (const text of ["", "HEL", "HELLO 1\n", "HELLO 1\nNEWS o"]) (await next()).socket.end(text);
  const resetting = await next();
  resetting.write("HE");
  resetting.reset();
  const late = await subscribed();
  late.write("NEWS one\n");
  await client.printed(/one/);
  late.reset();
  const reading = await subscribed();
  reading.write("REPORT 50000000\n");
  await reading.take(100_000);
  reading.socket.pause();
  await inSystemCall(client.pid); // Its send waits for room.
  reading.reset();
  (await next()).write(garbage(200).map((byte) => (byte === 10 ? 11 : byte)));
  (await subscribed()).write(garbage(9000).map((byte) => (byte === 10 ? 11 : byte)));
  (await subscribed()).write("REPORT -1\n");
  t.equal(await client.ended(), 0);
  t.equal(client.errors, "");
  const lines = client.output.split("\n");
  t.strictSame(lines.splice(0, 6), [
    "no greeting: ",
    "no greeting: HEL",
    "connected to version 1",
    "ended: cut off",
    "connected to version 1",
    "ended: cut off",
  ]);
  // The kernel drops what was not read yet, and the reset may come while it still connects.
  t.match(lines.shift(), /^(no greeting: (HE?)?|cannot connect, status 104)$/);
  t.strictSame(lines.splice(0, 4), [
    "connected to version 1",
    "news: one",
    "ended: status 104",
    "connected to version 1",
  ]);
  t.match(lines.shift(), /^reported \d+ of 50000000$/);
  t.match(lines.shift(), /^ended: status (104|32)$/);
  t.match(lines.shift(), /^no greeting: ./);
  t.strictSame(lines, [
    "connected to version 1",
    "ended: a line without end",
    "connected to version 1",
    "ended: a report of no such size",
    "",
  ]);
});

t.test(
  "a server that stalls costs nothing, in a receive that blocks and in a wait",
  { buffered: true },
  async (t) => {
    const { client, next } = await meeting(t);
    const line = await next();
    const blocking = await client.idles();
    t.ok(isIdle(blocking), JSON.stringify(blocking));
    line.write("HELLO 1\nNEWS half");
    await client.printed(/connected/);
    const waiting = await client.idles();
    t.ok(isIdle(waiting), JSON.stringify(waiting));
    line.write(" a line\nBYE\n");
    await says(t, client, "connected to version 1", "news: half a line", "ended: bye");
  },
);

t.test("a server that stalls for too long", { buffered: true }, async (t) => {
  const early = await meeting(t, { greeting: 1 });
  const late = await meeting(t, { silence: 300 });
  const line = await late.subscribed();
  t.equal(await line.takeLine(), "THERE?");
  await says(t, late.client, "connected to version 1", "ended: silence");
  await says(t, early.client, "no greeting: ");
});
