/**
 * The registry's file: registry.json in the data directory, sections of keys and values.
 *
 * What a program changes it sees at once; flush() brings it into the file, all or nothing. Several processes may use one data
 * directory: each flush takes in what the others have flushed, and changes only what this one changed.
 */
import { closeSync, constants, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { lock } from "../../native.js";
import { adopt, encodedLength } from "../../text.js";
import { makeDirectory } from "../app/make-directory.js";
import { isFailure, Problem, readFile } from "../app/problem.js";
import { program } from "../app/program.js";
import { warn } from "./warn.js";

/** Bytes that the names, keys and values of an app may have. */
const capacity = 32 * 1024;

/** Bytes of the file: each of the names, keys and values may be written as six. */
const largestFile = 16 * capacity;

/** How long another process may keep the lock, in milliseconds. It needs it for one write; one that was stopped keeps it. */
const patience = 5_000;

type Section = Map<string, string>;
type Sections = Map<string, Section>;
type Change = (sections: Sections) => void;

const { O_CREAT, O_NONBLOCK, O_WRONLY } = constants;

let opened: { directory: string; sections: Sections; changes: Change[] } | undefined;

/** The running program's, read when it is first asked for. */
function registry() {
  const directory = program().dataDirectory;
  if (opened?.directory !== directory) {
    flush();
    opened = { directory, sections: load(directory), changes: [] };
  }
  return opened;
}

const fileOf = (directory: string): string => join(directory, "registry.json");

/** What the file holds; nothing, when there is none or it is no registry. */
function load(directory: string): Sections {
  const sections: Sections = new Map();
  let content: unknown;
  try {
    content = JSON.parse(readFile(fileOf(directory), largestFile).toString());
  } catch (error) {
    if (error instanceof Problem || error instanceof SyntaxError) return sections;
    throw error;
  }
  for (const [name, members] of entries(content)) {
    const values = entries(members).filter(
      (entry): entry is [string, string] => typeof entry[1] === "string",
    );
    const section = values.map(([key, value]) => [adopt(key), adopt(value)] as const);
    if (values.length > 0) sections.set(adopt(name), new Map(section));
  }
  return sections;
}

const entries = (value: unknown): [string, unknown][] =>
  typeof value === "object" && value !== null ? Object.entries(value) : [];

export const section = (name: string): ReadonlyMap<string, string> =>
  registry().sections.get(name) ?? new Map<string, string>();

export const sectionNames = (): string[] => [...registry().sections.keys()];

/** Bytes left. */
export const spaceAvailable = (): number => capacity - sizeOf(registry().sections);

function sizeOf(sections: Sections): number {
  let size = 0;
  for (const [name, values] of sections) {
    size += encodedLength(name);
    for (const [key, value] of values) size += encodedLength(key) + encodedLength(value);
  }
  return size;
}

/** Sets values of a section, all of them, or, when there is not enough room, none. */
export function write(name: string, values: ReadonlyMap<string, string>): boolean {
  if (values.size === 0) return true;
  const set: Change = (sections) => {
    sections.set(name, new Map([...(sections.get(name) ?? []), ...values]));
  };
  const after: Sections = new Map(registry().sections);
  set(after);
  if (sizeOf(after) > capacity) return false;
  change(set);
  return true;
}

/** False when there is no such key. */
export function removeKey(name: string, key: string): boolean {
  if (!section(name).has(key)) return false;
  change((sections) => {
    const values = sections.get(name);
    values?.delete(key);
    if (values?.size === 0) sections.delete(name);
  });
  return true;
}

/** False when there is no such section. */
export function removeSection(name: string): boolean {
  if (!registry().sections.has(name)) return false;
  change((sections) => sections.delete(name));
  return true;
}

let flushedAtExit = false;

function change(work: Change): void {
  const { sections, changes } = registry();
  work(sections);
  changes.push(work);
  if (flushedAtExit) return;
  flushedAtExit = true;
  process.prependListener("exit", flush); // Before anything is removed, which may fail or take long.
}

/** Makes the changes last. False: they could not be written, and are kept for the next time. */
export function flush(): boolean {
  if (opened === undefined || opened.changes.length === 0) return true;
  const { directory, changes } = opened;
  try {
    makeDirectory(directory);
    const sections = locked(directory, () => {
      const current = load(directory);
      for (const work of changes) work(current);
      replace(directory, current);
      return current;
    });
    opened = { directory, sections, changes: [] };
    return true;
  } catch (error) {
    if (!isFailure(error)) throw error;
    return false;
  }
}

/** Does something while no other process does. The file locked is not the one that is replaced: the lock is of what is open. */
function locked<Result>(directory: string, work: () => Result): Result {
  const fd = openSync(join(directory, "registry.lock"), O_WRONLY | O_CREAT | O_NONBLOCK, 0o600);
  try {
    if (lock(fd, patience) < 0) {
      warn("roRegistry: another process keeps it locked: nothing was written");
      throw Object.assign(new Error("locked"), { code: "EAGAIN" });
    }
    return work();
  } finally {
    closeSync(fd);
  }
}

/** Whatever happens meanwhile, the file is the old one or the new one. */
function replace(directory: string, sections: Sections): void {
  const object = Object.fromEntries(
    [...sections].map(([name, values]) => [name, Object.fromEntries(values)]),
  );
  const temporary = `${fileOf(directory)}.new`;
  try {
    synchronized(temporary, "w", (fd) => writeFileSync(fd, `${JSON.stringify(object, null, 1)}\n`));
    renameSync(temporary, fileOf(directory));
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  synchronized(directory, "r", () => {});
}

/** Opens a file or directory, and closes it when all of it is on the disk. */
function synchronized(path: string, flags: string, work: (fd: number) => void): void {
  const fd = openSync(path, flags, 0o600);
  try {
    work(fd);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
