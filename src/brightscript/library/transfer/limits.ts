/** What a response may take of the machine: memory, and room for files. */
import { constants } from "node:buffer";
import { readFileSync, type StatsFs, statfsSync } from "node:fs";
import { join } from "node:path";
import { getHeapStatistics } from "node:v8";
import { type Location, pathOf } from "../../app/volumes.js";
import { code, TransferError } from "./errors.js";

const MiB = 1024 * 1024;

/** Bytes of memory that are left to everything else. */
const reservedMemory = 16 * MiB;
/** How often a body is in memory at most: in pieces, in one, and as the program's string, of two bytes a character. */
const copies = 4;
/** A string can have no more characters, and V8 keeps one of two bytes a character in its heap. */
const maxBody = constants.MAX_STRING_LENGTH;
/** The most of the room of a file system that is left to others. */
const maxReservedRoom = 64 * MiB;
const tmpfs = 0x01021994;

/** Bytes of an uncompressed body for each that came, and from how many on this is looked at. */
const maxRatio = 100;
const ratioFrom = 8 * MiB;

const shown = (bytes: number): string => `${Math.max(0, Math.floor(bytes / MiB))} MiB`;

/** How often, in bytes, the machine is asked again while a body comes. */
export const checkEvery = MiB;

/** @throws {@link TransferError} unless a body of which `held` bytes are in memory may have `length`. */
export function checkMemory(length: number, held: number): void {
  const heap = getHeapStatistics().heap_size_limit / 3;
  const left = (freeMemory() - reservedMemory + held) / copies;
  const limit = Math.min(maxBody, heap, left);
  if (length <= limit) return;
  throw new TransferError(
    code.bodyTooLarge,
    `the body is too large for the memory: it has ${shown(length)} or more, and there is room for ${shown(limit)}`,
  );
}

/** @throws {@link TransferError} when a body of `length` bytes that came as `received` cannot be meant well. */
export function checkRatio(length: number, received: number): void {
  if (length <= ratioFrom || length <= received * maxRatio) return;
  throw new TransferError(
    code.bodyTooLarge,
    `the body has more than ${maxRatio} times the bytes that it was compressed to`,
  );
}

/** @throws {@link TransferError} unless there is room for `length` more bytes where an open file is. */
export function checkRoom(fd: number, length: number): void {
  const { type, bsize, blocks, bavail } = fileSystemOf(fd);
  const left = bavail * bsize - Math.min(maxReservedRoom, (blocks * bsize) / 20);
  const room = blocks === 0 ? Number.POSITIVE_INFINITY : left;
  const free = type === tmpfs ? Math.min(room, freeMemory() - reservedMemory) : room;
  if (length <= free) return;
  throw new TransferError(
    code.writeError,
    `there is no room for the file: it needs ${shown(length)} or more, and ${shown(free)} may be used`,
  );
}

/** Where nothing is known of a file system, a write will tell; some have no number of blocks. */
function fileSystemOf(fd: number): Pick<StatsFs, "type" | "bsize" | "blocks" | "bavail"> {
  try {
    return statfsSync(pathOf(fd));
  } catch {
    return { type: 0, bsize: 1, blocks: 0, bavail: 0 };
  }
}

/** What went wrong with a file, by the path that the program knows. */
export function fileError(number: number, { volume, names }: Location, error: unknown): TransferError {
  const { code: name = "", message } = error as NodeJS.ErrnoException;
  return new TransferError(number, `${volume}:/${names.join("/")}: ${name === "" ? message : name}`);
}

/**
 * Bytes of memory that are free or can be made so: the machine's, or what the limit of a service or container leaves.
 * @param root - another one than "/", for tests
 */
export function freeMemory(root = "/"): number {
  const machine = numberIn(read(join(root, "proc/meminfo")), /^MemAvailable:\s+(\d+) kB/m) * 1024;
  return Math.min(machine, ...controlGroups(root).map(roomIn));
}

interface ControlGroup {
  readonly limits: readonly string[];
  readonly usage: string;
  readonly statistics: string;
}

/** Those of this process, of both kinds, with all that they are in. */
function controlGroups(root: string): ControlGroup[] {
  const groups: ControlGroup[] = [];
  for (const line of read(join(root, "proc/self/cgroup")).split("\n")) {
    const [, controllers = "", path = ""] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    const isUnified = line.startsWith("0::");
    if (!isUnified && !controllers.split(",").includes("memory")) continue;
    const base = join(root, "sys/fs/cgroup", isUnified ? "" : "memory");
    const names = path.split("/").filter((name) => name !== "" && name !== "..");
    for (let depth = names.length; depth >= 0; depth--) {
      const folder = join(base, ...names.slice(0, depth));
      const file = (name: string): string => read(join(folder, name));
      groups.push(
        isUnified
          ? {
              limits: [file("memory.max"), file("memory.high")],
              usage: file("memory.current"),
              statistics: file("memory.stat"),
            }
          : {
              limits: [file("memory.limit_in_bytes")],
              usage: file("memory.usage_in_bytes"),
              statistics: file("memory.stat"),
            },
      );
    }
  }
  return groups;
}

/** Files in memory that nobody uses count as used. */
function roomIn({ limits, usage, statistics }: ControlGroup): number {
  const limit = Math.min(...limits.map((text) => numberIn(text, /^(\d+)/)));
  const [, unused = 0] =
    /^total_inactive_file (\d+)/m.exec(statistics) ?? /^inactive_file (\d+)/m.exec(statistics) ?? [];
  return limit - numberIn(usage, /^(\d+)/, 0) + Number(unused);
}

function read(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return "";
  }
}

const numberIn = (text: string, pattern: RegExp, missing = Number.POSITIVE_INFINITY): number =>
  Number(pattern.exec(text)?.[1] ?? missing);
