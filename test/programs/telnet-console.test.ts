import { spawn } from "node:child_process";
import t, { type Test } from "tap";
import { skipWithout, waitFor } from "../support/index.js";
import { dial, garbage, type Line } from "./peers.js";
import { isIdle, type RunningProgram, run } from "./running.js";

const files = ["main.brs", "telnet.brs", "commands.brs"].map((file) => `telnet-console/${file}`);
const data = t.testdir();
const start = (t: { teardown(work: () => unknown): unknown }): RunningProgram =>
  run(t, files, { port: 0 }, { flags: ["--data", data] });
const server = start(t);

const offer = "\xff\xfb\x01\xff\xfb\x03\xff\xfd\x1f";

async function guest(t: Test, name: string, of = server): Promise<Line> {
  const line = await dial(t, await of.portNumber());
  line.write(`${name}\r\n`);
  await says(t, line, `${offer}name: ${name}> `);
  return line;
}

/** That this comes next, to the byte. */
async function says(t: Test, line: Line, text: string): Promise<void> {
  t.equal((await line.take(text.length)).toString("latin1"), text);
}

async function asks(t: Test, line: Line, command: string, answer: string): Promise<void> {
  line.write(`${command}\r\n`);
  await line.hears(/> $/);
  const heard = line.heard;
  await line.take(line.bytes);
  t.equal(heard.replace(/\w+> $/, ""), answer);
}

t.test("commands", async (t) => {
  const line = await guest(t, "ann");
  await asks(t, line, "help", "count echo help hex keep kept quit say shutdown size who\r\n");
  await asks(t, line, "echo  two  words ", "two  words\r\n");
  await asks(t, line, "ECHO", "\r\n");
  await asks(t, line, "hex ü€", "C3BCE282AC\r\n");
  await asks(t, line, "who", "ann\r\n");
  await asks(t, line, "count 3", "1\r\n2\r\n3\r\n");
  await asks(t, line, "dance", "No such command: dance. Try help.\r\n");
  await asks(t, line, "", "");
  await asks(t, line, "kept colour", "not kept\r\n");
  await asks(t, line, "keep colour light blue", "kept\r\n");
  await asks(t, line, "kept colour", "light blue\r\n");
  line.write("quit\r\n");
  await line.ends();
  await server.printed(/ann left: quit\n/);
});

t.test("names", async (t) => {
  const line = await dial(t, await server.portNumber());
  line.write("\r\n1st\r\nzoë\r\nabcdefghijklmnopq\r\nbob\r\n");
  const refusal = "A letter, then letters and digits, 16 at most.\r\nname: ";
  await says(t, line, `${offer}name: ${refusal}${refusal}${refusal}${refusal}bob> `);
});

t.test("several guests talk", async (t) => {
  const [cat, dan] = [await guest(t, "cat"), await guest(t, "dan")];
  dan.write([255, 253, 1, ...Buffer.from("echo half")]);
  await says(t, dan, "echo half");
  await asks(t, cat, "say hello", "");
  await says(t, dan, "\r\ncat: hello\r\ndan> echo half"); // What dan is typing is shown again.
  dan.write(" a line\r\n");
  await says(t, dan, " a line\r\nhalf a line\r\ndan> ");
});

t.test("every end of line, alone and cut in two", async (t) => {
  const line = await guest(t, "eve");
  await line.writePieces(Buffer.from("echo 1\r\necho 2\r\0echo 3\necho 4\recho 5\r\n\r\n\n"), 1);
  await says(t, line, "1\r\neve> 2\r\neve> 3\r\neve> 4\r\neve> 5\r\neve> eve> eve> ");
});

t.test("the options of telnet", async (t) => {
  const line = await guest(t, "fay");
  line.write([255, 253, 1, 255, 253, 3]); // DO echo, DO suppress go-ahead: as offered.
  line.write([255, 251, 31, 255, 250, 31, 0, 132, 0, 43, 255, 240]); // WILL window size, and it.
  line.write("size\r\n");
  await says(t, line, "size\r\n132 by 43\r\nfay> ");
  line.write([255, 250, 31, 255, 255, 1, 0, 10, 255, 240]); // 255 in it is doubled.
  line.write("size\r\n");
  await says(t, line, "size\r\n65281 by 10\r\nfay> ");
  line.write([255, 253, 24, 255, 251, 39, 255, 252, 31, 255, 254, 24]); // DO and WILL what is not known; WONT, DONT.
  await says(t, line, "\xff\xfc\x18\xff\xfe\x27");
  line.write([255, 251, 3]); // WILL suppress go-ahead.
  await says(t, line, "\xff\xfd\x03");
  line.write([255, 246]);
  await says(t, line, "[yes]\r\nfay> ");
  line.write([255, 241, 255, 249]); // No operation, go ahead.
  line.write([...Buffer.from("hex a"), 255, 255, 13, 10]); // A byte 255 as data, which its echo doubles.
  await says(t, line, "hex a\xff\xff\r\n61FF\r\nfay> ");
  line.write([255, 254, 1]); // DONT echo.
  line.write("size\r\n");
  await says(t, line, "65281 by 10\r\nfay> ");
});

