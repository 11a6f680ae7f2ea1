/** The Node that is sent along runs on boxes as root: only the bytes that were meant are, whoever answers npm. */
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import t, { type Test } from "tap";

const file = join(__dirname, "../../../deploy/node.js");
const packages: Record<string, { name: string; version: string; integrity: string }> = require(
  join(file, "../node.json"),
);

const name = "node-for-tests";
const version = "20.1.2";

/** A folder of its own, however many a test has. */
const folderOf = (t: Test): string => mkdtempSync(join(t.testdirName, "folder-"));

/** A package as npm has it: its archive, and what a registry says of it. */
function makePackage(t: Test, text: string) {
  const folder = folderOf(t);
  mkdirSync(join(folder, "package/bin"), { recursive: true });
  writeFileSync(join(folder, "package/LICENSE"), "free");
  writeFileSync(join(folder, "package/bin/node"), text);
  // A script that npm must not run.
  const scripts = { prepack: "touch ../ran", postpack: "touch ../ran", install: "touch ../ran" };
  writeFileSync(join(folder, "package/package.json"), JSON.stringify({ name, version, scripts }));
  chmodSync(join(folder, "package/bin/node"), 0o755);
  const { stdout } = spawnSync("tar", ["-C", folder, "-czf", "-", "package"]);
  const sum = (kind: string, form: "base64" | "hex") => createHash(kind).update(stdout).digest(form);
  return { archive: stdout, integrity: `sha512-${sum("sha512", "base64")}`, shasum: sum("sha1", "hex") };
}

type Package = ReturnType<typeof makePackage>;

/** A registry on this machine that has one package; its address, and how often it was asked. */
async function registry(t: Test, { archive, integrity, shasum }: Package) {
  const counts = { asked: 0 };
  const server = createServer((request, response) => {
    counts.asked++;
    if (request.url?.endsWith(".tgz")) return response.end(archive);
    const dist = { tarball: `${url}${name}/-/${name}.tgz`, integrity, shasum };
    response.setHeader("content-type", "application/json");
    const versions = { [version]: { name, version, dist } };
    return response.end(JSON.stringify({ name, "dist-tags": { latest: version }, versions }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.teardown(() => server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return { url, counts };
}

/** A user's home, in which npm is told where to ask; and a directory for temporary files that others can write to. */
function makeHome(t: Test, mine: string, others: string): NodeJS.ProcessEnv {
  const folder = folderOf(t);
  for (const [name, registry] of Object.entries({ home: mine, tmp: others })) {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, ".npmrc"), `registry=${registry}\n`);
  }
  // What makes npm take a folder for a project's.
  mkdirSync(join(folder, "tmp/node_modules"));
  writeFileSync(join(folder, "tmp/package.json"), '{ "workspaces": ["*", "*/*"] }');
  return {
    PATH: process.env.PATH,
    HOME: join(folder, "home"),
    TMPDIR: join(folder, "tmp"),
    npm_config_cache: join(folder, "home/cache"),
    npm_config_fetch_retries: "0",
  };
}

/** What fetchPackage() gives in a process with that environment, and what it says when it throws. */
async function fetchPackage(env: NodeJS.ProcessEnv, wanted: object, parent: string) {
  const script =
    "process.stdout.write(require(process.argv[1]).fetchPackage(JSON.parse(process.argv[2]), process.argv[3]))";
  const words = ["-e", script, file, JSON.stringify(wanted), parent];
  const child = spawn(process.execPath, words, { env, cwd: env.TMPDIR });
  const said = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const)
    child[stream].setEncoding("utf8").on("data", (text) => {
      said[stream] += text;
    });
  await new Promise((resolve) => child.on("close", resolve));
  return said;
}

t.jobs = 3;
t.beforeEach((t) => void t.testdir());

t.test(
  "the user's own settings say where npm asks, not those of a folder that others can write to",
  async (t) => {
    const good = makePackage(t, "good");
    const [mine, others] = [await registry(t, good), await registry(t, makePackage(t, "evil"))];
    const env = makeHome(t, mine.url, others.url);
    // Also where the project itself is in such a folder.
    const parent = join(env.TMPDIR!, "project/build");
    const { stdout, stderr } = await fetchPackage(env, { name, version, integrity: good.integrity }, parent);
    t.equal(stderr, "");
    t.equal(readFileSync(join(stdout, "bin/node"), "utf8"), "good");
    t.equal(others.counts.asked, 0);
    t.ok(mine.counts.asked > 0);
    t.strictSame(readdirSync(parent), [`${name}-${version}`], "nothing else is left");
    t.strictSame(readdirSync(stdout).sort(), ["LICENSE", "bin", "package.json"]);
    t.equal(statSync(join(stdout, "bin/node")).uid, process.getuid!());
    t.notOk(existsSync(join(parent, "ran")));
  },
);

t.test(
  "other bytes than those that were meant are refused, whatever the registry says of them",
  async (t) => {
    const other = makePackage(t, "evil");
    const env = makeHome(t, (await registry(t, other)).url, "http://127.0.0.1:1/");
    const { integrity } = makePackage(t, "good");
    const parent = join(env.HOME!, "build");
    const { stdout, stderr } = await fetchPackage(env, { name, version, integrity }, parent);
    t.equal(stdout, "");
    t.match(
      stderr,
      `${name}@${version} from npm is not what it should be: expected ${integrity}, got ${other.integrity}`,
    );
    t.strictSame(readdirSync(parent), []);
  },
);

t.test("a registry that does not answer", async (t) => {
  const env = makeHome(t, "http://127.0.0.1:1/", "http://127.0.0.1:1/");
  const parent = join(env.HOME!, "build");
  const { stderr } = await fetchPackage(env, { name, version, integrity: "sha512-" }, parent);
  t.match(stderr, /Error: node-for-tests@20\.1\.2 could not be had from npm: .*ECONNREFUSED/s);
  t.strictSame(readdirSync(parent), []);
});

t.test("each processor has a package that is named to the last byte", async (t) => {
  t.strictSame(Object.keys(packages).sort(), ["arm", "arm64", "x64"]);
  for (const each of Object.values(packages)) {
    t.match(each.version, /^\d+\.\d+\.\d+$/);
    t.equal(Buffer.from(/^sha512-(.*)$/.exec(each.integrity)![1]!, "base64").length, 64);
  }
});
