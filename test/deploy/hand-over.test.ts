/** Another user for the program gets its data, and nothing that only has a name there. By root only. */

import { spawnSync } from "node:child_process";
import { chmodSync, chownSync, linkSync, mkdirSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";
import { Place } from "./place.js";

const skip = process.getuid?.() === 0 ? false : "only root can give a file away";

/** The ids of two users that every system has. */
const [nobody, daemon] = ["nobody", "daemon"].map((name) =>
  Number(spawnSync("id", ["-u", name], { encoding: "utf8" }).stdout),
) as [number, number];

const forever = "exec sleep 1000";

t.jobs = 3;

/** A place whose program has run as nobody, and a file of root's beside its data. */
async function placeOfNobody(t: Test) {
  const place = new Place(t);
  chmodSync(place.folder, 0o755);
  t.equal((await place.deploy("one", forever, { RUN_AS: "nobody" })).status, 0);
  t.equal(statSync(place.path("data")).uid, nobody);
  return { place, secret: place.path("releases/one/device/recover.sh") };
}

t.test("the same user again: nothing changes hands", { skip }, async (t) => {
  const { place, secret } = await placeOfNobody(t);
  linkSync(secret, place.path("data/linked"));
  symlinkSync(secret, place.path("data/pointed"));
  t.equal((await place.deploy("two", forever, { RUN_AS: "nobody" })).status, 0);
  t.equal(statSync(secret).uid, 0);
});

t.test("another user: what was the program's, and no more", { skip }, async (t) => {
  const { place, secret } = await placeOfNobody(t);
  const file = (name: string, owner: number) => {
    writeFileSync(place.path(name), "");
    chownSync(place.path(name), owner, owner);
    return place.path(name);
  };
  mkdirSync(place.path("data/deep/er"), { recursive: true });
  for (const name of ["data/deep", "data/deep/er"]) chownSync(place.path(name), nobody, nobody);
  const own = [file("data/registry", nobody), file("data/deep/er/a\nb", nobody), place.path("data/deep")];
  const others = [file("data/root", 0), file("elsewhere", nobody), secret];
  linkSync(secret, place.path("data/linked"));
  linkSync(place.path("elsewhere"), place.path("data/deep/linked"));
  for (const [index, target] of [secret, join(place.folder, "box"), place.path("good")].entries())
    symlinkSync(target, place.path(`data/deep/pointed${index}`));
  const before = others.map((path) => statSync(path).uid);

  t.equal((await place.deploy("two", forever, { RUN_AS: "daemon" })).status, 0);
  for (const path of [place.path("data"), ...own]) t.equal(statSync(path).uid, daemon, path);
  t.strictSame(
    others.map((path) => statSync(path).uid),
    before,
  );
  for (const path of [join(place.folder, "box"), place.path("good")]) t.equal(statSync(path).uid, 0, path);
});

t.test("a release that is gone back to gets its data again", { skip }, async (t) => {
  const { place } = await placeOfNobody(t);
  writeFileSync(place.path("data/registry"), "");
  chownSync(place.path("data/registry"), nobody, nobody);
  const never = { RUN_AS: "daemon", HEALTH: "command:false", HEALTH_SECONDS: "1" };
  t.equal((await place.deploy("two", forever, never)).status, 2);
  for (const name of ["data", "data/registry"]) t.equal(statSync(place.path(name)).uid, nobody, name);
});
