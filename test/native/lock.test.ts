/** A lock between processes: one at a time, and none is left behind. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import t from "tap";
import * as native from "#src/native.js";

const library = require.resolve("#src/native.js");
const { EAGAIN, EBADF } = constants.errno;

/** A process that locks the file, says so, and keeps it for that long, or until it is killed. */
function holder(t: { teardown(work: () => unknown): unknown }, path: string, milliseconds: number) {
  const script = `
    const native = require(${JSON.stringify(library)});
    console.log(native.lock(require("node:fs").openSync(${JSON.stringify(path)}, "w"), 60_000));
    setTimeout(() => {}, ${milliseconds});`;
  const child = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "inherit"] });
  t.teardown(() => child.kill("SIGKILL"));
  return child;
}

t.test("waits until the other process ends, also by a signal", async (t) => {
  const path = join(t.testdir(), "lock");
  const child = holder(t, path, 60_000);
  const [said] = await once(child.stdout, "data");
  t.equal(String(said), "0\n");
  const waiting = holder(t, path, 0);
  let has = false;
  waiting.stdout.once("data", () => {
    has = true;
  });
  await new Promise((resolve) => setTimeout(resolve, 100));
  t.equal(has, false, "one at a time");
  child.kill("SIGKILL");
  const [status] = await once(waiting, "exit");
  t.equal(status, 0);
  const fd = openSync(path, "w");
  t.equal(native.lock(fd, 0), 0, "and it was left free");
  closeSync(fd);
});

t.test(
  "one that another process keeps, as when it was stopped, is waited for so long and no longer",
  async (t) => {
    const path = join(t.testdir(), "lock");
    const child = holder(t, path, 60_000);
    await once(child.stdout, "data");
    child.kill("SIGSTOP");
    const fd = openSync(path, "w");
    for (const milliseconds of [0, 300]) {
      const start = performance.now();
      t.equal(native.lock(fd, milliseconds), -EAGAIN);
      const took = performance.now() - start;
      t.ok(took >= milliseconds - 1 && took < milliseconds + 5_000, `${took} ms`);
    }
    closeSync(fd);
  },
);

t.test("what cannot be locked", async (t) => {
  for (const fd of [-1, 1_000_000]) t.equal(native.lock(fd, 0), -EBADF);
});
