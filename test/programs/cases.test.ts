/**
 * Inputs on which it went wrong once, with what is right: `NAME.brs` and `NAME.expected`, the standard output, in a folder beside
 * the project. Without that folder there is nothing to run.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { root, run } from "./running.js";

const folder = join(root, "../shared/cases");

const skip = !existsSync(folder) && "there is no ../shared/cases beside the project";

t.test("the cases", { skip, jobs: 2 }, async (t) => {
  const names = readdirSync(folder)
    .filter((file) => file.endsWith(".expected"))
    .map((file) => file.slice(0, -".expected".length));
  for (const name of names) {
    void t.test(name, { buffered: true }, async (t) => {
      const program = run(t, join(folder, `${name}.brs`));
      await program.ended();
      const expected = readFileSync(join(folder, `${name}.expected`), "utf8");
      t.equal(program.output, expected);
    });
  }
});
