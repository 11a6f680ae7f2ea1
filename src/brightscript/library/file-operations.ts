/** What programs do with files, by paths of volumes. Nothing here throws: what cannot be done gives false, null or nothing. */
import { constants as limits } from "node:buffer";
import {
  closeSync,
  constants,
  type Dirent,
  fstatSync,
  ftruncateSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmdirSync,
  statfsSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { decode, encode } from "../../text.js";
import { isFailure } from "../app/problem.js";
import { removeTree } from "../app/remove-tree.js";
import { at, hostPath, locate, openBelow, pathOf, withDirectory, withFile } from "../app/volumes.js";

const { O_CREAT, O_RDONLY, O_TRUNC, O_WRONLY } = constants;

/** Does something with a host's path of what is there, or is to be; false when it cannot be done, as with a volume itself. */
function change(path: string, work: (path: Buffer) => void): boolean {
  try {
    const location = locate(path, "write");
    if (location === null || location.names.length === 0) return false;
    at(location, (here) => work(hostPath(here)));
    return true;
  } catch (error) {
    if (!isFailure(error)) throw error;
    return false;
  }
}

/** The text of a file: UTF-8, or UTF-16 with a byte order mark; "" when it cannot be read, or is longer than a string can be. */
export const readText = (path: string): string =>
  withFile(path, "read", O_RDONLY, (file) =>
    fstatSync(file).size > limits.MAX_STRING_LENGTH ? "" : textOf(readFileSync(file)),
  ) ?? "";

function textOf(bytes: Buffer): string {
  const units = bytes.subarray(2, bytes.length & ~1);
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return units.toString("utf16le");
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return units.swap16().toString("utf16le");
  return decode(bytes, 0, bytes.length);
}

/** Makes the file, or replaces what it holds. */
export function writeText(path: string, content: string): boolean {
  return (
    withFile(path, "write", O_WRONLY | O_CREAT | O_TRUNC, (file) => {
      writeFileSync(file, encode(content));
      return true;
    }) ?? false
  );
}

/** Copies a file over another, or to where there is none yet. */
export function copy(from: string, to: string): boolean {
  const copied = withFile(from, "read", O_RDONLY, (source) =>
    withFile(to, "write", O_WRONLY | O_CREAT, (target) => {
      if (!isSame(source, target)) pour(source, target);
      return true;
    }),
  );
  return copied ?? false;
}

function isSame(one: number, other: number): boolean {
  const [a, b] = [fstatSync(one), fstatSync(other)];
  return a.dev === b.dev && a.ino === b.ino;
}

function pour(source: number, target: number): void {
  ftruncateSync(target);
  const buffer = Buffer.allocUnsafe(256 * 1024);
  for (;;) {
    const length = readSync(source, buffer);
    if (length === 0) return;
    for (let sent = 0; sent < length; ) sent += writeSync(target, buffer, sent, length - sent);
  }
}

/** Renames a file or directory; a file also from one volume to another. `overwrite`: a file that is there already. */
export function move(from: string, to: string, overwrite: boolean): boolean {
  if (!overwrite && stat(to) !== null) return false;
  const [source, target] = [locate(from, "write"), locate(to, "write")];
  if (source === null || target === null) return false;
  try {
    at(source, (here) => at(target, (there) => renameSync(hostPath(here), hostPath(there))));
    return true;
  } catch (error) {
    if (!isFailure(error)) throw error;
    return (error as NodeJS.ErrnoException).code === "EXDEV" && copy(from, to) && removeFile(from);
  }
}

export const removeFile = (path: string): boolean => change(path, unlinkSync);
export const removeEmptyDirectory = (path: string): boolean => change(path, rmdirSync);

/** Removes a file, or a directory with all that is in it. */
export const removeAll = (path: string): boolean =>
  change(path, (here) => (lstatSync(here).isDirectory() ? removeTree(here) : unlinkSync(here)));

/** Makes one directory: the one that it is in must be there. */
export const makeDirectory = (path: string): boolean =>
  change(path, (here) => mkdirSync(here, { mode: 0o700 }));

interface Stat {
  readonly isDirectory: boolean;
  /** Bytes. */
  readonly size: number;
  /** When its status, and when its content changed last. Milliseconds since 1970. */
  readonly changed: number;
  readonly modified: number;
}

/** What is at a path: a file or a directory; null for nothing and for anything else. */
export function stat(path: string): Stat | null {
  try {
    const location = locate(path, "read");
    // at() has followed the links that lead within the volume; one that is left is not to be followed.
    const stats = location === null ? null : at(location, (here) => lstatSync(hostPath(here)));
    if (!(stats?.isFile() || stats?.isDirectory())) return null;
    const { size, ctimeMs, mtimeMs } = stats;
    return { isDirectory: stats.isDirectory(), size, changed: ctimeMs, modified: mtimeMs };
  } catch (error) {
    if (!isFailure(error)) throw error;
    return null;
  }
}

/** The names of what is in a directory, sorted; none when it cannot be read. */
export const list = (path: string): string[] =>
  (withDirectory(path, entriesOf) ?? []).map(({ name }) => textOfName(name));

/** The paths, relative to a directory, of everything below it; links are not followed, and what cannot be read is passed over. */
export function listBelow(path: string): string[] {
  const found: string[] = [];
  withDirectory(path, (top) => {
    const add = (entries: readonly Dirent<Buffer>[], before: string): void => {
      for (const entry of entries) {
        const each = before + textOfName(entry.name);
        found.push(each);
        if (entry.isDirectory()) add(entriesBelow(top, each), `${each}/`);
      }
    };
    add(entriesOf(top), "");
  });
  return found;
}

function entriesBelow(top: number, path: string): Dirent<Buffer>[] {
  let directory = -1;
  try {
    directory = openBelow(top, path);
    return entriesOf(directory);
  } catch (error) {
    if (!isFailure(error)) throw error;
    return [];
  } finally {
    if (directory >= 0) closeSync(directory);
  }
}

const textOfName = (name: Buffer): string => decode(name, 0, name.length);

function entriesOf(directory: number): Dirent<Buffer>[] {
  const entries = readdirSync(pathOf(directory), { encoding: "buffer", withFileTypes: true });
  return entries.sort((a, b) => Buffer.compare(a.name, b.name));
}

interface Space {
  /** Bytes. */
  readonly blockSize: number;
  readonly blocks: number;
  readonly free: number;
}

/** The room of the file system that a directory is in. */
export function space(path: string): Space | null {
  const stats = withDirectory(path, (directory) => statfsSync(pathOf(directory)));
  return stats === null ? null : { blockSize: stats.bsize, blocks: stats.blocks, free: stats.bavail };
}
