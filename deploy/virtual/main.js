// `npm run device:virtual -- --arch arm`: boots a virtual set-top box, says how to log in, and ends it with Ctrl-C.

const { existsSync, readFileSync, rmSync, writeFileSync } = require("node:fs");
const { join, relative } = require("node:path");
const { parseArgs } = require("node:util");
const { quote } = require("../quote.js");
const { Box, kindNames, kinds } = require("./box.js");

const root = join(__dirname, "..", "..");

/** The last box that was started, for npm run deploy and npm run test:device. */
const inventory = join(root, "build", "virtual", "inventory");

const usage = `npm run device:virtual -- [options]

  --arch KIND      ${kindNames.map((name) => `${name} (${kinds[name].description})`).join(", ")}; default arm
  --memory MIB     its memory; default 512
  --disk SIZE      of /data; default 512M
  --port N         a port of the box to be reached from here; may be given several times; default 54321
  --with-node      with Node in /data/node, as if it had come with the box`;

function options(words) {
  const { values } = parseArgs({
    args: words,
    options: {
      arch: { type: "string", default: "arm" },
      memory: { type: "string", default: "512" },
      disk: { type: "string", default: "512M" },
      port: { type: "string", multiple: true, default: ["54321"] },
      "with-node": { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (!kindNames.includes(values.arch))
    throw new Error(`--arch: expected ${kindNames.join(", ")}, got ${values.arch}`);
  if (!/^\d+$/.test(values.memory)) throw new Error(`--memory: expected MiB, got ${values.memory}`);
  if (!/^\d+[KMG]$/.test(values.disk))
    throw new Error(`--disk: expected a size such as 512M, got ${values.disk}`);
  const wrong = values.port.find((port) => !(/^\d+$/.test(port) && Number(port) > 0 && Number(port) < 65536));
  if (wrong !== undefined) throw new Error(`--port: expected 1 to 65535, got ${wrong}`);
  return values;
}

/** Writes an inventory with the box alone, for npm run deploy; its path, from the project's folder. */
function writeInventory(box) {
  const text = `root@127.0.0.1:${box.port(22)} identity=${box.key} known-hosts=${box.knownHosts}\n`;
  writeFileSync(inventory, text);
  process.on("exit", () => {
    if (existsSync(inventory) && readFileSync(inventory, "utf8") === text) rmSync(inventory);
  });
  return relative(root, inventory);
}

async function main() {
  const given = options(process.argv.slice(2));
  if (given.help) return console.log(usage);
  const begun = Date.now();
  const ports = given.port.map(Number);
  const box = await Box.make({
    kind: given.arch,
    memory: Number(given.memory),
    disk: given.disk,
    node: given["with-node"],
    ports,
    samePorts: true,
    say: console.log,
  });
  for (const signal of ["SIGINT", "SIGTERM"]) {
    process.once(signal, () => {
      console.log("\nshutting down");
      void box.dispose().then(() => process.exit());
    });
  }
  await box.start();
  const seconds = ((Date.now() - begun) / 1000).toFixed(0);
  console.log(`
A box is up after ${seconds} s: ${kinds[given.arch].description}, ${given.memory} MiB.

  log in     ${box.ssh.map(quote).join(" ")}
  deploy     npm run deploy -- --inventory ${writeInventory(box)} --app DIR${given["with-node"] ? "" : " --with-node"}
${ports.map((port) => `  port ${String(port).padEnd(5)} 127.0.0.1:${box.port(port)}`).join("\n")}

Ctrl-C ends it.`);
  await box.ended;
  await box.dispose();
}

main().catch((error) => {
  console.error(`device:virtual: ${error.message}`);
  process.exit(1);
});
