/** The other implementation: @rokucommunity/brs, an interpreter that walks the syntax tree, run in this process. */
import { PassThrough } from "node:stream";

interface Result {
  readonly errors: readonly unknown[];
}

interface Brs {
  readonly Lexer: new () => { scan(text: string, file: string): Result & { tokens: unknown } };
  readonly Preprocessor: new () => {
    preprocess(tokens: unknown, manifest: unknown): Result & { processedTokens: unknown };
  };
  readonly Parser: new () => { parse(tokens: unknown): Result & { statements: unknown } };
  readonly Interpreter: new (options: object) => Result & { exec(statements: unknown): unknown };
}

/** Its parts have no types of their own; its public entry runs files only, and a process for each would take minutes. */
const { Lexer, Preprocessor, Parser, Interpreter }: Brs = {
  ...require("@rokucommunity/brs/lib/lexer"),
  ...require("@rokucommunity/brs/lib/preprocessor"),
  ...require("@rokucommunity/brs/lib/parser"),
  ...require("@rokucommunity/brs/lib/interpreter"),
};

/** What a program prints there and how it ends: its errors have other words, and no numbers, so their kind has to do. */
export function peer(source: string): string {
  const statements = parsed(source);
  if (statements === undefined) return "??? syntax error";
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const interpreter = new Interpreter({
    root: "/",
    stdout,
    stderr,
    generateCoverage: false,
    componentDirs: [],
  });
  const failed = quietly(() => {
    try {
      interpreter.exec(statements);
      return interpreter.errors.length > 0;
    } catch {
      return true;
    }
  });
  // From Node 26 on, read() returns one of the pieces that were written, no longer all.
  const pieces: string[] = [];
  for (let piece = stdout.read(); piece !== null; piece = stdout.read()) pieces.push(`${piece}`);
  const printed = pieces.join("").trimEnd();
  return [printed, failed ? "!!! error" : ""].filter((part) => part !== "").join("\n");
}

function parsed(source: string): unknown {
  try {
    const lexed = new Lexer().scan(source, "pkg:/source/main.brs");
    const preprocessed = new Preprocessor().preprocess(lexed.tokens, new Map());
    const { statements, errors } = new Parser().parse(preprocessed.processedTokens);
    const all = [...lexed.errors, ...preprocessed.errors, ...errors];
    return all.length > 0 ? undefined : statements;
  } catch {
    return undefined; // Its preprocessor throws.
  }
}

/** It writes some warnings past the streams that it is given. */
function quietly<Value>(work: () => Value): Value {
  const { error, warn } = console;
  Object.assign(console, { error() {}, warn() {} });
  try {
    return work();
  } finally {
    Object.assign(console, { error, warn });
  }
}
