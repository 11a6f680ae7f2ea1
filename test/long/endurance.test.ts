import t from "tap";
import { openAtRest } from "../support/at-rest.js";
import { leftDescriptors, peer } from "../support/index.js";
import { endWorkers, receiveBurst, resetStorm, serveUnderLimit } from "../support/scenarios.js";

const other = peer(t);
const before = openAtRest();
t.setTimeout(120_000);

t.test("descriptor limit 64: 5,000 clients, all are served in the end", async (t) => {
  await serveUnderLimit(t, other, 5_000);
});

t.test("reset in every state, 10,000 times on one port", async (t) => {
  resetStorm(t, other, 10_000);
});

t.test("300,000 datagrams in a row: in order, each once, none but those the kernel dropped", async (t) => {
  receiveBurst(t, other, 300_000);
});

t.test("worker ended in every call, 100 times", async (t) => {
  await endWorkers(t, other, 100);
});

t.test("no descriptor is left", async (t) => {
  t.strictSame(await leftDescriptors(before), []);
});
