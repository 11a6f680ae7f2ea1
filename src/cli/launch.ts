/**
 * Loads the `rosock` command. The build makes one file of its modules (scripts/bundle.js) and keeps what V8 compiles of that: both
 * make it start sooner. While rosock is being worked on, the modules are there without them.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Script } from "node:vm";

const directory = join(__dirname, "..");

export interface Bundle {
  readonly script: Script;
  readonly exports: object;
}

/** The bundles that have been loaded, by their names. */
export const bundles = new Map<string, Bundle>();

/** Where V8's code of a bundle is kept: it is only good for the same V8 on the same kind of processor. */
export const codeFile = (name: string): string =>
  join(directory, "code", `${name}.${process.arch}.${process.versions.v8}`);

function load(name: string): object {
  const filename = join(directory, name);
  const text = readFileSync(filename, "latin1"); // It is ASCII: a function.
  const code = existsSync(codeFile(name)) ? { cachedData: readFileSync(codeFile(name)) } : {};
  const script = new Script(text, { filename, ...code });
  const module = { exports: {} };
  script.runInThisContext()(module.exports, requireFrom, module, filename, directory);
  bundles.set(name, { script, exports: module.exports });
  return module.exports;
}

/** require() as the bundles know it: they are side by side. */
function requireFrom(name: string): unknown {
  return name.startsWith("./") ? (bundles.get(name.slice(2))?.exports ?? load(name.slice(2))) : require(name);
}

export const { main } = (
  existsSync(join(directory, "command.js")) ? load("command.js") : require("./main.js")
) as typeof import("./main.js");
