import { readFileSync } from "node:fs";
import { constants } from "node:os";
import { RoDataGramSocket, RoMessagePort, RoStreamSocket } from "rosock";
import t, { type Test } from "tap";
import {
  address,
  closing,
  connectedPair,
  datagram,
  leftDescriptors,
  listener,
  openDescriptors,
  type Socket,
  skipWithout,
  socketOption,
  ss,
  streamSocket,
  withDescriptor,
} from "../support/index.js";

const { errno } = constants;
const before = openDescriptors();
const needsPython = { skip: skipWithout("python3") };

/** The descriptor that `work` made. */
function madeBy(work: () => unknown): number {
  const known = openDescriptors();
  work();
  const made = [...openDescriptors()].filter(
    ([number, to]) => to.startsWith("socket:") && known.get(number) !== to,
  );
  if (made.length !== 1) throw new Error(`${made.length} sockets were made`);
  return made[0]![0];
}

function setting(name: string): number[] {
  return readFileSync(`/proc/sys/net/${name}`, "utf8").trim().split(/\s+/).map(Number);
}

type Named = Record<string, (value?: unknown) => unknown>;
const get = (socket: Socket, name: string): unknown => (socket as unknown as Named)[`get${name}`]!();
const set = (socket: Socket, name: string, value: unknown): unknown =>
  (socket as unknown as Named)[`set${name}`]!(value);

/** Name in the interfaces, level and name in C, values to try with what Linux then reports (itself if not given). */
type Row = [string, string, string, [number | boolean, number?][]];
const common: Row[] = [
  ["TTL", "IPPROTO_IP", "IP_TTL", [[1], [255], [33]]],
  ["ReuseAddr", "SOL_SOCKET", "SO_REUSEADDR", [[true], [false]]],
  ["OOBInline", "SOL_SOCKET", "SO_OOBINLINE", [[true], [false]]],
  [
    "SendBuf",
    "SOL_SOCKET",
    "SO_SNDBUF",
    [
      [20_000, 40_000],
      [30_000, 60_000],
    ],
  ],
  [
    "RcvBuf",
    "SOL_SOCKET",
    "SO_RCVBUF",
    [
      [20_000, 40_000],
      [30_000, 60_000],
    ],
  ],
];
const ofTCP: Row[] = [
  ...common,
  ["KeepAlive", "SOL_SOCKET", "SO_KEEPALIVE", [[true], [false]]],
  ["NoDelay", "IPPROTO_TCP", "TCP_NODELAY", [[true], [false]]],
];
const ofUDP: Row[] = [
  ...common,
  ["Broadcast", "SOL_SOCKET", "SO_BROADCAST", [[true], [false]]],
  ["MulticastLoop", "IPPROTO_IP", "IP_MULTICAST_LOOP", [[false], [true]]],
  ["MulticastTTL", "IPPROTO_IP", "IP_MULTICAST_TTL", [[0], [255], [5]]],
];

function checkRow(t: Test, socket: Socket, descriptor: number, row: Row): void {
  const [name, level, cName, values] = row;
  for (const [value, reported = value] of values) {
    t.equal(set(socket, name, value), true, `set${name}(${value})`);
    t.equal(socket.status(), 0);
    t.equal(get(socket, name), reported, `get${name} after ${value}`);
    t.equal(socket.status(), 0);
  }
  const last = values.at(-1)!;
  const [kernel] = socketOption(descriptor, level, cName);
  t.equal(kernel, Number(last[1] ?? last[0]), `${cName} as another process sees it`);
}

for (const [kind, rows] of [
  ["TCP", ofTCP],
  ["UDP", ofUDP],
] as const) {
  t.test(`S32 ${kind}: each option of a socket that was only made`, needsPython, async (t) => {
    const socket: Socket = closing(t, kind === "TCP" ? new RoStreamSocket() : new RoDataGramSocket());
    const descriptor = madeBy(() => socket.getTTL());
    for (const row of rows) checkRow(t, socket, descriptor, row);
  });

  t.test(`S32 ${kind}: the socket is made by the first setter, too`, needsPython, async (t) => {
    const socket: Socket = closing(t, kind === "TCP" ? new RoStreamSocket() : new RoDataGramSocket());
    const descriptor = madeBy(() => t.equal(socket.setTTL(44), true));
    t.same(socketOption(descriptor, "IPPROTO_IP", "IP_TTL"), [44]);
  });
}

t.test("S32 the getters give the system's defaults", async (t) => {
  const tcp = streamSocket(t);
  const udp = closing(t, new RoDataGramSocket());
  for (const socket of [tcp, udp]) {
    t.equal(socket.getTTL(), setting("ipv4/ip_default_ttl")[0]);
    t.equal(socket.getOOBInline(), false);
    t.equal(socket.getSendTimeout(), 0);
    t.equal(socket.getReceiveTimeout(), 0);
  }
  t.equal(tcp.getSendBuf(), setting("ipv4/tcp_wmem")[1]);
  t.equal(tcp.getRcvBuf(), setting("ipv4/tcp_rmem")[1]);
  t.equal(udp.getSendBuf(), setting("core/wmem_default")[0]);
  t.equal(udp.getRcvBuf(), setting("core/rmem_default")[0]);
  t.equal(tcp.getKeepAlive(), false);
  t.equal(tcp.getNoDelay(), false);
  t.equal(tcp.getMaxSeg(), 536, "what TCP assumes before it has a peer");
  t.equal(udp.getBroadcast(), false);
  t.equal(udp.getMulticastLoop(), true);
  t.equal(udp.getMulticastTTL(), 1);
});

