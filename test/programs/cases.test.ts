/**
 * Inputs on which it went wrong once, with what is right: `NAME.brs` and `NAME.expected`, the standard output, in a folder beside
 * the project. Without that folder there is nothing to run.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { root, run } from "./running.js";

const folder = join(root, "../shared/cases");

/** Those that are known to fail, and why. One that passes has to leave the list. */
const expectedToFail: Readonly<Record<string, string>> = {
  "double-exponent-literal": "the lexer is brighterscript's",
  "function-named-run": "the parser, brighterscript's, reserves the name",
  "if-question-print": "the parser is brighterscript's",
  "mod-call": "the parser, brighterscript's, reserves the name",
};

const skip = !existsSync(folder) && "there is no ../shared/cases beside the project";

t.test("the cases", { skip, jobs: 2 }, async (t) => {
  const names = readdirSync(folder)
    .filter((file) => file.endsWith(".expected"))
    .map((file) => file.slice(0, -".expected".length));
  t.strictSame(
    Object.keys(expectedToFail).filter((name) => !names.includes(name)),
    [],
    "every case that is expected to fail is there",
  );
  for (const name of names) {
    void t.test(name, { buffered: true }, async (t) => {
      const program = run(t, join(folder, `${name}.brs`));
      await program.ended();
      const expected = readFileSync(join(folder, `${name}.expected`), "utf8");
      const reason = expectedToFail[name];
      if (reason === undefined) t.equal(program.output, expected);
      else t.not(program.output, expected, `it passes now, and is to leave the list: ${reason}`);
    });
  }
});
