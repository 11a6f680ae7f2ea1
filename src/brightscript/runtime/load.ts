/** Compiled programs: from the compiler's JavaScript to functions that can be called. */
import { Script } from "node:vm";
import { $ } from "./index.js";
import type { BrsFunction } from "./values.js";

/** A file as the compiler made it. */
export interface CompiledCode {
  /** "pkg:/source/main.brs": errors and backtraces name it. */
  readonly path: string;
  readonly code: string;
}

/** A program's functions by their names, in lower case. */
export type Functions = Readonly<Record<string, BrsFunction>>;

type Instantiate = (runtime: typeof $, functions: Functions) => Functions;

/** The functions of the files of one scope; they can call one another, and the global functions. */
export function load(files: readonly CompiledCode[]): Functions {
  const functions: Record<string, BrsFunction> = Object.create($.g);
  for (const { path, code } of files) {
    const instantiate: Instantiate = new Script(code, { filename: path }).runInThisContext();
    Object.assign(functions, instantiate($, functions));
  }
  return functions;
}
