import { writeFileSync } from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";
import { openAtRest } from "../support/at-rest.js";
import { hang, leftDescriptors, skipWithoutNetworks } from "../support/index.js";
import { nameServer } from "../support/name-server.js";
import { program } from "../support/program.js";

const before = openAtRest();

interface Answer {
  name: string;
  found: boolean;
  address: string;
  valid: boolean;
  milliseconds: number;
}

/** What look-ups of these names give where only our name server is asked; null where it cannot be. */
async function lookUps(t: Test, names: string[]): Promise<Answer[] | null> {
  const folder = t.testdir();
  writeFileSync(join(folder, "resolv.conf"), "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n");
  writeFileSync(join(folder, "nsswitch.conf"), "hosts: files dns\n");
  const setUp = `ip link set lo up
    for file in resolv.conf nsswitch.conf; do mount --bind "$0/$file" "/etc/$file"; done
    exec "$@"`;
  const inside = program(
    t,
    ({ rosock, workers, say }, script: string, names: string[]) => {
      const server = new workers.Worker(script, { eval: true });
      server.once("message", () => {
        const given = new rosock.RoSocketAddress();
        for (const name of names) {
          const start = performance.now();
          const found = given.setAddress(`${name}:80`);
          const milliseconds = performance.now() - start;
          say({ name, found, address: given.getAddress(), valid: given.isAddressValid(), milliseconds });
        }
        server.terminate();
      });
    },
    [nameServer, ["good.test", ...names]],
    ["unshare", "--map-root-user", "--net", "--mount", "sh", "-ec", setUp, folder],
  );
  const answers: Answer[] = [];
  try {
    for (const _ of ["good.test", ...names]) answers.push((await inside.next()) as Answer);
  } catch (error) {
    if (answers.length > 0) throw error;
  }
  return answers[0]?.address === "192.0.2.7:80" ? answers.slice(1) : null;
}

const skip = skipWithoutNetworks();

t.test("names: slow, failing, empty, IPv6 only, answers that are wrong or hostile", { skip }, async (t) => {
  const expected: Record<string, string> = {
    "slow.test": "192.0.2.7:80",
    "servfail.test": "",
    "nxdomain.test": "",
    "refused.test": "",
    "silent.test": "",
    "empty.test": "",
    "six.test": "",
    "loop.test": "",
    "garbage.test": "",
    "cut.test": "",
    "overstated.test": "",
    "short.test": "",
    "long.test": "",
    "group.test": "239.1.2.3:80",
    "zero.test": "0.0.0.0:80",
    "good.test": "192.0.2.7:80",
    [`${"a".repeat(63)}.${"b".repeat(63)}.${"c".repeat(63)}.${"d".repeat(56)}.test`]: "192.0.2.7:80",
    [`${"a".repeat(63)}.${"b".repeat(63)}.${"c".repeat(63)}.${"d".repeat(57)}.test`]: "",
    [`${"long-name.".repeat(99)}test-test`]: "",
    "good.test.": "192.0.2.7:80",
    "GOOD.TEST": "192.0.2.7:80",
  };
  const answers = await lookUps(t, Object.keys(expected));
  if (answers === null) return t.pass("no name server can be put in place on this machine");
  for (const { name, found, address, valid, milliseconds } of answers) {
    t.equal(address, expected[name], name);
    t.equal(found, address !== "", name);
    t.equal(valid, found, name);
    t.ok(milliseconds < hang, `${name}: ${milliseconds} ms`);
    if (name === "slow.test") t.ok(milliseconds > 450, `it was slow: ${milliseconds} ms`);
  }
});

t.test("names: changed between two look-ups, one of several", { skip }, async (t) => {
  const answers = await lookUps(t, ["changing.test", "changing.test", "changing.test", "several.test"]);
  if (answers === null) return t.pass("no name server can be put in place on this machine");
  const addresses = answers.map(({ address }) => address);
  t.strictSame(addresses.slice(0, 3), ["192.0.2.1:80", "192.0.2.2:80", "192.0.2.3:80"]);
  t.match(addresses[3], /^192\.0\.2\.1[01]\d:80$/);
});

t.test("no descriptor is left", async (t) => {
  t.strictSame(await leftDescriptors(before), []);
});
