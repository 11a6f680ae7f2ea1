import t from "tap";
import { holds } from "./holds.js";

// Both wait more than they work.
t.jobs = 2;

t.test("connections in any use: no byte is lost, repeated or out of order, and readiness is true", (t) =>
  holds(t, "streams", { seed: 1, runs: 250, seconds: 5 }),
);

t.test("the same in a worker", (t) => holds(t, "streams", { seed: 2, runs: 60, seconds: 2, worker: true }));
