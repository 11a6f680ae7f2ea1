/** `npm run test:device`, with this machine as the box: an `ssh` that runs here what it was to run there. */
import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";
import { folderWithSsh, runInFolder } from "../deploy/fake-ssh.js";

/** Loses the connection when the tests have said something. */
const lossy = `case "$last" in
  *"/.tests "*" --jobs "*) sh -c "$last" | head -n 3; exit 255 ;;
  *) exec sh -c "$last" ;;
esac`;

const service = `case "$1" in
  pid) echo $PPID ;;
  log) cat "$3/log" ;;
esac
`;

/** A box with an application that is deployed, as far as the tests look at it. */
function box(t: Test): string {
  const folder = folderWithSsh(t, { own: {} });
  const device = join(folder, "rosock/echo/releases/1/device");
  mkdirSync(device, { recursive: true });
  writeFileSync(join(device, "service.sh"), service);
  symlinkSync("releases/1", join(folder, "rosock/echo/current"));
  writeFileSync(join(folder, "rosock/echo/log"), "before\n");
  return folder;
}

const test = (folder: string, words: string[], ssh = 'exec sh -c "$last"') =>
  runInFolder(folder, "tests/device.js", ["--host", "root@box", "--to", join(folder, "rosock"), ...words], {
    SSH: ssh,
  });

const own = ["--name", "echo", "--tests", "own/*"];

t.test("somebody's own tests, against what was deployed", async (t) => {
  const folder = box(t);
  const log = join(folder, "rosock/echo/log");
  const steps = `console.log("1..1"); console.log("ok 1 - " + process.argv[2] + typeof require("rosock").wait);
    require("node:fs").appendFileSync(${JSON.stringify(log)}, "served\\u001b one\\n");`;
  writeFileSync(join(folder, "own/a.js"), steps);
  writeFileSync(
    join(folder, "own/b.brs"),
    'sub Main(args)\n? "ok - "; Greeting(); args.port\n? "1..1"\nend sub\n',
  );
  writeFileSync(join(folder, "greeting.brs"), 'function Greeting()\nreturn "brs"\nend function\n');
  const { status, stdout, stderr } = await test(folder, [
    ...own,
    "--library",
    "greeting.brs",
    "--",
    "port=7",
  ]);
  t.equal(stderr, "");
  t.match(stdout, /\n {4}ok 1 - port=7function\n/);
  t.match(stdout, /\n {4}ok - brs7\n/);
  t.match(stdout, /\n1\.\.2\n# log: served\? one\n2 passed, 0 failed, 0 skipped\n$/);
  t.equal(status, 0);
  t.strictSame(readdirSync(join(folder, "rosock")), ["echo"], "nothing is left there");
});

t.test("a connection that is lost in the middle", async (t) => {
  const folder = box(t);
  const endless = 'setInterval(() => console.log("# still here"), 10);';
  writeFileSync(join(folder, "own/a.js"), endless);
  const { status, stdout, stderr } = await test(folder, own, lossy);
  t.match(stdout, /Subtest: a\.js/);
  t.equal(stderr, "test:device: the connection was lost in the middle of the tests; they are ended there\n");
  t.equal(status, 1);
  t.notOk(existsSync(join(folder, "rosock/.tests")));
});

t.test("what cannot be done is told before anything is sent", async (t) => {
  const folder = box(t);
  writeFileSync(join(folder, "own/a.brs"), "sub Main(\n");
  const wrong: [words: string[], message: RegExp][] = [
    [own, /own\/a\.brs does not compile:\n/],
    [["--name", "echo", "--tests", "none*"], /^test:device: --tests: there is no none\*\n$/],
    [["--name", "a b", "--tests", "own/*"], /--name: expected a name of letters/],
    [["--app", "own"], /--tests is missing/],
    [["--jobs", "many"], /--jobs: expected a whole number, got "many"/],
  ];
  const outcomes = await Promise.all(wrong.map(([words]) => test(folder, words)));
  for (const [index, { status, stdout, stderr }] of outcomes.entries()) {
    t.match(stderr, wrong[index]![1]);
    t.equal(stdout, "");
    t.equal(status, 1);
  }
  t.strictSame(readdirSync(join(folder, "rosock")), ["echo"]);
});
