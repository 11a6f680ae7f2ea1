import { inspect } from "node:util";
import fc from "fast-check";
import t, { type Test } from "tap";
import { RoSocketAddress } from "#src/components/socket-address.js";
import * as native from "#src/native.js";

const LOOPBACK = 0x7f000001;

/** Looks names up here instead, so that the tests need no network and know what was asked. */
function answering(t: Test, answers: Record<string, number> = {}): string[] {
  const asked: string[] = [];
  const { lookup } = native;
  const replaceable = native as { lookup: typeof lookup };
  replaceable.lookup = (name) => {
    asked.push(name);
    return Object.hasOwn(answers, name) ? answers[name]! : -1;
  };
  t.teardown(() => {
    replaceable.lookup = lookup;
  });
  return asked;
}

const state = (address: RoSocketAddress) => [
  address.isAddressValid(),
  address.getAddress(),
  address.getHostName(),
  address.getPort(),
];

t.test("a fresh address is 0.0.0.0:0 and valid", async (t) => {
  const address = new RoSocketAddress();
  t.same(state(address), [true, "0.0.0.0:0", "0.0.0.0", 0]);
  t.same([address.host, address.port, address.valid], [0, 0, true]);
});

t.test("setAddress with a dotted quad", async (t) => {
  const asked = answering(t);
  const address = new RoSocketAddress();
  t.ok(address.setAddress("192.168.1.120:8888"));
  t.same(state(address), [true, "192.168.1.120:8888", "192.168.1.120", 8888]);
  t.equal(address.host, 0xc0a80178, "unsigned, host order");
  t.ok(address.setAddress("255.255.255.255:65535"));
  t.same([address.getAddress(), address.host], ["255.255.255.255:65535", 0xffffffff]);
  t.ok(address.setAddress("0.0.0.0:0"));
  t.equal(address.getAddress(), "0.0.0.0:0");
  t.same(asked, [], "nothing to look up");
});

t.test("S50 setAddress without a port keeps the port", async (t) => {
  answering(t, { "roku.com": LOOPBACK });
  const address = new RoSocketAddress();
  t.ok(address.setAddress("10.0.0.1"));
  t.equal(address.getAddress(), "10.0.0.1:0", "0 at first");
  t.ok(address.setPort(40000));
  t.ok(address.setAddress("roku.com"));
  t.equal(address.getAddress(), "127.0.0.1:40000");
});

t.test("S49 a name is looked up when it is set", async (t) => {
  const asked = answering(t, {
    "roku.com": 0x01020304,
    "my_host.local.": LOOPBACK,
    a: LOOPBACK,
    "0xfg": LOOPBACK,
  });
  const address = new RoSocketAddress();
  t.ok(address.setAddress("roku.com:80"));
  t.same(state(address), [true, "1.2.3.4:80", "roku.com", 80]);
  t.ok(address.setHostName("my_host.local."));
  t.same(state(address), [true, "127.0.0.1:80", "my_host.local.", 80], "setHostName keeps the port");
  t.ok(address.setHostName("a"));
  t.ok(address.setHostName("0xfg"), "not a number after all");
  address.getAddress();
  address.copy();
  t.same(asked, ["roku.com", "my_host.local.", "a", "0xfg"], "once each, and never again");
});

t.test("S49 a name that is not found", async (t) => {
  const asked = answering(t, { "roku.com": LOOPBACK });
  for (const set of ["setAddress", "setHostName"] as const) {
    const address = RoSocketAddress.of(LOOPBACK, 80);
    t.notOk(address[set]("no-such-host.example"));
    t.same(state(address), [false, "", "", 80]);
    t.equal(address.host, 0);
    t.ok(address.setPort(81), "the port may still be set");
    t.equal(address.getAddress(), "");
    t.ok(address[set]("roku.com"), "and another host makes it valid");
    t.equal(address.getAddress(), "127.0.0.1:81");
  }
  t.equal(asked.length, 4);
  const address = new RoSocketAddress();
  t.notOk(address.setAddress("no-such-host.example:99"));
  t.equal(address.getPort(), 0, "the port is unchanged");
});

t.test("S51 malformed addresses", async (t) => {
  const label = "a".repeat(63);
  const hosts = [
    ..."|.|..|.a|a..b|a..".split("|"),
    ..."1|1.2|1.2.3|1.2.3.|1.2.3.4.|1.2.3.4.5|256.1.1.1|1.1.1.256|1.2.3.04|010.0.0.1|+1.2.3.4".split("|"),
    ..."0x7f.0.0.1|0x7f000001|127.1|2130706433|0177.0.0.1|a.0x|a.0x1f|a.1|a.09.|1.2.3.4a.5|1e1.2.3.4".split(
      "|",
    ),
    ..."a b| a|a |a\n|\na|a\0b|a\tb|a/b|a@b|a%b|[::1]|::1|*|a,b|\u00e4|m\u00fcnchen.de|\udcff|\u0661.2.3.4".split(
      "|",
    ),
    `${label}a`,
    `${label}.${label}.${label}.${label}`,
    `${label}.${label}.${label}.${"a".repeat(62)}`,
    "a".repeat(1000),
    `${"a.".repeat(127)}a`,
    "1.".repeat(500_000),
  ];
  const asked = answering(t);
  for (const host of hosts) {
    for (const text of [host, `${host}:80`]) {
      const address = RoSocketAddress.of(LOOPBACK, 7);
      t.notOk(address.setAddress(text), JSON.stringify(text.slice(0, 80)));
      t.same(state(address), [false, "", "", 7]);
    }
    const address = RoSocketAddress.of(LOOPBACK, 7);
    t.notOk(address.setHostName(host));
    t.same(state(address), [false, "", "", 7]);
  }
  const ports =
    "|65536|99999|100000|-1|+1| 80|80 |80\n|8 0|0x50|1e3|80.|8_0|http|\u0661|80:80|:80|999999999999999999999";
  for (const port of ports.split("|")) {
    for (const host of ["1.2.3.4", "roku.com"]) {
      const address = RoSocketAddress.of(LOOPBACK, 7);
      t.notOk(address.setAddress(`${host}:${port}`), JSON.stringify(`${host}:${port}`));
      t.same(state(address), [false, "", "", 7]);
    }
  }
  t.notOk(RoSocketAddress.of(LOOPBACK, 7).setHostName("1.2.3.4:80"), "a host name has no port");
  t.same(asked, [], "none of them was looked up");
});

