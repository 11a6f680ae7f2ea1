/** What Run() does: programs from within the running one, each in a scope of its own. */
import { constants as flags, readFileSync } from "node:fs";
import { decode } from "../../text.js";
import { NotCompiled, type Runner } from "../library/global/run.js";
import { writeLines } from "../runtime/console.js";
import { brsError } from "../runtime/errors.js";
import { type CompiledCode, load } from "../runtime/load.js";
import { plain } from "../runtime/values.js";
import { type Constants, compileScope, described, scriptSuffix } from "./scripts.js";
import { withFile } from "./volumes.js";

/** The number and the words for a file that is not there, as on a device. */
const notLoaded = { number: 0xb9, message: "Error loading file." };

/** A runner that compiles with the constants of the running program. Files of a built one are compiled already. */
export function runner(constants: Constants): Runner {
  return (paths, values) => {
    const { main } = load(scripts(paths.map(absolute), constants));
    if (main === undefined) throw brsError("notFunction");
    return plain(main(...values));
  };
}

/** A path without a volume is one in pkg:/. */
const absolute = (path: string): string => (path.includes(":") ? path : `pkg:/${path}`);

function scripts(paths: readonly string[], constants: Constants): readonly CompiledCode[] {
  const built = paths.map((path) => ({ path, code: read(path + scriptSuffix) ?? "" }));
  if (built.every(({ code }) => code !== "")) return built;
  const sources = paths.map((path) => ({ path, text: read(path) }));
  const missing = sources.filter(({ text }) => text === null);
  if (missing.length > 0) throw new NotCompiled(missing.map(({ path }) => ({ path, line: 0, ...notLoaded })));
  const { files, errors } = compileScope(sources as { path: string; text: string }[], constants);
  if (errors.length === 0) return files;
  writeLines(`${described(errors).join("\n")}\n`);
  throw new NotCompiled(errors);
}

function read(path: string): string | null {
  return withFile(path, "read", flags.O_RDONLY, (fd) => {
    const bytes = readFileSync(fd);
    return decode(bytes, 0, bytes.length);
  });
}
