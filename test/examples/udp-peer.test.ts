import { createSocket } from "node:dgram";
import { once } from "node:events";
import t from "tap";
import { waitFor, withTimeout } from "../support/index.js";
import { example, refusal } from "./example.js";

const loopback = ["--host", "127.0.0.1", "--port", "0"];

for (const name of ["udp-peer", "udp-peer.brs"]) {
  t.test(`${name}: sends from time to time, prints what comes`, async (t) => {
    const other = createSocket("udp4").bind(0, "127.0.0.1");
    t.teardown(() => other.close());
    await once(other, "listening");
    const hostPort = `127.0.0.1:${other.address().port}`;
    const got: string[] = [];
    other.on("message", (data) => got.push(`${data}`));
    const peer = example(t, name, ...loopback, "--peer", hostPort, "--every", "1", "--text", "grüße");
    const portNumber = Number((await peer.printed(/Peer on 127\.0\.0\.1:(\d+), sends to 127/))[1]);
    // A stream of answers must not put off the next datagram.
    await waitFor(() => {
      other.send("hello\u001b", portNumber, "127.0.0.1");
      return got.length >= 2;
    }, "a second datagram");
    t.strictSame(got, ["grüße", "grüße"]);
    const shown = name === "udp-peer" ? "\\\\x1B" : "\\?";
    await peer.printed(new RegExp(`received 'hello${shown}' from ${hostPort}\n`));
    other.send("", portNumber, "127.0.0.1");
    await peer.printed(/received '' from/);
    peer.kill("SIGINT");
    t.equal(await peer.ended(), "SIGINT");
  });
}

t.test("two of them", async (t) => {
  const one = example(t, "udp-peer", ...loopback, "--peer", "127.0.0.1:9");
  const portNumber = (await one.printed(/on 127\.0\.0\.1:(\d+)/))[1];
  const two = example(t, "udp-peer", ...loopback, "--peer", `127.0.0.1:${portNumber}`, "--text", "it is two");
  await withTimeout(one.printed(/received 'it is two' from 127/), "the datagram");
  await two.printed(/sends to/);
});

t.test("what it refuses", async (t) => {
  t.strictSame(
    await Promise.all([
      refusal(t, "udp-peer"),
      refusal(t, "udp-peer", "--peer", "127.0.0.1"),
      refusal(t, "udp-peer", "--peer", "127.0.0.1:9", "--host", "192.0.2.77"),
      refusal(t, "udp-peer.brs"),
      refusal(t, "udp-peer.brs", "--peer", "127.0.0.1:9", "--host", "192.0.2.77"),
    ]),
    [
      "2 udp-peer: expected --peer HOST:PORT; see --help",
      '2 udp-peer: "127.0.0.1" names no port; expected host:port',
      "1 udp-peer: cannot receive on 192.0.2.77:54321: address not available",
      "2 udp-peer: expected --peer HOST:PORT",
      "1 udp-peer: cannot receive on 192.0.2.77:54321: error 99",
    ],
  );
});
