import { constants } from "node:os";
import { RoDataGramSocket, RoMessagePort, RoSocketAddress } from "rosock";
import t, { type Test } from "tap";
import {
  address,
  closing,
  connected,
  hang,
  leftDescriptors,
  listener,
  openDescriptors,
  skipWithout,
  streamSocket,
  timed,
} from "../support/index.js";
import { program } from "../support/program.js";

const { errno } = constants;
// Where there is a name server that does not answer, one try of a second is enough to learn that a name is not found.
process.env.RES_OPTIONS = "timeout:1 attempts:1";
// The first look-up may leave something open, such as the resolver's own descriptors.
new RoSocketAddress().setAddress("localhost");
const before = openDescriptors();

/** Not valid, in all its ways of showing it. */
function isInvalid(t: Test, given: RoSocketAddress, what: string): void {
  t.equal(given.isAddressValid(), false, `${what}: isAddressValid`);
  t.equal(given.getAddress(), "", `${what}: getAddress`);
  t.equal(given.getHostName(), "", `${what}: getHostName`);
}

t.test("S49 a name is looked up when it is set", async (t) => {
  const given = new RoSocketAddress();
  t.equal(given.setAddress("localhost:81"), true);
  t.equal(given.isAddressValid(), true);
  t.equal(given.getAddress(), "127.0.0.1:81");
  t.equal(given.setPort(82), true);
  t.equal(given.getAddress(), "127.0.0.1:82");
  t.equal(given.setAddress("127.0.0.5"), true);
  t.equal(given.setHostName("localhost"), true);
  t.equal(given.getAddress(), "127.0.0.1:82", "setHostName looks up too, and leaves the port");
  t.equal(given.isAddressValid(), true);
  t.equal(given.setHostName("LocalHost"), true, "in any case");

  const listening = listener(t);
  const client = connected(t, `localhost:${listening.portNumber}`);
  t.equal(client.isConnected(), true);
  t.equal(client.getSendToAddress().getAddress(), listening.hostPort);
});

t.test("S49 a name that is not found", async (t) => {
  const missing = "no-such-host.invalid";
  const setters: [string, (given: RoSocketAddress) => boolean][] = [
    ["setAddress", (given) => given.setAddress(missing)],
    ["setAddress with a port", (given) => given.setAddress(`${missing}:80`)],
    ["setHostName", (given) => given.setHostName(missing)],
  ];
  for (const [name, set] of setters) {
    const given = address("127.0.0.1:81");
    const { value, milliseconds } = timed(() => set(given));
    t.equal(value, false, name);
    t.ok(milliseconds < hang, `${milliseconds} ms`);
    isInvalid(t, given, name);

    for (const port of [null, new RoMessagePort()]) {
      const socket = streamSocket(t, port);
      t.equal(socket.setAddress(given), false, `${name}: bind`);
      t.notOk(socket.eOK());
      socket.setSendToAddress(given);
      t.equal(socket.connect(), false, `${name}: connect`);
      t.ok([errno.EDESTADDRREQ, errno.EADDRNOTAVAIL].includes(socket.status()), `${socket.status()}`);
      const udp = closing(t, new RoDataGramSocket());
      udp.setMessagePort(port);
      t.equal(udp.setAddress(given), false, `${name}: bind of a datagram socket`);
      udp.setSendToAddress(given);
      t.equal(udp.sendStr("x"), -1, `${name}: send`);
      t.notOk(udp.eOK());
    }

    t.equal(given.setAddress("127.0.0.1:80"), true);
    t.equal(given.isAddressValid(), true, "a good one makes it valid again");
    t.equal(given.getAddress(), "127.0.0.1:80");
  }
});

t.test("S49 the port outlives a name that is not found", async (t) => {
  const given = address("127.0.0.1:81");
  t.equal(given.setHostName("no-such-host.invalid"), false);
  t.equal(given.getPort(), 81);
  t.equal(given.setHostName("127.0.0.2"), true);
  t.equal(given.getAddress(), "127.0.0.2:81");
});

const ownHosts = 'mount --bind "$0" /etc/hosts && exec "$@"';

t.test("S49 with a hosts file of its own", { skip: skipWithout("unshare") }, async (t) => {
  const path = `${t.testdir({
    hosts: [
      "127.0.0.1 localhost",
      "127.0.0.9 several",
      "127.0.0.8 several",
      "2001:db8::1 six",
      "2001:db8::2 both",
      "127.0.0.7 both",
      "127.0.0.6 changing",
      "",
    ].join("\n"),
  })}/hosts`;
  const inside = program(
    t,
    ({ rosock, fs, say }, hosts: string) => {
      if (fs.readFileSync("/etc/hosts", "utf8") !== fs.readFileSync(hosts, "utf8")) {
        say("no namespace");
        return;
      }
      const given = new rosock.RoSocketAddress();
      for (const name of ["several", "both", "six"]) say([given.setAddress(name), given.getAddress()]);
      say([given.setAddress("changing:5"), given.getAddress()]);
      fs.writeFileSync(hosts, "127.0.0.66 changing\n");
      say(given.getAddress());
      say([given.setHostName("changing"), given.getAddress()]);
      fs.writeFileSync(hosts, "127.0.0.1 localhost\n");
      say([given.getAddress(), given.setHostName("changing"), given.getAddress(), given.isAddressValid()]);
    },
    [path],
    ["unshare", "--map-root-user", "--mount", "sh", "-c", ownHosts, path],
  );
  const first = await inside.next().catch(() => "no namespace");
  if (first === "no namespace") return t.pass("this machine allows no mount namespace");
  t.same(first, [true, "127.0.0.9:0"], "the first of several");
  t.same(await inside.next(), [true, "127.0.0.7:0"], "the IPv4 address of a name that has both");
  t.same(await inside.next(), [false, ""], "IPv6 only");
  t.same(await inside.next(), [true, "127.0.0.6:5"]);
  t.same(await inside.next(), "127.0.0.6:5", "looked up when it was set, not again");
  t.same(await inside.next(), [true, "127.0.0.66:5"], "set again, looked up again");
  t.same(await inside.next(), ["127.0.0.66:5", false, "", false], "gone");
});

