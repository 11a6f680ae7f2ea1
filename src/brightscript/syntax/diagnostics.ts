/** What the compiler has to say about a program, in the words of a Roku's console. */

import type { Place } from "./token.js";

/** The compiler's errors: their numbers and words on a Roku. */
const errors = {
  syntax: [0x02, "Syntax Error."],
  labelNotFound: [0x0e, "Label/Line Not Found."],
  continueFor: [0x8d, "Continue For is not inside a For loop."],
  continueWhile: [0x8e, "Continue While is not inside a While."],
  labelInTry: [0x8f, "Labels are illegal inside a TRY clause."],
  builtinCall: [0x9d, "Syntax Error. Builtin function call expected."],
  exitFor: [0xa5, "Exit For is not inside a For loop."],
  badType: [0xa7, "Type is Invalid."],
  typedItem: [0xab, "For-Each index variable must be 'dynamic' type."],
  noReturnValue: [0xa9, "Return must return a value."],
  returnValue: [
    0xaa,
    "Return can not have a return-value if inside a Sub or Function with Void return type.",
  ],
  definedTwice: [0xad, "SUB or FUNCTION defined twice."],
  builtinName: [0xad, "SUB or FUNCTION defined twice."],
  limit: [0xae, "Internal limit size exceeded."],
  exitWhile: [0xaf, "Exit While is not inside a While."],
  unterminatedString: [0xb3, "String missing ending quote."],
  labelTwice: [0xb4, "Label/LineNumber defined more than once."],
  unterminatedBlock: [0xb5, "A block (such as FOR/NEXT or IF/ENDIF) was not terminated correctly."],
  badNext: [0xb6, "Variable in NEXT does not match correct FOR."],
  endOfFile: [0xb7, "Unexpected End-Of-File."],
  file: [0xb9, "Error loading file."],
  noEndIf: [0xbd, "ENDIF Missing."],
  noEndWhile: [0xbe, "While Statement is missing a matching EndWhile."],
  unknownFunction: [0xe0, "Function Call Operator ( ) attempted on non-function."],
} as const satisfies Record<string, readonly [number, string]>;

export type DiagnosticName = keyof typeof errors;

export interface Diagnostic {
  /** "pkg:/source/main.brs" */
  readonly path: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units. */
  readonly column: number;
  /** A program with a warning runs; the device would find out when it comes to that line. */
  readonly severity: "error" | "warning";
  /** The number of Roku's list of errors. */
  readonly number: number;
  /** Its words there. */
  readonly message: string;
  /** What more is known; often empty. */
  readonly detail: string;
}

/** As on a Roku's console: `Syntax Error. (compile error &h02) in pkg:/source/main.brs(3) Unexpected token 'x'` */
export function describe({ path, line, number, message, detail }: Diagnostic): string {
  const code = number.toString(16).padStart(2, "0");
  return `${message} (compile error &h${code}) in ${path}(${line})${detail && ` ${detail}`}`;
}

/** Collects the diagnostics of one file: one for each line, since further ones mostly follow from the first. */
export class Diagnostics {
  readonly #byLine = new Map<number, Diagnostic>();

  constructor(readonly path: string) {}

  error(place: Place, name: DiagnosticName, detail = ""): void {
    if (!this.#byLine.has(place.line)) this.#byLine.set(place.line, make(this.path, place, name, detail));
  }

  get hasErrors(): boolean {
    return this.#byLine.size > 0;
  }

  /** In the order of the lines. */
  get list(): Diagnostic[] {
    return [...this.#byLine.values()].sort((a, b) => a.line - b.line);
  }
}

function make(path: string, { line, column }: Place, name: DiagnosticName, detail: string): Diagnostic {
  const [number, message] = errors[name];
  const severity = name === "unknownFunction" || name === "builtinName" ? "warning" : "error";
  return { path, line, column, severity, number, message, detail: detail.replace(/\p{Cc}+/gu, " ") };
}

/** A call of a function that the program has not got. */
export const unknownFunction = (path: string, place: Place, name: string): Diagnostic =>
  make(path, place, "unknownFunction", `Unknown function '${name}'`);

/** A function of a name that a global one has: it is never called. */
export const builtinFunction = (path: string, place: Place, name: string): Diagnostic =>
  make(path, place, "builtinName", `'${name}' is a global function, which is called instead`);

/** A function of a name that another file has taken. */
export const duplicateFunction = (path: string, place: Place, name: string, other: string): Diagnostic =>
  make(path, place, "definedTwice", `'${name}' is also in ${other}`);
