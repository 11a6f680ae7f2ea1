/** Compiled code: it is taken from a build only, as the build left it, and from nobody else without a word. */
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import t from "tap";
import { makeZip } from "../brightscript/app/make-zip.js";
import { among, app, type Files } from "./rosock.js";

/** As `rosock build` would make it of a program, but of nobody's making. */
const hostile = `(function () { process.stdout.write("JavaScript\\n"); return { main() {} }; })`;

const writes = (path: string): string =>
  `WriteAsciiFile("${path}", ${JSON.stringify(hostile).replaceAll('\\"', '" + chr(34) + "').replaceAll("\\\\", "\\")})`;

t.test("Run() takes no JavaScript from the volumes that a program writes to", async (t) => {
  const run = ["tmp:/x.brs", "cachefs:/x.brs", "TMP:/./x.brs", "tmp:/X.brs"];
  const main = `sub main()
    ${writes("tmp:/x.brs.js")}
    ${writes("cachefs:/x.brs.js")}
    ${run.map((path) => `print Run("${path}")`).join("\n")}
    WriteAsciiFile("tmp:/x.brs", "function main()" + chr(10) + "return 5" + chr(10) + "end function")
    print Run("tmp:/x.brs")
  end sub`;
  const { rosock } = among(t, { app: app(main), "main.brs": main });
  t.equal((await rosock("build", "app", "-o", "out")).status, 0);
  const results = await Promise.all(["app", "main.brs", "out"].map((name) => rosock("run", name)));
  for (const { output, errors } of results)
    t.strictSame([output, errors], [`${"invalid\n".repeat(4)} 5\n`, ""]);
});

const runsLibrary = 'sub main()\nprint Run("pkg:/lib/x.brs"); Run("lib/y.brs")\nend sub';

t.test("Run() takes no JavaScript that came with an app that was not built", async (t) => {
  const files = app(runsLibrary, {
    lib: { "x.brs.js": hostile, "y.brs.js": hostile, "y.brs": "sub main()\nend sub" },
  });
  const { directory, rosock } = among(t, { app: files });
  const zip = makeZip([
    { name: "manifest", data: "title=x" },
    { name: "source/main.brs", data: runsLibrary },
    { name: "lib/x.brs.js", data: hostile },
    { name: "lib/y.brs.js", data: hostile },
  ]);
  writeFileSync(join(directory, "app.zip"), zip);
  for (const { output } of await Promise.all(["app", "app.zip"].map((name) => rosock("run", name))))
    t.equal(output, "invalidinvalid\n");
});

t.test("a build has Run() take what it lists, and nothing that came to it later", async (t) => {
  const lib = {
    "x.brs": "function main()\nreturn 1\nend function",
    "Y.brs": "function main()\nreturn 2\nend function",
  };
  const { directory, rosock } = among(t, { app: app(runsLibrary, { lib }) });
  t.equal((await rosock("build", "app", "-o", "out")).status, 0);
  t.strictSame(await rosock("run", "out"), { status: 0, output: " 1 2\n", errors: "" });
  rmSync(join(directory, "out/lib/x.brs.js"));
  t.equal((await rosock("run", "out")).output, "pkg:/lib/x.brs.js: there is no such file\ninvalid 2\n");
  writeFileSync(join(directory, "out/lib/x.brs.js"), hostile);
  writeFileSync(join(directory, "out/source/more.brs.js"), hostile);
  t.equal(
    (await rosock("run", "out")).output,
    "pkg:/lib/x.brs.js: it has changed since it was built: build it again\ninvalid 2\n",
  );
});

const collisions: Record<string, Files> = {
  "source/main.brs.js": { source: { "main.brs": "sub main()\nend sub", "main.brs.js": hostile } },
  "lib/x.brs.js": { lib: { "x.brs": "sub main()\nend sub", "x.brs.js": hostile } },
  "source/main.brs.js/text": { source: { "main.brs": "sub main()\nend sub", "main.brs.js": { text: "" } } },
};
for (const [file, others] of Object.entries(collisions)) {
  t.test(`a file of the app in the place of a compiled one: ${file}`, async (t) => {
    const { directory, rosock } = among(t, { app: app('sub main()\nprint "BrightScript"\nend sub', others) });
    const [check, build] = await Promise.all([rosock("check", "app"), rosock("build", "app", "-o", "out")]);
    const place = file.replace("/text", "");
    const errors = `rosock: app/${place}: this is where ${place.slice(0, -3)} is put when it is compiled: give it another name\n`;
    t.strictSame(check, { status: 1, output: "", errors });
    t.strictSame(build, { status: 1, output: "", errors });
    t.notOk(existsSync(join(directory, "out")));
    t.strictSame(
      readdirSync(directory).filter((name) => name.startsWith(".out")),
      [],
    );
  });
}

