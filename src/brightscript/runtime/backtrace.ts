/**
 * Where errors come from. Compiled scripts have file names such as pkg:/source/main.brs, the lines of their source, and functions
 * whose name is their signature: so V8's own stack is the backtrace.
 */
import { flush } from "./console.js";
import { BrsError, brsError, type Frame, type Innermost, type Unwinding } from "./errors.js";
import type { BrsFunction, Value } from "./values.js";

/** How many calls an error remembers, the innermost ones. */
const depth = 200;
Error.stackTraceLimit = Math.max(Error.stackTraceLimit, depth);

/** pkg:/, tmp:/ and so on. */
const isScript = (name: string | null | undefined): name is string =>
  typeof name === "string" && /^(?!file:)\w+:\//.test(name);

/** The calls of the program's functions within which an error was made, innermost first. */
export function framesOf(error: Error): Frame[] {
  const { prepareStackTrace } = Error;
  try {
    Error.prepareStackTrace = (_, sites) => sites;
    const sites: unknown = error.stack;
    return Array.isArray(sites) ? sites.filter((site) => isScript(site.getFileName())).map(frameOf) : [];
  } finally {
    Error.prepareStackTrace = prepareStackTrace;
  }
}

const frameOf = (site: NodeJS.CallSite): Frame => ({
  signature: site.getFunctionName() ?? "",
  path: site.getFileName()!,
  line: site.getLineNumber() ?? 0,
});

/** Gives a compiled function what backtraces and print show of it: its name and its signature, as the program spells them. */
export function describe(
  fn: BrsFunction,
  name: string,
  text: string,
  marked: readonly boolean[] = [],
): BrsFunction {
  fn.signature = { name, text, marked };
  return Object.defineProperty(fn, "name", { value: text });
}

/**
 * Called as something thrown leaves a function, before it is thrown on: an error keeps the innermost function's variables. There
 * may be hardly any stack left, so nothing more is found out here.
 */
export function frame(thrown: unknown, signature: string, locals: Innermost["locals"], m: Value): unknown {
  flush(); // The items of a print statement that came to no end.
  const error = thrown as Unwinding;
  error.innermost ??= { signature, locals, m };
  error.unwound = (error.unwound ?? 0) + 1;
  return thrown;
}

/** Anything thrown as an error of BrightScript's, with its frames. */
export function runtimeError(thrown: unknown): BrsError {
  const error = thrown instanceof BrsError ? thrown : translated(thrown as Unwinding);
  error.frames ??= framesOf(error);
  return error;
}

/** What V8 or the components have thrown: an exhausted resource, an argument of the wrong kind, or a mistake in this project. */
function translated(thrown: Unwinding & { code?: unknown }): BrsError {
  const { message } = thrown;
  const name = /call stack/.test(message)
    ? "stackOverflow"
    : thrown.code === "ERR_STRING_TOO_LONG" || /string length/.test(message)
      ? "stringTooLong"
      : thrown instanceof RangeError
        ? "outOfMemory"
        : thrown.code === "ERR_INVALID_ARG_TYPE"
          ? "typeMismatch"
          : "internal";
  const isExplained = name === "internal" || name === "typeMismatch";
  const error = brsError(name, isExplained ? ` ${message}` : "");
  Object.assign(error, { cause: thrown, innermost: thrown.innermost, unwound: thrown.unwound });
  const frames = framesOf(thrown);
  // A call that had no room has no line yet.
  error.frames = name === "stackOverflow" && frames.length > 1 ? frames.slice(1) : frames;
  return error;
}
