/** Files for roByteArray. Nothing here throws: what cannot be done gives null or false. */
import { appendFileSync, closeSync, fstatSync, openSync, readSync, writeFileSync } from "node:fs";
import { encode } from "../text.js";

const CHUNK = 65536;
const LARGEST_READ = 2 ** 30;

/** A path that came from decoded bytes must name the same file again (S19). */
function pathOf(text: string): Buffer {
  return Buffer.from(encode(text));
}

/**
 * Up to `length` bytes of a file from offset `start`; fewer when the file ends before.
 *
 * @param most - more bytes than this are an error, found out without reading them all
 * @returns null: it cannot be read, `start` is past its end, or it has more than `most`
 */
export function readRange(path: string, start: number, length: number, most: number): Uint8Array | null {
  if (start < 0 || length < 0) return null;
  let descriptor = -1;
  try {
    descriptor = openSync(pathOf(path), "r");
    const { size } = fstatSync(descriptor);
    if (Math.min(length, size - start) > most) return null;
    // The size is only a hint: files in /proc have none, others grow meanwhile. Reading tells where the end is.
    const wanted = Math.min(length, most + 1);
    let bytes = Buffer.allocUnsafe(Math.min(wanted, Math.max(size - start + 1, CHUNK)));
    let read = 0;
    while (read < wanted) {
      if (read === bytes.length) {
        const larger = Buffer.allocUnsafe(Math.min(wanted, read * 2));
        bytes.copy(larger);
        bytes = larger;
      }
      // A pipe has no positions, but can be read from its start.
      const room = Math.min(bytes.length - read, LARGEST_READ);
      const got = readSync(descriptor, bytes, read, room, start === 0 ? null : start + read);
      if (got === 0) break;
      read += got;
    }
    if (read > most || (read === 0 && start > size)) return null;
    return bytes.subarray(0, read);
  } catch {
    return null;
  } finally {
    if (descriptor >= 0) closeSync(descriptor);
  }
}

/** Makes the file, or replaces what it holds. False: it could not be written in full. */
export function writeAll(path: string, bytes: Uint8Array): boolean {
  try {
    writeFileSync(pathOf(path), bytes);
    return true;
  } catch {
    return false;
  }
}

/** Adds to the file's end, making the file when there is none. False: it could not be written in full. */
export function appendAll(path: string, bytes: Uint8Array): boolean {
  try {
    appendFileSync(pathOf(path), bytes);
    return true;
  } catch {
    return false;
  }
}
