import { constants } from "node:os";
import type { RoStreamSocket } from "rosock";
import t from "tap";
import { openAtRest } from "../support/at-rest.js";
import { echoAt, exchange, resent } from "../support/exchange.js";
import { leftDescriptors, skipWithout, skipWithoutNetworks, waitForSync } from "../support/index.js";
import { twoNetworks } from "../support/networks.js";

const { EADDRNOTAVAIL, ECONNREFUSED, ENETUNREACH, ETIMEDOUT } = constants.errno;
const before = openAtRest();
const skip = skipWithoutNetworks() || skipWithout("tc");

t.test("loss and delay: each byte arrives, in its place", { skip }, async (t) => {
  const networks = twoNetworks(t);
  const { near, far, inNear, inFar } = networks;
  echoAt(far);
  // Where the kernel has no netem, a queue that is slow and much too short delays and drops as well.
  const spoil = (name: string) =>
    `tc qdisc add dev ${name} root netem delay 2ms 1ms loss 1% 2>/dev/null ||
     tc qdisc add dev ${name} root tbf rate 60mbit burst 3000 limit 9000`;
  inNear(spoil("near"));
  inFar(spoil("far"));
  t.strictSame(exchange(networks, 1_500_000).result(), [1_500_000, -1, true]);
  t.ok(resent(near) + resent(far) > 0, "some were lost on the way");
});

t.test("network interface down and up: the connection lives on, and nothing is lost", { skip }, async (t) => {
  const networks = twoNetworks(t);
  const { near, far, inNear, inFar } = networks;
  echoAt(far);
  // Slow enough to be met in the middle.
  inNear("tc qdisc add dev near root tbf rate 40mbit burst 10000 limit 100000");
  const exchanging = exchange(networks, 2_000_000);
  waitForSync(() => near.call(({ state }) => state.sent > 500_000), "the middle");
  inNear("ip link set near down");
  const down = near.call(({ rosock }) => {
    const to = new rosock.RoSocketAddress();
    to.setAddress("10.99.0.2:9");
    const seen: [unknown, number, boolean][] = [];
    for (const port of [null, new rosock.RoMessagePort()]) {
      const udp = new rosock.RoDataGramSocket();
      const stream = new rosock.RoStreamSocket();
      for (const socket of [udp, stream]) {
        socket.setMessagePort(port);
        socket.setSendToAddress(to);
      }
      seen.push(
        [udp.sendStr("x"), udp.status(), udp.eOK()],
        [stream.connect(), stream.status(), stream.eOK()],
      );
      udp.close();
      stream.close();
    }
    return seen;
  });
  const [datagram, stream] = [
    [-1, ENETUNREACH, false],
    [false, ENETUNREACH, false],
  ];
  t.strictSame(down, [datagram, stream, datagram, stream], "what is begun meanwhile fails at once");
  t.equal(exchanging.done(), false, "it was met in the middle");
  inNear("ip link set near up");
  t.strictSame(exchanging.result(), [2_000_000, -1, true]);
  t.ok(inFar("ip -o address").includes("10.99.0.2"));
});

t.test("vanished peer: who sends and who keeps alive is told, who only waits is not", { skip }, async (t) => {
  const { near, far, inNear, inFar } = twoNetworks(t);
  echoAt(far);
  // Less patient than the system is by default.
  const impatient = {
    tcp_retries2: 2,
    tcp_keepalive_time: 1,
    tcp_keepalive_intvl: 1,
    tcp_keepalive_probes: 2,
  };
  near.call(({ fs, rosock, state }, settings) => {
    for (const [name, value] of Object.entries(settings))
      fs.writeFileSync(`/proc/sys/net/ipv4/${name}`, `${value}`);
    state.port = new rosock.RoMessagePort();
    const to = new rosock.RoSocketAddress();
    to.setAddress("10.99.0.2:7");
    state.sockets = ["sends", "keeps alive", "waits"].map((kind) => {
      const socket = new rosock.RoStreamSocket();
      socket.setSendToAddress(to);
      if (kind === "keeps alive") socket.setKeepAlive(true);
      if (!socket.connect()) throw new Error(`connect failed: ${socket.status()}`);
      socket.setMessagePort(state.port);
      socket.notifyReadable(true);
      return socket;
    });
  }, impatient);
  // The neighbour stays known, so that it is silence that is met and not an error of the network.
  const hardware = /link\/ether (\S+)/.exec(inFar("ip link show far"))?.[1];
  inNear(`ip neighbour replace 10.99.0.2 lladdr ${hardware} dev near nud permanent`);
  inFar("ip address flush dev far");
  const seen = near.call(({ state }) => {
    const { port, sockets } = state;
    sockets[0].sendStr("anybody?");
    const ends: Record<string, [number, boolean]> = {};
    const end = performance.now() + 60_000;
    while (Object.keys(ends).length < 2 && performance.now() < end) {
      const event = port.waitMessage(1_000);
      const index = sockets.findIndex(
        (socket: { getID(): number }) => socket.getID() === event?.getSocketID(),
      );
      if (index < 0) continue;
      sockets[index].receiveStr(10);
      ends[`${index}`] = [sockets[index].status(), sockets[index].isWritable()];
      sockets[index].notifyReadable(false);
    }
    const waits = sockets[2];
    return [ends, waits.receiveStr(1), waits.eAgain(), waits.isConnected()];
  });
  const told = [ETIMEDOUT, true];
  t.strictSame(seen, [{ 0: told, 1: told }, "", true, true]);
});

