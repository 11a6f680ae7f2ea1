// `npm run test:device -- --host root@ADDRESS`: runs tests on a box, and prints here what they say. The conformance tests and those
// of the programs; or, with --app and --tests, somebody's own against the application that was deployed there.

const fs = require("node:fs");
const { tmpdir } = require("node:os");
const { join, resolve } = require("node:path");
const { parseArgs } = require("node:util");
const { bytesOf, pack } = require("../archive.js");
const commands = require("../commands.js");
const { Device } = require("../device.js");
const { addonFor, obstacles, refuse, targetOf } = require("../fitness.js");
const { keyFile, parseAddress } = require("../inventory.js");
const { fetchNode } = require("../node.js");
const { harmless, harmlessLines, nameOf, plainOption, wholeOption } = require("../text.js");
const { findTests, stageOwn } = require("./own.js");
const remote = require("./remote.js");
const { stage } = require("./stage.js");

const usage = `npm run test:device -- --host [USER@]HOST[:PORT] [options] [-- WORDS for tests of your own]

  --host ADDRESS    the box
  --files TEXT      only files with that in their path; may be given several times
  --app DIR         the application that was deployed, for tests of your own:
  --tests GLOB      .brs and .js files that print TAP, or folders with them; may be given several times
  --library FILE    a .brs file that is compiled into each .brs test; may be given several times
  --name NAME       what the application is called on the box; default: as the folder
  --lines N         of its log, at most; default 200
  --to DIR          where on the box; default: rosock in the first of /opt, /data, /usr/local that can be written and lasts
  --with-node       with a Node of its own, sent along
  --patience N      tests may take N times as long as on a desk machine; default 5
  --jobs N          files at a time; default 1
  --identity FILE, --known-hosts FILE   for ssh`;

/** Bytes that tests may need on the disk beyond what is sent. */
const reserve = 8e6;

const strings = { type: "string", multiple: true, default: [] };

