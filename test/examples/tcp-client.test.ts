import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import t from "tap";
import { refusing, type Scope } from "../support/index.js";
import { example, refusal } from "./example.js";

/** A server of Node's own that does that with each connection. */
async function server(t: Scope, work: (socket: Socket) => void): Promise<string> {
  const listening = createServer(work).listen(0, "127.0.0.1");
  t.teardown(() => listening.close());
  await once(listening, "listening");
  return `127.0.0.1:${(listening.address() as AddressInfo).port}`;
}

for (const name of ["tcp-client", "tcp-client.brs"]) {
  t.test(`${name}: connects`, async (t) => {
    const client = example(t, name, await server(t, (socket) => socket.resume()));
    t.equal(await client.ended(), 0);
    t.equal(client.output, "Connected Successfully\n");
  });

  t.test(
    `${name}: sends a line and prints the first line of the answer, whatever pieces it comes in`,
    async (t) => {
      const where = await server(t, (socket) => {
        socket.once("data", async (data) => {
          for (const byte of Buffer.from(`you said ${data}and more`)) {
            socket.write(Buffer.of(byte));
            await new Promise((resolve) => setImmediate(resolve));
          }
        });
        socket.on("error", () => {});
      });
      const client = example(t, name, where, "grüße");
      t.equal(await client.ended(), 0);
      t.equal(client.output, "Connected Successfully\n'you said grüße'\n");
    },
  );

  t.test(`${name}: an answer without an end of line ends with the connection`, async (t) => {
    const where = await server(t, (socket) => void socket.once("data", () => socket.end("bye")));
    const client = example(t, name, where, "hello");
    t.equal(await client.ended(), 0);
    t.equal(client.output, "Connected Successfully\n'bye'\n");
  });

  t.test(`${name}: failures: one line, status 1`, async (t) => {
    const { hostPort } = refusing(t);
    t.equal(
      await refusal(t, name, hostPort),
      `1 tcp-client: cannot connect to ${hostPort}: connection refused`,
    );
    const reset = await server(t, (socket) => void socket.once("data", () => socket.resetAndDestroy()));
    t.equal(
      await refusal(t, name, reset, "hello"),
      "1 Connected Successfully\ntcp-client: cannot receive: connection reset by peer",
    );
  });
}

t.test("bad arguments: one line, status 2", async (t) => {
  const said = await Promise.all([
    refusal(t, "tcp-client"),
    refusal(t, "tcp-client", "127.0.0.1"),
    refusal(t, "tcp-client", "127.0.0.1:99999"),
    refusal(t, "tcp-client", "127.0.0.1:1", "a", "b"),
    refusal(t, "tcp-client.brs"),
    refusal(t, "tcp-client.brs", "127.0.0.1"),
    refusal(t, "tcp-client.brs", "127.0.0.1:99999"),
  ]);
  t.strictSame(said, [
    "2 tcp-client: expected HOST:PORT and at most one TEXT; see --help",
    '2 tcp-client: "127.0.0.1" names no port; expected host:port',
    '2 tcp-client: "127.0.0.1:99999" is no IPv4 address and no host that can be found',
    "2 tcp-client: expected HOST:PORT and at most one TEXT; see --help",
    "2 tcp-client: expected HOST:PORT and at most one TEXT",
    '2 tcp-client: "127.0.0.1" names no port; expected host:port',
    '2 tcp-client: "127.0.0.1:99999" is no IPv4 address and no host that can be found',
  ]);
});
