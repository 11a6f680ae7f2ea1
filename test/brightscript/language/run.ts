/** Compiles and runs programs in this process, each with functions and a global associative array of its own. */
import { checkScope, compile } from "#src/brightscript/compile/index.js";
import { RoAssociativeArray } from "#src/brightscript/library/associative-array.js";
import { builtins } from "#src/brightscript/library/global/index.js";
import { runtimeError } from "#src/brightscript/runtime/backtrace.js";
import { redirect } from "#src/brightscript/runtime/console.js";
import { $ } from "#src/brightscript/runtime/index.js";
import { type Functions, load } from "#src/brightscript/runtime/load.js";
import { End } from "#src/brightscript/runtime/program.js";
import type { Outcome } from "./corpus.js";

const path = "pkg:/source/main.brs";

/** What the system writes to the console beside what programs print. */
const systemLines = /^BRIGHTSCRIPT: .*\n/gm;

/** The functions of a source without errors. */
export function functionsOf(source: string): Functions {
  const { code, diagnostics } = compile(source, { path, builtins });
  if (diagnostics.length > 0) throw new Error(`${JSON.stringify(diagnostics[0])} in\n${source}`);
  return load([{ path, code }]);
}

/** Runs the source's main. */
export function run(source: string): Outcome {
  const file = compile(source, { path, builtins });
  const found = [...file.diagnostics, ...checkScope([file], new Set(Object.keys($.g)), builtins)];
  const error = found.find(({ severity }) => severity === "error");
  if (error !== undefined) return { output: "", syntaxError: error };
  const { main } = load([file]);
  return observe(() => main!());
}

/** What work prints, and the run-time error that it ends with. */
function observe(work: () => unknown): Outcome {
  const chunks: Uint8Array[] = [];
  $.m = new RoAssociativeArray();
  redirect((bytes) => chunks.push(bytes));
  const output = (): string => Buffer.concat(chunks).toString().replace(systemLines, "");
  try {
    work();
  } catch (thrown) {
    if (thrown instanceof End) return { output: output() };
    const { number, message, frames } = runtimeError(thrown);
    return { output: output(), error: { number, message, line: frames?.[0]?.line } };
  } finally {
    redirect();
  }
  return { output: output() };
}
