import t from "tap";
import { among, app } from "./rosock.js";

t.test("all errors of all files, and all functions that are nowhere", async (t) => {
  const { rosock } = among(t, {
    good: app("", {
      source: {
        "main.brs": 'sub main()\nprint len("x"); helper()\nend sub',
        "b.brs": "sub helper()\nend sub",
      },
    }),
    bad: app("", {
      source: {
        "a.brs": "sub main()\nx = = 1\nnowhere(1)\nend sub",
        "b.brs": "sub other()\nx = )\nend sub",
        "c.brs": "sub third()\nx = Nowhere(len(2))\nx.method()\nelsewhere()\nend sub",
      },
    }),
  });
  const [good, bad] = await Promise.all([rosock("check", "good"), rosock("check", "bad")]);
  t.strictSame(good, { status: 0, output: "", errors: "" });
  t.equal(bad.status, 1);
  t.strictSame(bad.errors.match(/pkg:\/source\/\w\.brs\(\d+\)/g)?.sort(), [
    "pkg:/source/a.brs(2)",
    "pkg:/source/b.brs(2)",
    "pkg:/source/c.brs(2)",
    "pkg:/source/c.brs(4)",
  ]);
  t.match(bad.errors, /'nowhere'/i);
});
