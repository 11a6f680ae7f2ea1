/** `try`, `catch` and `throw`. (Reference: "Error handling in BrightScript".) */
import { RoArray } from "../library/array.js";
import { RoAssociativeArray } from "../library/associative-array.js";
import { framesOf, runtimeError } from "./backtrace.js";
import { flush } from "./console.js";
import { BrsError, brsError, errors, type Frame, wordsOf } from "./errors.js";
import { isEnd } from "./program.js";
import { unboxed, type Value } from "./values.js";

/** The calls as an exception has them: the outermost first. */
function backtrace(frames: readonly Frame[]): RoArray {
  const calls = frames.map(({ signature, path, line }) =>
    RoAssociativeArray.of({ filename: path, function: signature, line_number: line }),
  );
  return new RoArray(calls.reverse());
}

/** What `catch` gives. The end of the program passes. */
export function caught(thrown: unknown): object {
  flush(); // The items of a print statement that came to no end.
  if (isEnd(thrown)) throw thrown;
  const error = runtimeError(thrown);
  error.exception ??= RoAssociativeArray.of({
    backtrace: backtrace(error.frames ?? []),
    message: error.message,
    number: error.number,
    rethrown: false,
  });
  return error.exception;
}

/**
 * `throw value`: a message, or an exception, which is completed and thrown itself. One that has a backtrace already is thrown
 * again.
 */
export function toss(value: Value): never {
  const given = unboxed(value);
  const exception = typeof given === "string" ? RoAssociativeArray.of({ message: given }) : given;
  if (!isException(exception)) throw brsError("badThrow");
  const number = (unboxed(exception.get("number")) ?? errors.user[0]) as number;
  const message = (unboxed(exception.get("message")) ?? wordsOf(number) ?? errors.user[1]) as string;
  const error = new BrsError(number, message);
  error.exception = exception;
  error.frames = framesOf(error);
  const rethrown = exception.doesExist("backtrace");
  exception.set("number", number);
  exception.set("message", message);
  exception.set("rethrown", rethrown);
  exception.set(rethrown ? "rethrow_backtrace" : "backtrace", backtrace(error.frames));
  throw error;
}

/** Whether what it has of an exception's fields has their types; they may be missing. */
function isException(value: Value): value is RoAssociativeArray {
  if (!(value instanceof RoAssociativeArray)) return false;
  const calls = value.get("backtrace");
  return (
    fits(value, "number", "number") &&
    fits(value, "message", "string") &&
    (calls === undefined || (calls instanceof RoArray && calls.items.every(isCall)))
  );
}

const isCall = (value: Value): boolean =>
  value instanceof RoAssociativeArray &&
  value.doesExist("function") &&
  fits(value, "function", "string") &&
  fits(value, "filename", "string") &&
  fits(value, "line_number", "number");

function fits(holder: RoAssociativeArray, name: string, type: "number" | "string"): boolean {
  const value = holder.get(name);
  return value === undefined || typeof unboxed(value) === type;
}
