/** The connection goes while a box is deployed to. */
import t from "tap";
import { answers, type Box, begin, currentRelease, deploy, limit, releases, testOnBox } from "../support.js";

t.setTimeout(limit);

/** Ends all of dropbear's processes but the first, which listens. */
const hangUp = (box: Box) =>
  box.run("kill $(ps | grep '[d]ropbear' | sort -n | tail -n +2 | awk '{ print $1 }')");

testOnBox("the connection goes: the old release or the new one runs", {}, async (t, box, app) => {
  t.equal((await deploy(box, app)).status, 0);
  const before = currentRelease(box);

  const sending = begin(box, app);
  await sending.said(/sending/);
  hangUp(box);
  const cut = await sending.end();
  t.match(cut.output, /the connection was lost|is healthy/);
  t.equal(currentRelease(box) === before, cut.status !== 0, cut.output);
  t.ok(await answers(box));
  const after = currentRelease(box);

  const switching = begin(box, app);
  await switching.said(/switching to/);
  hangUp(box);
  const { status, output } = await switching.end();
  t.equal(status, 0, output);
  t.match(output, /is healthy/, "it was asked again");
  t.not(currentRelease(box), after);
  t.ok(await answers(box));
  t.ok(releases(box).includes(currentRelease(box)));
});

testOnBox("of two deployments at once one is turned away", {}, async (t, box, app) => {
  const [one, other] = await Promise.all([begin(box, app).end(), begin(box, app).end()]);
  t.same([one.status, other.status].sort(), [0, 1], one.output + other.output);
  t.match(one.output + other.output, /FAILED: another deployment to this box is under way/);
  t.ok(await answers(box));
});
