/** What the examples share: options with --help, and one clear line when something is wrong. */
import { writeSync } from "node:fs";
import { basename } from "node:path";
import { getSystemErrorMap, type ParseArgsConfig, parseArgs } from "node:util";
import { type RoDataGramSocket, RoSocketAddress, type RoStreamSocket } from "rosock";

const never = new Int32Array(new SharedArrayBuffer(4));
const program = basename(process.argv[1]!, ".js");

/**
 * Prints a line. Programs that live in wait() need this: what console.log cannot write at once, to a pipe that is full, it
 * leaves to the event loop, which stands still.
 */
export function print(line: string): void {
  const bytes = Buffer.from(`${line}\n`);
  for (let written = 0; written < bytes.length; ) {
    try {
      written += writeSync(1, bytes, written);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") process.exit(1); // Nobody reads it any more.
      Atomics.wait(never, 0, 0, 1); // A pipe that another program has made non-blocking.
    }
  }
}

/** Ends the program. Status 1: it could not do its work; 2: it was not called as it should be. */
export function fail(message: string, status: 1 | 2 = 1): never {
  console.error(`${program}: ${message}`);
  process.exit(status);
}

type Parsed<T extends ParseArgsConfig> = ReturnType<typeof parseArgs<T>>;

/** parseArgs of node:util, with --help. */
export function commandLine<T extends ParseArgsConfig>(usage: string, config: T): Parsed<T> {
  let parsed: Parsed<T>;
  try {
    const options = { ...config.options, help: { type: "boolean", short: "h" } } as const;
    parsed = parseArgs<T>({ ...config, options });
  } catch (error) {
    const [sentence] = (error as Error).message.split(/[.\n]\s?/);
    return fail(`${sentence}; see --help`, 2);
  }
  if ((parsed.values as { help?: boolean }).help) {
    console.log(usage);
    process.exit(0);
  }
  return parsed;
}

/** The value of an option that is a whole number. */
export function integer(option: string, text: string, least: number, most: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  return fail(`${option} must be a number from ${least} to ${most}, not "${text}"`, 2);
}

/** The address of a host, with a port of its own or the one given. */
export function address(text: string, port = 0): RoSocketAddress {
  const made = new RoSocketAddress();
  made.setPort(port);
  if (!made.setAddress(text)) fail(`"${text}" is no IPv4 address and no host that can be found`, 2);
  return made;
}

/** The address of a host and its port. */
export function hostAndPort(text: string): RoSocketAddress {
  const made = address(text);
  if (made.getPort() === 0) fail(`"${text}" names no port; expected host:port`, 2);
  return made;
}

/** Why the last operation of a socket failed, in the system's words. */
export function reason(socket: RoStreamSocket | RoDataGramSocket): string {
  return getSystemErrorMap().get(-socket.status())?.[1] ?? `error ${socket.status()}`;
}