t.test("S50 setAddress without a port keeps the port, 0 at first", async (t) => {
  const given = new RoSocketAddress();
  t.equal(given.getPort(), 0);
  t.equal(given.setAddress("127.0.0.2"), true);
  t.equal(given.getAddress(), "127.0.0.2:0");
  t.equal(given.setPort(80), true);
  for (const [text, expected] of [
    ["127.0.0.1", "127.0.0.1:80"],
    ["127.0.0.2:90", "127.0.0.2:90"],
    ["localhost", "127.0.0.1:90"],
    ["255.255.255.255:65535", "255.255.255.255:65535"],
    ["0.0.0.0", "0.0.0.0:65535"],
    ["127.0.0.3:0", "127.0.0.3:0"],
    ["127.0.0.4", "127.0.0.4:0"],
  ] as const) {
    t.equal(given.setAddress(text), true, text);
    t.equal(given.getAddress(), expected);
    t.equal(given.getPort(), Number(expected.split(":")[1]));
    t.equal(given.isAddressValid(), true);
  }
});

t.test("S50 setPort and setHostName leave each other alone", async (t) => {
  const given = new RoSocketAddress();
  t.equal(given.setPort(54_321), true);
  t.equal(given.getAddress(), "0.0.0.0:54321");
  t.equal(given.setHostName("127.0.0.9"), true);
  t.equal(given.getHostName(), "127.0.0.9");
  t.equal(given.getAddress(), "127.0.0.9:54321");
  t.equal(given.setPort(65_535), true, "not a negative number");
  t.equal(given.getPort(), 65_535);
  t.equal(given.getHostName(), "127.0.0.9");
  for (const port of [-1, 65_536, 2 ** 31 - 1, -(2 ** 31)]) {
    t.equal(given.setPort(port), false, `setPort(${port})`);
    t.equal(given.getPort(), 65_535);
    t.equal(given.getHostName(), "127.0.0.9");
  }
});

const malformed = [
  "",
  ":",
  ":80",
  " ",
  "1.2.3",
  "1.2.3.",
  ".1.2.3",
  "1.2.3.4.5",
  "1..3.4",
  "256.1.1.1",
  "1.2.3.999999999999",
  "1.2.3.-4",
  "1.2.3.4a",
  "127.1",
  "2130706433",
  "a:b:c",
  "127.0.0.1:80:90",
  "[::1]:80",
  "::1",
  "host:99999",
  "127.0.0.1:65536",
  "127.0.0.1:4294967376",
  "127.0.0.1:99999999999999999999",
  "127.0.0.1:",
  "127.0.0.1:-1",
  "127.0.0.1:+80",
  "127.0.0.1: 80",
  "127.0.0.1:80 ",
  "127.0.0.1:80x",
  "127.0.0.1:0x50",
  "127.0.0.1:1e3",
  "127.0.0.1:8.0",
  "127.0.0.1:http",
  " 127.0.0.1",
  "127.0.0.1 ",
  "127.0.0.1\n",
  "127.0.0.1\t:80",
  "127.0.0.1\0",
  "127.0.0.1\0:80",
  "127.0.0.1:80\0",
  "127.0.0.1\0.example.invalid",
  "localhost\0",
  "localhost\0.example.invalid:80",
  "\0localhost",
  "local\nhost",
  "localhost\r\n",
  "local\x01host",
  "local host",
  "localhost\x7f",
  "localhost\u00a0",
  "\ud800",
  "１２７.0.0.1",
  "http://127.0.0.1",
  "127.0.0.1/8",
  "user@localhost",
  "a".repeat(1_000),
  `${"a.".repeat(500)}:80`,
  `${"a".repeat(64)}.invalid`,
  "1".repeat(1_000),
  `127.0.0.1:${"0".repeat(1_000)}1x`,
  `${"127.0.0.1".padEnd(100_000, "\0")}`,
];

t.test("S51 malformed addresses are false and not valid, and throw nothing", async (t) => {
  for (const text of malformed) {
    const what = JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}… ${text.length}` : text);
    const given = address("127.0.0.9:81");
    const { value, milliseconds } = timed(() => given.setAddress(text));
    t.equal(value, false, what);
    isInvalid(t, given, what);
    t.ok(milliseconds < hang, `${what}: ${milliseconds} ms`);
    t.equal(given.setAddress("127.0.0.8:82"), true);
    t.equal(given.getAddress(), "127.0.0.8:82", `${what}: good again`);
  }
});

t.test("S51 malformed host names, too", async (t) => {
  for (const text of malformed.filter((each) => each !== "host:99999")) {
    const what = JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}… ${text.length}` : text);
    const given = address("127.0.0.9:81");
    t.equal(given.setHostName(text), false, what);
    isInvalid(t, given, what);
    t.equal(given.getPort(), 81, `${what}: the port is unchanged`);
  }
  const given = address("127.0.0.9:81");
  t.equal(given.setHostName("127.0.0.1:80"), false, "a host name has no port");
});

t.test("S49-S51 no descriptor left behind", async (t) => {
  t.same(await leftDescriptors(before), []);
});
