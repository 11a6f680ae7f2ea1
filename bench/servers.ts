// The servers that are compared, and where their runtimes are.

import { execFileSync } from "node:child_process";
import { accessSync, constants, readFileSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";

/** The project's directory; this file runs from out/bench. */
export const ROOT = resolve(__dirname, "..", "..");

export interface Server {
  name: string;
  version: string;
  /** To be followed by the buffer size. */
  command: string[];
}

export interface Absent {
  name: string;
  reason: string;
}

const BUILT = join(ROOT, "out", "bench");
export const LOAD = join(BUILT, "load");
const ECHO_SERVER = join(BUILT, "echo-server");
const COMPILER = process.env.CXX ?? "g++";

export const SERVER_NAMES = ["c", "rosock", "rosock-brs", "node-net", "bun", "deno"];

const COMMAND = join(ROOT, "dist", "cli", "rosock.js");
const PROGRAM = join(BUILT, "rosock-brs");

/** Compiles the load generator, the C server and the program in BrightScript; throws with the compiler's own words. */
export function compile(): void {
  for (const [source, target] of [
    ["load.cc", LOAD],
    ["echo-server.cc", ECHO_SERVER],
  ] as const) {
    execFileSync(COMPILER, ["-O2", "-std=c++17", "-o", target, join(ROOT, "bench", "c", source)], {
      stdio: ["ignore", "inherit", "inherit"],
    });
  }
  const source = join(ROOT, "bench", "servers", "rosock.brs");
  execFileSync(process.execPath, [COMMAND, "build", source, "-o", PROGRAM], { stdio: "inherit" });
}

function findProgram(name: string): string | null {
  const directories = [...(process.env.PATH ?? "").split(delimiter), join(ROOT, "node_modules", ".bin")];
  for (const directory of directories) {
    try {
      const path = join(directory, name);
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not there.
    }
  }
  return null;
}

function findRuntime(name: string, rest: string[]): Server | Absent {
  const path = findProgram(name);
  if (path === null) return { name, reason: `not installed (npm i -g ${name}), skipped` };
  try {
    const output = execFileSync(path, ["--version"], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
    return { name, version: /\d+\.\d+\.\d+/.exec(output)?.[0] ?? "?", command: [path, ...rest] };
  } catch {
    return { name, reason: `found, but "${name} --version" fails, skipped` };
  }
}

const ownVersion = (): string => JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")).version;

export function findServers(only: string[] | null): (Server | Absent)[] {
  const script = (file: string) => join(BUILT, "servers", file);
  const makers: Record<string, () => Server | Absent> = {
    c: () => ({
      name: "c",
      version: execFileSync(COMPILER, ["-dumpfullversion"], { encoding: "utf8" }).trim(),
      command: [ECHO_SERVER],
    }),
    rosock: () => ({
      name: "rosock",
      version: ownVersion(),
      command: [process.execPath, script("rosock.js")],
    }),
    "rosock-brs": () => ({
      name: "rosock-brs",
      version: ownVersion(),
      command: [process.execPath, COMMAND, "run", PROGRAM, "--"],
    }),
    "node-net": () => ({
      name: "node-net",
      version: process.versions.node,
      command: [process.execPath, script("node-net.js")],
    }),
    bun: () => findRuntime("bun", [script("bun.mjs")]),
    deno: () => findRuntime("deno", ["run", "--no-config", "--no-lock", "--allow-net", script("deno.mjs")]),
  };
  return SERVER_NAMES.filter((name) => only?.includes(name) ?? true).map((name) => makers[name]!());
}