t.test("a link of the app in the place of a compiled one", async (t) => {
  const { directory, rosock } = among(t, { app: app("sub main()\nend sub", { "x.txt": hostile }) });
  symlinkSync("../x.txt", join(directory, "app/source/main.brs.js"));
  t.match(await rosock("build", "app", "-o", "out"), { status: 1, errors: /main\.brs\.js: this is where/ });
});

t.test("other files that are named like compiled ones are files like others", async (t) => {
  const main = 'sub main()\nprint ReadAsciiFile("pkg:/source/other.brs.js")\nend sub';
  const { directory, rosock } = among(t, { app: app(main) });
  writeFileSync(join(directory, "app/source/other.brs.js"), hostile);
  t.equal((await rosock("check", "app")).status, 0);
  t.equal((await rosock("build", "app", "-o", "out")).status, 0);
  for (const name of ["app", "out"])
    t.strictSame(await rosock("run", name), { status: 0, output: `${hostile}\n`, errors: "" });
});

t.test("a script that was changed after the build is refused", async (t) => {
  const { directory, rosock } = among(t, { app: app('sub main()\nprint "one"\nend sub') });
  t.equal((await rosock("build", "app", "-o", "out")).status, 0);
  const file = join(directory, "out/source/main.brs.js");
  const text = readFileSync(file, "utf8");
  const run = (...words: string[]) => rosock("run", "out", ...words);
  t.strictSame(await run(), { status: 0, output: "one\n", errors: "" });
  const refused = {
    status: 1,
    output: "",
    errors: "rosock: out/source/main.brs.js: it has changed since it was built: build it again\n",
  };
  for (const changed of [text.replace("one", "two"), `${text} `, "", hostile]) {
    writeFileSync(file, changed);
    t.strictSame(await run(), refused);
    t.strictSame(await run("--trust"), refused);
  }
  rmSync(file);
  t.match(await run(), { status: 1, errors: /source\/main\.brs\.js: there is no such file/ });
  writeFileSync(file, text);
  t.equal((await run()).output, "one\n");
});

const elsewhere =
  "rosock: out: it holds code that was compiled elsewhere, which no volume holds back: build it here, or run it with --trust\n";

t.test("a build is known where it was made, wherever it is moved to", async (t) => {
  const { directory, rosock } = among(t, { app: app('sub main()\nprint "mine"\nend sub') });
  t.equal((await rosock("build", "app", "-o", "out")).status, 0);
  renameSync(join(directory, "out"), join(directory, "moved"));
  cpSync(join(directory, "moved"), join(directory, "copied"), { recursive: true });
  for (const name of ["moved", "copied"])
    t.strictSame(await rosock("run", name), { status: 0, output: "mine\n", errors: "" });
  const key = join(directory, ".data/rosock/.key");
  t.equal(statSync(key).mode & 0o777, 0o600);
  const before = readFileSync(key);
  t.equal((await rosock("build", "app", "-o", "out")).status, 0);
  t.same(readFileSync(key), before, "one key for all builds");
});

t.test("builds that make the first key at the same time have the same one", async (t) => {
  const { directory, rosock } = among(t, { app: app('sub main()\nprint "x"\nend sub') });
  const names = ["a", "b", "c", "d"];
  const built = await Promise.all(names.map((name) => rosock("build", "app", "-o", name)));
  for (const result of built) t.strictSame(result, { status: 0, output: "", errors: "" });
  for (const name of names) t.equal((await rosock("run", name)).output, "x\n");
  t.strictSame(
    readdirSync(join(directory, ".data/rosock")).filter((name) => name.startsWith(".")),
    [".key"],
  );
});

