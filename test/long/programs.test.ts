/** The programs of test/programs for longer and with more: load, large uploads, hundreds of connections. */

import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { request } from "node:http";
import type { AddressInfo } from "node:net";
import { promisify } from "node:util";
import t, { type Test } from "tap";
import { WebSocketServer } from "ws";
import { answering, dial, garbage, type Line, pattern } from "../programs/peers.js";
import { isIdle, type RunningProgram, run } from "../programs/running.js";
import { skipWithout, waitFor } from "../support/index.js";

t.setTimeout(300_000);

/** The most memory it ever had, in MiB. */
function peak({ pid }: RunningProgram): number {
  return Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;
}

async function rests(t: Test, program: RunningProgram): Promise<void> {
  t.ok(program.sound, program.errors);
  await waitFor(async () => isIdle(await program.idles()), "the program to rest", 10_000);
}

t.test("wrk: 64 connections at once, each request answered", { skip: skipWithout("wrk") }, async (t) => {
  const server = run(t, "http-server", { port: 0 });
  const at = `http://127.0.0.1:${await server.portNumber()}`;
  for (const [path, connections] of [
    ["/digits.txt", 64],
    ["/bytes/100000", 16],
  ] as const) {
    const { stdout } = await promisify(execFile)("wrk", ["-t1", `-c${connections}`, "-d5s", `${at}${path}`]);
    t.notMatch(stdout, /Socket errors|Non-2xx/);
    t.ok(Number(/(\d+) requests in/.exec(stdout)?.[1]) > 1000, stdout);
  }
  await rests(t, server);
  t.ok(peak(server) < 250, `${peak(server)} MiB`);
});

t.test("uploads of 64 MiB, four at once, with a length and in chunks", async (t) => {
  const server = run(t, "http-server", { port: 0 });
  const portNumber = await server.portNumber();
  const piece = garbage(1 << 20);
  const digest = createHash("sha1");
  for (let count = 0; count < 64; count++) digest.update(piece);
  const expected = { bytes: 64 << 20, sha1: digest.digest("hex") };
  const upload = async (headers: Record<string, string>) => {
    const sending = request({ host: "127.0.0.1", port: portNumber, method: "PUT", path: "/digest", headers });
    const answer = once(sending, "response");
    for (let count = 0; count < 64; count++) {
      if (!sending.write(piece)) await once(sending, "drain");
    }
    sending.end();
    const [response] = await answer;
    let text = "";
    for await (const part of response) text += part;
    t.strictSame(JSON.parse(text), expected);
  };
  const length = { "content-length": `${64 << 20}` };
  await Promise.all([upload(length), upload({}), upload(length), upload({})]);
  await rests(t, server);
  t.ok(peak(server) < 250, `${peak(server)} MiB`);
});

t.test("200 framed clients at once, requests of all sizes in segments of any size", async (t) => {
  const server = run(t, "framed-server.brs", { port: 0 });
  const portNumber = await server.portNumber();
  const lines: Line[] = [];
  for (let count = 0; count < 200; count++) lines.push(await dial(t, portNumber)); // Its backlog is 16.
  const one = async (line: Line, seed: number) => {
    for (let turn = 0; turn < 40; turn++) {
      const size = (seed * 7_919 + turn * 104_729) % (turn % 10 === 0 ? 200_000 : 3_000);
      const header = Buffer.from([0, size >>> 16, (size >>> 8) & 255, size & 255, 0, turn, 1, 0]);
      const frame = Buffer.concat([header, pattern(size, seed)]);
      await line.writePieces(frame, size > 3_000 ? 20_000 : 30 + ((seed + turn) % 17) * 200);
      const answered = await line.take(8 + size);
      header[6] = 0;
      if (!answered.equals(Buffer.concat([header, pattern(size, seed)]))) throw new Error(`${seed}: ${turn}`);
    }
    line.socket.end();
    await line.ends();
  };
  await Promise.all(lines.map(one));
  await waitFor(() => server.output.split("has gone: end\n").length === 201, "all to be gone");
  await rests(t, server);
});

t.test("an IRC client loses its connection 500 times", async (t) => {
  const server = await answering(t);
  const client = run(t, "irc-client.brs", { server: server.hostPort, nick: "a", channel: "#b", pause: 1 });
  for (let time = 0; time < 500; time++) {
    const line = await server.next();
    line.write(":irc 001 a :hi\r\n");
    await line.hears("JOIN #b\r\n");
    if (time % 3 === 0) line.reset();
    else line.socket.end(time % 3 === 1 ? ":c PRIVMSG #b :cut" : "ERROR :bye\r\n");
  }
  const last = await server.next();
  last.write(":irc 001 a :hi\r\n:c PRIVMSG #b :!quit\r\n");
  t.equal(await client.ended(), 0);
  t.equal(client.output.split("connected\n").length, 502);
});

t.test("a WebSocket client: 20,000 messages, and some of megabytes", async (t) => {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1", maxPayload: 1 << 25 });
  t.teardown(() => server.close());
  await once(server, "listening");
  const at = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = run(t, ["web-socket-client/main.brs", "web-socket-client/web-socket.brs"], { server: at });
  const [socket] = await once(server, "connection");
  const sizes = Array.from({ length: 20_000 }, (_, index) => (index * 31) % 500).concat([
    1 << 20,
    1 << 23,
    5,
  ]);
  let heard = 0;
  let wrong = 0;
  socket.on("message", (data: Buffer) => {
    if (!data.equals(pattern(sizes[heard]!, heard))) wrong += 1;
    heard += 1;
  });
  for (const [index, size] of sizes.entries()) {
    socket.send(pattern(size, index));
    if (index % 1_000 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  await waitFor(() => heard === sizes.length, "all to come back", 120_000);
  t.equal(wrong, 0);
  socket.close(1000);
  t.equal(await client.ended(), 0);
  t.match(client.output, /closed 1000\s*$/);
});

t.test("a scanner over all ports of an address", async (t) => {
  const scanner = run(t, "scanner.brs", { hosts: "127.0.0.77", ports: "1-65535", banner: 50 });
  await waitFor(() => /^65535 ports:/m.test(scanner.output), "the scan", 120_000);
  t.equal(await scanner.ended(), 0);
});

t.test("a telnet console with 300 guests that all talk", async (t) => {
  const files = ["main.brs", "telnet.brs", "commands.brs"].map((file) => `telnet-console/${file}`);
  const server = run(t, files, { port: 0 });
  const portNumber = await server.portNumber();
  const guests: Line[] = [];
  for (let index = 0; index < 300; index++) {
    const line = await dial(t, portNumber);
    line.write(`guest${index}\r\n`);
    await line.hears(`guest${index}> `);
    guests.push(line);
  }
  for (const [index, line] of guests.entries()) line.write(`say this is ${index}\r\n`);
  for (const [index, line] of guests.entries()) {
    await waitFor(
      () => [...line.heard.matchAll(/this is \d+\r\n/g)].length === 299,
      `guest ${index} to hear them all`,
      30_000,
    );
  }
  for (const line of guests) line.reset();
  await waitFor(() => server.output.split(" left: ").length === 301, "all to be gone", 30_000);
  await rests(t, server);
});