t.test("names at the limits are looked up", async (t) => {
  const label = "a".repeat(63);
  const longest = `${label}.${label}.${label}.${"a".repeat(61)}`;
  const names = [
    label,
    longest,
    `${longest}.`,
    "-",
    "_",
    "_a-",
    "1a",
    "1.2.3.4a",
    "0x.a",
    "1.2.3.4.example",
    "A-Z.0z",
  ];
  const asked = answering(t, Object.fromEntries(names.map((name) => [name, LOOPBACK])));
  for (const name of names) t.ok(new RoSocketAddress().setAddress(`${name}:1`), name.slice(0, 70));
  t.same(asked, names);
});

t.test("setPort", async (t) => {
  const address = new RoSocketAddress();
  for (const port of [0, 1, 32768, 65535]) {
    t.ok(address.setPort(port));
    t.equal(address.getPort(), port);
    t.equal(address.getAddress(), `0.0.0.0:${port}`);
  }
  for (const port of [-1, 65536, 2 ** 31 - 1, -(2 ** 31)]) {
    t.notOk(address.setPort(port), `${port}`);
    t.same(state(address), [true, "0.0.0.0:65535", "0.0.0.0", 65535], "nothing changed");
  }
});

t.test("S4 a copy is independent", async (t) => {
  answering(t, { "roku.com": LOOPBACK });
  const address = new RoSocketAddress();
  address.setAddress("roku.com:80");
  const copy = address.copy();
  address.setAddress("bad address");
  address.setPort(1);
  t.same(state(copy), [true, "127.0.0.1:80", "roku.com", 80]);
  t.same(state(address.copy()), [false, "", "", 1]);
});

t.test("every quad and port goes round", async () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 0xffffffff }), fc.nat({ max: 65535 }), (host, port) => {
      const text = RoSocketAddress.of(host, port).getAddress();
      const address = new RoSocketAddress();
      return (
        address.setAddress(text) &&
        address.host === host &&
        address.port === port &&
        address.getAddress() === text
      );
    }),
    { numRuns: 2000 },
  );
});

t.test("no text throws, and what is accepted is well formed", async (t) => {
  const asked = answering(t);
  const piece$ = fc.constantFrom(
    "1",
    "255",
    "256",
    "00",
    ".",
    ":",
    "a",
    "-",
    "0x",
    "80",
    " ",
    "\0",
    "localhost",
  );
  const text$ = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.array(piece$).map((pieces) => pieces.join("")),
  );
  fc.assert(
    fc.property(text$, (text) => {
      const address = RoSocketAddress.of(LOOPBACK, 7);
      const before = asked.length;
      const set = address.setAddress(text);
      if (asked.length > before) return !set && /^[\w.-]{1,254}$/.test(asked.at(-1)!);
      const quad = /^(\d+)\.(\d+)\.(\d+)\.(\d+)(?::(\d{1,5}))?$/.exec(text);
      const fits =
        quad?.slice(1, 5).every((part) => Number(part) < 256 && String(Number(part)) === part) === true &&
        Number(quad[5] ?? 0) < 65536;
      return set === fits && address.isAddressValid() === fits && (set || address.getPort() === 7);
    }),
    { numRuns: 5000 },
  );
});

t.test("S49 the system's own look-up", async (t) => {
  const address = new RoSocketAddress();
  t.ok(address.setAddress("localhost:54321"));
  t.same(state(address), [true, "127.0.0.1:54321", "localhost", 54321]);
  t.notOk(address.setAddress("no-such-host.invalid:1"), "a name that never exists (RFC 6761)");
  t.same(state(address), [false, "", "", 54321]);
});

t.test("inspect", async (t) => {
  answering(t, { "roku.com": 0x01020304 });
  const address = RoSocketAddress.of(LOOPBACK, 80);
  t.equal(inspect(address), "RoSocketAddress 127.0.0.1:80");
  address.setAddress("1.2.3.4");
  t.equal(inspect(address), "RoSocketAddress 1.2.3.4:80");
  address.setHostName("roku.com");
  t.equal(inspect(address), "RoSocketAddress 1.2.3.4:80 (roku.com)");
  address.setHostName("");
  t.equal(inspect(address), "RoSocketAddress <invalid>, port 80");
});
