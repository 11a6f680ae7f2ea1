// Echo servers under the same load, in turn, round by round: `npm run bench -- --help`.

import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { cpus, release } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { chart } from "./chart.js";
import { allowedProcessors, complaints, descriptorLimit, run, startServer, stopServer } from "./children.js";
import { type Options, parseOptions, type Scenario, scenarioName, UsageError } from "./options.js";
import { insertTables, report } from "./report.js";
import {
  type IdleResult,
  type IdleSample,
  type Outcome,
  type Results,
  type Sample,
  type ScenarioResult,
  summarize,
  summarizeIdle,
} from "./results.js";
import { compile, findServers, LOAD, ROOT, SERVER_NAMES, type Server } from "./servers.js";

/** What the load generator prints; times in ns. */
type RawSample = Record<"messages" | "seconds" | Exclude<keyof Sample, "messagesPerSecond">, number>;

const IDLE_CONNECTIONS = 5000;
const IDLE_ROUNDS = 3;
/** The page's own for small messages; a whole message for large ones. */
const bufferSize = (scenario: Scenario) => Math.max(512, scenario.size);

class Bench {
  readonly notes: Record<string, string> = {};
  readonly #options: Options;
  readonly #servers: Server[];
  readonly #serverProcessor: number | null;
  readonly #loadProcessor: number | null;

  constructor(options: Options, servers: Server[]) {
    this.#options = options;
    this.#servers = servers;
    const [first, second] = hasTaskset() ? allowedProcessors() : [];
    this.#serverProcessor = second === undefined ? null : first!;
    this.#loadProcessor = second ?? null;
    if (second === undefined) {
      this.notes.processors = "server and load generator share them (one only, or no taskset)";
    }
  }

