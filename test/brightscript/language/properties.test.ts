/** A few runs of each property; test/long/brightscript.test.ts has more. */
import fc from "fast-check";
import t from "tap";
import { properties } from "./properties.js";

const runs = { numbers: 100, controlFlow: 20, texts: 200, input: 120 };

for (const [name, property] of Object.entries(properties)) {
  t.test(name, async () => {
    fc.assert(property as fc.IProperty<unknown>, { seed: 1, numRuns: runs[name as keyof typeof runs] });
  });
}
