/** A program's source files: where they are, and their text. */
import { lstatSync, readdirSync, realpathSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { decode } from "../../text.js";
import { naming, Problem, readFile } from "./problem.js";

export interface Source {
  /** As errors name it: "pkg:/source/main.brs". */
  readonly path: string;
  readonly text: string;
}

/** The largest that a device compiles. */
const mostBytes = 2 * 1024 * 1024;

/** The most characters of a path (PATH_MAX). */
const longestPath = 4096;

/** More files and directories than any app has. */
export const mostEntries = 20_000;

export const isSource = (file: string): boolean => /\.brs$/i.test(file);

/** Every source in a package's source/, in an order that does not depend on the machine. */
export function packageSources(directory: string): Source[] {
  const place = join(directory, "source");
  if (leadsOut(place, directory)) throw new Problem(`${place}: it leads out of the program`);
  return filesBelow(place, directory)
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
 * @throws {@link Problem} also for symbolic links that lead out of the package, or in a circle, and for more entries than any app
 * has: links may make as many as they like
 */
export function filesBelow(directory: string, root = directory): string[] {
  const files: string[] = [];
  const top = naming(root, () => realpathSync(root));
  /** The real paths of the directories on the way. */
  const way = new Set([top]);
  let entries = 0;
  const add = (place: string, real: string): void => {
    const found = naming(place, () => readdirSync(real, { withFileTypes: true }));
    entries += found.length + 1;
    if (entries > mostEntries) throw new Problem(`${root}: it has more than ${mostEntries} files`);
    if (place.length > longestPath) throw new Problem(`${place}: its path is too long`);
    for (const entry of found.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (entry.name.startsWith(".")) continue;
      const path = join(place, entry.name);
      const target = entry.isSymbolicLink()
        ? targetOf(path, join(real, entry.name), top)
        : join(real, entry.name);
      if (!(entry.isSymbolicLink() ? statSync(target) : entry).isDirectory()) files.push(path);
      else if (way.has(target)) throw new Problem(`${path}: it leads in a circle`);
      else {
        way.add(target);
        add(path, target);
        way.delete(target);
      }
    }
  };
  const real = naming(directory, () => realpathSync(directory));
  way.add(real);
  add(directory, real);
  return files;
}

/** Where a link leads to. */
function targetOf(path: string, link: string, top: string): string {
  const target = naming(path, () => realpathSync(link));
  if (!`${target}${sep}`.startsWith(top + sep)) throw new Problem(`${path}: it leads out of the program`);
  return target;
}

/** Whether links make a path lead out of a directory. What is not there leads nowhere. */
export function leadsOut(path: string, root: string): boolean {
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() !== true) return false;
  return naming(path, () => !(realpathSync(path) + sep).startsWith(realpathSync(root) + sep));
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
