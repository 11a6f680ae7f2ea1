/** The two programs of Roku's page about roStreamSocket, to the letter. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";
import { kernelSocket, skipWithoutNetworks, waitFor } from "../support/index.js";
import { dial, garbage } from "./peers.js";
import { isIdle, type RunningProgram, root, run } from "./running.js";

const page = join(root, "../shared/seeds/roStreamSocket.txt");
const skip = !existsSync(page) && `no ${page}`;
const echoPort = 54_321;

/** The lines that are set in under that heading, without what sets them in. */
function programUnder(heading: string): string {
  const lines = readFileSync(page, "utf8").split("\n");
  const start = lines.findIndex((line) => line.startsWith(`**${heading}**`)) + 1;
  const length = lines.slice(start).findIndex((line) => /^\S/.test(line));
  return lines
    .slice(start, start + length)
    .map((line) => line.slice(4))
    .join("\n");
}

function written(t: Test, source: string): string {
  const file = join(t.testdir(), "main.brs");
  writeFileSync(file, source);
  return file;
}

/** The echo server, listening; null when somebody else has its port, for as long as we are ready to try. */
async function echoServer(t: Test): Promise<RunningProgram | null> {
  const file = written(t, programUnder("Example: Echo Server"));
  for (let attempt = 0; attempt < 5; attempt++) {
    const server = run(t, file);
    const listens = () => kernelSocket(`0.0.0.0:${echoPort}`)?.state === "LISTEN";
    await waitFor(() => listens() || /Error creating/.test(server.output), "the server to listen");
    if (server.output === "") return server;
    // It stops at its "stop" then: a connection of somebody else may have been given that number for a while.
    t.equal(server.output.split("\n")[0], "Error creating listen socket");
    t.not(await server.ended(), 0);
  }
  return null;
}

t.test("the echo server, and clients of all kinds", { skip }, async (t) => {
  const server = await echoServer(t);
  if (server === null) return t.pass("the echo server", { skip: `port ${echoPort} is taken` });

  const one = await dial(t, echoPort);
  one.write("hello, server");
  await one.hears("hello, server");
  const id = (await server.printed(/^accepted new connection {2}(\d+)$/m))[1]!;
  one.write("again");
  await one.hears("serveragain");
  one.socket.end();
  await one.ends();
  await server.printed(/closing/);
  // Its buffer still has the end of what was longer.
  t.equal(
    server.output,
    [
      `accepted new connection  ${id}`,
      "received is  13",
      "Echo input: 'hello, server'",
      "received is  5",
      "Echo input: 'again, server'",
      "received is  0",
      `closing connection  ${id}`,
      "",
    ].join("\n"),
  );

  const large = await dial(t, echoPort);
  large.write(garbage(40_000));
  t.ok((await large.take(40_000)).equals(garbage(40_000)), "each byte, 512 at a time");

  const stalled = await Promise.all(Array.from({ length: 5 }, () => dial(t, echoPort)));
  const resetting = await dial(t, echoPort);
  resetting.write("x");
  await resetting.hears("x");
  resetting.reset();
  await server.printed(/\nreceived is -1\nclosing connection/);
  for (let index = 0; index < 100; index++) {
    const line = await dial(t, echoPort); // One at a time: its backlog is 4.
    line.write(`client ${index}`);
    if (index % 2 === 0) await line.hears(`client ${index}`);
    if (index % 2 === 0) line.reset();
    else line.socket.end();
  }
  const closed = () => server.output.split("closing connection").length - 1;
  await waitFor(() => closed() === 102, "all to be closed");
  const idle = await server.idles();
  t.ok(isIdle(idle), JSON.stringify(idle));
  for (const [index, line] of stalled.entries()) {
    line.write(`at last ${index}`);
    await line.hears(`at last ${index}`);
  }
  t.ok(server.sound, server.errors);
});

// The page's other program is the inside of a function.
const client = () => `sub Main()\n${programUnder("Example: Open TCP Connection to Server")}\nend sub\n`;

/**
 * Runs it where www.google.com is what `hosts` says, and nobody else can be asked; with a server at port 80 there, or not. A line tells how
 * many connections that server had.
 */
function elsewhere(t: Test, hosts: string, serving: boolean): RunningProgram {
  const file = written(t, client());
  const folder = join(file, "..");
  writeFileSync(join(folder, "hosts"), hosts);
  writeFileSync(join(folder, "nsswitch.conf"), "hosts: files\n");
  const setUp = `ip link set lo up
    for file in hosts nsswitch.conf; do mount --bind "$0/$file" "/etc/$file"; done
    exec "$@"`;
  const server = `let count = 0;
    const server = require("node:net").createServer((socket) => { count += 1; socket.resume(); });
    const start = () => require("node:child_process")
      .spawn(process.argv[1], process.argv.slice(2), { stdio: "inherit" })
      .on("exit", (status) => { console.log(count + " connections"); process.exit(status ?? 1); });
    if (${serving}) server.listen(80, "127.0.0.1", start); else start();`;
  const wrapper = ["unshare", "--map-root-user", "--net", "--mount", "sh", "-ec", setUp, folder];
  return run(t, file, {}, { wrapper: [...wrapper, process.execPath, "-e", server] });
}

const skipClient = skip || skipWithoutNetworks();

t.test("the client, its server there", { skip: skipClient }, async (t) => {
  const there = elsewhere(t, "127.0.0.1 www.google.com\n", true);
  t.equal(await there.ended(), 0);
  t.equal(there.output, "Connected Successfully\n1 connections\n");
  t.equal(there.errors, "");
});

t.test("the client, its server's name not found, or nobody at port 80", { skip: skipClient }, async (t) => {
  for (const hosts of ["127.0.0.1 localhost\n", "127.0.0.1 www.google.com\n"]) {
    const alone = elsewhere(t, hosts, false);
    t.equal(await alone.ended(), 0);
    t.equal(alone.output, "0 connections\n");
    t.equal(alone.errors, "");
  }
});
