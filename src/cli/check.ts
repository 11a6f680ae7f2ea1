/** `rosock check` */
import { filesOf } from "../brightscript/app/build.js";
import { constantsOf } from "../brightscript/app/manifest.js";
import { openPackage } from "../brightscript/app/package.js";
import { Problem } from "../brightscript/app/problem.js";
import { compileScope, described } from "../brightscript/app/scripts.js";
import type { Command } from "./command-line.js";
import { say } from "./say.js";
import { status } from "./status.js";

export async function check({ program, constants }: Command): Promise<number> {
  const opened = await openPackage(program);
  const { sources, manifest } = opened;
  if (sources === null) throw new Problem(`${program[0]}: this is built: it has no sources to check`);
  if (opened.isApp) filesOf(opened);
  const { errors, warnings } = compileScope(sources, constantsOf(manifest, constants));
  const found = described([...errors, ...warnings]);
  if (found.length === 0) return status.ended;
  say(`${found.join("\n")}\n`);
  return status.notStarted;
}
