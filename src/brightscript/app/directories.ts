/** Where things are kept between runs, by the XDG base directory specification. */
import { homedir, userInfo } from "node:os";
import { isAbsolute, join } from "node:path";
import { sha256 } from "../../native.js";
import { encode } from "../../text.js";
import { Problem } from "./problem.js";

/**
 * A directory in a base directory: the variable's, unless it is relative or missing. Undefined when there is no home directory:
 * nothing is ever taken from the working directory, which may have come from anybody.
 */
function inBase(variable: string, fallback: string, ...names: string[]): string | undefined {
  const set = process.env[variable];
  if (set !== undefined && isAbsolute(set)) return join(set, ...names);
  const home = absolute(homedir) ?? absolute(() => userInfo().homedir);
  return home && join(home, fallback, ...names);
}

/** What a function finds, if that is an absolute path. HOME may be anything; a user without an entry in /etc/passwd has none. */
function absolute(find: () => string): string | undefined {
  try {
    const path = find();
    return isAbsolute(path) ? path : undefined;
  } catch {
    return undefined;
  }
}

/** Undefined when there is no home directory. */
export const cacheDirectory = (): string | undefined => inBase("XDG_CACHE_HOME", ".cache", "rosock");

const inData = (name: string): string | undefined => inBase("XDG_DATA_HOME", ".local/share", "rosock", name);

/**
 * The key of this user's builds; undefined when there is no home directory. No program's data are kept under a name that begins
 * with a dot.
 */
export const keyFile = (): string | undefined => inData(".key");

/**
 * What persists of a program: its registry and cachefs:/. The path that it is run from decides which it is, not the name that it
 * gives itself: so none has another's.
 * @throws {@link Problem} when there is no home directory
 */
export function dataDirectory(programName: string, path: string): string {
  const safe = programName
    .replace(/[^\p{L}\p{N} ._-]/gu, "_")
    .replace(/^\.+/, "_")
    .slice(0, 60)
    .trim();
  const identity = sha256(encode(path)).slice(0, 16);
  const directory = inData(`${safe === "" ? "program" : safe}-${identity}`);
  if (directory === undefined) {
    const problem = new Problem("there is no home directory: give --data DIR");
    throw Object.assign(problem, { code: "ERR_ROSOCK_HOME" });
  }
  return directory;
}
