// The command line of the benchmark.

import { parseArgs } from "node:util";

export interface Scenario {
  connections: number;
  size: number;
}

export interface Options {
  rounds: number;
  seconds: number;
  warmup: number;
  /** Names of the servers to run; null for all. */
  only: string[] | null;
  scenarios: Scenario[];
  idle: boolean;
  json: string | null;
  svg: string | null;
  /** A run of everything, at full length: its results go to docs/. */
  complete: boolean;
}

const ALL_SCENARIOS: Scenario[] = [64, 16384].flatMap((size) =>
  [1, 64, 1000].map((connections) => ({ connections, size })),
);

const USAGE = `usage: npm run bench -- [options]
  --quick              one short round
  --rounds N           rounds (5)
  --seconds S          measured time of one run (1)
  --only NAMES         of c, rosock, rosock-brs, node-net, bun, deno; separated by commas
  --scenario NAMES     as 64x64 or 1000x16384 (connections x bytes), or idle; separated by commas
  --json FILE          write the results
  --svg FILE           write the chart
Everything at full length takes five minutes and writes docs/benchmark.json, docs/benchmark.svg and the tables in
docs/benchmarks.md; a part of it writes only the files named.`;

export class UsageError extends Error {}

export function scenarioName({ connections, size }: Scenario): string {
  return `${connections} × ${size < 1024 ? `${size} B` : `${size / 1024} KiB`}`;
}

function parseScenario(text: string): Scenario {
  const match = /^(\d+)x(\d+)$/.exec(text);
  const connections = Number(match?.[1]);
  const size = Number(match?.[2]);
  if (!(connections >= 1 && size >= 16))
    throw new UsageError(`--scenario: "${text}" is no scenario\n${USAGE}`);
  return { connections, size };
}

function parseNumber(name: string, text: string | undefined, fallback: number): number {
  if (text === undefined) return fallback;
  const value = Number(text);
  if (!(value > 0)) throw new UsageError(`--${name} wants a positive number\n${USAGE}`);
  return value;
}

function parse(argv: string[]) {
  try {
    const string = { type: "string" } as const;
    const boolean = { type: "boolean" } as const;
    return parseArgs({
      args: argv,
      options: {
        rounds: string,
        seconds: string,
        only: string,
        scenario: string,
        json: string,
        svg: string,
        quick: boolean,
        help: boolean,
      },
    }).values;
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n${USAGE}`);
  }
}

/** Throws UsageError, whose message is the text to show; null when help was asked for and shown. */
export function parseOptions(argv: string[], serverNames: string[]): Options | null {
  const values = parse(argv);
  if (values.help) {
    console.log(USAGE);
    return null;
  }
  const only = values.only?.split(",") ?? null;
  const unknown = only?.find((name) => !serverNames.includes(name));
  if (unknown !== undefined) throw new UsageError(`--only: no server "${unknown}"\n${USAGE}`);
  const scenarios = values.scenario?.split(",");
  const quick = values.quick ?? false;
  return {
    rounds: Math.ceil(parseNumber("rounds", values.rounds, quick ? 1 : 5)),
    seconds: parseNumber("seconds", values.seconds, quick ? 0.5 : 1),
    warmup: quick ? 0.3 : 0.5,
    only,
    scenarios: scenarios?.filter((name) => name !== "idle").map(parseScenario) ?? ALL_SCENARIOS,
    idle: scenarios?.includes("idle") ?? true,
    json: values.json ?? null,
    svg: values.svg ?? null,
    complete: !quick && only === null && scenarios === undefined,
  };
}
