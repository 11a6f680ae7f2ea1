import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer, type Server, type Socket } from "node:net";
import t, { type Test } from "tap";
import { address, kernelSockets, refusing, streamSocket, waitFor } from "../support/index.js";
import { dial, garbage } from "./peers.js";
import { isIdle, run } from "./running.js";

t.jobs = 4;

/** The port of a server that does that with each connection. */
async function open(t: Test, work: (socket: Socket) => void): Promise<number> {
  const server: Server = createServer((socket) => {
    socket.on("error", () => {});
    t.teardown(() => socket.destroy());
    work(socket);
  });
  t.teardown(() => server.close());
  await once(server.listen(0, "127.0.0.1"), "listening");
  return (server.address() as AddressInfo).port;
}

/** A listener at all addresses of this machine whose queue is full: who connects gets no answer. */
async function stalled(t: Test) {
  const socket = streamSocket(t);
  if (!socket.setAddress(address("0.0.0.0:0")) || !socket.listen(0)) throw new Error("cannot listen");
  const portNumber = socket.getAddress().getPort();
  await dial(t, portNumber);
  return { socket, portNumber };
}

/** Addresses of this machine, one for each. */
function hosts(count: number): string {
  return Array.from({ length: count }, (_, index) => `127.0.1.${index + 1}`).join(",");
}

function pending(portNumber: number): number {
  return kernelSockets().filter((row) => row.state === "SYN-SENT" && row.remote.endsWith(`:${portNumber}`))
    .length;
}

t.test("open, closed, and what open ones say", { buffered: true }, async (t) => {
  const closed = [refusing(t).portNumber, refusing(t).portNumber];
  const greeting = await open(t, (socket) => socket.write("220 grüße\r\n250 more"));
  const slow = await open(t, (socket) => {
    for (const [index, part] of ["SSH", "-2.0", "-x\r", "\n"].entries()) {
      setTimeout(() => socket.write(part), 10 * index);
    }
  });
  const brief = await open(t, (socket) => socket.end());
  const cut = await open(t, (socket) => socket.end("half a l"));
  const silent = await open(t, () => {});
  const hostile = await open(t, (socket) => socket.write("\x1b[2J\x07ha\0\n"));
  const endless = await open(t, (socket) => socket.write("x".repeat(100_000)));
  const noise = await open(t, (socket) => socket.write(garbage(5000).map((byte) => byte | 0x80)));
  const ports = [...closed, greeting, slow, brief, cut, hostile, endless, noise];
  // Each comes to its end by what it says, however late that is; but for one that says nothing.
  const scanner = run(t, "scanner.brs", {
    hosts: "127.0.0.1",
    ports: ports.join(","),
    timeout: 600_000,
    banner: 600_000,
  });
  t.equal(await scanner.ended(), 0);
  const said = new Map(
    scanner.output.split("\n").map((line) => {
      const [, port = "", what = ""] = /^127\.0\.0\.1:(\d+) (.*)$/.exec(line) ?? [];
      return [Number(port), what];
    }),
  );
  t.strictSame(
    ports.slice(0, -1).map((port) => said.get(port)),
    [
      "closed",
      "closed",
      "open 220 grüße",
      "open",
      "open",
      "open half a l",
      "open  [2J ha",
      `open ${"x".repeat(60)}`,
    ].map((text, index) => (index === 3 ? "open SSH-2.0-x" : text)),
  );
  t.match(said.get(noise), /^open/);
  t.match(scanner.output, /\n9 ports: 7 open, 2 closed, 0 silent\n$/);
  t.equal(scanner.errors, "");
  const quiet = run(t, "scanner.brs", { hosts: "127.0.0.1", ports: silent, banner: 100 });
  t.equal(await quiet.ended(), 0);
  t.equal(quiet.output, `127.0.0.1:${silent} open\n1 ports: 1 open, 0 closed, 0 silent\n`);
});

t.test("a port that resets, and hosts and ranges of ports", { buffered: true }, async (t) => {
  const port = await open(t, (socket) => socket.resetAndDestroy());
  const resetting = run(t, "scanner.brs", { hosts: "127.0.0.1", ports: `${port}-${port}` });
  t.equal(await resetting.ended(), 0);
  t.match(
    resetting.output,
    /^127\.0\.0\.1:\d+ (open|closed)\n1 ports: (1 open, 0 closed|0 open, 1 closed), 0 silent\n$/,
  );
  const ranges = run(t, "scanner.brs", { hosts: "127.0.0.9,1.2.3", ports: "1-3,5" });
  t.equal(await ranges.ended(), 0);
  t.equal(
    ranges.output.split("\n").sort().join("\n"),
    [
      "",
      "1.2.3:1 silent",
      "1.2.3:2 silent",
      "1.2.3:3 silent",
      "1.2.3:5 silent",
      "127.0.0.9:1 closed",
      "127.0.0.9:2 closed",
      "127.0.0.9:3 closed",
      "127.0.0.9:5 closed",
      "8 ports: 0 open, 4 closed, 4 silent",
    ].join("\n"),
  );
});

t.test(
  "64 connects pending at once, no more, at no cost; then all complete",
  { buffered: true },
  async (t) => {
    const { socket, portNumber } = await stalled(t);
    const scanner = run(t, "scanner.brs", {
      hosts: hosts(70),
      ports: portNumber,
      timeout: 20_000,
      banner: 50,
    });
    await waitFor(() => pending(portNumber) === 64, "64 connects to be pending");
    const idle = await scanner.idles();
    t.ok(isIdle(idle), JSON.stringify(idle));
    t.equal(pending(portNumber), 64);
    socket.listen(128); // The kernel asks again a second after the first time, and then there is room.
    t.equal(await scanner.ended(), 0);
    t.match(scanner.output, /\n70 ports: 70 open, 0 closed, 0 silent\n$/);
  },
);

t.test("hosts that do not answer", { buffered: true }, async (t) => {
  const { portNumber } = await stalled(t);
  const scanner = run(t, "scanner.brs", { hosts: hosts(5), ports: portNumber, parallel: 2, timeout: 100 });
  t.equal(await scanner.ended(), 0);
  t.match(scanner.output, /^(127\.0\.1\.[1-5]:\d+ silent\n){5}5 ports: 0 open, 0 closed, 5 silent\n$/);
});
