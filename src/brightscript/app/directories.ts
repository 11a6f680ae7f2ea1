/** Where things are kept between runs, by the XDG base directory specification. */
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import { sha256 } from "../../native.js";
import { encode } from "../../text.js";

/** A base directory: the variable's, unless it is relative or missing. */
function base(variable: string, fallback: string): string {
  const set = process.env[variable];
  return set !== undefined && isAbsolute(set) ? set : join(homedir(), fallback);
}

export const cacheDirectory = (): string => join(base("XDG_CACHE_HOME", ".cache"), "rosock");

const dataHome = (): string => join(base("XDG_DATA_HOME", ".local/share"), "rosock");

/** The key of this user's builds. No program's data are kept under a name that begins with a dot. */
export const keyFile = (): string => join(dataHome(), ".key");

/**
 * What persists of a program: its registry and cachefs:/. The path that it is run from decides which it is, not the name that it
 * gives itself: so none has another's.
 */
export function dataDirectory(programName: string, path: string): string {
  const safe = programName
    .replace(/[^\p{L}\p{N} ._-]/gu, "_")
    .replace(/^\.+/, "_")
    .slice(0, 60)
    .trim();
  const identity = sha256(encode(path)).slice(0, 16);
  return join(dataHome(), `${safe === "" ? "program" : safe}-${identity}`);
}
