/** The command line: what is asked for, or why it cannot be told. */
import { parseArgs } from "node:util";

export const usage = `Usage: rosock run   PROGRAM [options] [-- words for the program]
       rosock build PROGRAM -o DIR [options]
       rosock check PROGRAM [options]

PROGRAM is an app's directory or zip (manifest, source/), or one or more .brs files, or what build made.

run     starts Main, or RunUserInterface
build   compiles to JavaScript that runs without the parser
check   reports all syntax errors and unknown functions

  --entry NAME          run: the function to start
  --data DIR            run: where the registry and cachefs:/ are kept
  --trust               run: what was compiled elsewhere, too, which may do whatever you may
  --const NAME=VALUE    a constant of conditional compilation, true or false; may be given again
  -o, --output DIR      build: where to
  --help, --version

Main(args) gets an roAssociativeArray: name=value words as its members, and all the words, an roArray, as args.argv.
Status: 0 ended, 1 not started (errors in the program), 2 run-time error, 3 stop, 64 wrong use of this command;
or the number that Main returns.
`;

export interface Command {
  readonly name: "run" | "build" | "check";
  /** The program: files, or one directory or zip. */
  readonly program: readonly string[];
  /** Words after `--`. */
  readonly words: readonly string[];
  readonly entry: string | undefined;
  readonly data: string | undefined;
  /** Whether code that was compiled elsewhere is to be run. */
  readonly trust: boolean;
  readonly constants: readonly string[];
  readonly output: string | undefined;
}

export class UsageError extends Error {}

const options = {
  entry: { type: "string" },
  data: { type: "string" },
  trust: { type: "boolean" },
  const: { type: "string", multiple: true },
  output: { type: "string", short: "o" },
  help: { type: "boolean", short: "h" },
  version: { type: "boolean", short: "v" },
} as const;

/** Which options a command has besides --const. */
const allowed = { run: ["entry", "data", "trust"], build: ["output"], check: [] } as const;

const isCommand = (name: string | undefined): name is Command["name"] =>
  name !== undefined && name in allowed;

/** @throws {@link UsageError} */
export function parseCommandLine(argv: readonly string[]): Command | "help" | "version" {
  const end = argv.indexOf("--");
  const { values, positionals } = parse(end < 0 ? argv : argv.slice(0, end));
  if (values.help) return "help";
  if (values.version) return "version";
  const [name, ...program] = positionals;
  if (!isCommand(name)) {
    throw new UsageError(
      name === undefined ? "expected run, build or check" : `there is no command "${name}"`,
    );
  }
  for (const option of ["entry", "data", "trust", "output"] as const) {
    if (values[option] !== undefined && !(allowed[name] as readonly string[]).includes(option)) {
      throw new UsageError(`${name} has no option --${option}`);
    }
  }
  if (program.length === 0) throw new UsageError(`${name}: expected a directory, a zip or .brs files`);
  if (end >= 0 && name !== "run") throw new UsageError(`${name} takes no words after --`);
  if (name === "build" && values.output === undefined) throw new UsageError("build: expected -o DIR");
  return {
    name,
    program,
    words: end < 0 ? [] : argv.slice(end + 1),
    entry: values.entry,
    data: values.data,
    trust: values.trust ?? false,
    constants: values.const ?? [],
    output: values.output,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    const [sentence = ""] = (error as Error).message.split(/[.\n]\s?/);
    throw new UsageError(sentence.charAt(0).toLowerCase() + sentence.slice(1));
  }
}
