/** Run-time errors, with the numbers and words of a Roku's console (Roku's bslBrightScriptErrorCodes, and crash reports). */
import { typeName, type Value } from "./values.js";

/** An error's number, as `catch` and the console give it, and its words. */
export const errors = {
  syntax: [0x02, "Syntax Error."],
  badParameter: [0x08, "Invalid parameter passed to function/array (e.g neg matrix dim or sqr root)."],
  outOfMemory: [0x0c, "Out Of Memory."],
  subscript: [0x10, "Array subscript out of bounds."],
  divisionByZero: [0x14, "Divide by Zero."],
  typeMismatch: [0x18, "Type Mismatch."],
  stringTooLong: [0x1c, "String Too Long."],
  badShift: [0x1e, "Invalid Bitwise Shift."],
  constantRange: [0x22, "Constant Out Of Range"],
  timeout: [0x23, "Execution timeout"],
  badFormat: [0x24, "Invalid Format Specifier"],
  badThrow: [0x26, "Invalid argument to Throw"],
  user: [0x28, "User-specified exception"],
  noEval: [0x90, "eval() is deprecated. You must eliminate usage of eval()."],
  stackOverflow: [0xdf, "Stack overflow."],
  notFunction: [0xe0, "Function Call Operator ( ) attempted on non-function."],
  indexCount: [0xe3, "Invalid number of Array indexes."],
  badLeftSide: [0xe4, "Invalid value for left-side of expression."],
  noReturn: [0xe5, "Function does not have a required return."],
  notArray: [0xe7, "Array operation attempted on variable not DIM'd."],
  badIndex: [0xe8, "Attempt to use a non-numeric array index not allowed."],
  uninitialized: [0xe9, "Use of uninitialized variable."],
  untyped: [0xeb, "Operation on UnTyped operand(s) attempted."],
  dotOnNothing: [
    0xec,
    "'Dot' Operator attempted with invalid BrightScript Component or interface reference.",
  ],
  notWaitable: [0xee, "Tried to Wait on an BrightScript Component that does not have MessagePort interface."],
  notPrintable: [0xef, "Non printable value."],
  wrongCount: [0xf1, "Wrong number of function parameters."],
  tooManyParameters: [0xf2, "Too many function parameters (internal limit exceeded)."],
  noInterface: [0xf3, "Interface not a member of BrightScript Component"],
  noMember: [0xf4, "Member function not found in BrightScript Component or interface."],
  wrongComponentCount: [
    0xf5,
    "BrightScript Component function call does not have the correct number of parameters.",
  ],
  noComponent: [0xf6, "BrightScript Component Class not Found."],
  stop: [0xf7, "STOP"],
  break: [0xf8, "BREAK"],
  end: [0xfc, "Normal End."],
  internal: [0xfe, "UNEXPECTED INTERNAL."],
} as const satisfies Record<string, readonly [number, string]>;

export type ErrorName = keyof typeof errors;

const byNumber = new Map<number, string>(Object.values(errors));

/** What a console says of an error with a number; undefined for a number that is none of theirs. */
export const wordsOf = (number: number): string | undefined => byNumber.get(number);

/** A call that an error passed through. */
export interface Frame {
  /** The function as the backtrace shows it: `main(args As Object) As Void`. */
  readonly signature: string;
  /** "pkg:/source/main.brs" */
  readonly path: string;
  readonly line: number;
}

/** The function that an error came from. */
export interface Innermost {
  readonly signature: string;
  /** Its variables, the parameters first. */
  readonly locals: readonly (readonly [name: string, value: Value])[];
  readonly m: Value;
}

/** Any error on its way through the program's functions. */
export interface Unwinding extends Error {
  innermost?: Innermost;
  /** How many functions it has left so far. */
  unwound?: number;
}

/** A BrightScript run-time error. */
export class BrsError extends Error implements Unwinding {
  innermost?: Innermost;
  unwound?: number;
  /** The program's functions that were running when it happened, innermost first; undefined until somebody looked. */
  frames: readonly Frame[] | undefined;
  /** The roAssociativeArray that `catch` gives: what `throw` was given, or made when it is first caught. */
  exception: object | undefined;

  constructor(
    readonly number: number,
    message: string,
  ) {
    super(message);
  }
}

/** The error by its name; `detail` follows the words. */
export function brsError(name: ErrorName, detail = ""): BrsError {
  const [number, words] = errors[name];
  return new BrsError(number, words + detail);
}

/** The error for operands that an operator cannot take. */
export function mismatch(symbol: string, ...operands: readonly Value[]): BrsError {
  const types = operands.map((each) => `"${typeName(each)}"`).join(" and ");
  return brsError("typeMismatch", ` Operator "${symbol}" can't be applied to ${types}.`);
}

/** The error for a value that has not the type that is wanted. */
export const cannotCast = (value: Value, type: string): BrsError =>
  brsError("typeMismatch", ` Unable to cast "${typeName(value)}" to "${type}".`);
