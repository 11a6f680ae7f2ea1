/** `rosock run` */
import { resolve } from "node:path";
import { openBuild } from "../brightscript/app/built.js";
import { dataDirectory } from "../brightscript/app/directories.js";
import { constantsOf } from "../brightscript/app/manifest.js";
import { openPackage } from "../brightscript/app/package.js";
import { setProgram } from "../brightscript/app/program.js";
import { runner } from "../brightscript/app/runner.js";
import { compiledScripts } from "../brightscript/app/scripts.js";
import { start } from "../brightscript/app/start.js";
import { subdirectory } from "../brightscript/app/temporary.js";
import { setRunner } from "../brightscript/library/global/run.js";
import { crashReport } from "../brightscript/runtime/report.js";
import type { Command } from "./command-line.js";
import { askAtStop } from "./debugger.js";
import { say } from "./say.js";
import { status } from "./status.js";

export async function run({ program, constants, data, trust, entry, words }: Command): Promise<number> {
  const opened = await openPackage(program);
  const allConstants = constantsOf(opened.manifest, constants);
  const build = opened.sources === null ? openBuild(opened.directory, trust) : null;
  const scripts = build?.scope() ?? compiledScripts(opened.sources ?? [], allConstants);
  let persistent = data && resolve(data);
  setProgram({
    name: opened.name,
    manifest: opened.manifest,
    get packageDirectory() {
      return opened.directory;
    },
    get dataDirectory() {
      persistent ??= dataDirectory(opened.name, opened.path);
      return persistent;
    },
    temporaryDirectory: () => subdirectory("tmp"),
  });
  setRunner(runner(allConstants, build));
  askAtStop();
  const outcome = start(scripts, entry, words);
  if (outcome.kind === "ended") return outcome.status;
  say(crashReport(outcome.error));
  return outcome.kind === "stopped" ? status.stopped : status.runtimeError;
}
