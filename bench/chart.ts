// CPU time per message relative to C, as a chart of grouped bars (SVG).

import type { Results, ScenarioResult } from "./results.js";

const TITLE = "Server CPU time per message, relative to C";
const WIDTH = 1000;
const HEIGHT = 460;
const LEFT = 56;
const RIGHT = 16;
const TOP = 84;
const BOTTOM = 48;
const PLOT_HEIGHT = HEIGHT - TOP - BOTTOM;

/** Told apart also by the colour-blind (Okabe and Ito). */
const COLOURS: Record<string, string> = {
  rosock: "#0072b2",
  "rosock-brs": "#56b4e9",
  "node-net": "#009e73",
  bun: "#e69f00",
  deno: "#cc79a7",
};

function ratioOf(scenario: ScenarioResult, server: string): number | null {
  const outcome = scenario.servers[server];
  return outcome === undefined || "failed" in outcome ? null : (outcome.ratio?.cpu ?? null);
}

function text(x: number, y: number, content: string, attributes = ""): string {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" ${attributes}>${content}</text>`;
}

function axis(top: number, y: (value: number) => number): string[] {
  const step = top > 4 ? 1 : 0.5;
  const lines: string[] = [];
  for (let value = 0; value <= top; value += step) {
    const [width, colour] = value === 1 ? [2, "#333"] : [1, "#ddd"];
    const line = `x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(value)}" y2="${y(value)}"`;
    lines.push(`<line ${line} stroke="${colour}" stroke-width="${width}"/>`);
    lines.push(text(LEFT - 8, y(value) + 4, value === 1 ? "C = 1" : String(value), 'text-anchor="end"'));
  }
  return lines;
}

function legend(servers: string[]): string[] {
  return servers.flatMap((server, i) => {
    const x = LEFT + i * 120;
    return [
      `<rect x="${x}" y="46" width="14" height="14" fill="${COLOURS[server]}"/>`,
      text(x + 20, 58, server),
    ];
  });
}

export function chart(results: Results): string {
  const servers = Object.keys(results.versions).filter((server) => server in COLOURS);
  const { scenarios } = results;
  const values = scenarios.flatMap((scenario) => servers.map((server) => ratioOf(scenario, server) ?? 0));
  const top = Math.ceil(Math.max(1.5, ...values) * 2.1) / 2;
  const y = (value: number) => Math.round(TOP + PLOT_HEIGHT * (1 - value / top));
  const groupWidth = (WIDTH - LEFT - RIGHT) / Math.max(1, scenarios.length);
  const barWidth = Math.min(60, (groupWidth * 0.84) / Math.max(1, servers.length));

  const bars = scenarios.flatMap((scenario, group) => {
    const middle = LEFT + (group + 0.5) * groupWidth;
    const first = middle - (barWidth * servers.length) / 2;
    const parts = servers.flatMap((server, i) => {
      const ratio = ratioOf(scenario, server);
      const x = first + i * barWidth;
      const label = 'text-anchor="middle" font-size="12"';
      if (ratio === null) return [text(x + barWidth / 2, y(0) - 5, "–", label)];
      const shape = `x="${(x + 1).toFixed(1)}" y="${y(ratio)}" width="${(barWidth - 2).toFixed(1)}"`;
      return [
        `<rect ${shape} height="${y(0) - y(ratio)}" fill="${COLOURS[server]}"/>`,
        text(x + barWidth / 2, y(ratio) - 5, ratio.toFixed(2), label),
      ];
    });
    return [...parts, text(middle, HEIGHT - 22, scenario.name, 'text-anchor="middle"')];
  });

  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="13" fill="#222">
<title>${TITLE}</title>
<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>
${[
  text(
    LEFT,
    28,
    "Server CPU time per message, relative to C (less is better)",
    'font-size="17" font-weight="bold"',
  ),
  ...legend(servers),
  ...axis(top, y),
  ...bars,
  text(
    WIDTH - RIGHT,
    HEIGHT - 4,
    "connections × message size",
    'text-anchor="end" font-size="11" fill="#666"',
  ),
].join("\n")}
</svg>
`;
}
