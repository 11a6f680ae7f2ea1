import { harmless, Problem, SourceProblem } from "../brightscript/app/problem.js";
import { version } from "../brightscript/app/version.js";
import { type Command, parseCommandLine, UsageError, usage } from "./command-line.js";
import { say } from "./say.js";
import { status } from "./status.js";

/** Does what the command line says; returns the status to end with. */
export async function main(argv: readonly string[]): Promise<number> {
  try {
    const command = parseCommandLine(argv);
    if (typeof command === "object") return await execute(command);
    process.stdout.write(command === "help" ? usage : `${version}\n`);
    return status.ended;
  } catch (error) {
    if (error instanceof SourceProblem) say(`${error.message}\n`);
    else if (error instanceof Problem) say(`rosock: ${harmless(error.message)}\n`);
    else if (error instanceof UsageError) say(`rosock: ${harmless(error.message)}; see rosock --help\n`);
    else throw error;
    return error instanceof UsageError ? status.usage : status.notStarted;
  }
}

/** @throws {@link Problem} */
export function execute(command: Command): Promise<number> {
  switch (command.name) {
    case "run":
      return (require("./run.js") as typeof import("./run.js")).run(command);
    case "build":
      return (require("./build.js") as typeof import("./build.js")).build(command);
    case "check":
      return (require("./check.js") as typeof import("./check.js")).check(command);
  }
}
