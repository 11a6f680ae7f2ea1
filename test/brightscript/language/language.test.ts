/** The corpus, section by section: every program prints what the reference says. */
import t from "tap";
import { startProgram } from "../library/program.js";
import { type Case, cases, sections, written } from "./corpus.js";
import { run } from "./run.js";

startProgram(t);

/** What a function says of each case, by the cases' titles. */
const each = (all: readonly Case[], say: (one: Case) => string): Record<string, string> =>
  Object.fromEntries(all.map((one) => [one.title, say(one)]));

for (const section of sections) {
  t.test(section, async (t) => {
    const all = cases(section);
    const found = each(all, (one) => written(one, run(one.source)));
    t.strictSame(
      found,
      each(all, ({ expected }) => expected),
    );
    t.equal(Object.keys(found).length, all.length, "every title is another");
  });
}

t.test("lines may end as on Windows", async (t) => {
  const all = ["lines", "if", "arrays", "conditional-compilation", "runtime-errors"].flatMap(cases);
  t.strictSame(
    each(all, (one) => written(one, run(one.source.replaceAll("\n", "\r\n")))),
    each(all, ({ expected }) => expected),
  );
});
