/** What the command itself has to say: on standard error, so that standard output is the program's alone. */
import { writeSync } from "node:fs";
import { currentColumn, write } from "../brightscript/runtime/console.js";
import { encode } from "../text.js";

/** Writes lines. On a terminal they do not go on with a line that the program has begun. */
export function say(lines: string): void {
  try {
    if (currentColumn() > 0 && isTerminal(1) && isTerminal(2)) write("\n");
    writeSync(2, encode(lines));
  } catch {
    // Nobody reads it.
  }
}

/** Whether a descriptor is a terminal's. Loads what few programs need: two megabytes. */
export const isTerminal = (fd: number): boolean =>
  (require("node:tty") as typeof import("node:tty")).isatty(fd);
