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
  "double-exponent-literal": "the lexer is the next issue's",
  "function-named-run": "names that the parser reserves are the next issue's",
  "if-question-print": "the parser is the next issue's",
  "mod-call": "names that the parser reserves are the next issue's",
};

if (!existsSync(folder)) t.comment(`skipped: there is no ${folder}`);
else {
  const names = readdirSync(folder)
    .filter((file) => file.endsWith(".expected"))
    .map((file) => file.slice(0, -".expected".length));
  t.strictSame(
    Object.keys(expectedToFail).filter((name) => !names.includes(name)),
    [],
    "every case that is expected to fail is there",
  );
  t.jobs = 2;
  for (const name of names) {
    t.test(name, { buffered: true }, async (t) => {
      const program = run(t, join(folder, `${name}.brs`));
      await program.ended();
      const expected = readFileSync(join(folder, `${name}.expected`), "utf8");
      const reason = expectedToFail[name];
      if (reason === undefined) t.equal(program.output, expected);
      else t.not(program.output, expected, `it passes now, and is to leave the list: ${reason}`);
    });
  }
}
