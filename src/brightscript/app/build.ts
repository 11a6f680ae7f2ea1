/** Compiled programs in a directory of their own: scripts in the places of the sources, all other files as they are. */
import {
  copyFileSync,
  constants as copying,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { sha256 } from "../../native.js";
import { encode } from "../../text.js";
import { builtFile, hasList, makeList, scriptSuffix } from "./built.js";
import type { Package } from "./package.js";
import { naming, Problem } from "./problem.js";
import { type Compiled, type Constants, compileSound, described } from "./scripts.js";
import { filesBelow, isSource, readSource } from "./source.js";

/**
 * Compiles a program into the directory `output`, which appears whole or not at all, in the place of an earlier build.
 * Sources outside source/, which are for Run(), are compiled as well.
 * @returns the warnings
 * @throws {@link Problem}
 */
export function buildPackage(opened: Package, constants: Constants, output: string): readonly string[] {
  if (opened.sources === null) throw new Problem(`${opened.directory}: it is built already`);
  const target = resolve(output);
  checkTarget(target, opened);
  const scope = compileSound(opened.sources, constants);
  const all = opened.isApp ? filesOf(opened, target) : [];
  const others = all.filter((file) => !isInScope(file, opened.directory));
  const separate = others.filter(isSource).map((file) => compileAlone(opened.directory, file, constants));
  const partial = join(dirname(target), `.${basename(target)}.${process.pid}`);
  return naming(output, () => {
    mkdirSync(partial);
    try {
      const scripts = writeScripts(partial, [scope, ...separate]);
      for (const file of others)
        if (!isSource(file)) copy(file, join(partial, relative(opened.directory, file)));
      const { text, unsealed } = makeList(opened.name, scripts);
      writeFileSync(join(partial, builtFile), text, { flag: "wx" });
      rmSync(target, { recursive: true, force: true });
      renameSync(partial, target);
      const warnings = described(scope.warnings);
      return unsealed === null
        ? warnings
        : [...warnings, `rosock: ${unsealed}; running it will take --trust`];
    } finally {
      rmSync(partial, { recursive: true, force: true });
    }
  });
}

/** What is there and was not built must not be lost; neither may the program be. */
function checkTarget(target: string, opened: Package): void {
  if (opened.isApp && `${opened.directory}${sep}`.startsWith(`${target}${sep}`))
    throw new Problem(`${target}: the program is in it`);
  if (!existsSync(target)) return;
  const isEmpty = naming(target, () => readdirSync(target)).length === 0;
  if (!isEmpty && !hasList(target)) {
    throw new Problem(`${target}: it is not empty, and was not made by rosock build`);
  }
}

/**
 * All files of an app, but those in `target`.
 * @throws {@link Problem} when one is where a source is put as it is compiled: it would be taken for what was compiled
 */
export function filesOf({ directory }: Package, target?: string): string[] {
  const files = filesBelow(directory).filter(
    (file) => target === undefined || !file.startsWith(target + sep),
  );
  const sources = new Map(files.filter(isSource).map((file) => [file + scriptSuffix, file]));
  for (const file of files) {
    for (let place = file; place !== directory; place = dirname(place)) {
      const source = sources.get(place);
      if (source === undefined) continue;
      throw new Problem(
        `${place}: this is where ${relative(directory, source)} is put when it is compiled: give it another name`,
      );
    }
  }
  return files;
}

/** Whether a file is one of those in source/ that are compiled together. */
const isInScope = (file: string, directory: string): boolean =>
  isSource(file) && file.startsWith(join(directory, "source") + sep);

function compileAlone(directory: string, file: string, constants: Constants): Compiled {
  return compileSound([readSource(file, `pkg:/${relative(directory, file)}`)], constants);
}

/** Writes the scripts in the places of the sources; the paths of these, each with the hash of its script. */
function writeScripts(directory: string, compiled: readonly Compiled[]): [path: string, hash: string][] {
  return compiled
    .flatMap(({ files }) => files)
    .map(({ path, code }) => {
      const place = path.slice("pkg:/".length);
      const file = join(directory, place + scriptSuffix);
      const bytes = encode(code);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, bytes, { flag: "wx" });
      return [place, sha256(bytes)];
    });
}

/** Copies a file, or what a link leads to. */
function copy(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  naming(from, () => {
    if (!statSync(from).isFile()) throw new Problem(`${from}: it is no file`); // A pipe would be waited for.
    copyFileSync(from, to, copying.COPYFILE_EXCL);
  });
}
