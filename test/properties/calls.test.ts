import t from "tap";
import { holds } from "./holds.js";

// Both wait more than they work.
t.jobs = 2;

t.test(
  "any call with any arguments: nothing but the documented TypeErrors is thrown, nothing is left open",
  (t) => holds(t, "calls", { seed: 1, runs: 400, seconds: 4 }),
);

t.test("the same in a worker", (t) => holds(t, "calls", { seed: 2, runs: 100, seconds: 1, worker: true }));