t.test("address changed: of the other side, and our own", { skip }, async (t) => {
  const { near, far, inNear, inFar } = twoNetworks(t);
  echoAt(far);
  const tryIt = (hostPort: string) =>
    near.call(({ rosock }, hostPort) => {
      const socket = new rosock.RoStreamSocket();
      const to = new rosock.RoSocketAddress();
      to.setAddress(hostPort);
      socket.setSendToAddress(to);
      socket.setSendTimeout(1);
      socket.setReceiveTimeout(5);
      const result = [
        socket.connect(),
        socket.sendStr("echo"),
        socket.receiveStr(10),
        socket.getAddress().getHostName(),
      ];
      socket.close();
      return result;
    }, hostPort);
  t.strictSame(tryIt("10.99.0.2:7"), [true, 4, "echo", "10.99.0.1"]);

  near.call(({ rosock, state }) => {
    const local = new rosock.RoSocketAddress();
    local.setAddress("0.0.0.0:8");
    state.listener = new rosock.RoStreamSocket();
    state.listener.setAddress(local);
    state.listener.listen(4);
    local.setAddress("10.99.0.1:0");
    state.udp = new rosock.RoDataGramSocket();
    state.udp.setAddress(local);
    const to = new rosock.RoSocketAddress();
    to.setAddress("10.99.0.3:9");
    state.udp.setSendToAddress(to);
    state.local = local;
  });
  inFar(
    "ip address add 10.99.0.3/24 dev far; ip address del 10.99.0.2/24 dev far; ip address add 10.99.0.3/24 dev far 2>/dev/null || true",
  );
  t.strictSame(tryIt("10.99.0.3:7"), [true, 4, "echo", "10.99.0.1"], "theirs, and a new connection to it");

  inNear("ip address flush dev near; ip address add 10.99.0.5/24 dev near");
  t.strictSame(tryIt("10.99.0.3:7"), [true, 4, "echo", "10.99.0.5"], "ours");
  const old = near.call(({ rosock, state }) => {
    const { udp, local } = state;
    const again = new rosock.RoStreamSocket();
    return [
      udp.sendStr("x"),
      udp.eOK(),
      udp.getAddress().getHostName(),
      again.setAddress(local),
      again.status(),
    ];
  });
  t.strictSame(
    old,
    [-1, false, "10.99.0.1", false, EADDRNOTAVAIL],
    "what is bound to the old one can send no more",
  );
  const greeting = far.start(async ({ net, once }) => {
    const socket = net.connect(8, "10.99.0.5");
    return String(await once(socket, "data"));
  });
  near.call(({ state }) => {
    const socket = state.listener.accept();
    socket.sendStr("welcome");
    socket.close();
  });
  t.equal(greeting.result(), "welcome", "a listener at 0.0.0.0 has the new one, too");
});

t.test("unreachable network and unreachable port, of another machine", { skip }, async (t) => {
  const { near } = twoNetworks(t);
  const seen = near.call(({ rosock }) =>
    ["192.0.2.1:80", "10.99.0.2:80"].map((hostPort) => {
      const socket = new rosock.RoStreamSocket();
      const to = new rosock.RoSocketAddress();
      to.setAddress(hostPort);
      socket.setSendToAddress(to);
      return [socket.connect(), socket.status(), socket.eOK(), socket.eHostUnreach(), socket.eConnRefused()];
    }),
  );
  t.strictSame(seen, [
    [false, ENETUNREACH, false, false, false],
    [false, ECONNREFUSED, false, false, true],
  ]);
});

