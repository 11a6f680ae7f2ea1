// From the runs of all rounds to what is reported: medians, and medians of the ratios to C of the same round.

/** One run; latencies in µs, CPU time in µs for each message, memory in bytes. */
export const METRICS = ["messagesPerSecond", "p50", "p99", "p999", "cpu", "rss", "pss"] as const;
export type Metric = (typeof METRICS)[number];
export type Sample = Record<Metric, number>;

export interface IdleSample {
  connections: number;
  rssBefore: number;
  rssAfter: number;
  pssBefore: number;
  pssAfter: number;
}

export interface Summary {
  median: Sample;
  /** To C's run in the same round; null without one. */
  ratio: Sample | null;
  rounds: Sample[];
}

export type Outcome<T> = T | { failed: string };

export interface ScenarioResult {
  name: string;
  connections: number;
  size: number;
  servers: Record<string, Outcome<Summary>>;
}

export interface IdleResult {
  connections: number;
  /** Bytes for each connection. */
  servers: Record<string, Outcome<{ rss: number; pss: number }>>;
}

export interface Results {
  date: string;
  machine: string;
  rounds: number;
  seconds: number;
  versions: Record<string, string>;
  /** What was skipped or scaled down, and why. */
  notes: Record<string, string>;
  scenarios: ScenarioResult[];
  idle: IdleResult | null;
}

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

function medians(samples: Sample[]): Sample {
  return Object.fromEntries(
    METRICS.map((metric) => [metric, median(samples.map((s) => s[metric]))]),
  ) as Sample;
}

function divide(sample: Sample, base: Sample): Sample {
  return Object.fromEntries(METRICS.map((metric) => [metric, sample[metric] / base[metric]])) as Sample;
}

/** `samples` and `base` are indexed by round; a round that was not measured is absent. */
export function summarize(samples: (Sample | undefined)[], base: (Sample | undefined)[]): Summary {
  const rounds = samples.filter((sample) => sample !== undefined);
  const ratios = samples.flatMap((sample, round) => {
    const c = base[round];
    return sample !== undefined && c !== undefined ? [divide(sample, c)] : [];
  });
  return { median: medians(rounds), ratio: ratios.length > 0 ? medians(ratios) : null, rounds };
}

export function summarizeIdle(samples: IdleSample[]): { rss: number; pss: number } {
  return {
    rss: median(samples.map((s) => (s.rssAfter - s.rssBefore) / s.connections)),
    pss: median(samples.map((s) => (s.pssAfter - s.pssBefore) / s.connections)),
  };
}
