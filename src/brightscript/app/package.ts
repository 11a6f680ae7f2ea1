/** What rosock is given to run: an app's directory, its zip, loose files, or what `rosock build` made of any of these. */
import { existsSync, statSync } from "node:fs";
import { basename, dirname, extname, join, parse, resolve } from "node:path";
import { builtFile } from "./built.js";
import { parseManifest } from "./manifest.js";
import { naming, Problem, readFile } from "./problem.js";
import { packageSources, readSource, type Source } from "./source.js";
import { subdirectory } from "./temporary.js";

export interface Package {
  readonly name: string;
  /** The directory of pkg:/, absolute. */
  readonly directory: string;
  readonly manifest: ReadonlyMap<string, string>;
  /** What is to be compiled; null when that was done by `rosock build`. */
  readonly sources: readonly Source[] | null;
  /** Whether it is an app: a directory or a zip, not loose files. */
  readonly isApp: boolean;
}

const largestManifest = 1024 * 1024;

/** @throws {@link Problem} */
export async function openPackage(names: readonly string[]): Promise<Package> {
  const [first = "", ...others] = names;
  const isDirectory = naming(first, () => statSync(first)).isDirectory();
  const isZip = !isDirectory && extname(first).toLowerCase() === ".zip";
  if (!isDirectory && !isZip) return looseFiles(names);
  if (others.length > 0) throw new Problem(`${first} is an app: no other files can be given with it`);
  if (!isZip) return app(first, resolve(first));
  const unpacked = app(first, await unpack(first));
  // What was built is code for Node, which no volume holds back: a file from elsewhere must not pass as that.
  if (unpacked.sources === null) throw new Problem(`${first}: what was built is run from its directory`);
  return unpacked;
}

async function unpack(file: string): Promise<string> {
  const { unpack } = require("./zip.js") as typeof import("./zip.js");
  const directory = naming(file, () => subdirectory("pkg"));
  await unpack(file, directory);
  return directory;
}

function app(given: string, directory: string): Package {
  const isBuilt = existsSync(join(directory, builtFile));
  const hasManifest = existsSync(join(directory, "manifest"));
  if (!hasManifest && !isBuilt) throw new Problem(`${given}: it has no manifest, so it is no app`);
  const manifest = hasManifest
    ? parseManifest(readFile(join(directory, "manifest"), largestManifest).toString())
    : new Map<string, string>();
  const sources = isBuilt ? null : packageSources(directory);
  if (sources?.length === 0) throw new Problem(`${given}: there are no .brs files in its source/`);
  const name = manifest.get("title") ?? "";
  return { name: name === "" ? nameOf(given) : name, directory, manifest, sources, isApp: true };
}

/** Files of one program; pkg:/ is the directory of the first, or the one above when that is a source/. */
function looseFiles(files: readonly string[]): Package {
  const first = resolve(files[0]!);
  const directory = basename(dirname(first)) === "source" ? dirname(dirname(first)) : dirname(first);
  const sources = files.map((file) => readSource(file, `pkg:/source/${basename(file)}`));
  for (const [index, { path }] of sources.entries()) {
    if (sources.findIndex((other) => other.path === path) !== index) {
      throw new Problem(`${files[index]}: there are two files of this name`);
    }
  }
  return { name: nameOf(first), directory, manifest: new Map(), sources, isApp: false };
}

const nameOf = (path: string): string => parse(resolve(path)).name;
