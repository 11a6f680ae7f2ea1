// The results as tables, in Markdown that is as legible on a terminal.

import type { IdleResult, Metric, Results, ScenarioResult, Summary } from "./results.js";

interface View {
  metric: Metric;
  title: string;
  format: (value: number) => string;
}

/** Three digits that count. */
function digits(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

const VIEWS: View[] = [
  { metric: "cpu", title: "Server CPU time per message, µs (× C)", format: digits },
  {
    metric: "messagesPerSecond",
    title: "Messages per second, thousands (× C)",
    format: (v) => digits(v / 1e3),
  },
  { metric: "p50", title: "Latency, median, µs (× C)", format: digits },
  { metric: "p99", title: "Latency, 99 %, µs (× C)", format: digits },
  { metric: "p999", title: "Latency, 99.9 %, µs (× C)", format: digits },
  { metric: "rss", title: "Resident memory under load, MB (× C)", format: (v) => digits(v / 1e6) },
];

function formatTable(rows: string[][]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const line = (row: string[]) =>
    `| ${row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join(" | ")} |`;
  const rule = `|${widths.map((width, i) => "-".repeat(width + 1) + (i === 0 ? "-" : ":")).join("|")}|`;
  const [head, ...body] = rows;
  return [line(head!), rule, ...body.map(line)].join("\n");
}

function cell(scenario: ScenarioResult, server: string, view: View): string {
  const outcome = scenario.servers[server];
  if (outcome === undefined) return "";
  if ("failed" in outcome) return "failed";
  const { median, ratio }: Summary = outcome;
  const value = view.format(median[view.metric]);
  return ratio === null ? value : `${value} (${digits(ratio[view.metric])})`;
}

/** What failed, one line for each server and reason. */
function failures({ scenarios, idle }: Results): string[] {
  const places = new Map<string, string[]>();
  const parts = [...scenarios, ...(idle === null ? [] : [{ name: "idle", servers: idle.servers }])];
  for (const { name, servers } of parts) {
    for (const [server, outcome] of Object.entries(servers)) {
      if (!("failed" in outcome)) continue;
      const line = `${server} failed: ${outcome.failed}`;
      places.set(line, [...(places.get(line) ?? []), name]);
    }
  }
  return [...places].map(([line, names]) => `${line} (${names.join(", ")})`);
}

function idleTable({ servers }: IdleResult): string {
  // PSS, which the JSON has too, moves whenever another process that shares pages starts or ends.
  const rows = Object.entries(servers).map(([server, outcome]) => [
    server,
    "failed" in outcome ? "failed" : Math.round(outcome.rss).toString(),
  ]);
  return formatTable([["server", "RSS"], ...rows]);
}

export function report(results: Results): string {
  const { scenarios, idle } = results;
  const parts = [
    `${results.date}, ${results.machine}. Medians of ${results.rounds} × ${results.seconds} s.`,
    Object.entries(results.versions)
      .map((entry) => entry.join(" "))
      .join(", "),
  ];
  const problems = [...Object.entries(results.notes).map((entry) => entry.join(": ")), ...failures(results)];
  if (problems.length > 0) parts.push(problems.map((problem) => `- ${problem}`).join("\n"));
  if (scenarios.length > 0) {
    const servers = Object.keys(results.versions);
    for (const view of VIEWS) {
      const rows = servers.map((server) => [server, ...scenarios.map((s) => cell(s, server, view))]);
      parts.push(`### ${view.title}`, formatTable([["server", ...scenarios.map((s) => s.name)], ...rows]));
    }
  }
  if (idle !== null) {
    const title = `### Memory for each of ${idle.connections.toLocaleString("en")} idle connections, bytes`;
    parts.push(title, idleTable(idle));
  }
  return parts.join("\n\n");
}

const MARKED = /(<!-- table -->)[\s\S]*(<!-- \/table -->)/;

/** The document with the text between its markers replaced. */
export function insertTables(document: string, tables: string): string {
  if (!MARKED.test(document)) throw new Error("docs/benchmarks.md has lost its <!-- table --> markers");
  return document.replace(MARKED, (_, open, close) => `${open}\n${tables}\n${close}`);
}
