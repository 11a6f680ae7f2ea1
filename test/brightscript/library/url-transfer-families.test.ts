/** roUrlTransfer and hosts that have addresses of two families, on a machine without a way to IPv6. */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { skipWithoutNetworks } from "../../support/tools.js";

t.test("IPv4 first, IPv6 only where there is nothing else", { skip: skipWithoutNetworks() }, async (t) => {
  const folder = t.testdir({});
  writeFileSync(
    join(folder, "hosts"),
    "127.0.0.1 localhost both.test\n2001:db8::1 both.test\nfd00::1 six.test\n2001:db8::1 away.test\n",
  );
  // With a slow way, where the system can make one: longer than clients that try one family after the other wait for the first.
  const script = `
    mount --bind "$1" /etc/hosts
    ip link set lo up
    ip address add fd00::1/128 dev lo
    tc qdisc add dev lo root netem delay 150ms 2>/dev/null || true
    shift
    exec "$@"`;
  const hosts = ["both.test", "six.test", "[::1]", "127.0.0.1", "away.test", "none.test"];
  const program = join(__dirname, "transfer-families.js");
  const words = [
    "-rmn",
    "sh",
    "-ec",
    script,
    "sh",
    join(folder, "hosts"),
    process.execPath,
    program,
    ...hosts,
  ];
  const env = { PATH: process.env.PATH };
  const [both, six, literal, four, away, none] = JSON.parse(
    execFileSync("unshare", words, { encoding: "utf8", timeout: 60_000, env }),
  );
  t.same(both, [200, "127.0.0.1"]);
  t.same(six, [200, "fd00::1"]);
  t.same(literal, [200, "::1"]);
  t.same(four, [200, "127.0.0.1"]);
  t.same(away, [-7, ""]);
  t.same(none, [-6, ""]);
});
