/** The compiler: BrightScript source to JavaScript that runtime/load.ts runs. */

import { type Diagnostic, Diagnostics } from "../syntax/diagnostics.js";
import { type DefinedFunction, parse } from "../syntax/parse.js";
import { checkFile } from "./check.js";
import { Marks } from "./marks.js";
import { type OutsideCall, Unit } from "./unit.js";

export { type Diagnostic, describe } from "../syntax/diagnostics.js";
export { checkScope } from "./check.js";

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

/** A file's text, and the name that it has in errors: "pkg:/source/main.brs" */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** Compiles the files of one scope. Never throws: what is wrong with a source is told by its diagnostics. */
export function compileFiles(
  sources: readonly SourceFile[],
  { constants = {}, builtins = new Set() }: Omit<CompileOptions, "path">,
): CompiledFile[] {
  const parsed = sources.map(({ path, text }) => {
    const diagnostics = new Diagnostics(path);
    const { functions, defined } = limited(diagnostics, () => {
      const file = parse(text, constants, diagnostics);
      checkFile(file.functions, diagnostics);
      return file;
    }) ?? { functions: [], defined: [] };
    const sound = diagnostics.list.length === 0;
    const own = sound ? functions.filter(({ name }) => !builtins.has(name)) : [];
    return { path, functions: own, defined, diagnostics };
  });
  const marks = new Marks(parsed.flatMap(({ functions }) => functions));
  return parsed.map(({ path, functions, defined, diagnostics }) => {
    const unit = new Unit(functions, marks);
    const code = diagnostics.list.length > 0 ? undefined : limited(diagnostics, () => unit.code);
    const { list } = diagnostics;
    return {
      path,
      code: code ?? "",
      functions: defined,
      calls: code === undefined ? [] : unit.calls,
      diagnostics: list,
    };
  });
}

/** What `work` returns; undefined, with a diagnostic, for a file that would overflow the stack. */
function limited<Result>(diagnostics: Diagnostics, work: () => Result): Result | undefined {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    diagnostics.error({ line: 1, column: 1 }, "limit", "It is nested too deeply, or too large");
    return undefined;
  }
}

/** The same for one file. */
export function compile(source: string, { path, ...options }: CompileOptions): CompiledFile {
  return compileFiles([{ path, text: source }], options)[0]!;
}
