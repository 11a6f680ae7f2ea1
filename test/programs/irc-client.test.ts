import t, { type Test } from "tap";
import { refusing } from "../support/index.js";
import { answering, garbage, type Line } from "./peers.js";
import { isIdle, run } from "./running.js";

t.jobs = 4;

/** A server on which a program named rosock is about to come. */
async function meeting(t: Test, values: Record<string, string | number> = {}) {
  const server = await answering(t);
  const given = { server: server.hostPort, nick: "rosock", channel: "#box", pause: 10, ...values };
  return { server, client: run(t, "irc-client.brs", given) };
}

async function registers(t: Test, line: Line): Promise<void> {
  t.equal(await line.takeLine(), "USER rosock 0 * :rosock");
  t.equal(await line.takeLine(), "NICK rosock");
}

async function joins(t: Test, line: Line): Promise<void> {
  await registers(t, line);
  line.write(":irc.test 001 rosock :Welcome\r\n");
  t.equal(await line.takeLine(), "JOIN #box");
}

t.test("joins, answers, obeys, quits", { buffered: true }, async (t) => {
  const { server, client } = await meeting(t);
  const line = await server.next();
  await joins(t, line);
  const idle = await client.idles();
  t.ok(isIdle(idle), JSON.stringify(idle));
  line.write(":rosock!r@h JOIN #box\r\nPING :token 1\r\nPING bare\r\n");
  t.equal(await line.takeLine(), "PONG :token 1");
  t.equal(await line.takeLine(), "PONG :bare");
  line.write(":ann!a@h PRIVMSG #box :hello: there\r\n:ann!a@h PRIVMSG #box :!say grüße  und : so\r\n");
  t.equal(await line.takeLine(), Buffer.from("PRIVMSG #box :grüße  und : so").toString("latin1"));
  line.write(":ann!a@h PRIVMSG #box :!quit\r\n");
  t.equal(await line.takeLine(), "QUIT :bye");
  await line.ends();
  t.equal(await client.ended(), 0);
  t.equal(
    client.output,
    "connected\nrosock is in #box\n<ann> hello: there\n<ann> !say grüße  und : so\n<ann> !quit\nbye\n",
  );
});

t.test("every byte comes back, in segments of one byte and of many lines", { buffered: true }, async (t) => {
  const { server, client } = await meeting(t);
  const line = await server.next();
  await joins(t, line);
  // Each byte that a line of IRC may hold, valid UTF-8 or not.
  const bytes = Buffer.from(
    Array.from({ length: 256 }, (_, byte) => byte).filter((byte) => byte !== 10 && byte !== 13),
  );
  const said = Buffer.concat([Buffer.from(":a PRIVMSG #box :!say "), bytes, Buffer.from("€\r\n")]);
  const expected = `PRIVMSG #box :${bytes.toString("latin1")}${Buffer.from("€").toString("latin1")}`;
  await line.writePieces(said, 1);
  t.equal(await line.takeLine(), expected);
  line.write(Buffer.concat(Array.from({ length: 20 }, () => said)));
  for (let count = 0; count < 20; count++) t.equal(await line.takeLine(), expected);
  line.write(":a PRIVMSG #box :!quit\n");
  t.equal(await client.ended(), 0);
});

t.test("a nick in use, an error, and lines that mean nothing", { buffered: true }, async (t) => {
  const { server, client } = await meeting(t);
  let line = await server.next();
  await registers(t, line);
  line.write(":irc.test 433 * rosock :in use\r\n");
  t.equal(await line.takeLine(), "NICK rosock_");
  line.write(":irc.test 433 * rosock_ :in use\r\n");
  t.equal(await line.takeLine(), "NICK rosock__");
  line.write(":\r\n: \r\n:a\r\n::: :\r\n\r\n   \r\nPRIVMSG\r\nPRIVMSG :x\r\n001\r\n");
  t.equal(await line.takeLine(), "JOIN #box");
  line.write("ERROR :Closing link\r\n");
  await line.ends();
  line = await server.next();
  await joins(t, line);
  line.write(":ann PRIVMSG #box :!quit\r\n");
  t.equal(await client.ended(), 0);
  t.equal(client.output, "connected\nlost: error: Closing link\nconnected\n<ann> !quit\nbye\n");
});

t.test("comes back after each kind of loss", { buffered: true }, async (t) => {
  const { server, client } = await meeting(t);
  const losses: [string, (line: Line) => void | Promise<void>][] = [
    ["cut off", (line) => void line.socket.end()],
    ["cut off", (line) => void line.socket.end(":ann PRIVMSG #box :in the mid")],
    ["reset", (line) => line.reset()],
    ["a line without end", (line) => line.write("x".repeat(6000))],
  ];
  for (const [, lose] of losses) {
    const line = await server.next();
    await joins(t, line);
    await lose(line);
  }
  const line = await server.next();
  await joins(t, line);
  line.write(":ann PRIVMSG #box :!quit\r\n");
  t.equal(await client.ended(), 0);
  t.equal(
    client.output,
    `${losses.map(([reason]) => `connected\nlost: ${reason}\n`).join("")}connected\n<ann> !quit\nbye\n`,
  );
});

t.test("gives up when nobody is there, and when nobody lets it in", { buffered: true }, async (t) => {
  const { hostPort } = refusing(t);
  const refused = await meeting(t, { server: hostPort, attempts: 3 });
  t.equal(await refused.client.ended(), 0);
  t.equal(refused.client.output, "lost: refused\nlost: refused\nlost: refused\ngave up\n");
  const { server, client } = await meeting(t, { attempts: 2 });
  for (let count = 0; count < 2; count++) (await server.next()).socket.end("ERROR :go away\r\n");
  t.equal(await client.ended(), 0);
  t.match(client.output, /^(connected\nlost: (error: go away|reset)\n){2}gave up\n$/);
});

t.test("garbage", { buffered: true }, async (t) => {
  const { server, client } = await meeting(t, { attempts: 50 });
  for (let seed = 1; seed <= 5; seed++) (await server.next()).socket.end(garbage(3000, seed));
  const line = await server.next();
  await joins(t, line);
  line.write(":ann PRIVMSG #box :!quit\r\n");
  t.equal(await client.ended(), 0);
  t.equal(client.errors, "");
});

t.test("a server that stalls is asked, then left", { buffered: true }, async (t) => {
  const { server, client } = await meeting(t, { silence: 1, attempts: 1 });
  const line = await server.next();
  await registers(t, line);
  t.equal(await line.takeLine(), "PING :there");
  await line.ends();
  t.equal(await client.ended(), 0);
  t.equal(client.output, "connected\nlost: silence\ngave up\n");
});
