import t from "tap";
import { Count, summary } from "./count.js";

/** How a stream is counted: its lines, how it ended, the result, and what is said of the whole. */
const cases: [lines: string[], how: number | string, result: string, problem?: RegExp][] = [
  [["ok", "ok 2 - two", "1..2"], 0, "2 passed, 0 failed, 0 skipped"],
  [["1..2", "ok 1", "not ok 2 - two"], 1, "1 passed, 1 failed, 0 skipped"],
  [["TAP version 14", "    not ok 1 - below", "ok 1 - above", "1..1"], 0, "1 passed, 0 failed, 0 skipped"],
  [["ok 1 - a # SKIP no time", "ok 2 # skip", "1..2"], 0, "0 passed, 0 failed, 2 skipped"],
  [["not ok 1 - a # TODO later", "ok 2 - b # TODO is done", "1..2"], 0, "1 passed, 0 failed, 1 skipped"],
  [["ok 1 - a \\# skip is part of the name", "1..1"], 0, "1 passed, 0 failed, 0 skipped"],
  [["ok 1 - a # skipper", "1..1"], 0, "1 passed, 0 failed, 0 skipped"],
  [["okay", "not okay", "# ok 1", "ok 1", "1..1"], 0, "1 passed, 0 failed, 0 skipped"],
  [["1..0 # Skip no network"], 0, "0 passed, 0 failed, 1 skipped"],
  [["1..0"], 0, "0 passed, 1 failed, 0 skipped", /no test in it/],
  [[], 0, "0 passed, 1 failed, 0 skipped", /no plan/],
  [["ok 1", "ok 2"], 0, "2 passed, 1 failed, 0 skipped", /no plan/],
  [["1..3", "ok 1", "ok 2"], 0, "2 passed, 1 failed, 0 skipped", /3 tests were planned, 2 run/],
  [["1..1", "ok 1", "ok 2"], 0, "2 passed, 1 failed, 0 skipped", /1 tests were planned, 2 run/],
  [["ok 1", "1..1", "1..1"], 0, "1 passed, 1 failed, 0 skipped", /second plan/],
  [["ok 1", "1..1"], 3, "1 passed, 1 failed, 0 skipped", /all passed, but it ended with 3/],
  [["ok 1", "1..1"], "SIGSEGV", "1 passed, 1 failed, 0 skipped", /SIGSEGV/],
  [["ok 1", "Bail out! no server", "1..1"], 0, "1 passed, 1 failed, 0 skipped", /Bail out! no server/],
];

t.test("tests are counted, and what a stream leaves out", async (t) => {
  for (const [lines, how, result, problem] of cases) {
    const count = new Count();
    for (const line of lines) count.hear(line);
    count.end(how);
    const name = JSON.stringify(lines);
    t.equal(summary(count.tally), result, name);
    if (problem === undefined) t.strictSame(count.problems, [], name);
    else t.match(count.problems.join("; "), problem, name);
  }
});
