/**
 * Texts kept between runs, found by what they were made of: compiled programs. They are code: so what somebody else has written, or
 * may write, is not taken. Whatever goes wrong with it, a program runs as well without: so no failure here is reported.
 */
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { decode, encode } from "../../text.js";
import { cacheDirectory } from "./directories.js";
import { makeDirectory } from "./make-directory.js";

const { O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants;

const mostBytes = 64 * 1024 * 1024;

/** The text that `make` makes of `origin`, made now if it is not kept. All that is kept has at most about `limit` bytes. */
export function cached(origin: string, make: () => string, limit = mostBytes): string {
  const cache = cacheDirectory();
  if (cache === undefined) return make();
  const directory = join(cache, "compiled");
  if (!isOurs(directory)) return make();
  const key = encode(origin);
  const file = join(directory, sum(key));
  const found = read(file, key);
  if (found !== undefined) return found;
  const text = make();
  const bytes = encode(text);
  write(file, Buffer.concat([Buffer.from(head(key, bytes)), key, bytes]));
  removeOldest(directory, limit);
  return text;
}

/** Makes the directory; whether nobody but this user and root may write to it. */
function isOurs(directory: string): boolean {
  try {
    makeDirectory(directory);
    const stats = lstatSync(directory);
    return stats.isDirectory() && isTrusted(stats);
  } catch {
    return false;
  }
}

const isTrusted = ({ uid, mode }: Stats): boolean =>
  (uid === process.geteuid!() || uid === 0) && (mode & 0o022) === 0;

/** An entry is a line about the rest, then the origin, then the text. */
const head = (origin: Uint8Array, text: Uint8Array): string =>
  `${origin.length} ${text.length} ${sum(text)}\n`;

function read(file: string, origin: Uint8Array): string | undefined {
  let fd = -1;
  try {
    fd = openSync(file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    const stats = fstatSync(fd);
    if (!stats.isFile() || !isTrusted(stats)) return undefined;
    const entry = readFileSync(fd);
    const start = entry.indexOf("\n") + 1;
    const end = start + origin.length;
    const text = entry.subarray(end);
    const isWhole = entry.toString("latin1", 0, start) === head(origin, text);
    return isWhole && entry.subarray(start, end).equals(origin)
      ? decode(entry, end, entry.length)
      : undefined;
  } catch {
    return undefined;
  } finally {
    if (fd >= 0) closeSync(fd);
  }
}

function write(file: string, entry: Uint8Array): void {
  const partial = `${file}.${process.pid}`;
  try {
    writeFileSync(partial, entry, { mode: 0o600, flag: "wx" });
    renameSync(partial, file);
  } catch {
    remove(partial);
  }
}

function removeOldest(directory: string, limit: number): void {
  let bytes = 0;
  for (const { path, stats } of entriesOf(directory)) {
    bytes += stats.size;
    if (bytes > limit) remove(path);
  }
}

/** Those of a directory, the newest first. */
function entriesOf(directory: string): { path: string; stats: Stats }[] {
  try {
    const paths = readdirSync(directory).map((name) => join(directory, name));
    const entries = paths.map((path) => ({ path, stats: statSync(path) }));
    return entries.sort((a, b) => b.stats.mtimeMs - a.stats.mtimeMs);
  } catch {
    return []; // Another process has removed one just now.
  }
}

function remove(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // It could not have been written, either.
  }
}

/**
 * Two sums of 32 bits over a thousand of the bytes: enough to name an entry, and to see that one was not written to its end. (A
 * start would notice the time that all bytes take, or node:crypto.)
 */
function sum(bytes: Uint8Array): string {
  let a = bytes.length;
  let b = 0;
  for (let i = 0, step = Math.ceil(bytes.length / 1000); i < bytes.length; i += step) {
    a = Math.imul(a ^ bytes[i]!, 0x01000193);
    b = Math.imul(b ^ bytes[i]!, 0x85ebca6b) ^ (b >>> 13);
  }
  return [a, b].map((half) => (half >>> 0).toString(16).padStart(8, "0")).join("");
}
