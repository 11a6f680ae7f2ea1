/** What rosock is given to run: an app's directory, its zip, loose files, or what `rosock build` made of any of these. */
import { existsSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, extname, join, parse, resolve } from "node:path";
import { encode } from "../../text.js";
import { builtFile } from "./built.js";
import { parseManifest } from "./manifest.js";
import { naming, Problem, readFile } from "./problem.js";
import { leadsOut, packageSources, readSource, type Source } from "./source.js";
import { subdirectory } from "./temporary.js";

export interface Package {
  readonly name: string;
  /** What was given to be run, or the first of it, absolute. */
  readonly path: string;
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
  const stats = naming(first, () => statSync(first));
  const isZip = stats.isFile() && extname(first).toLowerCase() === ".zip";
  if (!stats.isDirectory() && !isZip) return looseFiles(names);
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
  const manifest = hasManifest ? readManifest(directory) : new Map<string, string>();
  const sources = isBuilt ? null : packageSources(directory);
  if (sources?.length === 0) throw new Problem(`${given}: there are no .brs files in its source/`);
  const name = manifest.get("title") ?? "";
  const path = resolve(given);
  return { name: name === "" ? nameOf(path) : name, path, directory, manifest, sources, isApp: true };
}

function readManifest(directory: string): Map<string, string> {
  const file = join(directory, "manifest");
  if (leadsOut(file, directory)) throw new Problem(`${file}: it leads out of the program`);
  return parseManifest(readFile(file, largestManifest).toString());
}

/**
 * Files of one program. pkg:/ is the app that the first is in, beside its manifest or in its source/; without one it has these
 * files and nothing else, for what lies beside them may be anything.
 */
function looseFiles(files: readonly string[]): Package {
  const first = resolve(files[0]!);
  const sources = files.map((file) => readSource(file, `pkg:/source/${basename(file)}`));
  for (const [index, { path }] of sources.entries()) {
    if (sources.findIndex((other) => other.path === path) !== index) {
      throw new Problem(`${files[index]}: there are two files of this name`);
    }
  }
  let directory = appOf(first);
  return {
    name: nameOf(first),
    path: first,
    manifest: new Map(),
    sources,
    isApp: false,
    get directory() {
      directory ??= directoryWith(sources);
      return directory;
    },
  };
}

/** The directory of the app that a file is a source of, if it is one. */
function appOf(file: string): string | undefined {
  const here = dirname(file);
  const places = basename(here) === "source" ? [dirname(here), here] : [here];
  return places.find((place) => existsSync(join(place, "manifest")));
}

function directoryWith(sources: readonly Source[]): string {
  const directory = subdirectory("pkg");
  for (const { path, text } of sources) {
    const file = join(directory, path.slice("pkg:/".length));
    naming(file, () => {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, encode(text));
    });
  }
  return directory;
}

const nameOf = (path: string): string => parse(path).name;
