// The processes of the benchmark: started pinned, and ended by their ids whatever happens.

import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { ROOT } from "./servers.js";

const START_TIMEOUT = 10_000;

export interface RunningServer {
  port: number;
  /** The server itself, which a runtime's launcher script may have started as its own child. */
  pid: number;
  child: ChildProcess;
  errors: () => string;
}

const running = new Map<ChildProcess, number | null>();

function end(child: ChildProcess): void {
  const pid = running.get(child);
  running.delete(child);
  // A process that has ended may have passed its id on to a stranger.
  if (child.exitCode !== null || child.signalCode !== null) return;
  try {
    if (pid !== null && pid !== undefined && pid !== child.pid) process.kill(pid, "SIGKILL");
  } catch {
    // Ended already.
  }
  child.kill("SIGKILL");
}

export function endAll(): void {
  for (const child of running.keys()) end(child);
}

process.on("exit", endAll);
for (const [signal, number] of [
  ["SIGHUP", 1],
  ["SIGINT", 2],
  ["SIGTERM", 15],
] as const) {
  process.on(signal, () => process.exit(128 + number));
}

/** The processors this process may use. */
export function allowedProcessors(): number[] {
  const list = /^Cpus_allowed_list:\s*(.*)$/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1] ?? "0";
  return list.split(",").flatMap((range) => {
    const [first = 0, last = first] = range.split("-").map(Number);
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
}

/** The hard limit on descriptors. */
export function descriptorLimit(): number {
  const limit = /^Max open files\s+\S+\s+(\S+)/m.exec(readFileSync("/proc/self/limits", "utf8"))?.[1];
  return limit === "unlimited" ? Number.POSITIVE_INFINITY : Number(limit);
}

function start(command: string[], processor: number | null): { child: ChildProcess; errors: () => string } {
  const pinned = processor === null ? command : ["taskset", "-c", String(processor), ...command];
  // exec all the way, so that the child's id is the program's.
  const script = 'ulimit -S -n "$(ulimit -H -n)"; exec "$@"';
  const child = spawn("sh", ["-c", script, "sh", ...pinned], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, NODE_OPTIONS: "", DENO_NO_UPDATE_CHECK: "1" },
  });
  running.set(child, null);
  let text = "";
  child.stderr?.setEncoding("utf8").on("data", (data: string) => {
    text = (text + data).slice(-4000);
  });
  const errors = () => {
    const lines = text
      .replaceAll(ROOT, ".")
      .split("\n")
      .filter((line) => line.trim() !== "");
    return (lines.find((line) => /error/i.test(line)) ?? lines.at(-1) ?? "").trim();
  };
  return { child, errors };
}

function ended(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("close", (code, signal) => resolve(signal ?? `status ${code}`));
  });
}

/** Resolves once the server listens and has told its port. */
export async function startServer(command: string[], processor: number | null): Promise<RunningServer> {
  const { child, errors } = start(command, processor);
  let timer: NodeJS.Timeout | undefined;
  try {
    const line = await Promise.race([
      new Promise<string>((resolve) => createInterface({ input: child.stdout! }).once("line", resolve)),
      ended(child).then((how) => {
        throw new Error(`ended at its start with ${how}: ${errors()}`);
      }),
      new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error("told no port in time")), START_TIMEOUT);
      }),
    ]);
    // A server that does not tell its process is the one that was started.
    const [port, pid = child.pid] = line.trim().split(" ").map(Number);
    if (!port || !pid) throw new Error(`said "${line}" instead of its port and process`);
    running.set(child, pid);
    return { port, pid, child, errors };
  } catch (error) {
    end(child);
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** What can be said of a server that failed. */
export function complaints({ child, errors }: RunningServer): string[] {
  const how = child.signalCode ?? child.exitCode;
  return [how === null ? "" : `the server ended with ${how}`, errors()].filter((text) => text !== "");
}

export async function stopServer(server: RunningServer): Promise<void> {
  if (server.child.exitCode !== null || server.child.signalCode !== null) {
    running.delete(server.child);
    return;
  }
  const gone = ended(server.child);
  end(server.child);
  await gone;
}

/** Runs a program to its end and returns what it printed. */
export async function run(command: string[], processor: number | null, timeout: number): Promise<string> {
  const { child, errors } = start(command, processor);
  let output = "";
  child.stdout?.setEncoding("utf8").on("data", (data: string) => {
    output += data;
  });
  const timer = setTimeout(() => end(child), timeout);
  const how = await ended(child);
  clearTimeout(timer);
  running.delete(child);
  if (how !== "status 0") throw new Error(errors() || `the load generator ended with ${how}`);
  return output;
}
