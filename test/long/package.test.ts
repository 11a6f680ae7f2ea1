/** The published package: what is in it, and that it works where nothing can be compiled and nothing may be run at the install. */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import t, { type Test } from "tap";
import { findTool } from "../support/index.js";

const root = join(__dirname, "../../..");
const { loadTarget, targetNames } = require(join(root, "toolchain/target.js"));

interface Target {
  readonly name: string;
  readonly prebuild: string;
}

const prebuilds = (targetNames() as string[])
  .map((name): Target => loadTarget(name))
  .map(({ name, prebuild }) => `prebuilds/${name}/${prebuild}`);
const missing = prebuilds.filter((file) => !existsSync(join(root, file)));
const skip =
  missing.length > 0 && `${missing} not built: npm run cross -- --target ${targetNames().join(" --target ")}`;

/** Whatever else is in the package has come in by mistake. */
const expected = [
  /^(LICENSE|README\.md|package\.json|binding\.gyp)$/,
  /^native\/\w[\w-]*\.(cc|h)$/,
  /^dist\/(LICENSES\.txt|cli\/(rosock|launch)\.js|index\.mjs|index\.d\.mts)$/,
  /^dist\/(command|parser|worker)\.js$/,
  /^dist\/(components\/)?[\w-]+\.(js|d\.ts)$/,
  /^prebuilds\/linux-\w+\/rosock(\.armv7)?\.glibc\.node$/,
  /^scripts\/(build-addon|code-cache|install)\.js$/,
  /^node_modules\/node-addon-api\//,
];

const folder = mkdtempSync(join(tmpdir(), "rosock-package-"));
t.teardown(() => rmSync(folder, { recursive: true }));
t.setTimeout(600_000);

/** The tarball's file, and the paths in it. */
function pack(): { file: string; paths: string[] } {
  // What is in dist/ was built for the tests.
  const words = ["pack", "--ignore-scripts", "--json", "--pack-destination", folder];
  const [made] = JSON.parse(execFileSync("npm", words, { cwd: root, encoding: "utf8", stdio: "pipe" }));
  return { file: join(folder, made.filename), paths: made.files.map(({ path }: { path: string }) => path) };
}

const { file, paths } = skip ? { file: "", paths: [] } : pack();

/** An environment without compilers, Python, and whatever npm has kept. */
function bare(home: string): NodeJS.ProcessEnv {
  const programs = join(home, "programs");
  mkdirSync(programs);
  for (const name of ["node", "npm", "npx", "sh", "env"]) symlinkSync(findTool(name)!, join(programs, name));
  return { PATH: programs, HOME: home, npm_config_cache: join(home, "cache"), npm_config_audit: "false" };
}

/** A folder into which the package was installed, with nothing but the tarball. */
function install(t: Test, name: string, words: string[]) {
  const home = join(folder, name);
  mkdirSync(home);
  const env = bare(home);
  writeFileSync(join(home, "package.json"), '{ "private": true }\n');
  const run = (program: string, args: string[]) =>
    spawnSync(join(home, "programs", program), args, { cwd: home, env, encoding: "utf8" });
  const { status, stdout, stderr } = run("npm", ["i", "--offline", "--no-fund", ...words, file]);
  t.equal(status, 0, `npm i: ${stdout}${stderr}`);
  return { home, run };
}

/** The library and the command of what was installed. */
function works(t: Test, { home, run }: ReturnType<typeof install>): void {
  const library = run("node", ["-p", 'require("rosock").createObject("roStreamSocket").getMaxSeg() >= 0']);
  t.equal(library.stdout, "true\n", library.stderr);
  const module = 'import { createObject } from "rosock"; console.log(typeof createObject);';
  t.equal(run("node", ["--input-type=module", "-e", module]).stdout, "function\n");
  const program = join(home, "hello.brs");
  writeFileSync(program, 'sub main(args)\n  print "hello "; args.name\nend sub\n');
  const command = run("npx", ["rosock", "run", "hello.brs", "--", "name=world"]);
  t.equal(command.stdout, "hello world\n", command.stderr);
}

t.test("the package holds what it should, and nothing else", { skip }, async (t) => {
  for (const path of [...prebuilds, "dist/index.js", "dist/index.d.ts", "dist/command.js", "native/addon.cc"])
    t.ok(paths.includes(path), path);
  t.ok(
    paths.some((path) => path.startsWith("node_modules/node-addon-api/napi")),
    "what it is compiled with",
  );
  t.same(
    paths.filter((path) => !expected.some((pattern) => pattern.test(path))),
    [],
    "no surprises",
  );
  const sources = readdirSync(join(root, "src/components")).map((name) => name.replace(/\.ts$/, ""));
  const modules = paths.flatMap((path) => /^dist\/components\/([\w-]+)\.js$/.exec(path)?.[1] ?? []);
  t.same(modules.sort(), sources.sort(), "nothing that its sources no longer have");
});

t.test("it works where install scripts are forbidden", { skip }, async (t) => {
  const installed = install(t, "forbidden", ["--ignore-scripts"]);
  works(t, installed);
});

t.test("it works where there is no compiler, and compiles nothing", { skip }, async (t) => {
  const installed = install(t, "plain", []);
  t.notOk(existsSync(join(installed.home, "node_modules/rosock/build")));
  works(t, installed);
});

const headers = existsSync(join(dirname(dirname(process.execPath)), "include/node/common.gypi"));

t.test(
  "it can be compiled where the package is all there is",
  { skip: skip || (!headers && "Node's headers are not installed beside it") },
  async (t) => {
    const { home } = install(t, "compiled", ["--ignore-scripts"]);
    const env = { ...process.env, npm_config_offline: "true", npm_config_build_from_source: "true" };
    const { status, stderr } = spawnSync("npm", ["rebuild", "rosock"], { cwd: home, env, encoding: "utf8" });
    t.equal(status, 0, stderr);
    t.ok(existsSync(join(home, "node_modules/rosock/build/Release/rosock.node")));
  },
);
