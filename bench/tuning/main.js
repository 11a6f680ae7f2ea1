// `node bench/tuning/main.js [NAME…]`: the measurements behind docs/tuning.md, as tables. Times are this machine's.

const names = [
  "compiler",
  "startup",
  "calls",
  "v8",
  "heap",
  "buffers",
  "delay",
  "segments",
  "backlog",
  "cores",
];

async function main() {
  const asked = process.argv.slice(2);
  const unknown = asked.find((name) => !names.includes(name));
  if (unknown !== undefined) throw new Error(`expected ${names.join(", ")}, got ${unknown}`);
  for (const name of asked.length > 0 ? asked : names) {
    console.log(`\n${name}\n`);
    await require(`./${name}.js`)();
  }
}

main().then(
  () => process.exit(),
  (error) => {
    console.error(`tuning: ${error.message}`);
    process.exit(1);
  },
);
