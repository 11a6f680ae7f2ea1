import { spawn } from "node:child_process";
import t from "tap";
import { listener, skipWithout, waitFor } from "../support/index.js";
import { client, example, refusal } from "./example.js";

for (const name of ["echo-server", "echo-server.brs"]) {
  t.test(`${name}: two clients at once get back what they send`, async (t) => {
    const server = example(t, name, "--port", "0");
    const portNumber = await server.portNumber();
    const [one, two] = [await client(t, portNumber), await client(t, portNumber)];
    one.socket.write("first");
    two.socket.write("second");
    await one.hears("first");
    await two.hears("second");
    one.socket.write(", again\0");
    await one.hears("first, again\0");
    one.socket.end();
    await one.ended;
    two.socket.write(", too");
    await two.hears("second, too");
    await server.printed(/accepted connection \d+ from 127\.0\.0\.1:\d+\n/);
    await server.printed(/echo 'first'\n/);
    await server.printed(/closed connection \d+\n/);
  });

  t.test(`${name}: megabytes come back whole, however slowly the client reads`, async (t) => {
    const server = example(t, name, "--port", "0", "--quiet");
    const portNumber = await server.portNumber();
    const [slow, other] = [await client(t, portNumber), await client(t, portNumber)];
    const data = Buffer.alloc(8 << 20).map((_, index) => index % 251);
    slow.socket.pause();
    slow.socket.end(data);
    other.socket.write("meanwhile");
    await other.hears("meanwhile");
    slow.socket.resume();
    await slow.ended;
    t.ok(Buffer.from(slow.heard, "latin1").equals(data));
    t.equal(server.output.split("\n").length, 3, "quiet: nothing but how to talk to it");
  });

  t.test(`${name}: what control characters a client sends does not reach the terminal`, async (t) => {
    const server = example(t, name, "--port", "0");
    const one = await client(t, await server.portNumber());
    one.socket.write(Buffer.from("\u001b[2J\u009b\xff\x07", "latin1"));
    await server.printed(/echo .*\n/);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    t.notMatch(server.output, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  });

  t.test(`${name}: a reader of its output that is slow, then gone`, async (t) => {
    const server = example(t, name, "--port", "0");
    const one = await client(t, await server.portNumber());
    server.child.stdout.pause();
    const line = "x".repeat(500);
    for (let i = 0; i < 1000; i++) one.socket.write(line);
    server.child.stdout.resume();
    await waitFor(() => one.bytes === 500_000, "the echo");
    await waitFor(() => server.output.split("x").length > 500_000, "all of it to be printed");
    server.child.stdout.destroy();
    one.socket.write("nobody sees this");
    t.equal(await server.ended(), name === "echo-server" ? 1 : 141);
  });
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  t.test(`${signal} ends it at once`, async (t) => {
    const server = example(t, "echo-server", "--port", "0");
    const one = await client(t, await server.portNumber());
    await server.printed(/accepted/);
    server.kill(signal);
    t.equal(await server.ended(), signal);
    await one.ended;
  });
}

t.test("a bad argument: one line, status 2", async (t) => {
  const said = await Promise.all([
    refusal(t, "echo-server", "--port", "x"),
    refusal(t, "echo-server", "--port", "65536"),
    refusal(t, "echo-server", "--port"),
    refusal(t, "echo-server", "--host", "1.2.3"),
    refusal(t, "echo-server", "--loud"),
    refusal(t, "echo-server", "here"),
  ]);
  t.strictSame(said, [
    '2 echo-server: --port must be a number from 0 to 65535, not "x"',
    '2 echo-server: --port must be a number from 0 to 65535, not "65536"',
    "2 echo-server: Option '--port <value>' argument missing; see --help",
    '2 echo-server: "1.2.3" is no IPv4 address and no host that can be found',
    "2 echo-server: Unknown option '--loud'; see --help",
    "2 echo-server: Unexpected argument 'here'; see --help",
  ]);
});

t.test("bad arguments of the one in BrightScript", async (t) => {
  const { portNumber } = listener(t);
  const said = await Promise.all([
    refusal(t, "echo-server.brs", "--port", "65536"),
    refusal(t, "echo-server.brs", "--host", "1.2.3"),
    refusal(t, "echo-server.brs", "--loud"),
    refusal(t, "echo-server.brs", `port=${portNumber}`),
  ]);
  t.strictSame(said, [
    '2 echo-server: --port must be a number from 0 to 65535, not "65536"',
    '2 echo-server: "1.2.3" is no IPv4 address and no host that can be found',
    "2 echo-server: unknown option --loud",
    `1 echo-server: cannot listen on 127.0.0.1:${portNumber}: error 98`,
  ]);
});

t.test("a port in use: one line, status 1", async (t) => {
  const { portNumber } = listener(t);
  t.equal(
    await refusal(t, "echo-server", "--port", `${portNumber}`),
    `1 echo-server: cannot listen on 127.0.0.1:${portNumber}: address already in use`,
  );
});

t.test("--help", async (t) => {
  const [help, same] = [example(t, "echo-server", "--help"), example(t, "echo-server.brs", "--help")];
  t.equal(await help.ended(), 0);
  t.match(help.output, /^Usage: npm start/);
  t.equal(await same.ended(), 0);
  t.equal(same.output, help.output);
});

const tools: [string, (portNumber: number) => string[]][] = [
  ["nc", (portNumber) => ["127.0.0.1", `${portNumber}`]],
  ["curl", (portNumber) => ["--silent", "--no-buffer", `telnet://127.0.0.1:${portNumber}`]],
];
for (const [name, words] of tools) {
  t.test(`talking to it with ${name}`, { skip: skipWithout(name) }, async (t) => {
    const server = example(t, "echo-server", "--port", "0");
    const tool = spawn(name, words(await server.portNumber()), { stdio: ["pipe", "pipe", "ignore"] });
    t.teardown(() => tool.kill("SIGKILL"));
    let heard = "";
    tool.stdout.on("data", (data) => {
      heard += data;
    });
    tool.stdin.write("hello\n");
    await waitFor(() => heard === "hello\n", "the echo");
    tool.kill();
    await server.printed(/closed connection/);
  });
}
