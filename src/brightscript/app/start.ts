/** Starts a program, and says how it ended. */
import { RoArray } from "../library/array.js";
import { RoAssociativeArray } from "../library/associative-array.js";
import { type CompiledCode, load } from "../runtime/load.js";
import { End, isUnusable, Stop } from "../runtime/program.js";
import { type BrsFunction, unboxed } from "../runtime/values.js";
import { Problem } from "./problem.js";

export type Outcome =
  /** `end`, or a return from the function that was started; the status is for the shell. */
  | { readonly kind: "ended"; readonly status: number }
  | { readonly kind: "stopped" | "failed"; readonly error: unknown };

/** The functions that a program may begin with. */
const entries = ["main", "runuserinterface"];

/**
 * Loads the scripts and calls the function `entry`, or the first of {@link entries} that there is, with what the words say.
 * @throws {@link Problem} when there is no such function.
 */
export function start(
  scripts: readonly CompiledCode[],
  entry: string | undefined,
  words: readonly string[],
): Outcome {
  const functions = load(scripts);
  const isOwn = (name: string): boolean => Object.hasOwn(functions, name);
  const name = entry?.toLowerCase() ?? entries.find(isOwn);
  if (name === undefined) throw new Problem("the program has neither Main nor RunUserInterface");
  if (!isOwn(name)) throw new Problem(`the program has no function ${entry}`);
  return call(functions[name]!, words);
}

function call(main: BrsFunction, words: readonly string[]): Outcome {
  try {
    const value = unboxed(main.length === 0 ? main() : main(argumentsOf(words)));
    return { kind: "ended", status: typeof value === "number" && value > 0 && value < 256 ? value : 0 };
  } catch (error) {
    if (error instanceof End) return { kind: "ended", status: error.status };
    if (isUnusable(error)) throw error;
    return { kind: error instanceof Stop ? "stopped" : "failed", error };
  }
}

/**
 * What Main gets, as a device would pass it on from a request to start the app: texts by name. `name=value` and
 * `--name=value` are one word, `--name value` two; `--name` alone is "true". All words are there as well, as `argv`.
 */
function argumentsOf(words: readonly string[]): RoAssociativeArray {
  const values = RoAssociativeArray.of({});
  for (let i = 0; i < words.length; i++) {
    const [, dashes, name, value] = /^(--)?([^=-][^=]*)(?:=(.*))?$/s.exec(words[i]!) ?? [];
    if (name === undefined) continue;
    if (value !== undefined) values.set(name, value);
    else if (dashes !== undefined) {
      const next = words[i + 1];
      const takesNext = next !== undefined && !next.startsWith("--");
      values.set(name, takesNext ? next : "true");
      if (takesNext) i++;
    }
  }
  values.set("argv", RoArray.of([...words]));
  return values;
}
