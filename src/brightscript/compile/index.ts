/** The compiler: BrightScript source to JavaScript that runtime/load.ts runs. */
import { checkFile } from "./check.js";
import { type Diagnostic, Diagnostics } from "./diagnostics.js";
import { type DefinedFunction, parse } from "./parser.js";
import { type OutsideCall, Unit } from "./unit.js";

export { checkScope } from "./check.js";
export { type Diagnostic, describe } from "./diagnostics.js";

export interface CompileOptions {
  /** Names the file in errors: "pkg:/source/main.brs" */
  readonly path: string;
  /** The manifest's bs_const; names in lower case. */
  readonly constants?: Readonly<Record<string, boolean>>;
  /** The global functions that no function of the program can stand in for; names in lower case. */
  readonly builtins?: ReadonlySet<string>;
}

export interface CompiledFile {
  readonly path: string;
  /** JavaScript for runtime/load.ts. Empty if there are errors. */
  readonly code: string;
  /** Its functions: also those of a file with errors, as far as they can be made out. */
  readonly functions: readonly DefinedFunction[];
  /** Its calls of functions that are not its own. */
  readonly calls: readonly OutsideCall[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Never throws: what is wrong with the source is told by the diagnostics. */
export function compile(source: string, options: CompileOptions): CompiledFile {
  const { path } = options;
  try {
    return compiled(source, options);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const diagnostics = new Diagnostics(path);
    diagnostics.error(1, "limit", "It is nested too deeply, or too large");
    return { path, code: "", functions: [], calls: [], diagnostics: diagnostics.list };
  }
}

function compiled(
  source: string,
  { path, constants = {}, builtins = new Set() }: CompileOptions,
): CompiledFile {
  const diagnostics = new Diagnostics(path);
  const { functions, defined } = parse(source, constants, diagnostics);
  checkFile(functions, diagnostics);
  if (diagnostics.list.length > 0)
    return { path, code: "", functions: defined, calls: [], diagnostics: diagnostics.list };
  const unit = new Unit(functions.filter(({ name }) => !builtins.has(name)));
  return { path, code: unit.code, functions: defined, calls: unit.calls, diagnostics: [] };
}
