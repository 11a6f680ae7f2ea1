/** What a `stop` comes to on a terminal: the backtrace and the variables, and a question. */
import { readSync } from "node:fs";
import { runtimeError } from "../brightscript/runtime/backtrace.js";
import { onStop } from "../brightscript/runtime/program.js";
import { crashReport } from "../brightscript/runtime/report.js";
import { isTerminal, say } from "./say.js";
import { status } from "./status.js";

/** Has `stop` ask whether to go on, if there is somebody to ask. Otherwise it ends the program. */
export function askAtStop(): void {
  onStop((stop, locals, m) => {
    if (!isTerminal(0) || !isTerminal(2)) throw stop;
    const signature = runtimeError(stop).frames?.[0]?.signature ?? "";
    stop.innermost = { signature, locals, m };
    say(crashReport(stop));
    if (!goesOn()) process.exit(status.stopped);
  });
}

/** Asks until there is an answer. */
function goesOn(): boolean {
  for (;;) {
    say("c: continue, q: quit> ");
    const answer = readLine();
    if (answer === null || /^(q|quit|exit)$/i.test(answer)) return false;
    if (/^(c|cont|continue)$/i.test(answer)) return true;
  }
}

/** The next line of standard input; null at its end. */
function readLine(): string | null {
  const bytes = Buffer.alloc(256);
  const length = readSync(0, bytes);
  return length === 0 ? null : bytes.toString("utf8", 0, length).trim();
}
