import t from "tap";
import { parseConstants, parseManifest } from "#src/brightscript/app/manifest.js";

t.test("pairs, whatever stands around them", async (t) => {
  const text =
    "\uFEFFtitle = My App \r\n# a=b\n\n  Major_Version=1\nuri=http://a?b=c\nno pair\n=nothing\nempty=\n";
  t.strictSame(
    [...parseManifest(text)],
    [
      ["title", "My App"],
      ["major_version", "1"],
      ["uri", "http://a?b=c"],
      ["empty", ""],
    ],
  );
});

t.test("constants", async (t) => {
  t.strictSame(parseConstants("debug=TRUE; Fast = false;", "here"), { debug: true, fast: false });
  t.strictSame(parseConstants("", "here"), {});
  for (const bad of ["debug", "debug=1", "=true", "a b=true", "1a=true"]) {
    t.throws(() => parseConstants(`x=true;${bad}`, "here"), {
      message: `here: expected name=true or name=false, not "${bad}"`,
    });
  }
});
