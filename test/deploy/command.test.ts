/** `npm run deploy` where it goes wrong: said in a sentence, before anything is changed on a box. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";
import { folderWithSsh, runInFolder } from "./fake-ssh.js";

const run = (folder: string, words: string[], env: Record<string, string> = {}) =>
  runInFolder(folder, "main.js", words, { SSH: "exit 255", ...env });

const folderOf = (t: Test): string =>
  folderWithSsh(t, {
    "app.brs": "sub main()\nend sub\n",
    hostile: { manifest: "title=x\n", source: { "a\u001b[2Jb.brs": "sub broken(\n" } },
  });

const box = ["--host", "box"];
const app = ["--app", "app.brs"];

t.test("a mistake on the command line is told, and no box is asked", async (t) => {
  const folder = folderOf(t);
  const wrong: [words: string[], message: RegExp][] = [
    [["--colour"], /Unknown option '--colour'/],
    [["launch", ...box, ...app], /expected one of deploy, .*, got launch/],
    [app, /--host or --inventory is missing/],
    [box, /--app is missing/],
    [["status", ...box], /--name is missing/],
    [[...box, "--app", "none"], /--app: there is no none/],
    [[...box, ...app, "--name", "../x"], /--name: expected/],
    [[...box, ...app, "--to", "data"], /--to: expected an absolute path/],
    [[...box, ...app, "--to", "/data/../etc"], /--to: expected an absolute path/],
    [[...box, ...app, "--to", "/data/$(id)"], /--to: expected an absolute path/],
    [[...box, ...app, "--user=-x"], /--user: expected a user's name/],
    [[...box, ...app, "--memory", "1"], /--memory: expected 32 MiB or more, got 1/],
    [[...box, ...app, "--health", "port:0"], /--health: expected a port/],
    [[...box, ...app, "--identity", "keys/none"], /--identity: there is no keys\/none/],
    [[...box, ...box, ...app], /box:22 is named twice/],
  ];
  const outcomes = wrong.map(([words]) => run(folder, words, { SSH: "echo asked; exit 255" }));
  for (const [index, { status, stdout, stderr }] of (await Promise.all(outcomes)).entries()) {
    const [words, message] = wrong[index]!;
    t.equal(status, 1, words.join(" "));
    t.match(stderr, message);
    t.equal(stdout, "");
  }
});

t.test("a file's name does a terminal no harm", async (t) => {
  const { status, stderr } = await run(folderOf(t), [...box, "--app", "hostile"]);
  t.equal(status, 1);
  t.match(stderr, /does not compile:\n.*a\?\[2Jb\.brs\(/);
  t.notMatch(stderr, "\u001b");
});

t.test("why a box was not reached is told", async (t) => {
  const folder = folderOf(t);
  const commands = [[...app], ["status", "--name", "x"], ["logs", "--name", "x"], ["remove", "--name", "x"]];
  const fails = { SSH: "echo 'Host key \u001bverification failed.' >&2; exit 255" };
  for (const { status, stdout } of await Promise.all(
    commands.map((command) => run(folder, [...command, ...box], fails)),
  )) {
    t.equal(status, 1);
    t.match(stdout, /^box {2}FAILED: Host key \?verification failed\.$/m);
  }
  const none = await run(folder, [...app, ...box], { PATH: join(folder, "hostile") });
  t.equal(none.status, 1);
  t.match(none.stdout, /FAILED: ssh is not installed here/);
});

t.test("a directory for temporary files may have any name", async (t) => {
  const folder = folderOf(t);
  const TMPDIR = join(folder, "a b%h");
  mkdirSync(TMPDIR);
  const { stdout } = await run(folder, ["status", "--name", "x", ...box], {
    TMPDIR,
    SSH: 'echo "$*" >&2; exit 255',
  });
  t.match(stdout, / ControlPath="[^"]*\/a b%%h\/rosock-deploy-\w+\/0" /);
});

t.test("an application that is not there, or has no release", async (t) => {
  const folder = folderOf(t);
  for (const { status, stdout } of await Promise.all(
    ["status", "logs", "rollback", "remove"].map((command) =>
      run(folder, [command, "--name", "x", ...box], { SSH: "exit 1" }),
    ),
  )) {
    t.equal(status, 1);
    t.match(stdout, /FAILED: x is not deployed in \/opt\/rosock, /);
  }
  // What status.sh says of it, and what sh does without service.sh.
  const bare =
    'case "$last" in *find*) echo /x ;; *service.sh*) echo "not found" >&2; exit 2 ;; *) echo "state=no release" ;; esac';
  const logs = await run(folder, ["logs", "--name", "x", ...box], { SSH: bare });
  t.equal(logs.status, 1);
  t.match(logs.stdout, /FAILED: not found/);
  const rollback = await run(folder, ["rollback", "--name", "x", ...box], { SSH: bare });
  t.equal(rollback.status, 1);
  t.match(rollback.stdout, /FAILED: there is no release to go back to/);
});
