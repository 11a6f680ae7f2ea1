/** Run(): another program from within the running one, in a scope of its own. */
import { runtimeError } from "../../runtime/backtrace.js";
import { writeLines } from "../../runtime/console.js";
import { brsError, errors } from "../../runtime/errors.js";
import { End, isUnusable } from "../../runtime/program.js";
import { crashReport } from "../../runtime/report.js";
import { unboxed, type Value } from "../../runtime/values.js";
import { RoAssociativeArray } from "../associative-array.js";
import { RoList } from "../list.js";
import { Sequence } from "../sequence.js";

/** What the compiler has to say of one line. */
interface CompileError {
  readonly path: string;
  readonly line: number;
  readonly number: number;
  readonly message: string;
}

/** Thrown by a {@link Runner} when the files are no program. */
export class NotCompiled extends Error {
  constructor(readonly errors: readonly CompileError[]) {
    super("the program does not compile");
  }
}

/** Compiles files, as the program names them, to one program, and gives what its Main() returns; what that throws passes. */
export type Runner = (paths: readonly string[], values: readonly Value[]) => Value;

const okay = 0xff;
const valueReturned = 0xe2;
const [normalEnd] = errors.end;

let runner: Runner | undefined;
let compileErrors: readonly CompileError[] = [];
let runtimeNumber = okay;

/** Says how Run() does its work. */
export function setRunner(work: Runner): void {
  runner = work;
}

/** What the program in the file, or in the files of an array, returns; invalid when it failed. */
export function run(files: object | string | null, ...values: Value[]): Value {
  const paths = (files instanceof Sequence ? files.items : [files]).map(unboxed);
  if (!paths.every((path) => typeof path === "string")) throw brsError("typeMismatch");
  if (runner === undefined) throw new Error("Run: no runner is set");
  compileErrors = [];
  runtimeNumber = okay;
  try {
    const value = runner(paths, values) ?? null;
    runtimeNumber = value === null ? normalEnd : valueReturned;
    return value;
  } catch (thrown) {
    return failure(thrown);
  }
}

/** Notes why the program failed, for the two functions below. The console has the report, as of any crash. */
function failure(thrown: unknown): null {
  if (isUnusable(thrown)) throw thrown;
  if (thrown instanceof NotCompiled) compileErrors = thrown.errors;
  else if (thrown instanceof End) {
    if (thrown.status !== 0) throw thrown; // not the program's own wish
    runtimeNumber = normalEnd;
  } else {
    runtimeNumber = runtimeError(thrown).number & 0xff;
    writeLines(crashReport(thrown));
  }
  return null;
}

/** A list of an associative array for each error; invalid when the last Run() found none. */
export function lastCompileErrors(): RoList | null {
  if (compileErrors.length === 0) return null;
  return new RoList(
    compileErrors.map(({ path, line, number, message }) =>
      RoAssociativeArray.of({ ERRNO: number, ERRSTR: message, FILESPEC: path, LINENO: line }),
    ),
  );
}

/** How the last Run() ended: &hE2 with a value, &hFC without, or the number of its error; &hFF when there was none. */
export const lastRuntimeError = (): number => runtimeNumber;
