/**
 * The corpus through two implementations: this one and @rokucommunity/brs. They may differ only where differences.json says
 * so, with a reason from the reference (RBI is Roku's own interpreter); and what it lists must still differ.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { startProgram } from "../library/program.js";
import { type Case, cases, directory, sections, written } from "./corpus.js";
import { peer } from "./peer.js";
import { run } from "./run.js";

interface Difference {
  readonly because: string;
  /** "section: title" */
  readonly cases: readonly string[];
}

const differences = JSON.parse(readFileSync(join(directory, "differences.json"), "utf8")) as Difference[];
const listed = differences.flatMap(({ cases }) => cases);

/** The outcome without what the other's errors lack: number, line and words. */
const ours = (each: Case): string =>
  written(each, run(each.source)).replace(/^(!!! error|\?\?\? syntax error).*$/m, "$1");

startProgram(t);

for (const section of sections) {
  t.test(section, async (t) => {
    const expected = listed.filter((name) => name.startsWith(`${section}: `)).sort();
    const found = cases(section).map((each) => ({
      name: `${section}: ${each.title}`,
      ours: ours(each),
      theirs: peer(each.source),
    }));
    const different = found.filter(({ ours, theirs }) => ours !== theirs);
    const unlisted = different.filter(({ name }) => !expected.includes(name));
    t.strictSame(unlisted, [], "what differs is listed");
    t.strictSame(different.map(({ name }) => name).sort(), expected, "what is listed differs");
  });
}

t.test("every difference belongs to a section, and is listed once", async (t) => {
  t.strictSame(
    listed.filter((name) => !sections.includes(name.split(": ")[0]!)),
    [],
  );
  t.equal(new Set(listed).size, listed.length);
});
