import { execFile, execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { plainNode } from "../support/index.js";
import { among, root } from "./rosock.js";

const skip = existsSync(join(root, "dist/command.js")) ? false : "npm run build:ts makes it";

t.test("what the package has is all that is needed; the compiler, only for sources", { skip }, async (t) => {
  const { directory, env } = among(t, {
    "main.brs":
      'sub main()\nx = CreateObject("roXMLElement")\nprint x.parse("<a>b</a>"); x.getText()\nend sub',
  });
  const place = join(directory, "rosock/dist");
  mkdirSync(place, { recursive: true });
  // What V8 compiles is kept for the Node that the project was built with: here it may be another.
  execFileSync(...plainNode(join(root, "scripts/code-cache.js")), { env, stdio: "ignore" });
  const names = [
    "cli/rosock.js",
    "cli/launch.js",
    "supported.js",
    "command.js",
    "parser.js",
    "worker.js",
    "code",
  ];
  for (const name of names) {
    cpSync(join(root, "dist", name), join(place, name), { recursive: true });
  }
  for (const name of ["build", "prebuilds"]) {
    if (existsSync(join(root, name))) symlinkSync(join(root, name), join(directory, "rosock", name));
  }
  const rosock = (...words: string[]): Promise<string> =>
    new Promise((resolve) => {
      const command = plainNode(join(place, "cli/rosock.js"), ...words);
      execFile(...command, { cwd: directory, env }, (_, output, errors) => resolve(output + errors));
    });
  const code = join(place, "code");
  const accepted = `const { bundles } = require(${JSON.stringify(join(place, "cli/launch.js"))});
    console.log(bundles.get("command.js").script.cachedDataRejected);`;
  const isRejected = () =>
    new Promise((resolve) => execFile(...plainNode("-e", accepted), { env }, (_, output) => resolve(output)));

  t.equal(await rosock("run", "main.brs"), "trueb\n");
  t.equal(await isRejected(), "false\n", "V8 takes the code that was kept");
  t.equal(await rosock("build", "main.brs", "-o", "out"), "");
  rmSync(join(place, "parser.js"));
  t.equal(await rosock("run", "out"), "trueb\n");
  writeFileSync(join(directory, "other.brs"), "sub main()\nend sub");
  t.equal(
    await rosock("run", "other.brs"),
    "rosock: there is no compiler here: only what rosock build made can be run\n",
  );
  for (const name of readdirSync(code)) writeFileSync(join(code, name), "no code of V8's");
  t.equal(await rosock("run", "out"), "trueb\n");
  rmSync(code, { recursive: true });
  t.equal(await rosock("run", "out"), "trueb\n");
});
