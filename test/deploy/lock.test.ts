/** One deployment to a box at a time, also when the one before was cut off and several find its lock. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";
import { waitFor } from "../support/index.js";

const { textOf } = require(join(__dirname, "../../../deploy/device.js"));

/** A name such as lib.sh gives processes, of one that is no more. */
const dead = "00000000-0000-0000-0000-000000000000.1.1";

/** A shell that takes the lock of a box and keeps it until a file `end` is there. Files tell what it does. */
class Contender {
  readonly #folder: string;
  readonly #name: string;
  readonly #child: ChildProcess;
  readonly ended: Promise<number | null>;

  /** @param before - shell that comes before it asks for the lock */
  constructor(folder: string, name: string, before = "") {
    this.#folder = folder;
    this.#name = name;
    const script = `dir=$1/box/echo
      until_there() { until [ -e "$1" ]; do sleep 0.05; done; }
      cd "$1" || exit
      ${before}
      lock
      : >${name}.taken
      until_there end
      unlock`;
    this.#child = spawn("sh", ["-c", `${textOf("lib.sh")}\n${script}`, name, folder], { stdio: "ignore" });
    this.ended = new Promise((resolve) => this.#child.on("close", resolve));
  }

  /** Whether it has the lock, or was refused. */
  async outcome(): Promise<"taken" | "refused"> {
    const taken = () => existsSync(join(this.#folder, `${this.#name}.taken`));
    return waitFor(
      () => (taken() ? "taken" : this.#child.exitCode === 5 ? "refused" : null),
      `${this.#name} to take the lock, or to be refused`,
    );
  }
}

function folderWithLock(t: Test): string {
  const folder = t.testdir({ box: { echo: {} } });
  symlinkSync(dead, join(folder, "box/.lock"));
  return folder;
}

/** A shell whose lives() waits for a file after it has begun: it takes its time to see that nobody has the lock. */
const slow = `lives() { : >slow.asks; until_there go; return 1; }`;

t.test("however late a second one finds a lock that was left behind, the first keeps it", async (t) => {
  const folder = folderWithLock(t);
  const second = new Contender(folder, "second", slow);
  await waitFor(() => existsSync(join(folder, "slow.asks")), "the second to have seen it");
  const first = new Contender(folder, "first");
  t.equal(await first.outcome(), "taken");
  writeFileSync(join(folder, "go"), "");
  t.equal(await second.outcome(), "refused");
  writeFileSync(join(folder, "end"), "");
  t.equal(await first.ended, 0);
  t.equal(await new Contender(folder, "third").ended, 0);
  t.strictSame(readdirSync(join(folder, "box")), ["echo"], "nothing is left of it");
});

t.test("a late one gets it when the first has given it back", async (t) => {
  const folder = folderWithLock(t);
  writeFileSync(join(folder, "end"), "");
  const second = new Contender(folder, "second", slow);
  await waitFor(() => existsSync(join(folder, "slow.asks")), "the second to have seen it");
  t.equal(await new Contender(folder, "first").ended, 0);
  writeFileSync(join(folder, "go"), "");
  t.equal(await second.ended, 0);
  t.strictSame(readdirSync(join(folder, "box")), ["echo"]);
});

t.test("of many that find it at once, one has it", async (t) => {
  const folder = folderWithLock(t);
  const names = Array.from({ length: 12 }, (_, index) => `contender${index}`);
  const contenders = names.map((name) => new Contender(folder, name, "until_there go"));
  writeFileSync(join(folder, "go"), "");
  const outcomes = await Promise.all(contenders.map((each) => each.outcome()));
  t.equal(outcomes.filter((each) => each === "taken").length, 1);
  writeFileSync(join(folder, "end"), "");
  await Promise.all(contenders.map((each) => each.ended));
  t.strictSame(readdirSync(join(folder, "box")), ["echo"]);
});

t.test("it is handed over from one that lives, to the one that it names", async (t) => {
  const folder = t.testdir({ box: { echo: {} } });
  const give = (to: string) => `
    lock
    sh -c '. ./lib.sh; dir=$1; lock "$2"; : >taken; until [ -e end ]; do sleep 0.05; done; unlock' heir "$dir" "${to}" &
    until_there taken
    [ "$(holder)" != "$mine" ] || exit 7
    ( lock ) 2>/dev/null && exit 8
    : >end
    wait
    exit 9`;
  writeFileSync(join(folder, "lib.sh"), textOf("lib.sh"));
  t.equal(await new Contender(folder, "giver", give("$mine")).ended, 9);
  t.strictSame(readdirSync(join(folder, "box")), ["echo"]);
});
