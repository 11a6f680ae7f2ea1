/** The power goes while a box is deployed to: it comes up with the old release or the new one, never with half of one. */
import { setTimeout } from "node:timers/promises";
import t from "tap";
import {
  answers,
  type Box,
  begin,
  breakApplication,
  currentRelease,
  deploy,
  limit,
  releases,
  testOnBox,
} from "../support.js";

t.setTimeout(2 * limit);

/** Cuts the power some milliseconds after a step of a deployment, and switches the box on again. */
async function cutAfter(step: RegExp, later: number, box: Box, app: string): Promise<void> {
  const running = begin(box, app);
  await running.said(step);
  await setTimeout(later);
  await box.cut();
  running.child.kill();
  await running.end();
  await box.start();
}

testOnBox("the power goes at each step", {}, async (t, box, app) => {
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
    await cutAfter(step, later, box, app);
    t.ok(await answers(box), `answers after a cut ${later} ms after ${step}`);
    t.ok(releases(box).includes(currentRelease(box)), "and what is current is whole");
  }
  const last = await deploy(box, app);
  t.equal(last.status, 0, last.output);
  const left = box.run("ls -A /data/rosock/echo/releases").stdout.trim().split("\n");
  t.same(left, releases(box), "nothing is left of the halves");
  t.equal(box.run("ls -A /data/rosock").stdout, "echo\n");
});

testOnBox("the power goes while a broken release is on trial", {}, async (t, box, app) => {
  t.equal((await deploy(box, app)).status, 0);
  const before = currentRelease(box);
  breakApplication(app);
  await cutAfter(/switching to/, 2_000, box, app);
  t.ok(await answers(box), "the release before answers");
  t.equal(currentRelease(box), before);
});
