/** The console: where print and the system's own messages go. Every write is out before it returns. */
import { writeSync } from "node:fs";
import { encode } from "../../text.js";
import { End } from "./program.js";

const standardOutput = 1;

let sink = writeAll;
let column = 0;
/** What is put together to be written at once. */
let pending = "";

/** The column that the next character is written to, from 0. */
export const currentColumn = (): number => column;

/** Has text written together with what follows it. */
export function put(text: string): void {
  const line = text.lastIndexOf("\n");
  column = line < 0 ? column + text.length : text.length - line - 1;
  pending += text;
}

/** Writes what was put. */
export function flush(): void {
  if (pending === "") return;
  const bytes = encode(pending); // row S19
  pending = "";
  sink(bytes);
}

/** Writes text. */
export function write(text: string): void {
  put(text);
  flush();
}

/** Writes whole lines of the system's own: they do not go on with a line that a program has begun. */
export const writeLines = (text: string): void => write(column > 0 ? `\n${text}` : text);

/** Sends what is written from now on to `to`, or again to standard output. A new line begins. */
export function redirect(to: (bytes: Uint8Array) => void = writeAll): void {
  flush();
  sink = to;
  column = 0;
}

function writeAll(bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(standardOutput, bytes, at);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "EPIPE") throw new End(End.outputClosed);
      if (code !== "EAGAIN") throw error;
      waitForRoom();
    }
  }
}

/** A pipe or terminal that somebody made non-blocking is full. */
function waitForRoom(): void {
  // Loaded only here, since it loads the addon.
  const { sleepUntil } =
    require("../../components/blocking.js") as typeof import("../../components/blocking.js");
  const { ready } = require("../../native.js") as typeof import("../../native.js");
  sleepUntil(standardOutput, ready.out, Number.POSITIVE_INFINITY);
}
