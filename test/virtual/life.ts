/** A deployment's life on a box: deployed, upgraded, a broken release, rolled back, removed. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Test } from "tap";
import {
  answers,
  type BoxKind,
  breakApplication,
  command,
  currentRelease,
  deploy,
  echoApplication,
  echoPort,
  startBox,
  talk,
} from "./support.js";

/** Names that a shell, a tar or a terminal may stumble over. */
const hostile = [" a b", "it's", 'say "hi"', "-rf", "two\nlines", "$(reboot)", "*", "ünï"];

export async function life(t: Test, kind: BoxKind, arch: string): Promise<void> {
  const box = await startBox(t, { kind });
  const app = echoApplication(t);
  mkdirSync(join(app, "data"));
  for (const name of hostile) writeFileSync(join(app, "data", name), name);

  const dry = await deploy(box, app, ["--dry-run"]);
  t.equal(dry.status, 0, dry.output);
  t.match(dry.output, /would send/);
  t.equal(box.run("ls -A /data/rosock").status, 1, "nothing was changed");

  const first = await deploy(box, app);
  t.equal(first.status, 0, first.output);
  t.match(
    first.output,
    new RegExp(`${arch}, glibc 2\\.\\d+, busybox`),
    "its programs, not its kernel, say what it is",
  );
  t.match(first.output, /is healthy/);
  t.equal(await talk(box, "from outside\n"), "from outside\n");
  const before = currentRelease(box);
  t.match(box.run("ps").stdout, /rosock +\S*node .*rosock.js run app/, "not as root");
  const sent = box.run(
    "cd /data/rosock/echo/current/app/data && for each in *; do printf '%s\\0' \"$each\"; done",
  );
  t.same(sent.stdout.split("\0").filter(Boolean).sort(), [...hostile].sort());
  t.equal(box.run("ls /data/rosock/echo/current/rosock/dist/code").status, 0, "V8's code is kept there");

  const second = await deploy(box, app);
  t.equal(second.status, 0, second.output);
  const after = currentRelease(box);
  t.not(after, before);
  t.equal(await talk(box, "upgraded\n"), "upgraded\n");

  breakApplication(app);
  const broken = await deploy(box, app, ["--health-seconds", "20"]);
  t.equal(broken.status, 1);
  t.match(
    broken.output,
    /broken release[\s\S]*going back to[\s\S]*the release before runs again/,
    broken.output,
  );
  t.equal(currentRelease(box), after);
  t.ok(await answers(box), "the release before answers");
  t.same(box.run("ls -A /data/rosock/echo/releases").stdout.trim().split("\n"), [before, after]);

  const back = await command(box, ["rollback"]);
  t.equal(back.status, 0, back.output);
  t.equal(currentRelease(box), before);
  const state = await command(box, ["status"]);
  t.match(state.output, new RegExp(`${before}: running, process \\d+, \\d+ KiB \\(last deployment: good`));
  t.match((await command(box, ["logs"])).output, new RegExp(`Echo server on 0.0.0.0:${echoPort}`));

  const removed = await command(box, ["remove"]);
  t.equal(removed.status, 0, removed.output);
  t.equal(box.run("ls -A /data /data/init.d | grep rosock").stdout, "");
  t.notMatch(box.run("ps").stdout, /rosock.js|supervise|logger/);
  t.equal((await command(box, ["status"])).status, 1);
}
