/**
 * The volumes that programs know files by: "tmp:/dir/name". Everything by which a program reaches a file goes through here.
 *
 *     pkg:/      the app, read only              tmp:/      private to the process, gone when it ends
 *     cachefs:/  in the data directory           common:/   read only: certs/ca-bundle.crt
 *     libpkg:/   a library's own package: the app that is run is the only one, so it is pkg:/
 *
 * Nothing outside a volume is reached, whatever symbolic links are there or are made meanwhile: a path is resolved, its parent
 * directory opened, and the kernel asked where that really is; from there the last name is used without following it.
 */
import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  openSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { decode, encode } from "../../text.js";
import { warn } from "../library/warn.js";
import { makeDirectory } from "./make-directory.js";
import { isFailure, Problem } from "./problem.js";
import { program } from "./program.js";
import { subdirectory } from "./temporary.js";

export type Access = "read" | "write";

/** A place in a volume. Plain data, so that it can be sent to another thread. */
export interface Location {
  readonly volume: string;
  /** The volume's directory. */
  readonly root: string;
  /** The way from there: no "", "." or "..". */
  readonly names: readonly string[];
}

interface Volume {
  readonly access: Access;
  /** Its directory; for writing, it is made when there is none. */
  directory(access: Access): string;
}

export const volumes: Readonly<Record<string, Volume>> = {
  pkg: { access: "read", directory: () => program().packageDirectory },
  tmp: { access: "write", directory: () => program().temporaryDirectory() },
  cachefs: {
    access: "write",
    directory(access) {
      const directory = join(program().dataDirectory, "cachefs");
      if (access === "write") makeDirectory(directory);
      return directory;
    },
  },
  common: { access: "read", directory: commonDirectory },
};

function commonDirectory(): string {
  const directory = subdirectory("common");
  const file = join(directory, "certs", "ca-bundle.crt");
  if (!existsSync(file)) {
    const { rootCertificates } = require("node:tls") as typeof import("node:tls");
    subdirectory("common/certs");
    writeFileSync(file, `${rootCertificates.join("\n")}\n`);
  }
  return directory;
}

/** The most characters of a path: the system takes no more bytes (PATH_MAX). */
export const longestPath = 4096;

/**
 * Where a path leads, whether or not there is something; null when it leads nowhere, or nowhere that may be written, or is longer
 * than the system takes.
 */
export function locate(path: string, access: Access): Location | null {
  if (path.length > longestPath) return null;
  const [, name, rest] = /^([a-z0-9]+):(?:\/([^\0]*))?$/is.exec(path) ?? [];
  if (name === undefined) return null;
  const lower = name.toLowerCase();
  const key = lower === "libpkg" ? "pkg" : lower;
  const volume = Object.hasOwn(volumes, key) ? volumes[key]! : null;
  if (volume === null || (access === "write" && volume.access === "read")) return null;
  const names = namesIn(rest ?? "");
  if (names === null) return null;
  try {
    return { volume: key, root: volume.directory(access), names };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    warnOnce(key, error.message);
    return null;
  }
}

const warned = new Set<string>();

/** Says why a volume cannot be used at all: the program learns no more than that a file is not there. */
function warnOnce(volume: string, why: string): void {
  if (!warned.has(volume)) warn(`${volume}:/ cannot be used: ${why}`);
  warned.add(volume);
}

/** The names in a path from a volume on, without "", "." and ".."; null when it leads out of the volume. */
export function namesIn(path: string): string[] | null {
  const names: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") names.push(part);
    else if (names.pop() === undefined) return null;
  }
  return names;
}

/** A path for the functions of node:fs; bytes that are no UTF-8 name the same file again (row S19). */
export const hostPath = (path: string): Buffer => Buffer.from(encode(path));

const text = (bytes: Buffer): string => decode(bytes, 0, bytes.length);
const realPath = (path: string): string => text(realpathSync.native(hostPath(path), "buffer"));

const { O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK } = constants;

const notFound = (): Error => Object.assign(new Error("not found"), { code: "ENOENT" });

