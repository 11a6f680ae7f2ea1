/** Where rosock cannot run it says so in one line, which tells what to do. */
import { execFile } from "node:child_process";
import { cpSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import t, { type Test } from "tap";
import { command, root } from "./rosock.js";

const { find } = require(join(root, "scripts/runtimes.js")) as { find: (name: string) => string | undefined };

interface Result {
  readonly status: unknown;
  readonly output: string;
  readonly errors: string;
}

/** Runs a program without what the test runner adds to the environment of Node. */
function run(program: string, words: readonly string[]): Promise<Result> {
  const env = { PATH: process.env.PATH, HOME: "/nonexistent", NO_COLOR: "1" };
  return new Promise((resolve) => {
    execFile(
      "env",
      ["-u", "NODE_OPTIONS", program, ...words],
      { env, timeout: 60_000 },
      (error, output, errors) =>
        resolve({ status: error === null ? 0 : (error.code ?? error.signal), output, errors }),
    );
  });
}

/** What a program says that uses the package, under the name that users import. */
function asPackage(t: Test, files: Record<string, string>): string {
  const directory = t.testdir({ "package.json": "{}", node_modules: {}, ...files });
  symlinkSync(root, join(directory, "node_modules/rosock"));
  return directory;
}

const useIt = {
  "use.mjs": 'import { createObject } from "rosock";\nconsole.log(typeof createObject);\n',
  "use.cjs": 'console.log(typeof require("rosock").createObject);\n',
};

const others = [
  ["node18", [], "Node 18.* is too old"],
  ["bun", [], "Bun .* cannot run it: it needs Node's event loop, libuv"],
  ["deno", ["run", "--allow-all"], "Deno .* cannot run it: it needs Node's event loop, libuv"],
] as const;

for (const [name, words, reason] of others) {
  const runtime = find(name);
  const skip = runtime === undefined && `${name} is not installed: node scripts/runtimes.js ${name}`;
  t.test(`${name}: the command and the library`, { skip }, async (t) => {
    const line = `rosock: ${reason}; use Node 20 or newer\n`;
    const called = await run(runtime!, [...words, command, "run", "main.brs"]);
    t.match(called, { status: 1, output: "", errors: new RegExp(`^${line}$`) });
    const directory = asPackage(t, useIt);
    for (const file of Object.keys(useIt)) {
      const { status, errors } = await run(runtime!, [...words, join(directory, file)]);
      t.not(status, 0);
      t.match(errors, new RegExp(line.trim()), file);
    }
  });
}

const node = (...words: string[]): Promise<Result> => run(process.execPath, words);

/** The package without its addon. */
function withoutAddon(t: Test): string {
  const directory = t.testdir({ rosock: {} });
  const copy = join(directory, "rosock");
  cpSync(join(root, "package.json"), join(copy, "package.json"));
  cpSync(join(root, "dist"), join(copy, "dist"), { recursive: true });
  return copy;
}

const installer = String.raw`node \S+/scripts/install\.js \(needs Python 3, make and g\+\+\)`;

t.test("a package without an addon", async (t) => {
  const copy = withoutAddon(t);
  const reason = `rosock: there is no addon for linux-\\w+ in ${copy}; build it with: ${installer}`;
  const called = await node(join(copy, "dist/cli/rosock.js"), "run", join(root, "examples/echo-server.brs"));
  t.match(called, { status: 1, output: "", errors: new RegExp(`^${reason}\n$`) });
  const imported = await node("-e", `require(${JSON.stringify(copy)})`);
  t.match(imported.errors, new RegExp(reason));
  t.notMatch(imported.errors, /\bat .*\(/, "without a stack");
  const { output } = await node(join(copy, "dist/cli/rosock.js"), "--version");
  t.match(output, /^\d+\.\d+\.\d+\n$/, "what needs no addon works");
});

t.test("code that was bundled without its addon", async (t) => {
  const directory = asPackage(t, useIt);
  const outfile = join(directory, "out/bundle.js");
  const options = { bundle: true, platform: "node", logLevel: "silent" } as const;
  await build({ ...options, entryPoints: [join(directory, "use.cjs")], outfile });
  const { status, errors } = await node(outfile);
  t.not(status, 0);
  t.match(errors, /rosock: a bundler has put .* mark rosock as external \(esbuild: --external:rosock\)/);
  await build({ ...options, entryPoints: [join(directory, "use.cjs")], outfile, external: ["rosock"] });
  t.match(await node(outfile), { status: 0, output: "function\n" }, "and that is what to do");
});

t.test("an addon that does not load", async (t) => {
  const copy = withoutAddon(t);
  const directory = join(copy, "..");
  const files = {
    "broken.node": "no addon",
    // What Node reports where the C library is musl: no version of glibc.
    "musl.js": `const { getReport } = process.report;
      process.report.getReport = () => {
        const report = getReport.call(process.report);
        delete report.header.glibcVersionRuntime;
        return report;
      };`,
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
  cpSync(join(directory, "broken.node"), join(copy, "build/Release/rosock.node"));
  const useCopy = ["-e", `require(${JSON.stringify(copy)})`];
  const broken = await node(...useCopy);
  t.match(
    broken.errors,
    new RegExp(`rosock: the addon does not load \\(.*file too short\\); build it with: ${installer}`),
  );
  const onMusl = await node("--require", join(directory, "musl.js"), ...useCopy);
  t.match(
    onMusl.errors,
    new RegExp(
      `rosock: the addon is for glibc, and this system has musl \\(.*\\); build it with: ${installer}`,
    ),
  );
  writeFileSync(join(directory, "use.js"), `require(${JSON.stringify(root)})`);
  const forbidden = await node("--no-addons", join(directory, "use.js"));
  t.match(forbidden.errors, /rosock: Node's permissions forbid addons; allow them with --allow-addons/);
});
