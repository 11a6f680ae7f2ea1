// V8's flags: what the echo server takes of memory and of the processor with them; also when it prints each message, for which it
// makes strings.

const { costs, median, printTable } = require("./measure.js");

const variants = [
  [],
  ["--max-semi-space-size=1"],
  ["--max-semi-space-size=2"],
  ["--max-semi-space-size=2", "--max-old-space-size=60"],
  ["--optimize-for-size"],
  ["--single-threaded"],
  ["--jitless"],
  ["--lite-mode"],
];
const rounds = 5;

module.exports = async function main() {
  const results = variants.map(() => ({ quiet: [], talking: [] }));
  for (let round = 0; round < rounds; round++) {
    for (const [index, flags] of variants.entries()) {
      results[index].quiet.push(await costs(flags));
      results[index].talking.push(await costs(flags, { quiet: false }));
    }
  }
  const rows = variants.map((flags, index) => {
    const of = (kind, name) => median(results[index][kind].map((result) => result[name]));
    const megabytes = (kind, name) => (of(kind, name) / 1024).toFixed(1);
    return [
      `\`${flags.join(" ") || "none"}\``,
      of("quiet", "start").toFixed(0),
      megabytes("quiet", "idle"),
      of("quiet", "each").toFixed(1),
      megabytes("quiet", "peak"),
      of("talking", "each").toFixed(1),
      megabytes("talking", "peak"),
    ];
  });
  const heads = [
    "flags",
    "start, ms",
    "then, MiB",
    "message, µs",
    "at most, MiB",
    "printed, µs",
    "at most, MiB",
  ];
  printTable(heads, rows);
};