t.test(
  "S32 buffer sizes are what Linux reports, as ss shows them",
  { skip: skipWithout("ss") },
  async (t) => {
    const { client } = connectedPair(t);
    const udp = datagram(t);
    const seen: [string[], Socket][] = [
      [["-tmn", `sport = :${client.getAddress().getPort()}`], client],
      [["-uamn", `sport = :${udp.portNumber}`], udp.socket],
    ];
    for (const [filter, socket] of seen) {
      t.equal(socket.setSendBuf(10_000), true);
      t.equal(socket.setRcvBuf(12_000), true);
      const [, receive, send] = /skmem:\(r\d+,rb(\d+),t\d+,tb(\d+)/.exec(ss(...filter)) ?? [];
      t.equal(socket.getSendBuf(), Number(send));
      t.equal(socket.getRcvBuf(), Number(receive));
      t.equal(socket.getSendBuf(), 20_000);
      t.equal(socket.getRcvBuf(), 24_000);
    }
  },
);

t.test("S32 buffer sizes beyond the limits are cut to them, as Linux does", async (t) => {
  const socket = closing(t, new RoDataGramSocket());
  t.equal(socket.setSendBuf(2 ** 31 - 1), true);
  t.equal(socket.getSendBuf(), 2 * setting("core/wmem_max")[0]!);
  t.equal(socket.setRcvBuf(2 ** 31 - 1), true);
  t.equal(socket.getRcvBuf(), 2 * setting("core/rmem_max")[0]!);
  t.equal(socket.setSendBuf(1), true);
  t.ok(socket.getSendBuf() > 1_000 && socket.getSendBuf() < 10_000, `${socket.getSendBuf()}`);
});

t.test("S32 a setter that fails says so and changes nothing", async (t) => {
  const tcp = streamSocket(t);
  const udp = closing(t, new RoDataGramSocket());
  const failing: [Socket, string, number[]][] = [
    [tcp, "TTL", [0, 256, -1, -2]],
    [tcp, "MaxSeg", [1, 40_000, -1]],
    [udp, "TTL", [0, 256]],
    [udp, "MulticastTTL", [256, -1, -2]],
    // To the kernel these are very large.
    [tcp, "SendBuf", [-1, -(2 ** 31)]],
    [udp, "RcvBuf", [-1, -(2 ** 31)]],
  ];
  for (const [socket, name, values] of failing) {
    const was = get(socket, name);
    for (const value of values) {
      t.equal(socket.setOOBInline(false), true);
      t.equal(set(socket, name, value), false, `set${name}(${value})`);
      t.equal(socket.status(), errno.EINVAL);
      t.equal(socket.eInvalid(), true);
      t.equal(get(socket, name), was);
      t.equal(socket.status(), 0, "the getter has succeeded");
    }
  }
});

t.test("S32 options set before connect, listen and bind hold afterwards", async (t) => {
  const listening = listener(t);
  const client = streamSocket(t);
  t.equal(client.setTTL(40), true);
  t.equal(client.setNoDelay(true), true);
  t.equal(client.setKeepAlive(true), true);
  t.equal(client.setMaxSeg(700), true);
  t.equal(client.setSendBuf(30_000), true);
  client.setSendToAddress(listening.socket.getAddress());
  t.equal(client.connect(), true);
  t.equal(client.getTTL(), 40);
  t.equal(client.getNoDelay(), true);
  t.equal(client.getKeepAlive(), true);
  t.equal(client.getSendBuf(), 60_000);
  t.ok(client.getMaxSeg() <= 700, `${client.getMaxSeg()}`);

  const bound = closing(t, new RoDataGramSocket());
  t.equal(bound.setBroadcast(true), true);
  t.equal(bound.setAddress(address(0)), true);
  t.equal(bound.getBroadcast(), true);

  const waiting = streamSocket(t);
  t.equal(waiting.setNoDelay(true), true);
  t.equal(waiting.setAddress(address(0)), true);
  t.equal(waiting.listen(1), true);
  t.equal(waiting.getNoDelay(), true);
});

t.test("S32 a getter asks the system: what another process has changed is seen", needsPython, async (t) => {
  const socket = streamSocket(t);
  const descriptor = madeBy(() => socket.getTTL());
  withDescriptor(descriptor, [
    "s.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, 77)",
    "s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)",
    "s.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)",
    "s.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 25000)",
  ]);
  t.equal(socket.getTTL(), 77);
  t.equal(socket.getNoDelay(), true);
  t.equal(socket.getKeepAlive(), true);
  t.equal(socket.getSendBuf(), 50_000);
});

t.test("S32 timeouts and linger keep what was set", async (t) => {
  const { client } = connectedPair(t, { client: new RoMessagePort() });
  for (const seconds of [3, 0, 100_000]) {
    t.equal(client.setSendTimeout(seconds), true);
    t.equal(client.setReceiveTimeout(seconds + 1), true);
    t.equal(client.getSendTimeout(), seconds);
    t.equal(client.getReceiveTimeout(), seconds + 1);
  }
});

t.test("S32 no descriptor left behind", async (t) => {
  t.same(await leftDescriptors(before), []);
});
