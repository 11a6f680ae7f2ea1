/** The power goes while a box is deployed to: it comes up with the old release or the new one, never with half of one. */
import { setTimeout } from "node:timers/promises";
import t from "tap";
import {
  answers,
  begin,
  breakApplication,
  currentRelease,
  deploy,
  echoApplication,
  limit,
  releases,
  skipWithoutBox,
  startBox,
} from "../support.js";

const kind = "arm-on-arm64";
const skip = skipWithoutBox(kind);
t.setTimeout(2 * limit);

t.test("the power goes at each step", { skip, timeout: limit }, async (t) => {
  const box = await startBox(t, { kind });
  const app = echoApplication(t);
  t.equal((await deploy(box, app)).status, 0);
  for (const [step, later] of [
    [/glibc/, 0],
    [/sending/, 0],
    [/sending/, 500],
    [/sending/, 4_000],
    [/switching to/, 0],
    [/switching to/, 2_000],
    [/is healthy/, 0],
  ] as const) {
    const running = begin(box, app);
    await running.said(step);
    await setTimeout(later);
    await box.cut();
    running.child.kill();
    await running.end();
    await box.start();
    t.ok(await answers(box), `answers after a cut ${later} ms after ${step}`);
    t.ok(releases(box).includes(currentRelease(box)), "and what is current is whole");
  }
  const last = await deploy(box, app);
  t.equal(last.status, 0, last.output);
  const left = box.run("ls -A /data/rosock/echo/releases").stdout.trim().split("\n");
  t.same(left, releases(box), "nothing is left of the halves");
  t.equal(box.run("ls -A /data/rosock").stdout, "echo\n");
});

t.test("the power goes while a broken release is on trial", { skip, timeout: limit }, async (t) => {
  const box = await startBox(t, { kind });
  const app = echoApplication(t);
  t.equal((await deploy(box, app)).status, 0);
  const before = currentRelease(box);
  breakApplication(app);
  const running = begin(box, app);
  await running.said(/switching to/);
  await setTimeout(2_000);
  await box.cut();
  running.child.kill();
  await running.end();
  await box.start();
  t.ok(await answers(box), "the release before answers");
  t.equal(currentRelease(box), before);
});