function given(words) {
  const split = words.indexOf("--");
  const { values, positionals } = parseArgs({
    args: split < 0 ? words : words.slice(0, split),
    allowPositionals: true,
    options: {
      host: { type: "string" },
      files: strings,
      app: { type: "string" },
      tests: strings,
      library: strings,
      name: { type: "string" },
      lines: { type: "string", default: "200" },
      to: { type: "string" },
      "with-node": { type: "boolean", default: false },
      patience: { type: "string", default: "5" },
      jobs: { type: "string", default: "1" },
      identity: { type: "string" },
      "known-hosts": { type: "string" },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  // A shell may have made several words of a pattern.
  if (values.tests.length > 0) values.tests.push(...positionals);
  else if (positionals.length > 0) throw new Error(`expected options, got ${positionals.join(" ")}`);
  return { ...values, words: split < 0 ? [] : words.slice(split + 1) };
}

function check(options) {
  if (options.host === undefined) throw new Error("--host is missing: which box?");
  if (options.app === undefined && options.name === undefined && options.tests.length > 0)
    throw new Error("--app is missing: the application that the tests are for");
  if (options.app !== undefined && options.tests.length === 0)
    throw new Error("--tests is missing: the files with the application's tests");
  if (options.app !== undefined && !fs.existsSync(options.app))
    throw new Error(`--app: there is no ${options.app}`);
  for (const name of ["patience", "jobs", "lines"]) wholeOption(options, name);
  for (const name of ["name", "to"]) plainOption(options, name);
  if (options.app !== undefined && options.name === undefined && nameOf(resolve(options.app)) === "")
    throw new Error("--name is missing: what the application is called on the box");
  for (const name of ["identity", "known-hosts"]) keyFile(`--${name}`, options[name]);
  for (const file of options.library) {
    if (!fs.existsSync(file)) throw new Error(`--library: there is no ${file}`);
  }
}

const print = (line) => console.log(harmless(line));

/** The application that a user's own tests are for: it must run. */
class Application {
  constructor(device, options) {
    this.device = device;
    this.name = options.name ?? nameOf(resolve(options.app));
    this.options = { ...options, name: this.name };
  }

  async mustRun() {
    const status = await commands.status(this.device, this.options);
    if (!status.includes(": running")) throw new Error(`${this.name} does not run there: ${status}`);
  }

  async log() {
    return (await commands.logs(this.device, this.options)).split("\n");
  }

  /** Prints what it has said since, and whether it still runs. */
  async tellSince(before) {
    for (const line of newLines(before, await this.log())) print(`# log: ${line}`);
    await this.mustRun();
  }
}

/** What a log has more than some time ago, of which the oldest may be gone. */
function newLines(before, after) {
  for (let length = Math.min(before.length, after.length); length > 0; length--) {
    const known = after.slice(0, length);
    if (known.every((line, index) => line === before[before.length - length + index]))
      return after.slice(length);
  }
  return after;
}

/** Makes the folder of tests as it will be on the box. */
async function prepare(folder, facts, options) {
  const own = options.tests.length > 0;
  const target = targetOf(facts);
  stage(folder, { target, addon: addonFor(target), own });
  if (own) fs.cpSync(options.compiled, join(folder, "own"), { recursive: true });
  if (options["with-node"])
    fs.cpSync(join(fetchNode(facts.arch), "bin", "node"), join(folder, "node", "bin", "node"));
}

/** Sends the tests to a folder of the box, if it can take them. */
async function send(device, dir, facts, options, work) {
  const needs = { withNode: options["with-node"], lasts: false };
  refuse(obstacles(facts, needs));
  const folder = join(work, "tests");
  await prepare(folder, facts, options);
  const archive = await pack(folder, join(work, "tests.tgz"));
  const bytes = bytesOf(folder) + archive.size + reserve;
  refuse(obstacles(facts, { ...needs, bytes }));
  print(`# sending ${(archive.size / 1e6).toFixed(1)} MB to ${dir}`);
  await remote.send(device, dir, archive);
}

/** The words for run.js on the box. */
function wordsFor({ jobs, files, tests, words }) {
  const chosen = files.flatMap((each) => ["--files", each]);
  const own = tests.length > 0 ? ["--own", "own", "--", ...words] : [];
  return ["--jobs", jobs, ...chosen, ...own];
}

/** Tests a box; how many have passed, failed, and were skipped. */
async function test(device, options, work) {
  const facts = await device.probe(options);
  const dir = `${facts.base}/.tests`;
  print(`# ${options.host}: ${facts.kernel}, ${facts.arch}, ${facts.libc} ${facts.glibc ?? ""}`);
  const application = options.tests.length > 0 ? new Application(device, options) : undefined;
  await application?.mustRun();
  const before = await application?.log();
  leave = () => remote.remove(device, dir);
  await send(device, dir, facts, options, work);
  const node = options["with-node"] ? `${dir}/node/bin/node` : facts.node;
  const run = { dir, node, patience: options.patience, words: wordsFor(options) };
  const numbers = await remote.run(device, run, print);
  try {
    await application?.tellSince(before);
  } catch (error) {
    print(`# ${error.message}`);
    numbers[1]++;
  }
  return numbers;
}

/** What is still to be done on the box when this is interrupted. */
let leave = async () => {};

/** A folder that is gone when this process ends, however it ends. */
function temporaryFolder() {
  const folder = fs.mkdtempSync(join(tmpdir(), "rosock-tests-"));
  process.on("exit", () => fs.rmSync(folder, { recursive: true, force: true }));
  const stop = () => void leave().finally(() => process.exit(1));
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, stop);
  return folder;
}

async function main() {
  const options = given(process.argv.slice(2));
  if (options.help) return console.log(usage);
  check(options);
  const address = parseAddress(options.host);
  const work = temporaryFolder();
  if (options.tests.length > 0) {
    options.compiled = join(work, "own");
    await stageOwn(options.compiled, findTests(options.tests), options.library);
  }
  const ssh = { identity: options.identity, knownHosts: options["known-hosts"] };
  const device = new Device({ ...ssh, ...address }, work);
  try {
    const [passed, failed, skipped] = await test(device, options, work);
    console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
    if (failed > 0 || passed === 0) process.exitCode = 1;
  } finally {
    await device.hangUp();
  }
}

main().catch((error) => {
  console.error(harmlessLines(`test:device: ${error.message}`));
  process.exitCode = 1;
});
