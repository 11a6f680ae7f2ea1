import t from "tap";
import { holds } from "./holds.js";

// Both wait more than they work.
t.jobs = 2;

t.test("datagrams in any use come whole, once, in order, and readiness is true", (t) =>
  holds(t, "datagrams", { seed: 1, runs: 200, seconds: 2 }),
);

t.test("the same in a worker", (t) => holds(t, "datagrams", { seed: 2, runs: 50, seconds: 1, worker: true }));