  async #once(server: Server, size: number, args: string[], seconds: number): Promise<unknown> {
    const running = await startServer([...server.command, String(size)], this.#serverProcessor);
    try {
      // Spinning would take the server's time if they shared a processor.
      const spin = this.#loadProcessor === null ? [] : ["--spin"];
      const target = ["--port", String(running.port), "--process", String(running.pid)];
      const warmup = ["--warmup", String(this.#options.warmup)];
      const command = [LOAD, ...target, ...warmup, ...spin, ...args];
      return JSON.parse(await run(command, this.#loadProcessor, (seconds + 60) * 1000));
    } catch (error) {
      // Its end may be heard of only after the load generator's.
      await setTimeout(100);
      throw new Error([(error as Error).message, ...complaints(running)].join("; "));
    } finally {
      await stopServer(running);
    }
  }

  async #echo(server: Server, scenario: Scenario): Promise<Sample> {
    const { seconds } = this.#options;
    const args = ["--connections", scenario.connections, "--size", scenario.size, "--seconds", seconds].map(
      String,
    );
    const raw = (await this.#once(server, bufferSize(scenario), args, seconds)) as RawSample;
    const { messages, p50, p99, p999, cpu, rss, pss } = raw;
    return {
      messagesPerSecond: messages / raw.seconds,
      p50: p50 / 1e3,
      p99: p99 / 1e3,
      p999: p999 / 1e3,
      cpu: cpu / 1e3 / messages,
      rss,
      pss,
    };
  }

  /** Every server in turn, round by round; a server that failed is not tried again. */
  async #rounds<T>(
    rounds: number,
    label: string,
    once: (server: Server) => Promise<T>,
    show: (result: T) => string,
  ) {
    const samples = new Map<Server, (T | undefined)[]>(this.#servers.map((server) => [server, []]));
    const failed = new Map<Server, string>();
    for (let round = 0; round < rounds; round++) {
      process.stdout.write(`${label}, round ${round + 1}/${rounds}:`);
      for (const server of this.#servers) {
        if (failed.has(server)) continue;
        try {
          const result = await once(server);
          samples.get(server)![round] = result;
          process.stdout.write(`  ${server.name} ${show(result)}`);
        } catch (error) {
          failed.set(server, (error as Error).message);
          process.stdout.write(`  ${server.name} FAILED`);
        }
      }
      process.stdout.write("\n");
    }
    return { samples, failed };
  }

  #outcomes<T, U>(
    { samples, failed }: { samples: Map<Server, (T | undefined)[]>; failed: Map<Server, string> },
    summary: (samples: (T | undefined)[]) => U,
  ): Record<string, Outcome<U>> {
    return Object.fromEntries(
      this.#servers.map((server) => {
        const reason = failed.get(server);
        return [server.name, reason === undefined ? summary(samples.get(server)!) : { failed: reason }];
      }),
    );
  }

  async scenario(scenario: Scenario): Promise<ScenarioResult> {
    const name = scenarioName(scenario);
    const once = (server: Server) => this.#echo(server, scenario);
    const show = (sample: Sample) => `${sample.cpu.toFixed(2)} µs`;
    const runs = await this.#rounds(this.#options.rounds, name, once, show);
    const base = [...runs.samples].find(([server]) => server.name === "c")?.[1] ?? [];
    return { name, ...scenario, servers: this.#outcomes(runs, (samples) => summarize(samples, base)) };
  }

  async idle(): Promise<IdleResult> {
    // Room for what a runtime itself keeps open.
    const connections = Math.min(IDLE_CONNECTIONS, descriptorLimit() - 100);
    if (connections < IDLE_CONNECTIONS) {
      this.notes.idle = `${connections} connections instead of ${IDLE_CONNECTIONS}: the limit on descriptors`;
    }
    const once = (server: Server) =>
      this.#once(server, 512, ["--idle", "--connections", String(connections)], 10) as Promise<IdleSample>;
    const show = (sample: IdleSample) =>
      `${Math.round((sample.rssAfter - sample.rssBefore) / connections)} B`;
    const runs = await this.#rounds(Math.min(IDLE_ROUNDS, this.#options.rounds), "idle", once, show);
    const summary = (samples: (IdleSample | undefined)[]) =>
      summarizeIdle(samples.filter((sample) => sample !== undefined));
    return { connections, servers: this.#outcomes(runs, summary) };
  }
}

function hasTaskset(): boolean {
  try {
    execFileSync("taskset", ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** Five digits are more than any of it is good for. */
function rounded(_: string, value: unknown): unknown {
  return typeof value === "number" ? Number(value.toPrecision(5)) : value;
}

function write(options: Options, results: Results, tables: string): void {
  const docs = (name: string) => join(ROOT, "docs", name);
  const json = options.json ?? (options.complete ? docs("benchmark.json") : null);
  const svg = options.svg ?? (options.complete ? docs("benchmark.svg") : null);
  if (json !== null) writeFileSync(json, `${JSON.stringify(results, rounded, 2)}\n`);
  if (svg !== null) writeFileSync(svg, chart(results));
  if (options.complete) {
    const page = docs("benchmarks.md");
    writeFileSync(page, insertTables(readFileSync(page, "utf8"), tables));
  }
}

async function main(): Promise<void> {
  const options = parseOptions(process.argv.slice(2), SERVER_NAMES);
  if (options === null) return;
  compile();
  const found = findServers(options.only);
  const servers = found.filter((server) => "command" in server);
  const bench = new Bench(options, servers);
  for (const server of found) {
    if ("reason" in server) bench.notes[server.name] = server.reason;
  }
  for (const note of Object.entries(bench.notes)) console.log(note.join(": "));

  const scenarios: ScenarioResult[] = [];
  for (const scenario of options.scenarios) scenarios.push(await bench.scenario(scenario));
  const results: Results = {
    date: new Date().toISOString().slice(0, 10),
    machine: `${cpus()[0]?.model ?? "unknown processor"}, ${cpus().length} processors, Linux ${release()}`,
    rounds: options.rounds,
    seconds: options.seconds,
    versions: Object.fromEntries(servers.map(({ name, version }) => [name, version])),
    notes: bench.notes,
    scenarios,
    idle: options.idle ? await bench.idle() : null,
  };
  const tables = report(results);
  console.log(`\n${tables}`);
  write(options, results, tables);
}

main().catch((error: Error) => {
  console.error(error instanceof UsageError ? error.message : error);
  process.exit(error instanceof UsageError ? 2 : 1);
});
