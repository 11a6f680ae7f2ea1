import { join } from "node:path";
import t from "tap";

const root = join(__dirname, "../../..");
const { findTests } = require(join(root, "deploy/tests/own.js"));

t.test("tests are found by files, folders and patterns", async (t) => {
  const folder = t.testdir({
    tests: { "a.brs": "", "b.js": "", "readme.md": "", below: { "c.mjs": "", "c.d.ts": "" } },
    other: { below: { "d.cjs": "" }, ".hidden.js": "" },
    empty: {},
    same: { "a.brs": "" },
  });
  const found = (...patterns: string[]) =>
    findTests(patterns.map((each) => join(folder, each))).map((file: string) =>
      file.slice(folder.length + 1),
    );
  t.strictSame(found("tests"), ["tests/a.brs", "tests/b.js"]);
  t.strictSame(found("tests/*.brs", "tests/a.brs"), ["tests/a.brs"], "each once");
  t.strictSame(found("*/below/?.?js"), ["other/below/d.cjs", "tests/below/c.mjs"]);
  t.strictSame(found("*/below"), ["other/below/d.cjs", "tests/below/c.mjs"]);
  t.throws(() => found("none*"), { message: /^--tests: there is no .*none\*$/ });
  t.throws(() => found("empty"), { message: /there is no/ });
  t.strictSame(found("other/*"), ["other/below/d.cjs"], "not what is hidden");
  t.throws(() => found("tests/readme.md"), { message: /expected \.brs and \.js files, got .*readme\.md/ });
  t.throws(() => found("tests", "same"), { message: /two files are called a\.brs/ });
});
