/** From a program's sources to the scripts that are loaded: compiled now, kept from before, or by `rosock build`. */
import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { decode } from "../../text.js";
import type { CompiledFile, Diagnostic } from "../compile/index.js";
import { builtins, g } from "../library/global/index.js";
import type { CompiledCode } from "../runtime/load.js";
import { cached } from "./cache.js";
import { builtFile, type Package } from "./package.js";
import { naming, Problem, SourceProblem } from "./problem.js";
import { filesBelow, type Source } from "./source.js";
import { version } from "./version.js";

export type Constants = Readonly<Record<string, boolean>>;

/** What `rosock build` appends to a source's name. */
export const scriptSuffix = ".js";

/** The scripts of a program. @throws {@link Problem} for errors in its sources. */
export function scriptsOf(opened: Package, constants: Constants): readonly CompiledCode[] {
  return opened.sources === null ? builtScripts(opened) : compiledScripts(opened.sources, constants);
}

/** Nothing is kept of a compiler that is being worked on. */
function compiledScripts(sources: readonly Source[], constants: Constants): readonly CompiledCode[] {
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
export const described = (found: readonly Diagnostic[]): string[] => found.map(compiler().describe);

function compiler(): typeof import("../compile/index.js") {
  try {
    return require("../compile/index.js");
  } catch (error) {
    if (!/^(MODULE_NOT_FOUND|ENOENT)$/.test((error as NodeJS.ErrnoException).code ?? "")) throw error;
    throw new Problem("there is no compiler here: only what rosock build made can be run");
  }
}

function builtScripts({ directory }: Package): CompiledCode[] {
  const file = join(directory, builtFile);
  const { rosock } = naming(file, () => JSON.parse(readFileSync(file, "utf8"))) as { rosock?: string };
  if (rosock !== version) {
    throw new Problem(
      `${file}: this was built by another version of rosock, ${rosock}; build it again with ${version}`,
    );
  }
  return filesBelow(join(directory, "source"))
    .filter((path) => path.toLowerCase().endsWith(`.brs${scriptSuffix}`))
    .map((path) => readScript(path, `pkg:/${relative(directory, path).slice(0, -scriptSuffix.length)}`));
}

function readScript(file: string, path: string): CompiledCode {
  const bytes = naming(file, () => readFileSync(file));
  return { path, code: decode(bytes, 0, bytes.length) };
}
