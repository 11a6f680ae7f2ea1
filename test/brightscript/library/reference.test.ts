/** The global functions that the compiler's parser knows, against those that are here. For Roku's pages see test/docs/pages.test.ts. */
import { readFileSync } from "node:fs";
import t from "tap";
import { g } from "#src/brightscript/library/global/index.js";

const read = (path: string): string => readFileSync(require.resolve(`brighterscript/dist/${path}`), "utf8");
const calledNames = [...read("globalCallables.js").matchAll(/name: '(\w+)',\s+shortDescription/g)].map(
  (match) => match[1]!,
);

/** Functions that are not there, and what they are. */
const absentFunctions: ReadonlyMap<RegExp, string> = new Map([
  [/^(tab|pos)$/, "parts of the print statement"],
  [/^df/, "drawing"],
  [/^roku_ads$/, "advertisements"],
]);

t.test("every global function of the reference is there", async (t) => {
  for (const name of calledNames.map((each) => each.toLowerCase())) {
    const absent = [...absentFunctions.keys()].some((each) => each.test(name));
    t.equal(Object.hasOwn(g, name), !absent, name);
  }
});

t.test("each group has the functions it is said to have", async (t) => {
  const before = Object.keys(g);
  // Any call loads the group, also one with the wrong number of parameters.
  for (const name of before) {
    try {
      g[name]!(...Array(20).fill(null));
    } catch {}
  }
  t.same(Object.keys(g), before);
  for (const name of before) t.equal(g[name]!.signature?.name.toLowerCase(), name);
});