t.test("editing", async (t) => {
  const line = await guest(t, "gus");
  line.write([255, 253, 1]);
  line.write("echx\x7fo z\u00fc\x08a\r\n"); // Erases a character of two bytes.
  const rub = "\b \b";
  await says(t, line, `echx${rub}o z\xc3\xbc${rub}a\r\nza\r\ngus> `);
  line.write("nonsense\x03echo ok\r\n");
  await says(t, line, `nonsense${rub.repeat(8)}echo ok\r\nok\r\ngus> `);
  line.write([...Buffer.from("ab"), 255, 247, 255, 247, 255, 247, ...Buffer.from("cd"), 255, 248, 7, 13, 10]);
  await says(t, line, `ab${rub}${rub}cd${rub}${rub}\x07\r\ngus> `);
  line.write(`echo ${"x".repeat(600)}\r\n`);
  await says(t, line, `echo ${"x".repeat(507)}${"\x07".repeat(93)}\r\n${"x".repeat(507)}\r\ngus> `);
  line.write("\x04");
  await line.ends();
});

t.test("one byte at a time, cut in every sequence, loses nothing", async (t) => {
  const line = await guest(t, "hal");
  const typed = Buffer.from([
    255,
    253,
    1,
    255,
    250,
    31,
    0,
    99,
    0,
    9,
    255,
    240,
    ...Buffer.from("size\r\0hex "),
    255,
    255,
    13,
    10,
  ]);
  await line.writePieces(typed, 1);
  await says(t, line, "size\r\n99 by 9\r\nhal> hex \xff\xff\r\nFF\r\nhal> ");
});

t.test("much output, read slowly", async (t) => {
  const line = await guest(t, "ida");
  line.socket.pause();
  line.write("count 50000\r\n".repeat(12));
  const other = await guest(t, "joe");
  await asks(t, other, "echo here", "here\r\n");
  line.socket.resume();
  const once = `${Array.from({ length: 50_000 }, (_, index) => `${index + 1}\r\n`).join("")}ida> `;
  await says(t, line, once.repeat(12));
});

t.test("cut off in a line, in a command of telnet, reset", async (t) => {
  for (const [name, bytes, how] of [
    ["kim", [...Buffer.from("echo ha")], "end"],
    ["lea", [255], "end"],
    ["max", [255, 250, 31, 0], "end"],
    ["ned", [...Buffer.from("echo")], "reset"],
  ] as const) {
    const line = await guest(t, name);
    line.write(bytes);
    if (how === "reset") line.reset();
    else line.socket.end();
    await server.printed(new RegExp(`${name} left: ${how === "reset" ? "status 104" : "hung up"}\n`));
  }
});

t.test("garbage, and an option that never ends", async (t) => {
  for (let seed = 1; seed <= 4; seed++) {
    const line = await dial(t, await server.portNumber());
    line.socket.end(garbage(10_000, seed));
    await line.ends();
  }
  const line = await guest(t, "oda");
  line.write([255, 250, 31]);
  line.write("x".repeat(200_000));
  line.write([255, 240]);
  await asks(t, line, "size", "80 by 24\r\n");
});

t.test("guests that stall cost nothing; one that does not read has to go", async (t) => {
  const [pat, sue] = [await guest(t, "pat"), await guest(t, "sue")];
  const half = await dial(t, await server.portNumber());
  half.write([255, 250, 31, 1]);
  await half.hears("name: ");
  pat.socket.pause();
  pat.write("count 50000\r\n".repeat(60));
  await asks(t, sue, "echo here", "here\r\n");
  await waitFor(async () => isIdle(await server.idles()), "the server to rest");
  const much = `say ${"x".repeat(500)}\r\n`.repeat(20);
  for (let count = 0; !/pat left: reads too slowly/.test(server.output); count++) {
    if (count > 1000) throw new Error("it never left");
    sue.write(much);
    await says(t, sue, "sue> ".repeat(20));
  }
  t.ok(server.sound, server.errors);
});

t.test("what is kept outlives the program; shutdown ends it for all", async (t) => {
  const first = start(t);
  const line = await guest(t, "tom", first);
  await asks(t, line, "keep word 1 2", "kept\r\n");
  line.write("shutdown\r\n");
  await line.ends();
  t.equal(await first.ended(), 0);
  t.match(first.output, /tom left: the console ends\nended\n$/);
  const again = await guest(t, "una", start(t));
  await asks(t, again, "kept word", "1 2\r\n");
});

t.test("with telnet", { skip: skipWithout("telnet") }, async (t) => {
  const words = ["127.0.0.1", `${await server.portNumber()}`];
  const tool = spawn("telnet", words, { stdio: ["pipe", "pipe", "ignore"] });
  t.teardown(() => tool.kill("SIGKILL"));
  let heard = "";
  tool.stdout.on("data", (text) => {
    heard += text;
  });
  tool.stdin.write("viatelnet\n");
  await waitFor(() => heard.includes("viatelnet> "), "the prompt");
  tool.stdin.write("hex a\n");
  await waitFor(() => /\n61\r?\n/.test(heard), "the answer");
  tool.kill();
  await server.printed(/viatelnet left: /);
});
