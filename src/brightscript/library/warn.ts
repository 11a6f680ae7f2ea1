/** What a Roku says on its console of a mistake that does not end the program. */
import { framesOf } from "../runtime/backtrace.js";
import { writeLines } from "../runtime/console.js";

/** Prints the words, and which line of the program was running, on a line of their own. */
export function warn(words: string): void {
  const [place] = framesOf(new Error());
  const where = place === undefined ? "" : `: ${place.path}(${place.line})`;
  writeLines(`BRIGHTSCRIPT: ERROR: ${words}${where}\n`);
}
