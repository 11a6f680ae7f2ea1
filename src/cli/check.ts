/** `rosock check` */
import { filesOf } from "../brightscript/app/build.js";
import { constantsOf } from "../brightscript/app/manifest.js";
import { openPackage } from "../brightscript/app/package.js";
import { Problem } from "../brightscript/app/problem.js";
import { type Constants, compileScope, described } from "../brightscript/app/scripts.js";
import { otherSources, type Source } from "../brightscript/app/source.js";
import type { Diagnostic } from "../brightscript/compile/index.js";
import type { Command } from "./command-line.js";
import { say } from "./say.js";
import { status } from "./status.js";

export async function check({ program, constants: given }: Command): Promise<number> {
  const opened = await openPackage(program);
  const { sources, manifest, isApp, directory } = opened;
  if (sources === null) throw new Problem(`${program[0]}: this is built: it has no sources to check`);
  if (isApp) filesOf(opened); // They must be ones that can be built.
  const constants = constantsOf(manifest, given);
  const others = isApp ? otherSources(directory) : [];
  const found = [
    ...problemsOf(sources, constants),
    ...others.flatMap((source) => problemsOfOne(source, constants)),
  ];
  if (found.length === 0) return status.ended;
  say(`${described(found).join("\n")}\n`);
  return status.notStarted;
}

function problemsOf(sources: readonly Source[], constants: Constants): Diagnostic[] {
  const { errors, warnings } = compileScope(sources, constants);
  return [...errors, ...warnings];
}

/** A source outside source/ has a scope of its own; a component's may call functions of the component's other scripts. */
function problemsOfOne(source: Source, constants: Constants): readonly Diagnostic[] {
  const isOfComponent = source.path.toLowerCase().startsWith("pkg:/components/");
  return isOfComponent ? compileScope([source], constants).errors : problemsOf([source], constants);
}
