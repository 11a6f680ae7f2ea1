import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { Problem } from "#src/brightscript/app/problem.js";
import { parseCommandLine } from "#src/cli/command-line.js";
import { execute } from "#src/cli/main.js";
import { makeZip } from "../brightscript/app/make-zip.js";
import { among, app } from "./rosock.js";

const main = "sub main()\nend sub";

/** What the command has to say, done in this process; paths are relative to the directory. */
async function problem(directory: string, ...words: string[]): Promise<string> {
  const before = process.cwd();
  process.chdir(directory);
  try {
    const command = parseCommandLine(words);
    if (typeof command === "string") throw new Error(command);
    return `status ${await execute(command)}`;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return error.message.replaceAll(`${directory}/`, "");
  } finally {
    process.chdir(before);
  }
}

t.test("sources that are none: the file and the line", async (t) => {
  const { directory } = among(t, {
    "text.brs": "Dear Sir or Madam,\nwe regret",
    "blocks.brs": "sub main()\nfor i = 1 to 3\nend sub",
    "no-end.brs": "sub main()\nif true\nprint 1",
    "string.brs": 'sub main()\nprint "abc\nend sub',
    "binary.brs": Buffer.from("sub main()\n\0\x01\x02\nend sub"),
    "elf.brs": Buffer.concat([Buffer.from("\x7fELF\x02\x01\x01"), Buffer.alloc(100)]),
    "directory.brs": {},
    "empty.brs": "",
    "library.brs": 'Library "nowhere.brs"\nsub main()\nend sub',
    "constant.brs": "sub main()\n#if nothing\n#end if\nend sub",
    "unsafe.brs": "sub main()\nend sub\nsub main()\nend sub",
  });
  writeFileSync(join(directory, "line.brs"), `sub main()\nx = ${"1+".repeat(5 << 20)}1\nend sub`);
  writeFileSync(
    join(directory, "nested.brs"),
    `sub main()\nx = ${"(".repeat(1e5)}1${")".repeat(1e5)}\nend sub`,
  );
  const expected: Record<string, RegExp> = {
    text: /pkg:\/source\/text\.brs\(1\)/,
    blocks: /pkg:\/source\/blocks\.brs\([23]\)/,
    "no-end": /pkg:\/source\/no-end\.brs\([1-3]\)/,
    string: /pkg:\/source\/string\.brs\(2\)/,
    binary: /pkg:\/source\/binary\.brs\(2\): this is no BrightScript/,
    elf: /pkg:\/source\/elf\.brs\(1\): this is no BrightScript/,
    directory: /directory\.brs: /,
    nowhere: /nowhere\.brs: there is no such file/,
    empty: /the program has neither Main nor RunUserInterface/,
    library: /pkg:\/source\/library\.brs\(1\).*nowhere\.brs/,
    constant: /pkg:\/source\/constant\.brs\(2\)/,
    unsafe: /pkg:\/source\/unsafe\.brs\(3\)/,
    line: /line\.brs: it is larger than \d+ bytes/,
    nested: /pkg:\/source\/nested\.brs\(2\)/,
  };
  for (const [name, pattern] of Object.entries(expected)) {
    t.match(await problem(directory, "run", `${name}.brs`), pattern);
  }
});

t.test("packages that are none", async (t) => {
  const { directory, rosock } = among(t, {
    empty: {},
    "no-manifest": { source: { "main.brs": main } },
    "no-source": { manifest: "title=x\n" },
    "no-brs": { manifest: "title=x\n", source: { "readme.txt": "" } },
    constants: app(main, { manifest: "bs_const=debug=maybe\n" }),
    good: app(main),
    link: app(main),
    built: { "rosock.json": '{"rosock":"0.0.0"}', source: { "main.brs.js": "" } },
    "secret.brs": "sub main()\nprint 1\nend sub",
    "text.zip": "PK, but no zip",
    "mine.txt": "precious",
    full: { "mine.txt": "precious" },
  });
  symlinkSync("../../secret.brs", join(directory, "link/source/link.brs"));
  mkdirSync(join(directory, "circle/source"), { recursive: true });
  writeFileSync(join(directory, "circle/manifest"), "");
  symlinkSync("..", join(directory, "circle/source/up"));
  const evil = [{ name: "manifest" }, { name: "source/main.brs", data: main }];
  writeFileSync(join(directory, "climb.zip"), makeZip([...evil, { name: "../../climbed", data: "x" }]));
  writeFileSync(join(directory, "bare.zip"), makeZip([{ name: "source/main.brs", data: main }]));
  const built = [{ name: "rosock.json", data: '{"rosock":"0.1.0"}' }, { name: "source/main.brs.js" }];
  writeFileSync(join(directory, "built.zip"), makeZip(built));
  const cases: [string, RegExp][] = [
    ["run empty", /empty: it has no manifest/],
    ["run no-manifest", /no-manifest: it has no manifest/],
    ["run no-source", /no-source\/source: there is no such file/],
    ["run no-brs", /no-brs: there are no \.brs files in its source/],
    ["run constants", /manifest: bs_const: expected name=true or name=false, not "debug=maybe"/],
    ["run good --const x", /--const: expected name=true or name=false, not "x"/],
    ["run good secret.brs", /good is an app: no other files can be given with it/],
    ["run link", /link\/source\/link\.brs: it leads out of the program/],
    ["run circle", /circle\/source\/up: it leads in a circle/],
    ["run built", /built\/rosock\.json: .*0\.0\.0.*build it again/],
    ["check built", /built: this is built: it has no sources to check/],
    ["build good -o full", /full: it is not empty, and was not made by rosock build/],
    ["build good -o mine.txt", /mine\.txt: /],
    ["build good -o good", /good: the program is in it/],
    ["build good -o .", /: the program is in it/],
    ["build good -o nowhere/out", /nowhere\/out: there is no such file/],
  ];
  const before = readdirSync(directory).sort();
  for (const [line, pattern] of cases) t.match(await problem(directory, ...line.split(" ")), pattern);
  const zips = await Promise.all(
    ["text.zip", "climb.zip", "bare.zip", "built.zip"].map((name) => rosock("run", name)),
  );
  t.match(
    zips.map(({ errors }) => errors),
    [
      /text\.zip: /,
      /climb\.zip: invalid relative path: \.\.\/\.\.\/climbed/,
      /bare\.zip: it has no manifest/,
      /built\.zip: what was built is run from its directory/,
    ],
  );
  for (const { status, output } of zips) t.strictSame([status, output], [1, ""]);
  const tmp = `rosock-${process.getuid!()}`;
  t.strictSame(
    readdirSync(directory)
      .filter((name) => name !== tmp)
      .sort(),
    before,
    "nothing was written",
  );
  t.strictSame(readdirSync(join(directory, tmp)), []);
});

t.test("wrong use: status 64, and how to find out more", async (t) => {
  const { rosock } = among(t, {});
  const [none, option, help, version] = await Promise.all([
    rosock(),
    rosock("run", "--loud"),
    rosock("--help"),
    rosock("--version"),
  ]);
  t.strictSame(none, {
    status: 64,
    output: "",
    errors: "rosock: expected run, build or check; see rosock --help\n",
  });
  t.strictSame(option, {
    status: 64,
    output: "",
    errors: "rosock: unknown option '--loud'; see rosock --help\n",
  });
  t.match(help, { status: 0, output: /^Usage: rosock run/, errors: "" });
  t.match(version, { status: 0, output: /^\d+\.\d+\.\d+\n$/, errors: "" });
});
