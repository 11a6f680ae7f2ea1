// `npm run test:sanitize`: builds the addon with the address and undefined-behaviour sanitizers, beside the usual build, and
// runs the tests that reach it: all below out/test, or those whose path contains one of the arguments.
//
// Node itself is not instrumented, so the sanitizer's library is loaded before it; that of the children too, since a child is
// started through process.execPath, which is made to name a wrapper here. Reports go to files, one for each process.

const { spawn, spawnSync } = require("node:child_process");
const fs = require("node:fs");
const { join, relative } = require("node:path");
const { buildAddon } = require("./build-addon.js");

const root = join(__dirname, "..");
const folder = join(root, "build", "sanitize");
const reports = join(folder, "reports");
const wrapper = join(folder, "node");
const jobs = 2;
const shownLines = 150; // Of a failed one.
const allocatingFrames = 8; // From the allocator through the library's containers to whoever wanted the memory.
const limit = 120_000; // Of one test file, in milliseconds.
const areas = ["conformance", "native", "properties"];
const left = "memory.test.js"; // The sanitizer keeps freed memory for a while.

const sanitizers = "-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer -g -O1";

function fail(message) {
  console.error(`test:sanitize: ${message}`);
  process.exit(1);
}

function library() {
  const compiler = process.env.CXX ?? "g++";
  const found = spawnSync(compiler, ["-print-file-name=libasan.so"], { encoding: "utf8" }).stdout?.trim();
  // A compiler without it gives the bare name back.
  if (!found?.startsWith("/")) fail(`${compiler} has no address sanitizer; on Debian, g++ brings libasan`);
  return fs.realpathSync(found);
}

function build() {
  const env = { CXXFLAGS: sanitizers, LDFLAGS: sanitizers };
  if (buildAddon(folder, ["--loglevel=error"], env) !== 0) fail("the addon did not build");
  fs.mkdirSync(reports);
}

/** A `node` that runs with the sanitizers and has its children do so; other programs that it starts run as ever. */
function makeWrapper(leaks) {
  const preload = join(folder, "preload.js");
  fs.writeFileSync(
    preload,
    `delete process.env.LD_PRELOAD;\nprocess.execPath = ${JSON.stringify(wrapper)};\n`,
  );
  const log = `log_path=${join(reports, "report")}`;
  const settings = {
    ROSOCK_ADDON: join(folder, "build", "Release", "rosock.node"),
    LD_PRELOAD: library(),
    // A huge allocation is refused, as without the sanitizer.
    ASAN_OPTIONS: `${log}:detect_leaks=${leaks ? 1 : 0}:allocator_may_return_null=1:detect_stack_use_after_return=1`,
    // Node leaks at its exit, by intent; see ours().
    LSAN_OPTIONS: "exitcode=0",
    UBSAN_OPTIONS: "print_stacktrace=1",
  };
  const lines = Object.entries(settings).map(([name, value]) => `export ${name}='${value}'`);
  const script = ["#!/bin/sh", ...lines, `exec '${process.execPath}' -r '${preload}' "$@"`, ""].join("\n");
  fs.writeFileSync(wrapper, script, { mode: 0o755 });
}

/** Leak detection stops the process by ptrace, which some containers do not allow. */
function prepare() {
  makeWrapper(true);
  if (spawnSync(wrapper, ["-e", "0"]).status === 0) return;
  console.log("no leak detection: this system does not let a process trace itself");
  makeWrapper(false);
  fs.rmSync(reports, { recursive: true });
  fs.mkdirSync(reports);
}

function testFiles(filters) {
  const files = areas.flatMap((area) => {
    const at = join(root, "out", "test", area);
    const names = fs.existsSync(at) ? fs.readdirSync(at, { recursive: true }) : [];
    return names.filter((name) => name.endsWith(".test.js") && name !== left).map((name) => join(at, name));
  });
  return files.filter((file) => filters.length === 0 || filters.some((filter) => file.includes(filter)));
}

/** What a process reported of the addon: all but the leaks of what Node itself allocated, and that a thread was just ending. */
function ours(text) {
  const report = text.replace(/^==\d+==Unable to get registers from thread \d+\.$/gm, "").trim();
  if (!report.includes("ERROR: LeakSanitizer")) return report;
  const leaks = report.split(/\n\n/).filter((block) => / leak of /.test(block));
  const allocatedByUs = (block) =>
    block
      .split("\n")
      .slice(1, allocatingFrames)
      .some((line) => /\brosock::/.test(line));
  return leaks.filter(allocatedByUs).join("\n\n");
}

/** Runs one test file; what went wrong, or "". */
function run(file) {
  return new Promise((resolve) => {
    const child = spawn(wrapper, ["--expose-gc", file], { stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      child.kill("SIGKILL");
    }, limit);
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      // Undefined behaviour is told on stderr; in a child that the test kills, nothing else may show it.
      if (code === 0 && !/runtime error:|Sanitizer/.test(output)) return resolve("");
      const how = late ? `not done after ${limit / 1000} s` : (signal ?? `exit code ${code}`);
      const lines = output.split("\n").filter((line) => !/^\s*(ok \d|# Subtest|$)/.test(line));
      resolve(`${how}\n${lines.slice(-shownLines).join("\n")}`);
    });
  });
}

async function main() {
  const begun = Date.now();
  build();
  prepare();
  const files = testFiles(process.argv.slice(2));
  if (files.length === 0) fail("no tests found: npm run build:ts first");
  const failed = [];
  const queue = [...files];
  const work = async () => {
    for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
      const start = Date.now();
      const wrong = await run(file);
      const name = relative(join(root, "out"), file);
      console.log(`${wrong ? "not ok" : "ok"} - ${name} (${((Date.now() - start) / 1000).toFixed(1)} s)`);
      if (wrong) failed.push({ name, wrong });
    }
  };
  await Promise.all(Array.from({ length: jobs }, work));

  for (const { name, wrong } of failed) console.log(`\n==== ${name}: ${wrong}`);
  const found = fs
    .readdirSync(reports)
    .map((name) => ours(fs.readFileSync(join(reports, name), "utf8")))
    .filter((report) => report !== "");
  for (const report of found) console.log(`\n==== report\n${report}`);
  const seconds = ((Date.now() - begun) / 1000).toFixed(0);
  console.log(
    `\ntest:sanitize: ${files.length} test files, ${failed.length} failed; ${found.length} sanitizer reports; ${seconds} s`,
  );
  process.exitCode = failed.length > 0 || found.length > 0 ? 1 : 0;
}

void main();
