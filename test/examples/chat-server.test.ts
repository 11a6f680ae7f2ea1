import t from "tap";
import { listener, waitFor } from "../support/index.js";
import { client, example, refusal } from "./example.js";

for (const name of ["chat-server", "chat-server.brs"]) {
  t.test(`${name}: each line goes to all others, however it was cut up`, async (t) => {
    const server = example(t, name, "--port", "0");
    const portNumber = await server.portNumber();
    const one = await client(t, portNumber);
    await server.printed(/; 1 here/);
    const two = await client(t, portNumber);
    const three = await client(t, portNumber);
    await server.printed(/; 3 here/);
    const [first, half] = ["gr\xc3", "\xbc\xc3\x9fe\nand\n"].map((text) => Buffer.from(text, "latin1"));
    one.socket.write(first!);
    two.socket.write("hi\n");
    await one.hears(": hi\n");
    one.socket.write(half!);
    for (const other of [two, three]) {
      await other.hears(Buffer.from(": grüße\n").toString("latin1"));
      await other.hears(": and\n");
    }
    t.notMatch(one.heard, /and/);
    t.notMatch(two.heard, /hi/);
    three.socket.destroy();
    await server.printed(/is gone: .*; 2 here/);
    one.socket.write("still here?\n");
    await two.hears("still here?\n");
  });

  t.test(`${name}: who reads slowly has to go, all others hear everything`, async (t) => {
    const server = example(t, name, "--port", "0");
    const portNumber = await server.portNumber();
    const [speaker, slow, quick] = [
      await client(t, portNumber),
      await client(t, portNumber),
      await client(t, portNumber),
    ];
    await server.printed(/; 3 here/);
    slow.socket.pause();
    const line = `${"x".repeat(7000)}\n`;
    let spoken = 0;
    while (!server.output.includes("reads too slowly") && spoken < 20_000) {
      speaker.socket.write(line.repeat(20));
      spoken += 20;
      await waitFor(() => quick.heard.split("\n").length > spoken, "the quick one to hear all");
      quick.heard = "\n".repeat(spoken);
    }
    await server.printed(/is gone: it reads too slowly; 2 here/);
  });

  t.test(`${name}: a line without end`, async (t) => {
    const server = example(t, name, "--port", "0");
    const endless = await client(t, await server.portNumber());
    endless.socket.write("x".repeat(100_000));
    await endless.ended;
    await server.printed(/is gone: its line has no end; 0 here/);
  });
}

t.test("its end, and what it refuses", async (t) => {
  const server = example(t, "chat-server", "--port", "0");
  await server.portNumber();
  server.kill("SIGINT");
  t.equal(await server.ended(), "SIGINT");
  const { portNumber } = listener(t);
  t.strictSame(
    await Promise.all([
      refusal(t, "chat-server", "--port", "-1"),
      refusal(t, "chat-server", "--port", `${portNumber}`),
      refusal(t, "chat-server.brs", "--port", "-1"),
      refusal(t, "chat-server.brs", "--port", `${portNumber}`),
    ]),
    [
      "2 chat-server: Option '--port' argument is ambiguous; see --help",
      `1 chat-server: cannot listen on 127.0.0.1:${portNumber}: address already in use`,
      "2 chat-server: --port must be a number from 0 to 65535",
      `1 chat-server: cannot listen on 127.0.0.1:${portNumber}: error 98`,
    ],
  );
});
