/**
 * A peer in a process of its own, so that it goes on while a blocking call stops this thread. It can be driven both from code that
 * never returns to the event loop (call) and ahead of a blocking call (start).
 */

import type * as childProcess from "node:child_process";
import { execFileSync, spawn } from "node:child_process";
import type * as dgram from "node:dgram";
import type { EventEmitter } from "node:events";
import * as fs from "node:fs";
import type * as net from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deserialize, serialize } from "node:v8";
import type * as rosock from "rosock";
import type { Scope } from "./sockets.js";
import { hang, patience, pause } from "./time.js";

/** What a function that runs in the peer gets as its first argument. */
export interface PeerContext {
  net: typeof net;
  dgram: typeof dgram;
  fs: typeof fs;
  childProcess: typeof childProcess;
  /** Loaded when first used: for what needs rosock in another process, with other limits, in another network. */
  rosock: typeof rosock;
  /** Kept between commands. */
  // biome-ignore lint/suspicious/noExplicitAny: what a test keeps in its peer is the test's own business
  state: Record<string, any>;
  /** The first value of the next event; rejects on "error". */
  // biome-ignore lint/suspicious/noExplicitAny: as above
  once(emitter: EventEmitter, event: string): Promise<any>;
}

type Work<A extends unknown[], R> = (context: PeerContext, ...values: A) => R;

export interface Pending<R> {
  /** Stops this thread until the peer has answered. */
  result(milliseconds?: number): R;
  /** Whether it has answered. */
  done(): boolean;
}

interface Reply {
  id: number;
  value?: unknown;
  error?: string;
}

export class Peer {
  readonly pid: number;
  readonly #commands: number;
  readonly #replies: number;
  readonly #child: childProcess.ChildProcess;
  readonly #answered = new Map<number, Reply>();
  #unread = "";
  #next = 1;

  constructor(command: string[] = []) {
    // Named pipes, because Node makes no pipe that can be read and written without its event loop.
    const folder = fs.mkdtempSync(join(tmpdir(), "rosock-peer-"));
    const [commands, replies] = [join(folder, "commands"), join(folder, "replies")];
    execFileSync("mkfifo", [commands, replies]);
    // The reading end first and without blocking; otherwise opening waits for the other end.
    const readOnly = fs.constants.O_RDONLY | fs.constants.O_NONBLOCK;
    const childInput = fs.openSync(commands, readOnly);
    this.#commands = fs.openSync(commands, fs.constants.O_WRONLY);
    this.#replies = fs.openSync(replies, readOnly);
    const childOutput = fs.openSync(replies, fs.constants.O_WRONLY);
    const [program = "", ...values] = [
      ...command,
      "env",
      "-u",
      "NODE_OPTIONS",
      process.execPath,
      join(__dirname, "peer-process.js"),
    ];
    this.#child = spawn(program, values, {
      stdio: [childInput, "ignore", "inherit", childOutput],
      env: { PATH: process.env.PATH },
    });
    if (this.#child.pid === undefined) throw new Error("the peer did not start");
    this.pid = this.#child.pid;
    // It ends with its input, that is, with this process; until then it must not keep this process alive.
    this.#child.unref();
    fs.closeSync(childInput);
    fs.closeSync(childOutput);
    fs.rmSync(folder, { recursive: true });
  }

  /**
   * Has the peer run `work`; returns at once. The function's source is what crosses, so it sees nothing of the test but its arguments:
   * no imports, no variables around it. Arguments and result are cloned.
   */
  start<A extends unknown[], R>(work: Work<A, R>, ...values: A): Pending<Awaited<R>> {
    const id = this.#next++;
    const line = `${serialize({ id, source: work.toString(), values }).toString("base64")}\n`;
    fs.writeSync(this.#commands, line);
    return {
      done: () => {
        this.#read();
        return this.#answered.has(id);
      },
      result: (milliseconds = 2 * hang) => this.#result(id, milliseconds) as Awaited<R>,
    };
  }

  /** Has the peer run `work` and stops this thread until it has. */
  call<A extends unknown[], R>(work: Work<A, R>, ...values: A): Awaited<R> {
    return this.start(work, ...values).result();
  }

  /** SIGKILL, SIGSTOP, SIGCONT: what makes a peer vanish, freeze and come back. */
  signal(name: NodeJS.Signals): void {
    process.kill(this.pid, name);
  }

  async end(): Promise<void> {
    fs.closeSync(this.#commands);
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const gone = new Promise((resolve) => this.#child.once("exit", resolve));
      this.#child.kill("SIGKILL");
      this.#child.ref();
      await gone;
    }
    fs.closeSync(this.#replies);
  }

  #result(id: number, milliseconds: number): unknown {
    const end = performance.now() + milliseconds * patience;
    for (;;) {
      this.#read();
      const reply = this.#answered.get(id);
      if (reply) {
        if (reply.error !== undefined) throw new Error(`in the peer: ${reply.error}`);
        return reply.value;
      }
      if (performance.now() > end) throw new Error(`no answer from the peer after ${milliseconds} ms`);
      pause(1);
    }
  }

  #read(): void {
    const chunk = Buffer.allocUnsafe(65_536);
    for (;;) {
      let count: number;
      try {
        count = fs.readSync(this.#replies, chunk);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "EAGAIN") return;
        throw error;
      }
      if (count === 0) {
        throw new Error("the peer has ended");
      }
      const lines = (this.#unread + chunk.toString("latin1", 0, count)).split("\n");
      this.#unread = lines.pop() ?? "";
      for (const line of lines) {
        const reply = deserialize(Buffer.from(line, "base64")) as Reply;
        this.#answered.set(reply.id, reply);
      }
    }
  }
}

/** A peer that lives as long as the test. Starting one takes about 50 ms: share it among the tests of a file. */
export function peer(t: Scope): Peer {
  return ending(t, new Peer());
}

/** A peer that may have at most `count` descriptors open. */
export function peerWithDescriptors(t: Scope, count: number): Peer {
  return ending(t, new Peer(["sh", "-c", `ulimit -n ${count} && exec "$@"`, "sh"]));
}

/** A peer in a network of its own, set up by `commands` of the shell; loopback is up. See skipWithoutNetworks. */
export function peerInNetwork(t: Scope, commands: string): Peer {
  return ending(
    t,
    new Peer(["unshare", "-rn", "sh", "-ec", `ip link set lo up\n${commands}\nexec "$@"`, "sh"]),
  );
}

function ending(t: Scope, made: Peer): Peer {
  t.teardown(() => made.end());
  return made;
}
