/** What runs on a box is plain sh; the unit is one that systemd knows. */
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { skipWithout } from "../support/index.js";

const deploy = join(__dirname, "../../../deploy");
const folders = ["device", "tests", "virtual"].map((name) => join(deploy, name));
const scripts = folders.flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => /\.(sh|init)$|^rcS$/.test(name))
    .map((name) => join(folder, name)),
);

t.test("shellcheck has nothing to say", { skip: skipWithout("shellcheck") }, async (t) => {
  // 1090 and 1091: what is sourced is on the box.
  const { stdout } = spawnSync("shellcheck", ["-s", "sh", "-e", "SC1090,SC1091", ...scripts], {
    encoding: "utf8",
  });
  t.equal(stdout, "");
  t.ok(scripts.length > 10);
});

t.test("systemd-analyze knows all of the unit", { skip: skipWithout("systemd-analyze") }, async (t) => {
  const folder = t.testdir();
  mkdirSync(join(folder, "current"));
  writeFileSync(join(folder, "current/start"), "#!/bin/sh\n");
  chmodSync(join(folder, "current/start"), 0o755);
  const unit = join(folder, "rosock-echo.service");
  const text = readFileSync(join(deploy, "device/rosock.service"), "utf8")
    .replaceAll("@DIR@", folder)
    .replaceAll("@NAME@", "echo")
    .replaceAll("@USER@", "daemon")
    .replaceAll("@MEMORY@", "100");
  t.notMatch(text, /@[A-Z]+@/);
  writeFileSync(unit, text);
  const { stderr } = spawnSync("systemd-analyze", ["verify", unit], { encoding: "utf8" });
  // What came with systemd 254.
  const newer = /Unknown key '(RestartSteps|RestartMaxDelaySec)'/;
  t.same(
    stderr.split("\n").filter((line) => line.includes("rosock-echo") && !newer.test(line)),
    [],
  );
});
