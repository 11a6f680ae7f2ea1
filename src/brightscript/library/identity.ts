/** Identifiers that stay: all are made of one secret, which is kept in the data directory. */
import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isFailure, Problem, readFile } from "../app/problem.js";
import { program } from "../app/program.js";

const secrets = new Map<string, string>();

function secret(): string {
  const directory = program().dataDirectory;
  const known = secrets.get(directory) ?? kept(directory) ?? make(directory);
  secrets.set(directory, known);
  return known;
}

function kept(directory: string): string | null {
  try {
    return /^[0-9a-f]{64}$/m.exec(readFile(join(directory, "identity"), 1024).toString())?.[0] ?? null;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return null;
  }
}

/** One that cannot be kept is good for as long as the process runs. */
function make(directory: string): string {
  const made = randomBytes(32).toString("hex");
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const temporary = join(directory, `identity.${process.pid}`);
    writeFileSync(temporary, `${made}\n`, { mode: 0o600 });
    renameSync(temporary, join(directory, "identity"));
  } catch (error) {
    if (!isFailure(error)) throw error;
    return made;
  }
  return kept(directory) ?? made; // Another process may have been as quick.
}

/** A UUID for a purpose, the same as long as the data directory is; nothing of another purpose's can be told from it. */
export function identifier(purpose: string): string {
  const hash = createHash("sha256").update(`${secret()} ${purpose}`).digest("hex");
  return [
    hash.slice(0, 8),
    hash.slice(8, 12),
    `4${hash.slice(13, 16)}`,
    `a${hash.slice(17, 20)}`,
    hash.slice(20, 32),
  ].join("-");
}
