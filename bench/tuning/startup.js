// How long a start takes: from sources and compiled, with V8's code of the runtime and without, with flags and without.

const { execFileSync, spawn } = require("node:child_process");
const { cpSync, existsSync, mkdirSync } = require("node:fs");
const { once } = require("node:events");
const { join } = require("node:path");
const {
  echoServer,
  median,
  printTable,
  processorTime,
  root,
  stop,
  temporaryFolder,
} = require("./measure.js");

const rounds = 15;
const source = join(root, "examples/echo-server.brs");
const flags = ["--max-semi-space-size=1", "--max-old-space-size=60"];

/** An installed rosock without V8's code, or with that of a Node with these flags. */
function install(withFlags) {
  const home = join(temporaryFolder(), "rosock");
  const isNeeded = (path) => !/\/dist\/(brightscript|code)(\/|$)|\.map$/.test(path);
  cpSync(join(root, "dist"), join(home, "dist"), { recursive: true, filter: isNeeded });
  cpSync(join(root, "package.json"), join(home, "package.json"));
  for (const name of ["build/Release/rosock.node", "prebuilds", "scripts/code-cache.js"])
    if (existsSync(join(root, name))) cpSync(join(root, name), join(home, name), { recursive: true });
  if (withFlags !== undefined)
    execFileSync(process.execPath, [...withFlags, join(home, "scripts/code-cache.js")], { stdio: "ignore" });
  return home;
}

/** The wall and processor time until a Node says something, in milliseconds. */
async function timed(words, env = process.env) {
  const begun = performance.now();
  const child = spawn(process.execPath, words, { env, stdio: ["ignore", "pipe", "inherit"] });
  await once(child.stdout, "data");
  const result = { wall: performance.now() - begun, processor: processorTime(child.pid) };
  await stop(child);
  return result;
}

/** Until the echo server listens. */
function start(home, nodeFlags, program, cache) {
  const words = [...nodeFlags, join(home, "dist/cli/rosock.js"), "run", program, "--", "port=0"];
  return timed(words, { ...process.env, XDG_CACHE_HOME: cache });
}

const bare = () => timed(["-e", "console.log(1); setInterval(() => {}, 1000)"]);

module.exports = async function main() {
  const plain = install();
  const fast = install([]);
  const fastWithFlags = install(flags);
  const kept = temporaryFolder();
  const fresh = () => {
    const folder = join(temporaryFolder(), "cache");
    mkdirSync(folder);
    return folder;
  };
  const built = echoServer();
  const variants = [
    ["node alone", bare],
    ["sources, first time", () => start(plain, [], source, fresh())],
    ["sources, again", () => start(plain, [], source, kept)],
    ["compiled", () => start(plain, [], built, kept)],
    ["sources, first time, V8's code", () => start(fast, [], source, fresh())],
    ["sources, again, V8's code", () => start(fast, [], source, kept)],
    ["compiled, V8's code", () => start(fast, [], built, kept)],
    ["compiled, V8's code without the flags", () => start(fast, flags, built, kept)],
    ["compiled, V8's code with the flags", () => start(fastWithFlags, flags, built, kept)],
  ];
  const results = variants.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const [index, [, measure]] of variants.entries()) results[index].push(await measure());
  }
  const of = (index, name) => median(results[index].map((result) => result[name])).toFixed(0);
  const rows = variants.map(([name], index) => [name, of(index, "wall"), of(index, "processor")]);
  printTable(["program", "until it listens, ms", "processor, ms"], rows);
};
