/** What an app, its name, its files and those beside them can reach, and what they cannot. */
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  closeSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import t from "tap";
import { among, app } from "./rosock.js";

const main = "sub main()\nend sub";

t.test("what is no file is not waited for: one line", async (t) => {
  const { directory, rosock } = among(t, {
    "directory.brs": {},
    manifest: app(main),
    source: app(main),
    data: app(main),
    device: app(main),
    list: app(main),
    "main.brs": main,
  });
  const pipe = (name: string): string => execFileSync("mkfifo", [join(directory, name)]) && name;
  pipe("pipe.brs");
  pipe("pipe.zip");
  pipe("pipe");
  execFileSync("rm", [join(directory, "manifest/manifest")]);
  pipe("manifest/manifest");
  pipe("source/source/pipe.brs");
  pipe("data/pipe");
  pipe("list/rosock.json");
  symlinkSync("/dev/zero", join(directory, "device/zero"));
  symlinkSync("/dev/zero", join(directory, "zero.brs"));
  const huge = openSync(join(directory, "huge.brs"), "w");
  ftruncateSync(huge, 2 ** 40);
  closeSync(huge);
  const cases: [string, string][] = [
    ["run pipe.brs", "pipe.brs: it is no file"],
    ["check pipe.brs", "pipe.brs: it is no file"],
    ["run main.brs pipe.brs", "pipe.brs: it is no file"],
    ["build pipe.brs -o out", "pipe.brs: it is no file"],
    ["run pipe.zip", "pipe.zip: it is no file"],
    ["run pipe", "pipe: it is no file"],
    ["run manifest", "manifest/manifest: it is no file"],
    ["check source", "source/source/pipe.brs: it is no file"],
    ["build data -o out", "data/pipe: it is no file"],
    ["build device -o out", "device/zero: it leads out of the program"],
    ["run list", "list/rosock.json: it is no file"],
    ["run zero.brs", "zero.brs: it is no file"],
    ["check huge.brs", "huge.brs: it is larger than 2097152 bytes"],
    ["run directory.brs", "directory.brs: it has no manifest, so it is no app"],
    ["run main.brs directory.brs", "directory.brs: it is a directory"],
  ];
  for (const [line, message] of cases) {
    const result = await rosock(...line.split(" "));
    t.strictSame(result, { status: 1, output: "", errors: `rosock: ${message}\n` }, line);
  }
});

t.test("links of an app that lead out of it, and that make more of it than there is", async (t) => {
  const { directory, rosock } = among(t, {
    secret: { "main.brs": 'sub main()\nprint "secret"\nend sub', manifest: "title=secret\n" },
    source: { manifest: "" },
    manifest: { source: { "main.brs": main } },
    many: app(main),
  });
  symlinkSync("../secret", join(directory, "source/source"));
  symlinkSync("../secret/manifest", join(directory, "manifest/manifest"));
  for (let i = 0; i < 40; i++) {
    const place = join(directory, `many/data${i}`);
    mkdirSync(place);
    for (const name of ["a", "b"]) symlinkSync(`../data${i + 1}`, join(place, name));
  }
  mkdirSync(join(directory, "many/data40"));
  const [source, manifest, many] = await Promise.all([
    rosock("run", "source"),
    rosock("run", "manifest"),
    rosock("build", "many", "-o", "out"),
  ]);
  t.strictSame(source, {
    status: 1,
    output: "",
    errors: "rosock: source/source: it leads out of the program\n",
  });
  t.strictSame(manifest, {
    status: 1,
    output: "",
    errors: "rosock: manifest/manifest: it leads out of the program\n",
  });
  t.strictSame(many.status, 1);
  t.match(many.errors, /^rosock: \S*many\S*: it has more than 20000 files\n$/);
});

