import { RoByteArray, RoMessagePort } from "rosock";
import t from "tap";
import { openAtRest } from "../support/at-rest.js";
import { echoAt, exchange, resent } from "../support/exchange.js";
import {
  connected,
  eventID,
  leftDescriptors,
  peer,
  skipWithout,
  skipWithoutNetworks,
  waitFor,
} from "../support/index.js";
import { twoNetworks } from "../support/networks.js";
import { Follower, followedBy, pattern, sentBy } from "../support/pattern.js";

const other = peer(t);
const before = openAtRest();
t.setTimeout(120_000);
const skip = skipWithoutNetworks() || skipWithout("tc");
const size = 256 * 1024 * 1024;

t.test("256 MiB with a slow reader, asynchronously and synchronously: each byte in its place", async (t) => {
  for (const port of [new RoMessagePort(), null]) {
    const { portNumber, taken } = followedBy(other, 1);
    const socket = connected(t, portNumber, port);
    const stream = pattern();
    for (let sent = 0; sent < size; ) {
      const from = sent % stream.count();
      const took = socket.send(stream, from, Math.min(stream.count() - from, size - sent));
      if (took > 0) sent += took;
      else if (!socket.eAgain()) throw new Error(`send failed: ${socket.status()}`);
      if (took > 0 || !port) continue;
      socket.notifyWritable(true);
      t.equal(eventID(port), socket.getID());
      socket.notifyWritable(false);
    }
    socket.close();
    t.strictSame(taken(), { count: size, wrongAt: -1, end: "end" });
  }
});

t.test("256 MiB from a fast peer, in pieces of any size", async (t) => {
  const port = new RoMessagePort();
  const socket = connected(t, sentBy(other, size), port);
  socket.notifyReadable(true);
  const follower = new Follower();
  const into = new RoByteArray();
  for (let turn = 0; ; turn++) {
    if (eventID(port) === null) break;
    const received = socket.receive(into, 0, 1 + ((turn * 7_919) % 300_000));
    if (received === 0) break;
    if (received > 0) follower.take(into.toUint8Array().subarray(0, received));
    else if (!socket.eAgain()) throw new Error(`receive failed: ${socket.status()}`);
  }
  t.strictSame([follower.count, follower.wrongAt], [size, -1]);
});

t.test("loss and delay over 30 MB", { skip }, async (t) => {
  const networks = twoNetworks(t);
  const { near, far, inNear, inFar } = networks;
  echoAt(far);
  const spoil = (name: string) =>
    `tc qdisc add dev ${name} root netem delay 2ms 1ms loss 1% 2>/dev/null ||
     tc qdisc add dev ${name} root tbf rate 60mbit burst 3000 limit 9000`;
  inNear(spoil("near"));
  inFar(spoil("far"));
  t.strictSame(exchange(networks, 30_000_000, 55_000).result(58_000), [30_000_000, -1, true]);
  t.ok(resent(near) + resent(far) > 100);
});

t.test("network interface down and up, five times in one transfer", { skip }, async (t) => {
  const networks = twoNetworks(t);
  const { near, far, inNear } = networks;
  echoAt(far);
  inNear("tc qdisc add dev near root tbf rate 40mbit burst 10000 limit 100000");
  const exchanging = exchange(networks, 6_000_000, 55_000);
  for (let time = 1; time <= 5; time++) {
    await waitFor(() => near.call(({ state }) => state.sent) > time * 1_000_000, "some more", 20_000);
    inNear("ip link set near down");
    await new Promise((resolve) => setTimeout(resolve, 300));
    inNear("ip link set near up");
  }
  t.strictSame(exchanging.result(58_000), [6_000_000, -1, true]);
});

t.test("no descriptor is left", async (t) => {
  t.strictSame(await leftDescriptors(before), []);
});
