/** `rosock build` */
import { buildPackage } from "../brightscript/app/build.js";
import { constantsOf } from "../brightscript/app/manifest.js";
import { openPackage } from "../brightscript/app/package.js";
import type { Command } from "./command-line.js";
import { say } from "./say.js";
import { status } from "./status.js";

export async function build({ program, constants, output }: Command): Promise<number> {
  const opened = await openPackage(program);
  const warnings = buildPackage(opened, constantsOf(opened.manifest, constants), output!);
  if (warnings.length > 0) say(`${warnings.join("\n")}\n`);
  return status.ended;
}
