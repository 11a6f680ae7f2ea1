/** roLocalization: texts by number, files by language. */
import { execFileSync } from "node:child_process";
import t from "tap";
import { locale } from "#src/brightscript/library/locale.js";
import { call, g } from "./call.js";
import { startProgram } from "./program.js";

const made = g.createobject!("roLocalization");

t.test("texts by number", async (t) => {
  const text = (count: number) => call(made, "GetPluralString", count, "none", "one", "^n books, ^n in all");
  t.equal(text(0), "none");
  t.equal(text(1), "one");
  t.equal(text(2), "2 books, 2 in all");
  t.equal(text(-1), "-1 books, -1 in all");
  t.equal(call(made, "GetPluralString", 3, "^n", "^n", "$&"), "$&");
  t.equal(call(made, "GetPluralString", 0, "^n", "", ""), "^n", "only in the third");
});

t.test("files: of the language, else default, else en_US", async (t) => {
  const file = { "a.png": "" };
  const here = locale();
  const tree = { [here]: { images: file }, default: { images: { ...file, "b.png": "" }, x: {} } };
  startProgram(t, {
    pkg: { locale: { en_US: { images: { "c.png": "", "a.png": "", "b.png": "" } }, ...tree } },
  });
  const path = (directory: string, name: string) => call(made, "GetLocalizedAsset", directory, name);
  t.equal(path("images", "a.png"), `pkg:/locale/${here}/images/a.png`);
  t.equal(path("images", "b.png"), "pkg:/locale/default/images/b.png");
  if (here !== "en_US") t.equal(path("images", "c.png"), "pkg:/locale/en_US/images/c.png");
  for (const [directory, name] of [
    ["images", "none.png"],
    ["none", "a.png"],
    ["", "images"],
    ["x", ""],
    ["..", "../../etc/passwd"],
    ["images", "a.png\0"],
  ] as const) {
    t.equal(path(directory, name), "", `${directory}/${name}`);
  }
});

t.test("the language is the environment's", async (t) => {
  const { pkg } = startProgram(t, {
    pkg: { locale: { fr_CA: { images: { "a.png": "" } }, en_US: { images: { "a.png": "", "b.png": "" } } } },
  });
  const script = `
    const { setProgram } = require(${JSON.stringify(require.resolve("#src/brightscript/app/program.js"))});
    const { RoLocalization } = require(${JSON.stringify(require.resolve("#src/brightscript/library/localization.js"))});
    setProgram({ packageDirectory: ${JSON.stringify(pkg)} });
    const made = new RoLocalization();
    console.log(made.getLocalizedAsset("images", "a.png"), made.getLocalizedAsset("images", "b.png"));`;
  const answer = (LANG: string): string =>
    execFileSync(process.execPath, ["-e", script], {
      env: { PATH: process.env.PATH, LANG },
      encoding: "utf8",
    }).trim();
  t.equal(answer("fr_CA.UTF-8"), "pkg:/locale/fr_CA/images/a.png pkg:/locale/en_US/images/b.png");
  t.equal(answer("de_DE.UTF-8"), "pkg:/locale/en_US/images/a.png pkg:/locale/en_US/images/b.png");
});
