/** A program's source files: where they are, and their text. */
import { readdirSync, realpathSync, statSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { decode } from "../../text.js";
import { naming, Problem, readFile } from "./problem.js";

export interface Source {
  /** As errors name it: "pkg:/source/main.brs". */
  readonly path: string;
  readonly text: string;
}

/** The largest that a device compiles. */
const mostBytes = 2 * 1024 * 1024;

export const isSource = (file: string): boolean => /\.brs$/i.test(file);

/** Every source in a package's source/, in an order that does not depend on the machine. */
export function packageSources(directory: string): Source[] {
  return filesBelow(join(directory, "source"), directory)
    .filter(isSource)
    .map((file) => readSource(file, `pkg:/${relative(directory, file)}`));
}

/** An app's sources outside source/: scripts of components, and programs for Run(). */
export function otherSources(directory: string): Source[] {
  return filesBelow(directory)
    .filter((file) => isSource(file) && !file.startsWith(join(directory, "source") + sep))
    .map((file) => readSource(file, `pkg:/${relative(directory, file)}`));
}

/**
 * All files below a directory of a package, sorted; what begins with a dot is left out.
 * @throws {@link Problem} also for symbolic links that lead out of the package, or in a circle
 */
export function filesBelow(directory: string, root = directory): string[] {
  const entries = naming(directory, () => readdirSync(directory, { withFileTypes: true }));
  const files: string[] = [];
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.name.startsWith(".")) continue;
    const path = join(directory, entry.name);
    const isDirectory = entry.isSymbolicLink() ? leadsToDirectory(path, root) : entry.isDirectory();
    if (isDirectory) files.push(...filesBelow(path, root));
    else files.push(path);
  }
  return files;
}

function leadsToDirectory(link: string, root: string): boolean {
  return naming(link, () => {
    const target = realpathSync(link) + sep;
    if (!target.startsWith(realpathSync(root) + sep))
      throw new Problem(`${link}: it leads out of the program`);
    if ((realpathSync(dirname(link)) + sep).startsWith(target))
      throw new Problem(`${link}: it leads in a circle`);
    return statSync(link).isDirectory();
  });
}

/** @throws {@link Problem} when it cannot be read, or can be no source. */
export function readSource(file: string, path: string): Source {
  const bytes = readFile(file, mostBytes);
  const zero = bytes.indexOf(0);
  if (zero >= 0)
    throw new Problem(`${path}(${lineAt(bytes, zero)}): this is no BrightScript: it has a zero byte`);
  return { path, text: decode(bytes, 0, bytes.length) };
}

function lineAt(bytes: Uint8Array, end: number): number {
  let line = 1;
  for (let i = 0; i < end; i++) if (bytes[i] === 10) line++;
  return line;
}
