// V8's space for what is new: a program that makes three million strings, and keeps a thousand of them at most.

const { spawnSync } = require("node:child_process");
const { median, printTable } = require("./measure.js");

const rounds = 5;
const program = `
let kept = [];
for (let i = 0; i < 3e6; i++) {
  kept.push("x" + i + Math.random());
  if (kept.length > 1000) kept = [];
}
const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
console.log(JSON.stringify({ memory: maxRSS / 1024, time: (userCPUTime + systemCPUTime) / 1000 }));
`;

function run(flags) {
  const { stdout } = spawnSync(process.execPath, [...flags, "--trace-gc", "-e", program], {
    encoding: "utf8",
  });
  return { ...JSON.parse(/^\{.*\}$/m.exec(stdout)[0]), collections: stdout.split("Scavenge").length - 1 };
}

module.exports = async function main() {
  const rows = [];
  for (const size of [null, 8, 4, 2, 1]) {
    const flags = size === null ? [] : [`--max-semi-space-size=${size}`];
    const results = Array.from({ length: rounds }, () => run(flags));
    const of = (name) => median(results.map((result) => result[name])).toFixed(0);
    rows.push([`\`${flags.join(" ") || "none"}\``, of("memory"), of("collections"), of("time")]);
  }
  printTable(["flags", "at most, MiB", "collections", "processor, ms"], rows);
};
