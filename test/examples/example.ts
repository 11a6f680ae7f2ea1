/** Examples as child processes, and clients to talk to those that are servers. */

import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import type { Readable } from "node:stream";
import type { Scope } from "../support/index.js";
import { waitFor, withTimeout } from "../support/index.js";

const root = join(__dirname, "../../..");
// Without what tap adds to its own environment: its signal handlers would change what Ctrl-C does.
const env = { PATH: process.env.PATH, XDG_CACHE_HOME: join(root, "out/.cache") };

/** What runs an example: "name" is in TypeScript, "name.brs" in BrightScript. */
function commandOf(name: string): string[] {
  if (!name.endsWith(".brs")) return [join(root, "out/examples", `${name}.js`)];
  return [join(root, "dist/cli/rosock.js"), "run", join(root, "examples", name), "--"];
}

export class Example {
  readonly child: ChildProcessByStdio<null, Readable, Readable>;
  output = "";
  errors = "";
  readonly #ended: Promise<unknown[]>;

  constructor(name: string, words: string[]) {
    this.child = spawn("env", ["-u", "NODE_OPTIONS", process.execPath, ...commandOf(name), ...words], {
      stdio: ["ignore", "pipe", "pipe"],
      env,
    });
    this.child.stdout.setEncoding("utf8").on("data", (text) => {
      this.output += text;
    });
    this.child.stderr.setEncoding("utf8").on("data", (text) => {
      this.errors += text;
    });
    this.#ended = once(this.child, "close");
  }

  /** Waits until it has printed something like that. */
  async printed(pattern: RegExp): Promise<RegExpExecArray> {
    return waitFor(() => pattern.exec(this.output), `${pattern} in ${JSON.stringify(this.output)}`);
  }

  /** The port it says it is on. */
  async portNumber(): Promise<number> {
    return Number((await this.printed(/on 127\.0\.0\.1:(\d+)/))[1]);
  }

  /** How it ended: a status, or a signal's name. */
  async ended(): Promise<number | string> {
    const [code, signal] = await withTimeout(this.#ended, "the example to end");
    return (code ?? signal) as number | string;
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }
}

/** Starts an example of that name; it ends with the test. */
export function example(t: Scope, name: string, ...words: string[]): Example {
  const started = new Example(name, words);
  t.teardown(async () => {
    started.kill("SIGKILL");
    await started.ended();
  });
  return started;
}

export class Client {
  heard = "";
  bytes = 0;
  readonly ended: Promise<unknown>;

  constructor(readonly socket: Socket) {
    this.ended = once(socket, "close");
    socket.on("data", (data) => {
      this.heard += data.toString("latin1");
      this.bytes += data.length;
    });
    socket.on("error", () => {}); // Some examples drop their clients.
  }

  async hears(text: string): Promise<void> {
    await waitFor(() => this.heard.includes(text), `${text} in ${JSON.stringify(this.heard.slice(-200))}`);
  }
}

/** A client of Node's own. */
export async function client(t: Scope, portNumber: number): Promise<Client> {
  const socket = connect(portNumber, "127.0.0.1");
  t.teardown(() => socket.destroy());
  const made = new Client(socket);
  await withTimeout(once(socket, "connect"), "a connection");
  return made;
}

/** Runs an example with arguments it cannot do with: what it said, in one line, and its status. */
export async function refusal(t: Scope, name: string, ...words: string[]): Promise<string> {
  const refusing = example(t, name, ...words);
  const status = await refusing.ended();
  const said = refusing.errors.trimEnd();
  return `${status} ${refusing.output}${said.includes("\n") ? "more than one line" : said}`.trimEnd();
}
