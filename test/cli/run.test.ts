import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { makeZip } from "../brightscript/app/make-zip.js";
import { plainNode, waitFor } from "../support/index.js";
import { among, command, root } from "./rosock.js";

t.test("how a program ends is the status", async (t) => {
  const { rosock } = among(t, {
    "returns.brs": "sub main()\nprint 1\nend sub",
    "ends.brs": "sub main()\ninner()\nprint 2\nend sub\nsub inner()\nend\nend sub",
    "status.brs": "function main(args)\nreturn args.status.toInt()\nend function",
    "fails.brs":
      'sub main()\nprint "x"\na = 1\ninner(a)\nend sub\nsub inner(b)\nc = "y"\nprint b / 0\nend sub',
    "throws.brs": 'sub main()\nthrow "no luck"\nend sub',
    "stops.brs": "sub main()\na = 5\nstop\nend sub",
    "wrong.brs": "sub main()\nif\nend sub\nsub other()\nx = = 1\nend sub",
    "deep.brs": "sub main()\ndown(0)\nend sub\nsub down(n)\ndown(n + 1)\nend sub",
  });
  const run = (name: string, ...words: string[]) => rosock("run", `${name}.brs`, "--", ...words);
  const [returns, ends, zero, seven, large] = await Promise.all([
    run("returns"),
    run("ends"),
    run("status", "status=0"),
    run("status", "status=7"),
    run("status", "status=256"),
  ]);
  t.strictSame(returns, { status: 0, output: " 1\n", errors: "" });
  t.strictSame(ends, { status: 0, output: "", errors: "" });
  t.strictSame(
    [zero, seven, large].map(({ status }) => status),
    [0, 7, 0],
  );

  const [fails, throws, stops, wrong, deep] = await Promise.all(
    ["fails", "throws", "stops", "wrong", "deep"].map((name) => run(name)),
  );
  t.equal(fails!.status, 2);
  t.equal(fails!.output, "x\n");
  t.equal(
    fails!.errors,
    `Divide by Zero. (runtime error &h14) in pkg:/source/fails.brs(8)
Backtrace:
#1  Function inner(b As Dynamic) As Void
   file/line: pkg:/source/fails.brs(8)
#0  Function main() As Void
   file/line: pkg:/source/fails.brs(4)
Local Variables:
b                Integer val:1 (&h1)
global           Interface:ifGlobal
m                roAssociativeArray count:0
c                String val:"y"
`,
  );
  t.equal(throws!.status, 2);
  t.match(throws!.errors, /^no luck \(runtime error &h28\) in pkg:\/source\/throws\.brs\(2\)\n/);
  t.equal(stops!.status, 3);
  t.match(
    stops!.errors,
    /^STOP \(runtime error &hf7\) in pkg:\/source\/stops\.brs\(3\)\n(.*\n)*a +Integer val:5/,
  );
  t.equal(wrong!.status, 1);
  t.match(wrong!.errors, /^Syntax Error.*pkg:\/source\/wrong\.brs\(2\).*\nSyntax Error.*wrong\.brs\(5\)/);
  t.equal(deep!.status, 2);
  t.match(deep!.errors, /^Stack overflow.*pkg:\/source\/deep\.brs\(5\)/i);
});

t.test("what Main gets", async (t) => {
  const { rosock } = among(t, {
    "args.brs": `sub main(args as object)
      print args.port; "|"; args.host; "|"; args.quiet; "|"; args.v; "|"; args.url; "|"; args.argv.count(); "|"; args.argv[0]
    end sub`,
    "none.brs": "sub main(args)\nprint args.argv.count(); args.count()\nend sub",
    "entry.brs": 'sub main()\nprint "main"\nend sub\nsub Other(args)\nprint "other "; args.x\nend sub',
    "interface.brs": 'sub RunUserInterface()\nprint "interface"\nend sub',
  });
  const results = await Promise.all([
    rosock("run", "args.brs", "--", "port=5", "--host", "a b", "--quiet", "--v=1", "url=http://h/?x=1"),
    rosock("run", "none.brs"),
    rosock("run", "entry.brs", "--entry", "OTHER", "--", "x=2"),
    rosock("run", "interface.brs"),
    rosock("run", "interface.brs", "--entry", "Nowhere"),
  ]);
  t.strictSame(
    results.map(({ output, errors }) => output + errors),
    [
      "5|a b|true|1|http://h/?x=1| 6|port=5\n",
      " 0 1\n",
      "other 2\n",
      "interface\n",
      "rosock: the program has no function Nowhere\n",
    ],
  );
});

const whole = `sub main()
  #if debug
    print "debug ";
  #end if
  print Helper(); ReadAsciiFile("pkg:/data/text.txt"); Run("pkg:/other/run.brs", 4)
  WriteAsciiFile("cachefs:/kept", "kept")
  print ReadAsciiFile("cachefs:/kept"); WriteAsciiFile("tmp:/t", "t"); WriteAsciiFile("pkg:/t", "t")
end sub`;
const files = {
  manifest: "title=Whole\nbs_const=debug=false\n",
  source: { "main.brs": whole, deep: { "helper.brs": 'function Helper()\nreturn "helped "\nend function' } },
  data: { "text.txt": "text" },
  other: { "run.brs": "function main(n)\nreturn n * 2\nend function" },
};
const printed = "helped text 8\nkepttruefalse\n";

