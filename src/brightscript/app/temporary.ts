/** A directory for this process, removed when it ends; after a signal, by the next process that makes one. */
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

let own: string | undefined;

export function temporaryDirectory(): string {
  if (own !== undefined) return own;
  const parent = join(tmpdir(), `rosock-${process.getuid!()}`);
  try {
    mkdirSync(parent, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  const stats = lstatSync(parent);
  if (!stats.isDirectory() || stats.uid !== process.getuid!())
    throw new Error(`${parent} belongs to somebody else`);
  removeAbandoned(parent);
  own = mkdtempSync(join(parent, `${namespace()}-${process.pid}-${started(process.pid)}-`));
  process.on("exit", () => rmSync(own!, { recursive: true, force: true }));
  return own;
}

/** A directory in it, made when it is first asked for. */
export function subdirectory(name: string): string {
  const directory = join(temporaryDirectory(), name);
  mkdirSync(directory, { recursive: true });
  return directory;
}

/** The number of the namespace of process ids: containers may share the directory, and have the same ids. */
function namespace(): string {
  try {
    return /\d+/.exec(readlinkSync("/proc/self/ns/pid"))?.[0] ?? "0";
  } catch {
    return "0";
  }
}

/** When a process started, in the kernel's ticks: two processes of one id differ in it. "" when there is none. */
function started(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
  } catch {
    return "";
  }
}

function removeAbandoned(parent: string): void {
  const here = namespace();
  for (const name of readdirSync(parent)) {
    const [, where, pid, start] = /^(\d+)-(\d+)-(\d+)-/.exec(name) ?? [];
    if (where !== here || started(Number(pid)) === start) continue;
    try {
      rmSync(join(parent, name), { recursive: true, force: true });
    } catch {
      // What cannot be removed now may be removed by another process.
    }
  }
}
