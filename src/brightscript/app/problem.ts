import { readFileSync, statSync } from "node:fs";

/** Why a program cannot be started: a sentence that begins with the file it is about. */
export class Problem extends Error {}

/** What is wrong with its sources: lines of a device's console. */
export class SourceProblem extends Problem {}

const words: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EACCES: "it may not be read",
  EISDIR: "it is a directory",
  ENOTDIR: "a part of its path is no directory",
  ELOOP: "its symbolic links lead in a circle",
  EEXIST: "it is there already",
  ENAMETOOLONG: "its path is too long",
  ENOSPC: "there is no room for it on the disk",
};

/** What does its own work, and names the file when that fails. */
export function naming<Result>(file: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw error instanceof Problem ? error : new Problem(`${file}: ${because(error)}`);
  }
}

/** What is in a file of at most that many bytes. */
export function readFile(file: string, most: number): Buffer {
  return naming(file, () => {
    const stats = statSync(file);
    if (stats.isDirectory()) throw new Problem(`${file}: ${words.EISDIR}`);
    if (!stats.isFile()) throw new Problem(`${file}: it is no file`); // A pipe would be waited for.
    if (stats.size > most) throw new Problem(`${file}: it is larger than ${most} bytes`);
    return readFileSync(file);
  });
}

/** Whether the system could not do what was asked of it; anything else that is thrown is a mistake, and is not to be hidden. */
export const isFailure = (error: unknown): boolean =>
  error instanceof Error &&
  !(error instanceof TypeError) &&
  typeof (error as NodeJS.ErrnoException).code === "string";

/** A system's error in words. */
export function because(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return words[code ?? ""] ?? message;
}

/** A line with ? for what a terminal would obey: names of files may have any characters. */
export const harmless = (line: string): string => line.replace(/[^\t\P{Cc}]/gu, "?");
