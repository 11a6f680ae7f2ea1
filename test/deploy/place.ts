/** A folder that stands for a box's, on which the scripts of deploy/device are tried with this machine's sh. */
import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import type { Test } from "tap";
import { waitFor } from "../support/index.js";

const device = join(__dirname, "../../../deploy/device");

const { textOf } = require(join(device, "..", "device.js"));
const { quote } = require(join(device, "..", "quote.js"));

export interface Outcome {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** Milliseconds that a script may take: it must only not hang. */
const limit = 300_000;

/** Runs sh; with `input` null its standard input stays open, and nothing comes. */
function run(
  words: string[],
  input: Buffer | string | null = "",
  environment: Record<string, string> = {},
): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = spawn("sh", words, { timeout: limit, env: { ...process.env, ...environment } });
    const outcome = { status: null, stdout: "", stderr: "" };
    child.stdout.on("data", (text) => {
      outcome.stdout += text;
    });
    child.stderr.on("data", (text) => {
      outcome.stderr += text;
    });
    child.stdin.on("error", () => {}); // Not all of it was read.
    if (input !== null) child.stdin.end(input);
    child.on("close", (status) => resolve({ ...outcome, status }));
  });
}

export const sumOf = (archive: Buffer): string => createHash("sha256").update(archive).digest("hex");

export class Place {
  readonly folder: string;
  /** The application's folder. */
  readonly dir: string;

  constructor(t: Test) {
    this.folder = mkdtempSync(join(tmpdir(), "rosock-place-"));
    for (const name of ["init.d", "box"]) mkdirSync(join(this.folder, name));
    this.dir = join(this.folder, "box", "echo");
    t.teardown(async () => {
      await this.script("remove.sh");
      rmSync(this.folder, { recursive: true });
    });
  }

  path(name: string): string {
    return join(this.dir, name);
  }

  /** A file's text; "" when there is none. */
  read(name: string): string {
    return existsSync(this.path(name)) ? readFileSync(this.path(name), "utf8") : "";
  }

  /** What is in a folder, hidden or not; nothing when it is not there. */
  list(name: string): string[] {
    return existsSync(this.path(name)) ? readdirSync(this.path(name)).sort() : [];
  }

  /** Runs a script as it is run over ssh; the application's folder is its first argument. */
  script(
    name: string,
    args: string[] = [],
    input: Buffer | string | null = "",
    environment?: Record<string, string>,
  ): Promise<Outcome> {
    return run(this.words(name, args), input, environment);
  }

  /** The words for sh with which a script is run. */
  words(name: string, args: string[]): string[] {
    return ["-c", textOf(name), name, this.dir, ...args];
  }

  /** Runs the init script of the service, by a line of shell in which it is $0 when one is given. */
  init(action: string, line = '"$0" "$1"'): Promise<Outcome> {
    return run(["-c", line, join(this.folder, "init.d", "S90rosock-echo"), action]);
  }

  /** A health check that succeeds when a file is there, made by the test or the program in the application's data. */
  when(file: string, seconds = 120): Record<string, string> {
    return { HEALTH: `command:test -f ../../data/${file}`, HEALTH_SECONDS: String(seconds) };
  }

  /** Ends what activates a release, as a power loss does: at once, and its lock is left. */
  async cutActivation(): Promise<void> {
    const [, holder] = readlinkSync(join(this.dir, "../.lock")).split(".");
    process.kill(-Number(holder), "SIGKILL");
    await waitFor(() => !existsSync(`/proc/${holder}`), "the activation to end");
  }

  /** The id of the program's process. */
  async pid(): Promise<number> {
    return Number((await run([this.path("current/device/service.sh"), "pid", this.dir])).stdout);
  }

  async log(): Promise<string> {
    return (await run([this.path("current/device/service.sh"), "log", "1000", this.dir])).stdout;
  }

  /** The archive of a release whose program is a line of shell. */
  archive(program: string, settings: Record<string, string> = {}, prepare = "exit 0"): Buffer {
    const release = mkdtempSync(join(this.folder, "release-"));
    cpSync(device, join(release, "device"), { recursive: true });
    const script = (name: string, line: string) =>
      writeFileSync(join(release, name), `#!/bin/sh\n${line}\n`, { mode: 0o755 });
    script("start", program);
    script("prepare", prepare);
    const all = {
      NAME: "echo",
      NODE: process.execPath,
      RUN_AS: userInfo().username,
      INIT: "busybox",
      INITD: join(this.folder, "init.d"),
      // As soon as it runs, however long that takes on a busy machine.
      HEALTH: "command:true",
      HEALTH_SECONDS: "120",
      ...settings,
    };
    const lines = Object.entries(all).map(([name, value]) => `${name}=${quote(value)}\n`);
    writeFileSync(join(release, "release.env"), lines.join(""));
    return execFileSync("tar", ["-C", release, "--mode=u=rwX,go=rX", "-czf", "-", "."]);
  }

  receive(
    version: string,
    archive: Buffer,
    sum = sumOf(archive),
    environment?: Record<string, string>,
  ): Promise<Outcome> {
    return this.script("receive.sh", [version, sum], archive, environment);
  }

  /** Deploys a release; how its activation went. */
  async deploy(
    version: string,
    program: string,
    settings?: Record<string, string>,
    environment?: Record<string, string>,
  ): Promise<Outcome> {
    const archive = this.archive(program, settings);
    const { status, stderr } = await this.receive(version, archive, sumOf(archive), environment);
    if (status !== 0) throw new Error(stderr);
    return this.follow(version);
  }

  follow(version: string): Promise<Outcome> {
    return this.script("follow.sh", [version, "0"]);
  }

  async state(): Promise<string> {
    return (await this.script("status.sh")).stdout;
  }

  /** Makes a folder for what all applications share, and gives its path. */
  shared(name: string): string {
    const path = join(this.folder, "box", name);
    mkdirSync(path, { recursive: true });
    return path;
  }
}
