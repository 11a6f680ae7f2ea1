/** Programs in BrightScript as child processes, started as their users start them. */

import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { type Activity, activity, activitySince } from "../support/activity.js";
import { hang, patience, type Scope, waitFor, withTimeout } from "../support/index.js";

export const root = join(__dirname, "../../..");
const folder = join(root, "test/programs");
const command = join(root, "dist/cli/rosock.js");
// Without what tap adds to its own environment: its signal handlers would change what Ctrl-C does.
const env = { PATH: process.env.PATH };

/** Longer than in other tests, since a program takes some time to start on a machine that is busy. */
const limit = 2 * hang;

export interface Options {
  /** Words before Main's, such as ["--data", "/tmp/x"]. */
  flags?: string[];
  /** A command that runs it, such as ["unshare", "-rn"]. */
  wrapper?: string[];
}

export class RunningProgram {
  readonly child: ChildProcessByStdio<null, Readable, Readable>;
  output = "";
  errors = "";
  readonly #ended: Promise<unknown[]>;
  #over = false;

  constructor(files: string[], values: Record<string, string | number>, options: Options) {
    const given = Object.entries(values).map(([name, value]) => `${name}=${value}`);
    const [first = "env", ...words] = [...(options.wrapper ?? []), "env", "-u", "NODE_OPTIONS"];
    const run = [process.execPath, command, "run", ...(options.flags ?? []), ...files, "--", ...given];
    this.child = spawn(first, [...words, ...run], { stdio: ["ignore", "pipe", "pipe"], env, cwd: folder });
    this.child.stdout.setEncoding("utf8").on("data", (text) => {
      this.output += text;
    });
    this.child.stderr.setEncoding("utf8").on("data", (text) => {
      this.errors += text;
    });
    this.#ended = once(this.child, "close").finally(() => {
      this.#over = true;
    });
  }

  get pid(): number {
    return this.child.pid!;
  }

  /** Waits until it has printed something like that. */
  async printed(pattern: RegExp): Promise<RegExpExecArray> {
    let found: RegExpExecArray | null = null;
    const known = () => {
      const over = this.#over; // Asked first: what it has printed is complete then.
      found = pattern.exec(this.output);
      return found !== null || over;
    };
    await waitFor(known, `${pattern} in ${JSON.stringify(this.output)}`, limit);
    if (found !== null) return found;
    throw new Error(`it ended and never printed ${pattern}: ${JSON.stringify(this.output)} ${this.errors}`);
  }

  /** The port it says it is on. */
  async portNumber(): Promise<number> {
    return Number((await this.printed(/^listening on 127\.0\.0\.1:(\d+)$/m))[1]);
  }

  /** How it ended: a status, or a signal's name. */
  async ended(): Promise<number | string> {
    const what = `the program to end, which said ${JSON.stringify(this.output.slice(-500))} ${this.errors}`;
    const [code, signal] = await withTimeout(this.#ended, what, limit);
    return (code ?? signal) as number | string;
  }

  /** That it runs and has nothing to say about itself: no error, no warning. */
  get sound(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null && this.errors === "";
  }

  /** What it does in 300 ms in which it has nothing to do: in the first of some in which it is idle, if there are such. */
  async idles(attempts = 20): Promise<Activity> {
    const before = activity(this.pid);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const since = activitySince(this.pid, before);
    return isIdle(since) || attempts === 1 ? since : this.idles(attempts - 1);
  }
}

/**
 * Runs a program of test/programs: a folder, one file, or several. It ends with the test.
 * @param values what Main gets
 */
export function run(
  t: Scope,
  files: string | string[],
  values: Record<string, string | number> = {},
  options: Options = {},
): RunningProgram {
  const started = new RunningProgram([files].flat(), values, options);
  t.teardown(async () => {
    started.child.kill("SIGKILL");
    await started.ended();
    if (started.errors !== "") process.stderr.write(started.errors); // Tells more than what the test missed.
  });
  return started;
}

/** A program that waits wakes up now and then, for its own timeouts and for Node's threads; one that spins does so all the time. */
export function isIdle({ ticks, switches }: Activity): boolean {
  const slack = Math.min(patience, 5); // More would let one pass that spins.
  return ticks <= 4 * slack && switches <= 45 * slack;
}