t.test("an app as a directory, as a zip, and built", async (t) => {
  const { directory, rosock } = among(t, { app: files });
  const zip = makeZip([
    { name: "manifest", data: files.manifest },
    { name: "source/main.brs", data: whole },
    { name: "source/deep/helper.brs", data: files.source.deep["helper.brs"] },
    { name: "data/text.txt", data: "text" },
    { name: "other/run.brs", data: files.other["run.brs"] },
  ]);
  writeFileSync(join(directory, "app.zip"), zip);
  const [asDirectory, debug, asZip, build] = await Promise.all([
    rosock("run", "app"),
    rosock("run", "app", "--const", "debug=true", "--data", "own"),
    rosock("run", "app.zip", "--data", "zipped"),
    rosock("build", "app", "-o", "out"),
  ]);
  t.strictSame(asDirectory, { status: 0, output: printed, errors: "" });
  t.equal(debug.output, `debug ${printed}`);
  t.strictSame(asZip, { status: 0, output: printed, errors: "" });
  t.strictSame(build, { status: 0, output: "", errors: "" });
  const [name, ...others] = readdirSync(join(directory, ".data/rosock")).filter(
    (each) => !each.startsWith("."),
  );
  t.match(name, /^Whole-[0-9a-f]{16}$/);
  t.same(others, []);
  t.equal(readFileSync(join(directory, `.data/rosock/${name}/cachefs/kept`), "utf8"), "kept");
  t.equal(readFileSync(join(directory, "own/cachefs/kept"), "utf8"), "kept");

  t.strictSame(
    (readdirSync(join(directory, "out"), { recursive: true }) as string[])
      .filter((name) => /\./.test(name))
      .sort(),
    ["data/text.txt", "other/run.brs.js", "rosock.json", "source/deep/helper.brs.js", "source/main.brs.js"],
  );
  const [built, again] = await Promise.all([rosock("run", "out"), rosock("build", "app", "-o", "out")]);
  t.strictSame(built, { status: 0, output: printed, errors: "" });
  t.equal(again.status, 0, "in the place of the earlier build");
  t.strictSame(
    readdirSync(join(directory, `rosock-${process.getuid!()}`)),
    [],
    "no temporary directory is left",
  );
});

t.test("files of one program", async (t) => {
  const { rosock } = among(t, {
    "main.brs": "sub main()\nother()\nend sub",
    "other.brs": 'sub other()\nprint "other"\nx = invalid\nx.y()\nend sub',
  });
  const { output, errors } = await rosock("run", "main.brs", "other.brs");
  t.equal(output, "other\n");
  t.match(errors, /in pkg:\/source\/other\.brs\(4\)\n.*\n.*\n.*other\.brs\(4\)\n.*\n.*main\.brs\(2\)/);
});

const unbundled = existsSync(join(root, "dist/command.js")) ? false : "the modules keep nothing";

t.test("what was compiled is kept", { skip: unbundled }, async (t) => {
  const { directory, rosock } = among(t, { "main.brs": "sub main()\nprint 5\nend sub" });
  t.equal((await rosock("run", "main.brs")).output, " 5\n");
  const kept = join(directory, ".cache/rosock/compiled");
  const [name] = readdirSync(kept);
  const entry = readFileSync(join(kept, name!), "utf8");
  t.equal((await rosock("run", "main.brs")).output, " 5\n");
  writeFileSync(join(kept, name!), "broken");
  t.equal((await rosock("run", "main.brs")).output, " 5\n");
  t.equal(readFileSync(join(kept, name!), "utf8"), entry, "written again");
  writeFileSync(join(directory, "main.brs"), "sub main()\nprint 6\nend sub");
  t.equal((await rosock("run", "main.brs")).output, " 6\n");
  t.equal(readdirSync(kept).length, 2);
});

for (const source of [
  'port = CreateObject("roMessagePort")\nwait(0, port)',
  "while true\nend while",
  "sleep(100000)",
]) {
  t.test(`Ctrl-C ends it at once: ${source}`, async (t) => {
    const { directory, env } = among(t, {
      "main.brs": `sub main()\nWriteAsciiFile("tmp:/x", "")\nprint "ready"\n${source}\nend sub`,
    });
    const child = spawn(...plainNode(command, "run", "main.brs"), { cwd: directory, env });
    t.teardown(() => child.kill("SIGKILL"));
    let output = "";
    child.stdout.on("data", (data) => {
      output += data;
    });
    await waitFor(() => output === "ready\n", "the program to be ready");
    child.kill("SIGINT");
    await waitFor(() => child.signalCode === "SIGINT", "its end");
    t.equal(child.signalCode, "SIGINT");
  });
}
