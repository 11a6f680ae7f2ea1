// What is sent to a box: one archive with the compiled application, the runtime and the addon for its processor, and what starts,
// watches and checks it there.

const { execFile } = require("node:child_process");
const { createHash } = require("node:crypto");
const fs = require("node:fs");
const { join, relative, resolve, sep } = require("node:path");
const { promisify } = require("node:util");
const { quote } = require("./quote.js");

const run = promisify(execFile);
const root = join(__dirname, "..");

/** What of dist/ is of no use on a box: what is bundled, V8's code, declarations and maps. */
const isLeftOut = (path) =>
  /^(brightscript|code)(\/|$)|^cli\/(?!(rosock|launch)\.js$)|\.(d\.m?ts|map)$/.test(path);

/** Flags for V8, by the MiB that the program may have: see docs/tuning.md. */
const v8Flags = (memory) => [`--max-old-space-size=${Math.floor(memory / 2)}`, "--max-semi-space-size=2"];

/** Compiles a program, which may have further files, into a folder; the warnings. Throws what the compiler says. */
async function compile(program, target, more = []) {
  try {
    // Whole paths: a file's name may begin with a -.
    const sources = [program, ...more].map((file) => resolve(file));
    const words = [join(root, "dist", "cli", "rosock.js"), "build", ...sources, "-o", target];
    const { stderr } = await run(process.execPath, words);
    return stderr.trim();
  } catch (error) {
    throw new Error(`${program} does not compile:\n${(error.stderr || error.message).trim()}`);
  }
}

/** The settings of a release, for the scripts on the box. */
function releaseSettings({ name, node, user, facts, memory, health, healthSeconds }) {
  const settings = {
    NAME: name,
    NODE: node,
    RUN_AS: user,
    INIT: facts.init,
    INITD: facts.initd ?? "",
    MEMORY: memory,
    HEALTH: health,
    HEALTH_SECONDS: healthSeconds,
  };
  return Object.entries(settings)
    .map(([key, value]) => `${key}=${quote(String(value))}\n`)
    .join("");
}

/** A script that runs Node in the release's folder. */
function writeScript(file, words, mask = "022") {
  const line = words.map(quote).join(" ");
  fs.writeFileSync(file, `#!/bin/sh\numask ${mask}\ncd "\${0%/*}" && exec ${line}\n`, { mode: 0o755 });
}

/** The runtime, with the addon for a target, and the compiler where programs are run from their sources. */
function copyRuntime(home, { target, addon, compiler = false }) {
  const dist = join(root, "dist");
  const filter = (path) => {
    const name = relative(dist, path).replaceAll(sep, "/");
    return !isLeftOut(name) && (compiler || name !== "parser.js");
  };
  fs.cpSync(dist, join(home, "dist"), { recursive: true, filter });
  for (const file of ["package.json", "LICENSE", "scripts/code-cache.js"])
    fs.cpSync(join(root, file), join(home, file));
  fs.cpSync(addon, join(home, "prebuilds", target.name, target.prebuild));
}

/** Puts the files of a release into `folder`. */
function stage(folder, release) {
  const { programs, dir, words, memory, node, nodeHome } = release;
  fs.cpSync(programs.application, join(folder, "app"), { recursive: true });
  fs.cpSync(join(__dirname, "device"), join(folder, "device"), { recursive: true });
  fs.cpSync(programs.sample, join(folder, "device", "sample"), { recursive: true });
  copyRuntime(join(folder, "rosock"), release);
  if (nodeHome !== undefined) {
    for (const file of ["bin/node", "LICENSE"]) fs.cpSync(join(nodeHome, file), join(folder, "node", file));
  }
  // V8's code is good for the same flags only.
  const start = [node, ...v8Flags(memory)];
  writeScript(join(folder, "prepare"), [...start, "rosock/scripts/code-cache.js", "device/sample"]);
  // What is sent was compiled elsewhere, from where the box knows no seal.
  const program = ["rosock/dist/cli/rosock.js", "run", "app", "--trust", "--data", `${dir}/data`];
  writeScript(join(folder, "start"), [...start, ...program, "--", ...words], "077");
  fs.writeFileSync(join(folder, "release.env"), releaseSettings(release));
}

/** The bytes of all files below a folder. */
function bytesOf(folder) {
  return fs
    .readdirSync(folder, { recursive: true })
    .map((path) => fs.lstatSync(join(folder, path)))
    .reduce((sum, entry) => sum + (entry.isFile() ? entry.size : 0), 0);
}

/** Compiles what all boxes get: the application, and the program by which the runtime is tried on a box. */
async function compilePrograms(work, app) {
  const programs = { application: join(work, "application"), sample: join(work, "sample") };
  const source = join(work, "sample.brs");
  fs.writeFileSync(source, require("../scripts/code-cache.js").program);
  const warnings = await compile(app, programs.application);
  await compile(source, programs.sample);
  return { programs, warnings };
}

/** Makes one file of a folder: its path, its SHA-256 and its bytes. */
async function pack(folder, file) {
  // ustar is what every tar reads; a name that is too long for it is refused here. Modes as on the box, not as here.
  const form = ["--format=ustar", "--owner=0", "--group=0", "--numeric-owner", "--sort=name"];
  await run("tar", ["-C", folder, ...form, "--mode=u=rwX,go=rX", "-czf", file, "."]).catch((error) => {
    throw new Error(`the archive could not be made: ${(error.stderr || error.message).trim()}`);
  });
  const sum = createHash("sha256").update(fs.readFileSync(file)).digest("hex");
  return { file, sum, size: fs.statSync(file).size };
}

/**
 * Makes the archive of a release in a folder of its own in `work`.
 *
 * @param release - see stage() and releaseSettings(); `nodeHome` a folder with a Node to send along
 * @returns its file, its SHA-256, the release's name, its bytes, and how many it takes up when unpacked
 */
async function makeArchive(work, release) {
  const place = fs.mkdtempSync(join(work, "release-"));
  const folder = join(place, "files");
  stage(folder, release);
  const packed = await pack(folder, join(place, "release.tgz"));
  const time = new Date()
    .toISOString()
    .replace(/[-:]|\..*/g, "")
    .replace("T", "-");
  const bytes = bytesOf(folder);
  fs.rmSync(folder, { recursive: true });
  return { ...packed, version: `${time}-${packed.sum.slice(0, 8)}`, bytes };
}

module.exports = { bytesOf, compile, compilePrograms, copyRuntime, makeArchive, pack };
