/**
 * Runs tests on the machine it is on, prints their TAP as one, and at the end `N passed, N failed, N skipped`: of the tests at the
 * top level of each file. Without --own it runs what is in conformance/ and programs/.
 *
 *     node run.js [--jobs N] [--files TEXT …] [--own FOLDER] [-- WORDS for them]
 */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { Count, summary, type Tally } from "./count.js";

const areas = ["conformance", "programs"];
const command = join(__dirname, "../../../dist/cli/rosock.js");

/** How long a file may take, in milliseconds. */
const limit = 120_000 * Number(process.env.ROSOCK_PATIENCE ?? 1);

const running = new Set<ChildProcess>();

function filesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .sort()
    .map((name) => join(folder, name));
}

const isTest = (file: string): boolean => file.endsWith(".test.js");

/** The words for Node that run a file: a script, or the folder of a BrightScript program that was compiled. */
function wordsFor(file: string, words: string[]): string[] {
  if (/\.[cm]?js$/.test(file)) return ["--expose-gc", file, ...words];
  return [command, "run", file, "--trust", "--", ...words];
}

/** In a group of its own, since it may have started others, and may hang. */
function start(file: string, words: string[]): ChildProcess {
  const child = spawn(process.execPath, wordsFor(file, words), {
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.add(child);
  return child;
}

function end(child: ChildProcess): void {
  try {
    process.kill(-child.pid!, "SIGKILL");
  } catch {
    // It has ended already.
  }
}

/** Runs one file; what it says goes line by line to `write`. */
async function run(file: string, words: string[], write: (line: string) => void): Promise<Tally> {
  const count = new Count();
  const child = start(file, words);
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    end(child);
  }, limit);
  createInterface({ input: child.stdout! }).on("line", (line) => {
    count.hear(line);
    write(`    ${line}`);
  });
  createInterface({ input: child.stderr! }).on("line", (line) => write(`    # ${line}`));
  const how = await new Promise<number | string>((resolve) => {
    child.on("error", (error) => resolve(error.message));
    // What it has left behind may keep its output open.
    child.on("exit", () => end(child));
    child.on("close", (code, signal) => resolve(code ?? signal!));
  });
  clearTimeout(timer);
  running.delete(child);
  count.end(late ? `SIGKILL: not done after ${limit / 1000} s` : how);
  for (const problem of count.problems) write(`    # ${problem}`);
  return count.tally;
}

/** Runs files, some at a time; with more than one the lines of each come when it has ended. */
async function runAll(files: string[], words: string[], jobs: number): Promise<Tally> {
  const sum = { passed: 0, failed: 0, skipped: 0 };
  const queue = [...files];
  let done = 0;
  const worker = async () => {
    for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
      const lines: string[] = [];
      const write = jobs > 1 ? (line: string) => void lines.push(line) : (line: string) => console.log(line);
      write(`# Subtest: ${basename(file)}`);
      const begun = performance.now();
      const tally = await run(file, words, write);
      const time = ((performance.now() - begun) / 1000).toFixed(1);
      write(`${tally.failed > 0 ? "not ok" : "ok"} ${++done} - ${basename(file)} # time=${time}s`);
      if (lines.length > 0) console.log(lines.join("\n"));
      for (const key of ["passed", "failed", "skipped"] as const) sum[key] += tally[key];
    }
  };
  await Promise.all(Array.from({ length: jobs }, worker));
  return sum;
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      jobs: { type: "string", default: "1" },
      files: { type: "string", multiple: true, default: [] },
      own: { type: "string" },
    },
  });
  const all =
    values.own !== undefined
      ? filesIn(values.own)
      : areas.flatMap((area) => filesIn(join(__dirname, "..", area)).filter(isTest));
  const isWanted = (file: string) =>
    values.files.some((part) => join(basename(dirname(file)), basename(file)).includes(part));
  const files = values.files.length === 0 ? all : all.filter(isWanted);
  console.log("TAP version 14");
  const sum = await runAll(files, positionals, Number(values.jobs));
  console.log(`1..${files.length}`);
  console.log(summary(sum));
  process.exitCode = sum.failed > 0 || files.length === 0 ? 1 : 0;
}

/** Nothing goes on when this ends, or nobody reads it any more. */
function giveUp(): void {
  for (const child of running) end(child);
  process.exit(1);
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, giveUp);
process.stdout.on("error", giveUp);
void main();
