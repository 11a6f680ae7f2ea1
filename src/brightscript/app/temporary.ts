/** A directory for this process, removed when it ends; after a signal, by the next process that makes one. */
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { isFailure, naming } from "./problem.js";
import { removeTree } from "./remove-tree.js";

/** How long removing may take, in milliseconds: at the end, and of what others have left, at the start. */
const longest = { atEnd: 5_000, atStart: 200 };

let own: string | undefined;

/** @throws {@link Problem} when there is no place for it */
export function temporaryDirectory(): string {
  if (own !== undefined && isOwn(own)) return own;
  const made = make();
  if (own === undefined) process.on("exit", () => remove(own!, longest.atEnd));
  own = made;
  return own;
}

function make(): string {
  const base = resolve(tmpdir());
  const name = `${namespace()}-${process.pid}-${started(process.pid)}-`;
  return naming(base, () => {
    const parent = join(base, `rosock-${process.getuid!()}`);
    if (!isPrivate(parent)) return mkdtempSync(join(base, `rosock-${process.getuid!()}-`));
    removeAbandoned(parent);
    return mkdtempSync(join(parent, name));
  });
}

/** A directory in it, made when it is first asked for. */
export function subdirectory(name: string): string {
  const directory = join(temporaryDirectory(), name);
  naming(directory, () => makeUnlessThere(directory));
  return directory;
}

/** Makes a directory for this user's processes; whether nobody else has it, or may change what is in it. */
function isPrivate(directory: string): boolean {
  makeUnlessThere(directory);
  return isOwn(directory);
}

/** Never with those it is in: they might be made again where somebody has removed them, by whoever is faster. */
function makeUnlessThere(directory: string): void {
  try {
    mkdirSync(directory, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}

/** Whether it is still there, and nobody else has it, or may change what is in it. */
function isOwn(directory: string): boolean {
  const stats = lstatSync(directory, { throwIfNoEntry: false });
  return stats?.isDirectory() === true && stats.uid === process.getuid!() && (stats.mode & 0o022) === 0;
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
  const end = performance.now() + longest.atStart;
  for (const name of readdirSync(parent)) {
    const [, where, pid, start] = /^(\d+)-(\d+)-(\d+)-/.exec(name) ?? [];
    if (where !== here || started(Number(pid)) === start) continue;
    if (performance.now() > end) return;
    remove(join(parent, name), end - performance.now());
  }
}

/** What cannot be removed now may be removed by another process. */
function remove(directory: string, milliseconds: number): void {
  try {
    removeTree(Buffer.from(directory), milliseconds);
  } catch (error) {
    if (!isFailure(error)) throw error;
  }
}
