/**
 * What tells a user's own builds from others': a hash of the build's list under a key that only this user has (HMAC, RFC 2104).
 * The key is made with the first build.
 */
import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import { sha256 } from "../../native.js";
import { encode } from "../../text.js";
import { keyFile } from "./directories.js";
import { makeDirectory } from "./make-directory.js";
import { naming, Problem } from "./problem.js";

const { O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants;

/** Bytes. */
const keyLength = 32;
const blockLength = 64;

/** The seal of a text. Makes a key when there is none. @throws {@link Problem} when there is none that can be used. */
export function seal(text: string): string {
  const file = keyFile();
  if (file === undefined) throw new Problem("there is no home directory");
  return naming(file, () => {
    makeKey(file);
    return hmac(readKey(file), text);
  });
}

/** Whether a seal is this user's, and of that text. */
export function isSealed(text: string, given: string): boolean {
  const file = keyFile();
  if (file === undefined) return false;
  try {
    return hmac(readKey(file), text) === given;
  } catch {
    return false; // Without a key of one's own nothing is.
  }
}

/** Several processes may do this at once: one makes the key, whole, and the others find it. */
function makeKey(file: string): void {
  const partial = `${file}.${process.pid}`;
  try {
    closeSync(openSync(file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    const { randomBytes } = require("node:crypto") as typeof import("node:crypto");
    makeDirectory(dirname(file));
    writeFileSync(partial, randomBytes(keyLength), { mode: 0o600 });
    try {
      linkSync(partial, file);
    } catch {
      // Another process was first, or the file system has no hard links.
      if (!existsSync(file)) renameSync(partial, file);
    } finally {
      rmSync(partial, { force: true });
    }
  }
}

function readKey(file: string): Buffer {
  const fd = openSync(file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    const stats = fstatSync(fd);
    const isOwn = stats.isFile() && stats.uid === process.geteuid!() && (stats.mode & 0o077) === 0;
    if (!isOwn || stats.size !== keyLength) throw new Problem(`${file}: it is no key of this user's alone`);
    return readFileSync(fd);
  } finally {
    closeSync(fd);
  }
}

function hmac(key: Uint8Array, text: string): string {
  const padded = (byte: number): Buffer => {
    const pad = Buffer.alloc(blockLength, byte);
    for (const [index, one] of key.entries()) pad[index]! ^= one;
    return pad;
  };
  const inner = sha256(Buffer.concat([padded(0x36), encode(text)]));
  return sha256(Buffer.concat([padded(0x5c), Buffer.from(inner, "hex")]));
}
