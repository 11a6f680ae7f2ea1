/** Identifiers and keys that stay: all are made of one secret, which is kept in the data directory. */
import { createHash, hkdfSync, randomBytes } from "node:crypto";
import { linkSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeDirectory } from "../app/make-directory.js";
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
    makeDirectory(directory);
    const temporary = join(directory, `identity.${randomBytes(8).toString("hex")}`);
    writeFileSync(temporary, `${made}\n`, { mode: 0o600, flush: true });
    putInPlace(temporary, directory);
  } catch (error) {
    if (!isFailure(error)) throw error;
    return made;
  }
  return kept(directory) ?? made;
}

/** The first of several processes that make one wins: what is made of its secret stays good. */
function putInPlace(temporary: string, directory: string): void {
  const file = join(directory, "identity");
  try {
    linkSync(temporary, file);
  } catch (error) {
    if (!isFailure(error)) throw error;
    // What is there is damaged, or the file system has no hard links.
    if (kept(directory) === null) renameSync(temporary, file);
  } finally {
    rmSync(temporary, { force: true });
  }
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

/** A key of 32 bytes for a purpose; null when the secret cannot be kept, so that there would be another the next time. */
export function keyFor(purpose: string): Uint8Array | null {
  const known = secret();
  if (kept(program().dataDirectory) !== known) return null;
  return new Uint8Array(hkdfSync("sha256", Buffer.from(known, "hex"), "", purpose, 32));
}