t.test("what was compiled elsewhere is run with --trust only", async (t) => {
  const { directory, rosock } = among(t, { app: app('sub main()\nprint "theirs"\nend sub') });
  t.equal((await rosock("build", "app", "-o", "out")).status, 0);
  const key = join(directory, ".data/rosock/.key");
  const list = join(directory, "out/rosock.json");
  const ours = readFileSync(key);
  const text = readFileSync(list, "utf8");
  const { seal, ...rest } = JSON.parse(text);
  const refused = { status: 1, output: "", errors: elsewhere };

  rmSync(key);
  t.strictSame(await rosock("run", "out"), refused, "no key");
  t.notOk(existsSync(key), "a run makes none");
  t.strictSame(await rosock("run", "out", "--trust"), { status: 0, output: "theirs\n", errors: "" });
  t.equal((await rosock("build", "app", "-o", "own")).status, 0);
  t.strictSame(await rosock("run", "out"), refused, "another key");
  t.equal((await rosock("run", "own")).output, "theirs\n");
  writeFileSync(key, ours);
  t.equal((await rosock("run", "out")).output, "theirs\n");
  for (const forged of [{ ...rest }, { ...rest, seal: "" }, { ...rest, seal: `${seal.slice(0, -1)}x` }]) {
    writeFileSync(list, JSON.stringify(forged));
    t.strictSame(await rosock("run", "out"), refused, JSON.stringify(forged.seal));
  }
  writeFileSync(list, text.replace("Test App", "Other App"));
  t.strictSame(await rosock("run", "out"), refused, "another's name");
});

t.test("a key that others may read, or that is no key, seals nothing", async (t) => {
  const { directory, rosock } = among(t, { app: app('sub main()\nprint "x"\nend sub') });
  t.equal((await rosock("build", "app", "-o", "out")).status, 0);
  const key = join(directory, ".data/rosock/.key");
  chmodSync(key, 0o644);
  t.match(await rosock("run", "out"), { status: 1, errors: elsewhere });
  chmodSync(key, 0o600);
  t.equal((await rosock("run", "out")).status, 0);
  writeFileSync(key, "short");
  t.match(await rosock("run", "out"), { status: 1, errors: elsewhere });
  t.match(await rosock("build", "app", "-o", "out"), {
    status: 0,
    errors: /^rosock: \S*\.data\/rosock\/\.key: .*; running it will take --trust\n$/,
  });
  t.equal((await rosock("run", "out", "--trust")).output, "x\n");
});

t.test("a list of scripts that is none", async (t) => {
  const { directory, rosock } = among(t, { app: app('sub main()\nprint "x"\nend sub') });
  t.equal((await rosock("build", "app", "-o", "out")).status, 0);
  const list = join(directory, "out/rosock.json");
  const whole = JSON.parse(readFileSync(list, "utf8"));
  writeFileSync(join(directory, "evil.brs.js"), hostile);
  const hash = whole.scripts[0][1];
  for (const scripts of [
    undefined,
    null,
    {},
    [null],
    [[]],
    [["source/main.brs"]],
    [["source/main.brs", 5]],
    [["source/main.brs", "00"]],
    [["../evil.brs", hash]],
    [["source/../../evil.brs", hash]],
    [["/etc/passwd.brs", hash]],
    [[5, hash]],
  ]) {
    writeFileSync(list, JSON.stringify({ ...whole, scripts }));
    t.strictSame(await rosock("run", "out", "--trust"), {
      status: 1,
      output: "",
      errors: "rosock: out/rosock.json: it is no list of what rosock build made\n",
    });
  }
  for (const text of ["", "{", "null", "5", "[]", '\n\n"x"', "\x1b[31m", "{}"]) {
    writeFileSync(list, text);
    t.match(await rosock("run", "out"), {
      status: 1,
      errors: /^rosock: out\/rosock\.json: it is no list of .*\n$/,
    });
  }
  rmSync(list);
  mkdirSync(list);
  t.match(await rosock("run", "out"), {
    status: 1,
    errors: /^rosock: out\/rosock\.json: it is a directory\n$/,
  });
});

t.test("only run takes --trust", async (t) => {
  const { rosock } = among(t, {});
  t.match(await rosock("build", "x", "-o", "y", "--trust"), {
    status: 64,
    errors: /build has no option --trust/,
  });
  t.match(await rosock("check", "x", "--trust"), { status: 64, errors: /check has no option --trust/ });
});