t.test("an app of very many files", async (t) => {
  const { directory, rosock } = among(t, { app: app('sub main()\nprint "many"\nend sub') });
  for (let i = 0; i < 20_000; i++) writeFileSync(join(directory, `app/${i}`), "");
  t.equal((await rosock("run", "app")).output, "many\n", "what is not compiled is not counted");
  t.strictSame(await rosock("build", "app", "-o", "out"), {
    status: 1,
    output: "",
    errors: "rosock: app: it has more than 20000 files\n",
  });
});

t.test("names of files with characters that a terminal obeys", async (t) => {
  const { directory, rosock } = among(t, {});
  const names = ["a\nb.brs", "\x1b[2J.brs", "-x.brs", " .brs", "ü€😀.brs", "'\"$(x).brs"];
  for (const name of names) writeFileSync(join(directory, name), "sub main()\nx = = 1\nend sub");
  for (const name of names) {
    const file = `./${name}`;
    const [check, missing] = await Promise.all([rosock("check", file), rosock("check", `${file}x`)]);
    t.equal(check.status, 1);
    t.match(check.errors, /^Syntax Error[^\n]*\(2\)[^\n]*\n$/);
    t.match(missing, { status: 1, errors: /^rosock: [^\n]*: there is no such file\n$/ });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: it is not to be there
    t.notMatch(check.errors + missing.errors, /\x1b/);
  }
});

t.test("what may not be read", { skip: process.getuid!() === 0 && "root may read everything" }, async (t) => {
  const { directory, rosock } = among(t, { "main.brs": main, app: app(main) });
  chmodSync(join(directory, "main.brs"), 0);
  chmodSync(join(directory, "app/source"), 0);
  t.teardown(() => chmodSync(join(directory, "app/source"), 0o700));
  const [file, source] = await Promise.all([rosock("run", "main.brs"), rosock("check", "app")]);
  t.strictSame(file, { status: 1, output: "", errors: "rosock: main.brs: it may not be read\n" });
  t.strictSame(source, { status: 1, output: "", errors: "rosock: app/source: it may not be read\n" });
});

t.test("a manifest of spaces", async (t) => {
  const { rosock } = among(t, { app: app(main, { manifest: `title${" ".repeat(1_000_000)}\n` }) });
  const start = performance.now();
  t.equal((await rosock("check", "app")).status, 0);
  t.ok(performance.now() - start < 20_000);
});

t.test("pkg:/ of loose files has these files, not what lies beside them", async (t) => {
  const source = `sub main()
    print ReadAsciiFile("pkg:/secret.txt"); ReadAsciiFile("pkg:/.ssh/key"); ReadAsciiFile("pkg:/other.brs")
    for each name in CreateObject("roFileSystem").FindRecurse("pkg:/", "")
      print name
    end for
    print Len(ReadAsciiFile("pkg:/source/main.brs")); Run("pkg:/source/other.brs")
    print WriteAsciiFile("pkg:/source/main.brs", "")
  end sub`;
  const { directory, rosock } = among(t, {
    "main.brs": source,
    "other.brs": "function other()\nreturn 1\nend function",
    "secret.txt": "secret",
    ".ssh": { key: "secret" },
  });
  const length = source.length;
  const alone = await rosock("run", "main.brs");
  t.strictSame(alone.output, `\nsource\nsource/main.brs\n ${length}invalid\nfalse\n`);
  const both = await rosock("run", "main.brs", "other.brs");
  t.match(both.output, /^\nsource\nsource\/main\.brs\nsource\/other\.brs\n /);
  t.strictSame(readdirSync(join(directory, `rosock-${process.getuid!()}`)), []);
});

t.test("pkg:/ of files of an app is the app", async (t) => {
  const source = 'sub main()\nprint ReadAsciiFile("pkg:/data.txt")\nend sub';
  const { rosock } = among(t, {
    app: { manifest: "", source: { "main.brs": source }, "main.brs": source, "data.txt": "data" },
  });
  for (const file of ["app/source/main.brs", "app/main.brs"])
    t.strictSame(await rosock("run", file), { status: 0, output: "data\n", errors: "" });
});

