/** Compiled programs in a directory of their own: scripts in the places of the sources, all other files as they are. */
import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { encode } from "../../text.js";
import { builtFile, type Package } from "./package.js";
import { naming, Problem } from "./problem.js";
import { type Compiled, type Constants, compileSound, described, scriptSuffix } from "./scripts.js";
import { filesBelow, isSource, readSource } from "./source.js";
import { version } from "./version.js";

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
  const others = opened.isApp ? otherFiles(opened.directory, target) : [];
  const separate = others.filter(isSource).map((file) => compileAlone(opened.directory, file, constants));
  const partial = join(dirname(target), `.${basename(target)}.${process.pid}`);
  naming(output, () => {
    mkdirSync(partial);
    try {
      writeScripts(partial, [scope, ...separate]);
      for (const file of others)
        if (!isSource(file)) copy(file, join(partial, relative(opened.directory, file)));
      writeFileSync(join(partial, builtFile), `${JSON.stringify({ rosock: version, name: opened.name })}\n`);
      rmSync(target, { recursive: true, force: true });
      renameSync(partial, target);
    } finally {
      rmSync(partial, { recursive: true, force: true });
    }
  });
  return described(scope.warnings);
}

/** What is there and was not built must not be lost; neither may the program be. */
function checkTarget(target: string, { directory, isApp }: Package): void {
  if (isApp && `${directory}${sep}`.startsWith(`${target}${sep}`))
    throw new Problem(`${target}: the program is in it`);
  if (!existsSync(target)) return;
  const isEmpty = naming(target, () => readdirSync(target)).length === 0;
  if (!isEmpty && !existsSync(join(target, builtFile))) {
    throw new Problem(`${target}: it is not empty, and was not made by rosock build`);
  }
}

/** All files of an app but those of source/ that are compiled. */
function otherFiles(directory: string, target: string): string[] {
  const sources = join(directory, "source") + sep;
  return filesBelow(directory).filter(
    (file) => !file.startsWith(target + sep) && !(file.startsWith(sources) && isSource(file)),
  );
}

function compileAlone(directory: string, file: string, constants: Constants): Compiled {
  return compileSound([readSource(file, `pkg:/${relative(directory, file)}`)], constants);
}

function writeScripts(directory: string, compiled: readonly Compiled[]): void {
  for (const { path, code } of compiled.flatMap(({ files }) => files)) {
    const file = join(directory, `${path.slice("pkg:/".length)}${scriptSuffix}`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, encode(code));
  }
}

/** Copies a file, or what a link leads to. */
function copy(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  naming(from, () => copyFileSync(from, to));
}
