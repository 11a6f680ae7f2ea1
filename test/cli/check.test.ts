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

t.test("the sources outside source/ too, each by itself", async (t) => {
  const main = "sub main()\nend sub";
  const { rosock } = among(t, {
    good: app(main, {
      components: {
        "scene.brs": "sub init()\ndefinedElsewhere()\nend sub",
        widgets: { "list.BRS": "sub init()\nend sub" },
      },
      lib: { "run.brs": "sub main()\nend sub" },
    }),
    bad: app(main, {
      components: {
        "scene.brs": "sub init()\nx = )\nend sub",
        widgets: { "list.BRS": "sub init()\nend function" },
      },
      lib: { "run.brs": "sub main()\nnowhere()\nend sub" },
      "top.brs": "sub main()\ndim a[2\nend sub",
    }),
  });
  t.strictSame(await rosock("check", "good"), { status: 0, output: "", errors: "" });
  const { status, errors } = await rosock("check", "bad");
  t.equal(status, 1);
  t.strictSame(errors.match(/pkg:\S+\(\d+\)/g), [
    "pkg:/components/scene.brs(2)",
    "pkg:/components/widgets/list.BRS(2)",
    "pkg:/lib/run.brs(2)",
    "pkg:/top.brs(2)",
  ]);
});
