/** A box whose clock is wrong, as it is before the network tells it the time. */
import { setTimeout } from "node:timers/promises";
import t from "tap";
import { answers, begin, command, currentRelease, deploy, limit, testOnBox } from "../support.js";

t.setTimeout(limit);

testOnBox("the clock is wrong, and jumps", {}, async (t, box, app) => {
  t.equal(box.run("date -s '1970-01-01 00:00:10'").status, 0);
  const first = await deploy(box, app);
  t.equal(first.status, 0, first.output);
  const before = currentRelease(box);
  t.match(before, /^20\d{6}-\d{6}-[\da-f]{8}$/, "a release is named by the clock here");

  const second = begin(box, app);
  await second.said(/switching to/);
  box.run("date -s '2038-01-01 00:00:00'");
  const { status, output } = await second.end();
  t.equal(status, 0, output);
  t.not(currentRelease(box), before);

  const third = begin(box, app, ["--health", "up", "--health-seconds", "15"]);
  await third.said(/switching to/);
  box.run("date -s '1970-01-01 00:00:10'");
  await setTimeout(1_000);
  t.equal((await third.end()).status, 0);
  t.ok(await answers(box));
  const back = await command(box, ["rollback"]);
  t.equal(back.status, 0, back.output);
});
