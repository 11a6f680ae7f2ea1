/** From a program's sources to the scripts that are loaded: compiled now, or kept from before. */
import type { CompiledFile, Diagnostic } from "../compile/index.js";
import { builtins, g } from "../library/global/index.js";
import type { CompiledCode } from "../runtime/load.js";
import { cached } from "./cache.js";
import { harmless, Problem, SourceProblem } from "./problem.js";
import type { Source } from "./source.js";

export type Constants = Readonly<Record<string, boolean>>;

/** The scripts of a program. Nothing is kept of a compiler that is being worked on. @throws {@link Problem} */
export function compiledScripts(sources: readonly Source[], constants: Constants): readonly CompiledCode[] {
  const compilerVersion = process.env.ROSOCK_COMPILER; // The build puts the value here.
  const make = (): readonly CompiledCode[] =>
    compileSound(sources, constants).files.map(({ path, code }) => ({ path, code }));
  if (compilerVersion === undefined) return make();
  const origin = JSON.stringify([compilerVersion, [...builtins], constants, sources]);
  return JSON.parse(cached(origin, () => JSON.stringify(make()))) as CompiledCode[];
}

export interface Compiled {
  readonly files: readonly CompiledFile[];
  readonly errors: readonly Diagnostic[];
  /** What a run of the program may come to. */
  readonly warnings: readonly Diagnostic[];
}

/** Compiles the sources of one scope. */
export function compileScope(sources: readonly Source[], constants: Constants): Compiled {
  const { checkScope, compileFiles } = compiler();
  const files = compileFiles(sources, { constants, builtins });
  const found = [
    ...files.flatMap(({ diagnostics }) => diagnostics),
    ...checkScope(files, new Set(Object.keys(g)), builtins),
  ];
  const [errors, warnings] = ["error", "warning"].map((kind) =>
    found.filter(({ severity }) => severity === kind),
  );
  return { files, errors: errors!, warnings: warnings! };
}

/** The same, for sources that must be right. @throws {@link SourceProblem} with all that is wrong. */
export function compileSound(sources: readonly Source[], constants: Constants): Compiled {
  const compiled = compileScope(sources, constants);
  const { errors, warnings } = compiled;
  if (errors.length > 0) throw new SourceProblem(described([...errors, ...warnings]).join("\n"));
  return compiled;
}

/** In the words of a device's console. */
export const described = (found: readonly Diagnostic[]): string[] =>
  found.map((each) => harmless(compiler().describe(each)));

function compiler(): typeof import("../compile/index.js") {
  try {
    return require("../compile/index.js");
  } catch (error) {
    if (!/^(MODULE_NOT_FOUND|ENOENT)$/.test((error as NodeJS.ErrnoException).code ?? "")) throw error;
    throw new Problem("there is no compiler here: only what rosock build made can be run");
  }
}
