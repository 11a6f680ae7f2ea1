import t from "tap";
import { holds } from "../properties/holds.js";

// Another seed each time; a failure tells which. Continuous integration judges a change, not a seed.
const seed = process.env.CI ? 1 : Date.now() % 2 ** 31;
const seconds = process.env.CI ? 30 : 60;
t.setTimeout(10 * seconds * 1000);

for (const name of ["calls", "streams", "datagrams"] as const) {
  for (const worker of [false, true]) {
    t.test(`${name}${worker ? " in a worker" : ""}, seed ${seed}`, { timeout: 2 * seconds * 1000 }, (t) =>
      holds(t, name, { seed, runs: 100_000, seconds, worker }),
    );
  }
}
