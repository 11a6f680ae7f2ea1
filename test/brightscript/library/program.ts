/** A program that runs, as far as the library can tell: directories of its own, which are removed with the test. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setProgram } from "#src/brightscript/app/program.js";
import { flush } from "#src/brightscript/library/registry-store.js";
import type { Scope } from "../../support/sockets.js";

export interface Directories {
  readonly pkg: string;
  readonly data: string;
  readonly tmp: string;
}

/** Files by name: what is in them, or, of a directory, what files. */
interface Tree {
  readonly [name: string]: string | Tree;
}

interface Options {
  /** The files of its package. */
  readonly pkg?: Tree;
  /** Lines of its manifest, by key. */
  readonly manifest?: Readonly<Record<string, string>>;
  /** The data directory, when it is not to be one of its own. */
  readonly data?: string;
}

export function startProgram(t: Scope, { pkg = {}, manifest = {}, data }: Options = {}): Directories {
  const root = mkdtempSync(join(tmpdir(), "rosock-test-"));
  const directories = { pkg: join(root, "pkg"), data: data ?? join(root, "data"), tmp: join(root, "tmp") };
  t.teardown(() => {
    flush(); // Or it would make the directory again, later.
    rmSync(root, { recursive: true });
  });
  plant(directories.pkg, pkg);
  plant(join(root, "data"), {});
  plant(directories.tmp, {});
  setProgram({
    name: "test",
    manifest: new Map(Object.entries(manifest)),
    packageDirectory: directories.pkg,
    dataDirectory: directories.data,
    temporaryDirectory: () => directories.tmp,
  });
  return directories;
}

function plant(directory: string, tree: Tree): void {
  mkdirSync(directory);
  for (const [name, content] of Object.entries(tree)) {
    const path = join(directory, name);
    if (typeof content === "string") writeFileSync(path, content);
    else plant(path, content);
  }
}
