/** Programs in a process or worker of their own, for what would stop or end the thread of the test. */

import type * as childProcess from "node:child_process";
import { spawn } from "node:child_process";
import type * as fs from "node:fs";
import type * as net from "node:net";
import { connect } from "node:net";
import { join } from "node:path";
import { deserialize, serialize } from "node:v8";
import type * as workers from "node:worker_threads";
import { Worker } from "node:worker_threads";
import type { RoSocketAddress, RoStreamSocket } from "rosock";
import type { Scope } from "./sockets.js";
import { hang, withTimeout } from "./time.js";

/** What a program gets as its first argument. */
export interface ProgramContext {
  rosock: typeof import("rosock");
  /** Where it was loaded from. */
  library: string;
  childProcess: typeof childProcess;
  fs: typeof fs;
  net: typeof net;
  workers: typeof workers;
  /** Tells the test, at once, also when this thread does not return to its event loop. */
  say(value: unknown): void;
  address(hostPort: string): RoSocketAddress;
  /** Two connected synchronous sockets. */
  pair(): { client: RoStreamSocket; server: RoStreamSocket };
  /** How many sockets this process has open. */
  openSockets(): number;
}

// From its first stream on, Node has one descriptor of /dev/null open. It must not look like one that a test has left behind.
connect({ path: "/" }).on("error", () => {});

export type ProgramSource<A extends unknown[]> = (context: ProgramContext, ...values: A) => unknown;

/** What was said and not yet asked for; next() gives it in order. */
class Speech {
  readonly #heard: unknown[] = [];
  #change: (() => void) | null = null;
  #end: string | null = null;

  hear(value: unknown): void {
    this.#heard.push(value);
    this.#change?.();
  }

  end(how: string): void {
    this.#end ??= how;
    this.#change?.();
  }

  /** The next thing said. Rejects when there is none in time, or when the program has ended. */
  async next(milliseconds: number): Promise<unknown> {
    if (this.#heard.length === 0 && this.#end === null) {
      const change = new Promise<void>((resolve) => {
        this.#change = resolve;
      });
      await withTimeout(change, "the program to say something", milliseconds);
    }
    if (this.#heard.length > 0) return this.#heard.shift();
    throw new Error(`the program has ended (${this.#end}) and had nothing more to say`);
  }
}

export interface Ending {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export class Program {
  readonly pid: number;
  readonly ended: Promise<Ending>;
  readonly #speech = new Speech();

  constructor(wrapper: string[], source: string, values: unknown[]) {
    const script = join(__dirname, "program-process.js");
    const argument = serialize({ source, values }).toString("base64");
    // The test runner puts modules of its own into NODE_OPTIONS, which handle signals.
    const [command, ...words] = [
      ...wrapper,
      "env",
      "-u",
      "NODE_OPTIONS",
      process.execPath,
      "--expose-gc",
      script,
      argument,
    ];
    const child = spawn(command!, words, {
      stdio: ["ignore", "inherit", "inherit", "pipe"],
      env: { PATH: process.env.PATH, RES_OPTIONS: "timeout:1 attempts:1" },
    });
    if (child.pid === undefined) throw new Error("the program did not start");
    this.pid = child.pid;
    let unread = "";
    child.stdio[3]!.on("data", (chunk: Buffer) => {
      const lines = (unread + chunk.toString("latin1")).split("\n");
      unread = lines.pop() ?? "";
      for (const line of lines) this.#speech.hear(deserialize(Buffer.from(line, "base64")));
    });
    this.ended = new Promise((resolve) => {
      child.once("close", (code, signal) => {
        this.#speech.end(signal ?? `code ${code}`);
        resolve({ code, signal });
      });
    });
  }

  next(milliseconds = 2 * hang): Promise<unknown> {
    return this.#speech.next(milliseconds);
  }

  signal(name: NodeJS.Signals): void {
    process.kill(this.pid, name);
  }

  async kill(): Promise<void> {
    if (await Promise.race([this.ended.then(() => true), Promise.resolve(false)])) return;
    try {
      this.signal("SIGKILL");
    } catch (error) {
      // It has ended by itself.
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
    await this.ended;
  }
}

/**
 * Starts `source` in a process of its own, run through `wrapper` if one is given (["unshare", "-rn"]). Only its text crosses: it sees nothing
 * but its arguments.
 */
export function program<A extends unknown[]>(
  t: Scope,
  source: ProgramSource<A>,
  values: A,
  wrapper: string[] = [],
): Program {
  const started = new Program(wrapper, source.toString(), values);
  t.teardown(() => started.kill());
  return started;
}

export class WorkerProgram {
  readonly worker: Worker;
  readonly ended: Promise<number>;
  readonly #speech = new Speech();

  constructor(source: string, values: unknown[]) {
    this.worker = new Worker(join(__dirname, "program-process.js"), { workerData: { source, values } });
    this.worker.on("message", (value) => this.#speech.hear(value));
    this.worker.on("error", (error) => this.#speech.end(error.stack ?? String(error)));
    this.ended = new Promise((resolve) => {
      this.worker.once("exit", (code) => {
        this.#speech.end(`code ${code}`);
        resolve(code);
      });
    });
  }

  next(milliseconds = 2 * hang): Promise<unknown> {
    return this.#speech.next(milliseconds);
  }
}

/** The same in a worker of this process. */
export function workerProgram<A extends unknown[]>(
  t: Scope,
  source: ProgramSource<A>,
  ...values: A
): WorkerProgram {
  const started = new WorkerProgram(source.toString(), values);
  t.teardown(() => started.worker.terminate());
  return started;
}
