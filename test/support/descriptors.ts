import { readdirSync, readlinkSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { hang, waitFor } from "./time.js";

/** What the process has open: descriptor number to what it refers to ("socket:[123]", "anon_inode:[eventpoll]", a path). */
export function openDescriptors(): Map<number, string> {
  const open = new Map<number, string>();
  for (const name of readdirSync("/proc/self/fd")) {
    try {
      open.set(Number(name), readlinkSync(`/proc/self/fd/${name}`));
    } catch {
      // The descriptor readdir itself had open.
    }
  }
  return open;
}

/** A full collection, also without --expose-gc. */
export function collectGarbage(): void {
  if (!globalThis.gc) {
    setFlagsFromString("--expose-gc");
    globalThis.gc = runInNewContext("gc") as NodeJS.GCFunction;
  }
  globalThis.gc();
}

/** What is open now and was not in `before`. */
export function newDescriptors(before: Map<number, string>): string[] {
  const left: string[] = [];
  for (const [number, target] of openDescriptors()) {
    if (before.get(number) !== target) left.push(`${number} -> ${target}`);
  }
  return left;
}

/** Waits until nothing more is open than in `before`, collecting garbage meanwhile; gives what is left, [] if all is well. */
export async function leftDescriptors(before: Map<number, string>, milliseconds = hang): Promise<string[]> {
  try {
    await waitFor(
      () => {
        collectGarbage();
        return newDescriptors(before).length === 0;
      },
      "descriptors to be released",
      milliseconds,
    );
  } catch {
    // The caller's assertion tells which ones.
  }
  return newDescriptors(before);
}
