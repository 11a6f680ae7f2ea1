/** What Run() does: programs from within the running one, each in a scope of its own. */
import { constants as flags, readFileSync } from "node:fs";
import { decode } from "../../text.js";
import { NotCompiled, type Runner } from "../library/global/run.js";
import { writeLines } from "../runtime/console.js";
import { brsError } from "../runtime/errors.js";
import { type CompiledCode, load } from "../runtime/load.js";
import { plain } from "../runtime/values.js";
import type { Build } from "./built.js";
import { Problem } from "./problem.js";
import { program } from "./program.js";
import { type Constants, compileScope, described } from "./scripts.js";
import { locate, withFile } from "./volumes.js";

/** The number and the words for a file that is not there, as on a device. */
const notLoaded = { number: 0xb9, message: "Error loading file." };

/** A runner that compiles with the constants of the running program. Files of a built one are compiled already. */
export function runner(constants: Constants, build: Build | null): Runner {
  return (paths, values) => {
    const { main } = load(scripts(paths.map(absolute), constants, build));
    if (main === undefined) throw brsError("notFunction");
    return plain(main(...values));
  };
}

/** A path without a volume is one in pkg:/. */
const absolute = (path: string): string => (path.includes(":") ? path : `pkg:/${path}`);

function scripts(
  paths: readonly string[],
  constants: Constants,
  build: Build | null,
): readonly CompiledCode[] {
  const ready = paths.map((path) => ({ path, script: readyScript(path, build) }));
  const others = ready.filter(({ script }) => script === null).map(({ path }) => path);
  const compiled = others.length === 0 ? [] : compileFiles(others, constants);
  return ready.map(({ path, script }) => script ?? compiled.find((file) => file.path === path)!);
}

/** What the build that runs has made of a file of pkg:/. No other script is taken: a program may have written it. */
function readyScript(path: string, build: Build | null): CompiledCode | null {
  const location = build === null ? null : locate(path, "read");
  if (location?.volume !== "pkg") return null;
  try {
    return build?.find(location.names) ?? null;
  } catch (error) {
    throw notCompiled(path, error);
  }
}

function compileFiles(paths: readonly string[], constants: Constants): readonly CompiledCode[] {
  const sources = paths.map((path) => ({ path, text: read(path) }));
  const missing = sources.filter(({ text }) => text === null);
  if (missing.length > 0) throw new NotCompiled(missing.map(({ path }) => ({ path, line: 0, ...notLoaded })));
  try {
    const { files, errors } = compileScope(sources as { path: string; text: string }[], constants);
    if (errors.length === 0) return files;
    writeLines(`${described(errors).join("\n")}\n`);
    throw new NotCompiled(errors);
  } catch (error) {
    throw notCompiled(paths[0]!, error);
  }
}

/** A problem as Run() reports it, without the host's paths; what is none is thrown on. */
function notCompiled(path: string, error: unknown): unknown {
  if (!(error instanceof Problem)) return error;
  const message = error.message.replaceAll(`${program().packageDirectory}/`, "pkg:/");
  writeLines(`${message}\n`);
  return new NotCompiled([{ path, line: 0, number: notLoaded.number, message }]);
}

function read(path: string): string | null {
  return withFile(path, "read", flags.O_RDONLY, (fd) => {
    const bytes = readFileSync(fd);
    return decode(bytes, 0, bytes.length);
  });
}
