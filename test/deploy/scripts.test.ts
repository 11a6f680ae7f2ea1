/** What runs on a box, tried here: whole releases or none, health, going back, one at a time. */
import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { waitFor } from "../support/index.js";
import { Place, sumOf } from "./place.js";

const forever = "exec sleep 1000";

/** Long enough for a program that ends at once to be seen to end. */
const up = { HEALTH: "up", HEALTH_SECONDS: "3" };

t.jobs = 13;

t.test("a release that stays up is kept, and the last three are", async (t) => {
  const place = new Place(t);
  for (const version of ["a", "b", "c"]) mkdirSync(place.path(`releases/${version}`), { recursive: true });
  writeFileSync(place.path("good"), "a\nb\nc\n");
  const { status, stdout } = await place.deploy("d", forever);
  t.equal(status, 0, stdout);
  t.equal(place.read("good"), "b\nc\nd\n");
  t.same(place.list("releases"), ["b", "c", "d"]);
  t.match(await place.state(), /current=d\nstate=running, process \d+, \d+ KiB\nlast=good\ngood=b\n/);
  t.notOk(existsSync(join(place.folder, "box/.lock")));
});

t.test("a release that does not end is healthy", async (t) => {
  const place = new Place(t);
  t.equal((await place.deploy("one", forever, { HEALTH: "up", HEALTH_SECONDS: "10" })).status, 0);
  t.match(await place.state(), /state=running/);
});

t.test("a release that was good can be gone back to", async (t) => {
  const place = new Place(t);
  for (const version of ["one", "two"]) t.equal((await place.deploy(version, forever)).status, 0);
  t.equal((await place.script("rollback.sh", ["one"])).status, 0);
  t.equal((await place.follow("one")).status, 0);
  t.equal(place.read("good"), "two\none\n");
  t.match(await place.state(), /current=one\nstate=running/);
  t.match((await place.script("rollback.sh", ["three"])).stderr, /three is not there/);
});

t.test("a release whose program ends is given up for the one before", async (t) => {
  const place = new Place(t);
  await place.deploy("one", forever);
  const first = await place.pid();
  const { status, stdout } = await place.deploy("two", "echo what is wrong; exit 3", up);
  t.equal(status, 2);
  t.match(stdout, /^switching to two\ntwo is not healthy[\s\S]*going back to one\n$/);
  t.match(stdout, /what is wrong\nended with status 3; again in 1 s\n/);
  t.same(place.list("releases"), ["one"]);
  t.match(await place.state(), /current=one\nstate=running[\s\S]*last=rolled-back\ngood=one\n$/);
  t.not(await place.pid(), first);
});

t.test("a first release that is not healthy leaves no service", async (t) => {
  const place = new Place(t);
  t.equal((await place.deploy("one", "exit 3", up)).status, 3);
  t.same(place.list("releases"), []);
  t.same(readdirSync(join(place.folder, "init.d")), []);
  t.match(await place.state(), /no release/);
});

t.test("what is not whole, or does not run there, is no release", async (t) => {
  const place = new Place(t);
  const archive = place.archive(forever);
  const cut = await place.receive("one", archive.subarray(0, 1000), sumOf(archive));
  t.equal(cut.status, 3);
  t.match(cut.stderr, /checksum is [\da-f]{64}, not [\da-f]{64}/);
  t.same(readdirSync(join(place.folder, "box")), [], "nothing is left of it");
  const broken = place.archive(forever, {}, "echo libstdc++ is too old >&2; exit 1");
  const refused = await place.receive("one", broken);
  t.equal(refused.status, 6);
  t.match(refused.stderr, /it does not run on this box: libstdc\+\+ is too old/);
  t.same(readdirSync(join(place.folder, "box")), []);
});

t.test("what a cut connection left behind is cleared away", async (t) => {
  const place = new Place(t);
  mkdirSync(place.path("releases/.part-old/app"), { recursive: true });
  writeFileSync(place.path("releases/.part-old.tgz"), "half");
  t.equal((await place.deploy("one", forever)).status, 0);
  t.same(place.list("releases"), ["one"]);
});

t.test("one deployment at a time", async (t) => {
  const place = new Place(t);
  const archive = place.archive(forever, place.when("allowed"));
  t.equal((await place.receive("one", archive)).status, 0);
  const second = await place.receive("two", archive);
  t.equal(second.status, 5);
  t.match(second.stderr, /another deployment to this box is under way/);
  t.match((await place.script("remove.sh")).stderr, /another deployment/);
  t.match(await place.state(), /last=under way/);
  writeFileSync(place.path("data/allowed"), "");
  t.equal((await place.follow("one")).status, 0);
  t.equal((await place.follow("two")).status, 4, "what did not arrive is not said to have run");
  t.same(place.list("releases"), ["one"]);
});

t.test("a lock that was left behind does not hold", async (t) => {
  const place = new Place(t);
  const boot = "00000000-0000-0000-0000-000000000000";
  symlinkSync(`${boot}.${process.pid}.1`, join(place.folder, "box/.lock"));
  t.equal((await place.deploy("one", forever)).status, 0);
});

t.test("where the power went before a release had shown its health, the last good one starts", async (t) => {
  const place = new Place(t);
  await place.deploy("one", forever);
  await place.init("stop");
  t.equal((await place.receive("two", place.archive(forever, place.when("never")))).status, 0);
  await waitFor(async () => (await place.pid()) > 0, "the second to run");
  await place.cutActivation();
  await place.init("stop");
  t.equal((await place.init("start")).status, 0);
  await waitFor(async () => (await place.pid()) > 0, "the first to run");
  t.match(await place.state(), /current=one\n/);
  t.match(place.read("activation.log"), /two had not shown its health yet: back to one\n$/);
});

t.test("a check by command gets until its deadline, and no longer", async (t) => {
  const place = new Place(t);
  const later = "sleep 1; : >../../data/ready; exec sleep 1000";
  t.equal((await place.deploy("one", `cd "\${0%/*}"; ${later}`, place.when("ready"))).status, 0);
  const hangs = { HEALTH: "command:sleep 1000", HEALTH_SECONDS: "2" };
  t.equal((await place.deploy("two", forever, hangs)).status, 2);
});

t.test("an application is removed, its service and its data with it", async (t) => {
  const place = new Place(t);
  await place.deploy("one", forever);
  const pid = await place.pid();
  t.equal((await place.script("remove.sh")).status, 0);
  t.same(
    readdirSync(place.folder)
      .sort()
      .filter((name) => !name.startsWith("release")),
    ["init.d"],
  );
  t.same(readdirSync(join(place.folder, "init.d")), []);
  t.notOk(existsSync(`/proc/${pid}`));
});

t.test("a Node that was sent along stays as long as a release uses it", async (t) => {
  const place = new Place(t);
  const home = place.shared(".node/v20.0.0-arm");
  const other = place.shared(".node/v18.0.0-arm");
  mkdirSync(join(home, "bin"));
  symlinkSync(process.execPath, join(home, "bin/node"));
  t.equal((await place.deploy("one", forever, { NODE: `${home}/bin/node` })).status, 0);
  t.ok(existsSync(home));
  t.notOk(existsSync(other));
  await place.deploy("two", forever);
  t.ok(existsSync(home), "one can still be gone back to");
  t.equal((await place.script("remove.sh")).status, 0);
  t.notOk(existsSync(home));
});
