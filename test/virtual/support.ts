/** Virtual boxes to deploy to, and programs for them. */
import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t, { type Test } from "tap";
import { waitFor } from "../support/index.js";

const root = join(__dirname, "../../..");

/** Milliseconds that a test with a box may take: an emulator on a busy machine is slow. */
export const limit = 900_000;

export interface Box {
  /** The ssh command for it, up to the remote command. */
  readonly ssh: string[];
  readonly key: string;
  readonly knownHosts: string;
  port(guest: number): number;
  run(command: string): { status: number | null; stdout: string; stderr: string };
  start(): Promise<void>;
  cut(): Promise<void>;
  dispose(): Promise<void>;
}

export type BoxKind = "arm" | "arm64" | "arm-on-arm64";

interface BoxOptions {
  kind: BoxKind;
  memory?: number;
  disk?: string;
  node?: boolean;
}

const { Box: Boxes, missingPackages } = require(join(root, "deploy/virtual/box.js"));

/** For tap's `skip`: false when a box of that kind can be made here, else a line that says how. */
export function skipWithoutBox(kind: BoxKind): false | string {
  const missing: string[] = missingPackages(kind);
  return missing.length === 0 ? false : `a virtual box needs apt-get install ${missing.join(" ")}`;
}

/** A box that is up, and is thrown away after the test. */
export async function startBox(t: Test, options: BoxOptions): Promise<Box> {
  const box: Box = await Boxes.make({ node: true, ...options });
  t.teardown(() => box.dispose());
  await box.start();
  return box;
}

/** A test with an application, and a box that is like most: a 64-bit kernel and 32-bit programs. */
export function testOnBox(
  name: string,
  options: Omit<BoxOptions, "kind">,
  work: (t: Test, box: Box, app: string) => Promise<void>,
): void {
  const kind = "arm-on-arm64";
  t.test(name, { skip: skipWithoutBox(kind), timeout: limit }, async (t) =>
    work(t, await startBox(t, { kind, ...options }), echoApplication(t)),
  );
}

export const echoPort = 54321;

/** An application's folder, with the echo server of the examples as its program. */
export function echoApplication(t: Test): string {
  const folder = mkdtempSync(join(tmpdir(), "rosock-app-"));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, "source"));
  writeFileSync(join(folder, "manifest"), "title=Echo\nmajor_version=1\n");
  cpSync(join(root, "examples/echo-server.brs"), join(folder, "source/main.brs"));
  return folder;
}

/** Changes an application so that its program ends at once. */
export function breakApplication(folder: string): void {
  writeFileSync(
    join(folder, "source/main.brs"),
    'sub main()\n  print "broken release"\n  x = 1 / 0\nend sub\n',
  );
}

export interface Outcome {
  status: number | null;
  output: string;
}

export class Deployment {
  output = "";
  readonly #ended: Promise<number | null>;
  readonly child;

  constructor(words: string[], program: string[] = []) {
    this.child = spawn(
      process.execPath,
      [join(root, "deploy/main.js"), ...words, ...(program.length > 0 ? ["--", ...program] : [])],
      { stdio: ["ignore", "pipe", "pipe"] },
    );
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        this.output += text;
      });
    }
    this.#ended = new Promise((resolve) => this.child.on("close", resolve));
  }

  async end(): Promise<Outcome> {
    const status = await this.#ended;
    return { status, output: this.output };
  }

  /** Waits until it has said something like that, or ended. */
  async said(pattern: RegExp): Promise<void> {
    await waitFor(
      () => pattern.test(this.output) || this.child.exitCode !== null,
      `${pattern} in ${this.output}`,
      120_000,
    );
  }
}

/** Words for npm run deploy, with the box and what the application is called there. */
function toBox(box: Box, words: string[]): string[] {
  const address = ["--host", `root@127.0.0.1:${box.port(22)}`];
  return [...words, ...address, "--identity", box.key, "--known-hosts", box.knownHosts, "--name", "echo"];
}

/** Begins a deployment to a box of the echo server, which must answer there. */
export function begin(box: Box, app: string, more: string[] = []): Deployment {
  const words = ["--app", app, "--health", `port:${echoPort}`, ...more];
  return new Deployment(toBox(box, words), ["host=0.0.0.0", `port=${echoPort}`]);
}

export const deploy = (box: Box, app: string, more: string[] = []): Promise<Outcome> =>
  begin(box, app, more).end();

export const command = (box: Box, words: string[]): Promise<Outcome> =>
  new Deployment(toBox(box, words)).end();

/** What the echo server in a box gives back, from outside; "" when nothing answers. */
export function talk(box: Box, text: string): Promise<string> {
  return new Promise((resolve) => {
    let received = "";
    const socket = connect(box.port(echoPort), "127.0.0.1", () => socket.write(text));
    socket.setTimeout(10_000, () => socket.destroy());
    socket.setEncoding("utf8").on("data", (chunk) => {
      received += chunk;
      if (received.length >= text.length) socket.destroy();
    });
    socket.on("error", () => {});
    socket.on("close", () => resolve(received));
  });
}

/** Waits until the echo server in a box answers. */
export async function answers(box: Box): Promise<boolean> {
  const deadline = Date.now() + 120_000;
  while (Date.now() < deadline) {
    if ((await talk(box, "hello\n")) === "hello\n") return true;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  return false;
}

/** The release that is current on a box. */
export const currentRelease = (box: Box): string =>
  box.run("readlink /data/rosock/echo/current").stdout.trim().replace("releases/", "");

/** The whole releases on a box. */
export function releases(box: Box): string[] {
  const line = "cd /data/rosock/echo/releases && for each in *; do [ -f $each/start ] && echo $each; done";
  return box.run(line).stdout.trim().split("\n");
}

/** The id of the program's process on a box. */
export const processOf = (box: Box): string =>
  box.run("cut -d. -f2 /data/rosock/echo/run/program").stdout.trim();

/** The command line of the program on a box. */
export const commandOf = (box: Box): string =>
  box.run(`tr '\\0' ' ' </proc/${processOf(box)}/cmdline`).stdout;
