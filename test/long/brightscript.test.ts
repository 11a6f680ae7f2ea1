import fc from "fast-check";
import t from "tap";
import { properties } from "../brightscript/language/properties.js";

// Another seed each time; a failure tells which. Continuous integration judges a change, not a seed.
const seed = process.env.CI ? 1 : Date.now() % 2 ** 31;
const seconds = process.env.CI ? 15 : 40;
t.setTimeout(10 * seconds * 1000);

for (const [name, property] of Object.entries(properties)) {
  t.test(`${name}, seed ${seed}`, { timeout: 4 * seconds * 1000 }, async (t) => {
    const { numRuns, failed, ...details } = fc.check(property as fc.IProperty<unknown>, {
      seed,
      numRuns: 1_000_000,
      interruptAfterTimeLimit: seconds * 1000,
    });
    if (failed)
      t.fail(fc.defaultReportMessage({ numRuns, failed, ...details } as fc.RunDetails<unknown>) ?? name);
    t.comment(`${numRuns} runs`);
    t.ok(numRuns > 0);
  });
}
