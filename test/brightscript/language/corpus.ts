/**
 * The corpus: files of small programs with what they must print, one for each section of Roku's language reference.
 *
 *     # A comment, before the first case.
 *     === title of the case
 *     print half(3)
 *     print half("x")
 *
 *     function half(x)
 *       return x / 2
 *     end function
 *     ---
 *      1.5
 *     !!! error &h18 at 6: Type Mismatch.
 *
 * What stands before the first function, when there is no main, is its body. After the output may follow
 * `!!! error &hNUMBER at LINE: words`, the run-time error that ends the program, or, instead of any output,
 * `??? syntax error at LINE`, for what does not compile. Lines are counted within the case. Number, line and words may be
 * left out where the reference does not settle them; the words may go on.
 *
 * The expected output comes from the reference and from what devices are known to do, never from a run of this project.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export interface Case {
  /** The file without its suffixes: "for-each". */
  readonly section: string;
  readonly title: string;
  /** What to compile. */
  readonly source: string;
  /** How many lines were put in front of the case's own. */
  readonly added: number;
  readonly expected: string;
}

/** How a program went. Lines are those of the compiled source. */
export interface Outcome {
  readonly output: string;
  readonly error?: { readonly number: number; readonly line: number | undefined; readonly message: string };
  /** The line of the first compile error. */
  readonly syntaxError?: { readonly line: number };
}

/** The directory of the corpus, also when this runs from where it was compiled to. */
export const directory = join(__dirname.replace(/([\\/])out([\\/]test)/, "$1test"));

const suffix = ".brs.txt";

export const sections = readdirSync(directory)
  .filter((name) => name.endsWith(suffix))
  .map((name) => name.slice(0, -suffix.length))
  .sort();

export function cases(section: string): Case[] {
  const text = readFileSync(join(directory, section + suffix), "utf8");
  return text
    .split(/^=== /m)
    .slice(1)
    .map((part) => {
      const [, title, program, expected] = /^(.*)\n([\s\S]*?)^---\n([\s\S]*)$/m.exec(part) ?? [];
      if (title === undefined) throw new Error(`${section}: a case without --- after "${part.slice(0, 40)}"`);
      return { section, title, ...main(program!), expected: expected!.trimEnd() };
    });
}

/** The program with a main around the statements before its first function. */
function main(program: string): Pick<Case, "source" | "added"> {
  if (/^\s*(sub|function)\s+main\b/im.test(program)) return { source: program, added: 0 };
  const lines = program.split("\n");
  const at = lines.findIndex((line) => /^(sub|function)\s+\w+\s*\(/i.test(line));
  const statements = at < 0 ? lines : lines.slice(0, at);
  const functions = at < 0 ? [] : lines.slice(at);
  while (statements.at(-1)?.trim() === "") statements.pop();
  // `end sub` takes the place of the blank line before the functions, so that no line moves.
  return { source: ["sub main()", ...statements, "end sub", ...functions].join("\n"), added: 1 };
}

/** The outcome as the case would write it: with what the case says of an error when that is true of it. */
export function written(each: Case, { output, error, syntaxError }: Outcome): string {
  const said = each.expected.split("\n").at(-1)!;
  const text = output.trimEnd();
  let end: string | undefined;
  if (syntaxError !== undefined) {
    const line = `??? syntax error at ${syntaxError.line - each.added}`;
    end = said === "??? syntax error" ? said : line;
  } else if (error !== undefined) {
    const { number, message, line } = error;
    const at = line === undefined ? "" : ` at ${line - each.added}`;
    const whole = `!!! error &h${number.toString(16).padStart(2, "0")}${at}: ${message}`;
    end = covers(said, whole) ? said : whole;
  }
  return [text, end].filter((part) => part !== undefined && part !== "").join("\n");
}

/** Whether what is said of an error is true of it as a whole. */
function covers(said: string, whole: string): boolean {
  const [, number, line, words] = /^!!! error( &h\w+)?( at \d+)?(?:: (.*))?$/.exec(said) ?? [];
  const [, wholeNumber, wholeLine, wholeWords] = /^!!! error( &h\w+)( at -?\d+)?: ([\s\S]*)$/.exec(whole)!;
  return (
    said.startsWith("!!! error") &&
    (number === undefined || number === wholeNumber) &&
    (line === undefined || line === wholeLine) &&
    (words === undefined || wholeWords!.startsWith(words))
  );
}