t.test("ports used up for connecting, then free again", { skip }, async (t) => {
  const { near, far } = twoNetworks(t);
  echoAt(far);
  const seen = near.call(({ fs, rosock, state }) => {
    fs.writeFileSync("/proc/sys/net/ipv4/ip_local_port_range", "50001 50004");
    const to = new rosock.RoSocketAddress();
    to.setAddress("10.99.0.2:7");
    const connect = () => {
      const socket = new rosock.RoStreamSocket();
      socket.setSendToAddress(to);
      socket.connect();
      return socket;
    };
    state.sockets = Array.from({ length: 6 }, connect);
    state.connect = connect;
    return state.sockets.map((socket: ReturnType<typeof connect>) => [socket.isConnected(), socket.status()]);
  });
  const [connected, none] = [
    [true, 0],
    [false, EADDRNOTAVAIL],
  ];
  t.strictSame(seen, [connected, connected, connected, connected, none, none]);
  // The side that closes first is the one that keeps the port for a while.
  far.call(async ({ state }) => {
    while (state.accepted.length < 4) await new Promise((resolve) => setTimeout(resolve, 1));
    for (const socket of state.accepted) socket.end();
  });
  const later = near.call(({ state }) => {
    const ends = state.sockets.slice(0, 4).map((socket: RoStreamSocket) => {
      const end = [socket.receiveStr(1), socket.status()];
      socket.close();
      return end;
    });
    return [...ends, [state.connect().isConnected(), state.sockets[5].connect()]];
  });
  const end = ["", 0];
  t.strictSame(later, [end, end, end, end, [true, true]]);
});

t.test(
  "multicast over a cable: the interface by the bound address, TTL, loop off; and broadcast",
  { skip },
  async (t) => {
    const { near, far, inNear } = twoNetworks(t);
    far.call(async ({ dgram, once, state }) => {
      const socket = dgram.createSocket("udp4");
      state.heard = [];
      socket.on("message", (data) => state.heard.push(String(data)));
      socket.bind(99, "0.0.0.0");
      await once(socket, "listening");
      socket.addMembership("239.5.5.5", "10.99.0.2");
    });
    const [joined, ...heard] = near.call(({ fs, rosock }) => {
      const address = (text: string) => {
        const made = new rosock.RoSocketAddress();
        made.setAddress(text);
        return made;
      };
      const local = new rosock.RoDataGramSocket();
      local.setAddress(address("0.0.0.0:99"));
      local.setReceiveTimeout(1);
      const socket = new rosock.RoDataGramSocket();
      socket.setAddress(address("10.99.0.1:0"));
      const joined = [socket.joinGroup(address("239.5.5.5")), fs.readFileSync("/proc/net/igmp", "utf8")];
      socket.setSendToAddress(address("239.5.5.5:99"));
      const heard: (string | boolean)[] = [];
      // Neither of these two comes here: the first stays here, and the second does not.
      for (const [text, ttl, loop] of [
        ["ttl 0", 0, true],
        ["not here", 1, false],
        ["ttl 1", 1, true],
      ] as const) {
        heard.push(socket.setMulticastTTL(ttl), socket.setMulticastLoop(loop));
        if (socket.sendStr(text) < 0) heard.push(`status ${socket.status()}`);
      }
      heard.push(local.receiveStr(100), local.receiveStr(100));
      socket.setSendToAddress(address("10.99.0.255:99"));
      heard.push(socket.setBroadcast(true), socket.sendStr("broadcast") === 9);
      return [joined, ...heard];
    });
    t.equal((joined as [boolean, string])[0], true);
    t.match((joined as [boolean, string])[1], /\tnear .*\n\t+050505EF/, "on the interface with that address");
    t.strictSame(heard, [true, true, true, true, true, true, "ttl 0", "ttl 1", true, true]);
    waitForSync(() => far.call(({ state }) => state.heard.includes("broadcast")), "the broadcast");
    t.strictSame(
      far.call(({ state }) => state.heard),
      ["not here", "ttl 1", "broadcast"],
    );
    t.ok(inNear("ip -o link").includes("near"));
  },
);

t.test("no descriptor is left", async (t) => {
  t.strictSame(await leftDescriptors(before), []);
});