const counts = `sub main()
  section = CreateObject("roRegistrySection", "s")
  print section.read("n"); "|"; ReadAsciiFile("cachefs:/n")
  section.write("n", section.read("n") + "x")
  WriteAsciiFile("cachefs:/n", section.read("n"))
end sub`;

t.test("an app has its own registry, whatever it is called", async (t) => {
  const bank = () => app(counts, { manifest: "title=Bank\n" });
  const { directory, rosock } = among(t, {
    one: bank(),
    two: bank(),
    "Bank.brs": counts,
    other: { "Bank.brs": counts },
  });
  const run = async (...words: string[]) => (await rosock("run", ...words)).output;
  t.equal(await run("one"), "|\n");
  t.equal(await run("one"), "x|x\n", "it stays");
  t.equal(await run("./one/"), "xx|xx\n");
  t.equal(await run("two"), "|\n", "another app of that title");
  t.equal(await run("Bank.brs"), "|\n");
  t.equal(await run("other/Bank.brs"), "|\n");
  t.equal(await run("Bank.brs"), "x|x\n");
  t.equal(await run("one", "--data", "shared"), "|\n");
  t.equal(await run("two", "--data", "shared"), "x|x\n", "one directory, when that is said");
  symlinkSync("one", join(directory, "current"));
  t.equal(await run("current"), "|\n");
  renameSync(join(directory, "current"), join(directory, "before"));
  symlinkSync("two", join(directory, "current"));
  t.equal(await run("current"), "x|x\n", "a link that leads to the next release");
  for (const title of [
    "../../x",
    ".key",
    "",
    "compiled",
    "x".repeat(300),
    "ü".repeat(100),
    "漢".repeat(100),
  ]) {
    writeFileSync(join(directory, "one/manifest"), `title=${title}\n`);
    await run("one");
    t.equal(await run("one"), "x|x\n", title);
  }
  t.notMatch(readdirSync(join(directory, ".data/rosock")).join(" "), /\.key/);
  t.strictSame(readdirSync(join(directory, ".data")), ["rosock"], "nothing is anywhere else");
});

t.test("the registry is kept, whatever the program leaves in tmp:/", async (t) => {
  const { directory, rosock } = among(t, {
    "main.brs": `sub main()
      files = CreateObject("roFileSystem")
      section = CreateObject("roRegistrySection", "s")
      print section.read("n")
      files.createDirectory("tmp:/deep")
      for i = 1 to 150
        files.createDirectory("tmp:/next")
        files.rename("tmp:/deep", "tmp:/next/${"d".repeat(50)}")
        files.rename("tmp:/next", "tmp:/deep")
      end for
      section.write("n", "kept")
    end sub`,
  });
  t.teardown(() => execFileSync("rm", ["-rf", directory])); // Node's own rmSync() cannot.
  t.strictSame(await rosock("run", "main.brs"), { status: 0, output: "\n", errors: "" });
  t.strictSame(readdirSync(join(directory, `rosock-${process.getuid!()}`)), []);
  t.strictSame(await rosock("run", "main.brs"), { status: 0, output: "kept\n", errors: "" });
});

t.test("without a place for temporary files the console says so, once", async (t) => {
  const { directory, rosock, env } = among(t, {
    app: app(
      'sub main()\nprint WriteAsciiFile("tmp:/x", "x"); MoveFile("tmp:/x", "tmp:/y"); ReadAsciiFile("tmp:/x")\nend sub',
    ),
  });
  env.TMPDIR = join(directory, "nowhere");
  const { status, output } = await rosock("run", "app");
  t.equal(status, 0);
  t.equal(
    output.replaceAll(`${directory}/`, ""),
    "BRIGHTSCRIPT: ERROR: tmp:/ cannot be used: nowhere: there is no such file: pkg:/source/main.brs(2)\nfalsefalse\n",
  );
});
