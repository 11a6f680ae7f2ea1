/** What tests of the compiler share. */
import { type CompiledFile, compile, describe } from "#src/brightscript/compile/index.js";

export const path = "pkg:/source/main.brs";

export type Constants = Readonly<Record<string, boolean>>;

export const compiled = (source: string, constants: Constants = {}): CompiledFile =>
  compile(source, { path, constants });

/** The JavaScript of statements that stand in a function, line by line, without the spaces between statements. */
export function statements(source: string, parameters = ""): string[] {
  const { code, diagnostics } = compiled(`sub test(${parameters})\n${source}\nend sub`);
  if (diagnostics.length > 0) throw new Error(describe(diagnostics[0]!));
  return code
    .split("\n")
    .slice(1, 1 + source.split("\n").length)
    .map((line) => line.trim());
}

/** The same of one statement. */
export const statement = (source: string, parameters = ""): string => statements(source, parameters)[0]!;

/** What the compiler has to say: "line: message (number) detail" */
export const problems = (source: string, constants: Constants = {}): string[] =>
  compiled(source, constants).diagnostics.map(
    ({ line, number, message, detail }) =>
      `${line}: ${message} (${number.toString(16)})${detail && ` ${detail}`}`,
  );
