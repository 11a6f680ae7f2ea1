/** Home directories that there are not, or that cannot be. */
import { execFile } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";
import { plainNode } from "../support/index.js";
import { app, command, type Files, type Result } from "./rosock.js";

const noEntry = `require("node:os").userInfo = () => { throw new Error("no entry"); };`;

/** What runs the command for a user with this HOME, and no entry in /etc/passwd. */
function among(t: Test, HOME: string, files: Files) {
  const directory = t.testdir(files);
  writeFileSync(join(directory, "no-entry.js"), noEntry);
  const env = { PATH: process.env.PATH, TMPDIR: directory, HOME };
  const rosock = (...words: string[]): Promise<Result> =>
    new Promise((resolve) => {
      const line = plainNode("-r", join(directory, "no-entry.js"), command, ...words);
      execFile(...line, { cwd: directory, env, timeout: 60_000 }, (error, output, errors) => {
        resolve({ status: error === null ? 0 : (error.code ?? error.signal ?? "unknown"), output, errors });
      });
    });
  return { directory, rosock };
}

const hello = 'sub main()\nprint "hello"\nend sub';
const needy = `sub main()
  print ReadAsciiFile("cachefs:/x"); "|"
  try
    print CreateObject("roRegistrySection", "a").Exists("b")
  catch e
    print "caught"
  end try
end sub`;

t.test("without a home directory: a program runs as long as it keeps nothing", async (t) => {
  const files = { "hello.brs": hello, "needy.brs": needy, app: app(hello) };
  const { directory, rosock } = among(t, "", files);
  t.strictSame(await rosock("run", "hello.brs"), { status: 0, output: "hello\n", errors: "" });
  const why = "there is no home directory: give --data DIR";
  t.strictSame(await rosock("run", "needy.brs"), {
    status: 1,
    output: `BRIGHTSCRIPT: ERROR: cachefs:/ cannot be used: ${why}: pkg:/source/needy.brs(2)\n|\n`,
    errors: `rosock: ${why}\n`,
  });
  t.strictSame(await rosock("run", "needy.brs", "--data", "data"), {
    status: 0,
    output: "|\nfalse\n",
    errors: "",
  });
  const unsealed = "rosock: there is no home directory; running it will take --trust\n";
  t.strictSame(await rosock("build", "app", "-o", "out"), { status: 0, output: "", errors: unsealed });
  t.match(await rosock("run", "out"), { status: 1, errors: /--trust/ });
  t.equal((await rosock("run", "out", "--trust")).output, "hello\n");
  for (const name of [".cache", ".local"]) t.notOk(existsSync(join(directory, name)), name);
});

t.test("a home directory that cannot be made: nothing waits for it", async (t) => {
  const main = `sub main()
    section = CreateObject("roRegistrySection", "a")
    section.Write("b", "c")
    print section.Flush()
    print WriteAsciiFile("cachefs:/x", "y")
    print Len(CreateObject("roDeviceInfo").GetChannelClientId())
  end sub`;
  const { rosock } = among(t, "/proc/1/x", { "main.brs": main, app: app(hello) });
  t.strictSame(await rosock("run", "main.brs"), { status: 0, output: "false\nfalse\n 36\n", errors: "" });
  t.match(await rosock("build", "app", "-o", "out"), {
    status: 0,
    errors: /\/proc\/1\/x\/.*there is no such file; running it will take --trust\n$/,
  });
});