/**
 * Does something with what is at a location, by a path that leads nowhere else; its last name is not to be followed.
 * @throws as the functions of node:fs
 */
export function at<Result>(location: Location, work: (path: string) => Result): Result {
  const root = realPath(location.root);
  const isInside = (path: string): boolean =>
    path === root || path.startsWith(root === "/" ? root : `${root}/`);
  const path = resolve({ ...location, root });
  if (!isInside(path)) throw notFound();
  const parent = openSync(hostPath(path === root ? root : dirname(path)), O_DIRECTORY);
  try {
    const here = pathOf(parent);
    if (!isInside(text(readlinkSync(here, "buffer")))) throw notFound();
    return work(path === root ? `${here}/.` : `${here}/${basename(path)}`);
  } finally {
    closeSync(parent);
  }
}

/** The real path of what is at a location; where there is nothing, the path that it would have. */
function resolve(location: Location): string {
  const exact = existing(join(location.root, ...location.names));
  if (exact !== null) return exact;
  const path = spelled(location);
  return existing(path) ?? join(realPath(dirname(path)), basename(path));
}

function existing(path: string): string | null {
  try {
    return realPath(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

/**
 * The path in the spelling that is found in the directories: names are matched without regard to case. From the first name that is
 * not there, it is left as it is.
 */
function spelled({ root, names }: Location): string {
  let path = root === "/" ? "" : root;
  for (const [index, name] of names.entries()) {
    let next = `${path}/${name}`;
    if (statSync(hostPath(next), { throwIfNoEntry: false }) === undefined) {
      const lower = name.toLowerCase();
      const entries = readdirSync(hostPath(path === "" ? "/" : path), "buffer").map(text);
      const found = entries.find((entry) => entry.toLowerCase() === lower);
      if (found === undefined) return [path, ...names.slice(index)].join("/");
      next = `${path}/${found}`;
    }
    path = next;
  }
  return path === "" ? "/" : path;
}

/**
 * Opens a file; anything else, such as a pipe, counts as not found.
 * @param mode - of open(2), such as O_RDONLY
 * @throws as node:fs's openSync
 */
export function openFile(location: Location, mode: number): number {
  const fd = at(location, (path) => openSync(hostPath(path), mode | O_NOFOLLOW | O_NONBLOCK, 0o600));
  if (fstatSync(fd).isFile()) return fd;
  closeSync(fd);
  throw notFound();
}

/** Does something with an open file; null when there is none, it cannot be opened, or what is done with it fails. */
export function withFile<Result>(
  path: string,
  access: Access,
  mode: number,
  work: (fd: number) => Result,
): Result | null {
  return withOpened(path, access, (location) => openFile(location, mode), work);
}

/** The same with a directory, to be read. */
export function withDirectory<Result>(path: string, work: (fd: number) => Result): Result | null {
  const open = (here: string): number => openSync(hostPath(here), O_DIRECTORY | O_NOFOLLOW);
  return withOpened(path, "read", (location) => at(location, open), work);
}

function withOpened<Result>(
  path: string,
  access: Access,
  open: (location: Location) => number,
  work: (fd: number) => Result,
): Result | null {
  let fd = -1;
  try {
    const location = locate(path, access);
    if (location === null) return null;
    fd = open(location);
    return work(fd);
  } catch (error) {
    if (!isFailure(error)) throw error;
    return null;
  } finally {
    if (fd >= 0) closeSync(fd);
  }
}

/**
 * Opens a directory below an open one, to be read, by a path from there.
 * @throws as node:fs's openSync; also when a link is in the way
 */
export function openBelow(directory: number, path: string): number {
  const fd = openSync(hostPath(`${pathOf(directory)}/${path}`), O_DIRECTORY | O_NOFOLLOW);
  const [top, here] = [directory, fd].map((each) => text(readlinkSync(pathOf(each), "buffer")));
  if (here === `${top === "/" ? "" : top}/${path}`) return fd;
  closeSync(fd);
  throw notFound();
}

/** A path that opens again what a descriptor is of, as long as that is open. */
export const pathOf = (fd: number): string => `/proc/self/fd/${fd}`;
