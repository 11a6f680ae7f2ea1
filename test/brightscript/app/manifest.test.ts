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

t.test("lines of any kind take no longer than they are long", async (t) => {
  const count = 500_000;
  const spaces = " ".repeat(count);
  const start = performance.now();
  for (const line of [
    spaces,
    `${spaces}x`,
    `a${spaces}b`,
    `a${spaces}=${spaces}b${spaces}`,
    "=".repeat(count),
    "\r".repeat(count),
  ])
    parseManifest(line);
  t.strictSame([...parseManifest(`a${spaces}=${spaces}b`)], [["a", "b"]]);
  for (const text of [
    spaces,
    `${spaces}x`,
    `x${spaces}y`,
    `x${spaces}=${spaces}`,
    `x=true${spaces}x`,
    "x".repeat(count),
  ]) {
    try {
      parseConstants(text, "here");
    } catch (error) {
      t.ok((error as Error).message.length < 200);
    }
  }
  t.ok(performance.now() - start < 10_000, `${performance.now() - start} ms`);
});
