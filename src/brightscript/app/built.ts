/**
 * What `rosock build` made. Its scripts are code for Node, which no volume holds back: so only those are taken that its list
 * names, as they were built, and only from a list that this user has sealed, or trusts.
 */
import { join } from "node:path";
import { sha256 } from "../../native.js";
import { decode } from "../../text.js";
import type { CompiledCode } from "../runtime/load.js";
import { Problem, readFile } from "./problem.js";
import { isSealed, seal } from "./seal.js";
import { version } from "./version.js";
import { namesIn } from "./volumes.js";

/** The list, by which the directories are known that `rosock build` made. */
export const builtFile = "rosock.json";

/** What is appended to a source's name. */
export const scriptSuffix = ".js";

const mostBytes = 64 * 1024 * 1024;

/** A source's path from the package on, and the SHA-256 of what was made of it, in hexadecimal. */
type Script = readonly [path: string, hash: string];

interface List {
  readonly rosock: string;
  readonly name: string;
  readonly scripts: readonly Script[];
  /** Missing where no key could be kept. */
  readonly seal?: string;
}

const sealed = ({ rosock, name, scripts }: List): string =>
  `rosock build ${JSON.stringify([rosock, name, scripts])}`;

/** The content of the list, and why it has no seal, if it has none. */
export function makeList(
  name: string,
  scripts: readonly Script[],
): { text: string; unsealed: string | null } {
  const list: List = { rosock: version, name, scripts };
  const textOf = (whole: List): string => `${JSON.stringify(whole, null, 1)}\n`;
  try {
    return { text: textOf({ ...list, seal: seal(sealed(list)) }), unsealed: null };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return { text: textOf(list), unsealed: error.message };
  }
}

/** Whether a directory has the list of a build, of whatever version. */
export function hasList(directory: string): boolean {
  try {
    readList(directory);
    return true;
  } catch {
    return false;
  }
}

/** A build that may be run. */
export interface Build {
  /** The scripts of source/, which are one scope. @throws {@link Problem} for one that has changed */
  scope(): CompiledCode[];
  /** The script of a source outside source/, by the names of its path; undefined when there is none. @throws as scope() */
  find(names: readonly string[]): CompiledCode | undefined;
}

/**
 * @param trust - whether to take what somebody else has built
 * @throws {@link Problem}
 */
export function openBuild(directory: string, trust: boolean): Build {
  const file = join(directory, builtFile);
  const list = readList(directory);
  if (list.rosock !== version) {
    const other = JSON.stringify(list.rosock);
    throw new Problem(
      `${file}: this was built by another version of rosock, ${other}; build it again with ${version}`,
    );
  }
  if (!isList(list)) throw noList(file);
  if (!trust && !isSealed(sealed(list), list.seal ?? "")) {
    throw new Problem(
      `${directory}: it holds code that was compiled elsewhere, which no volume holds back: build it here, or run it with --trust`,
    );
  }
  const read = ([path, hash]: Script): CompiledCode => {
    const script = join(directory, path + scriptSuffix);
    const bytes = readFile(script, mostBytes);
    if (sha256(bytes) !== hash)
      throw new Problem(`${script}: it has changed since it was built: build it again`);
    return { path: `pkg:/${path}`, code: decode(bytes, 0, bytes.length) };
  };
  return {
    scope: () => list.scripts.filter(([path]) => path.startsWith("source/")).map(read),
    find(names) {
      const wanted = names.join("/");
      const script =
        list.scripts.find(([path]) => path === wanted) ??
        list.scripts.find(([path]) => path.toLowerCase() === wanted.toLowerCase());
      return script && read(script);
    },
  };
}

const noList = (file: string): Problem => new Problem(`${file}: it is no list of what rosock build made`);

/** What says of itself at least which version made it. */
function readList(directory: string): Pick<List, "rosock"> {
  const file = join(directory, builtFile);
  const text = readFile(file, mostBytes).toString();
  try {
    const value = JSON.parse(text) as Partial<List> | null;
    if (typeof value?.rosock === "string") return value as List;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw noList(file);
}

function isList(value: Pick<List, "rosock">): value is List {
  const { name, scripts, seal } = value as Partial<Record<keyof List, unknown>>;
  return (
    typeof name === "string" &&
    Array.isArray(scripts) &&
    scripts.every(isScript) &&
    (seal === undefined || typeof seal === "string")
  );
}

function isScript(value: unknown): value is Script {
  if (!Array.isArray(value) || value.length !== 2) return false;
  const [path, hash] = value as unknown[];
  if (typeof path !== "string" || typeof hash !== "string") return false;
  return (
    path !== "" && !path.includes("\0") && namesIn(path)?.join("/") === path && /^[0-9a-f]{64}$/.test(hash)
  );
}
