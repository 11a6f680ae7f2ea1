/** Keys of asymmetric algorithms, from files. */
import type { KeyObject } from "node:crypto";
import { constants, readFileSync } from "node:fs";
import { withFile } from "../app/volumes.js";

/** A key from a file: 1 and the key; 0: there is no such key in it; -1: there is no such file. */
export function loadKey(
  path: string,
  make: (content: Buffer) => KeyObject,
  isRight: (key: KeyObject) => boolean,
): [result: number, key?: KeyObject] {
  const content = withFile(path, "read", constants.O_RDONLY, (file) => readFileSync(file));
  return content === null ? [-1] : readKey(content, make, isRight);
}

/** A key from what a file holds: 1 and the key, or 0. */
export function readKey(
  content: Buffer,
  make: (content: Buffer) => KeyObject,
  isRight: (key: KeyObject) => boolean,
): [result: number, key?: KeyObject] {
  try {
    const key = make(content);
    return isRight(key) ? [1, key] : [0];
  } catch {
    return [0];
  }
}
