// `npm run deploy -- --host root@ADDRESS --app DIR`: puts a BrightScript application on boxes, and looks after it there.

const fs = require("node:fs");
const { tmpdir } = require("node:os");
const { join, resolve } = require("node:path");
const { parseArgs } = require("node:util");
const { compilePrograms } = require("./archive.js");
const commands = require("./commands.js");
const { Device } = require("./device.js");
const { keyFile, parseAddress, readInventory, sameBox } = require("./inventory.js");
const { harmless, harmlessLines, nameOf, plainOption, wholeOption } = require("./text.js");

const usage = `npm run deploy -- [COMMAND] --host [USER@]HOST[:PORT] [options] [-- WORDS for the program]

Commands: deploy (the default), status, logs, rollback, remove.

  --host ADDRESS       a box; may be given several times
  --inventory FILE     boxes, one a line: [user@]host[:port] [identity=FILE] [known-hosts=FILE]
  --app DIR            the application: a folder with manifest and source/, or a .brs file
  --name NAME          what it is called on the box; default: as the folder
  --to DIR             where on the box; default: rosock in the first of /opt, /data, /usr/local that can be written and lasts
  --with-node          with a Node of its own, sent unless it is there already
  --health CHECK       port:N (answers), command:"WORDS" (succeed), or up (does not end); default up
  --health-seconds N   how long until the check must have succeeded; default 60 (up: 10)
  --memory MIB         what the program may use; default: half of the box
  --user NAME          whom it runs as; default: rosock, nobody, or root, whichever the box has first
  --identity FILE, --known-hosts FILE   for ssh
  --parallel N         boxes at a time; default 4
  --lines N            of logs; default 50
  --dry-run            say what would be done, and change nothing`;

const names = Object.keys(commands);

/** MiB below which V8 does not even start. */
const leastMemory = 32;

function given(words) {
  const split = words.indexOf("--");
  const own = split < 0 ? words : words.slice(0, split);
  const { values, positionals } = parseArgs({
    args: own,
    allowPositionals: true,
    options: {
      host: { type: "string", multiple: true, default: [] },
      inventory: { type: "string" },
      app: { type: "string" },
      name: { type: "string" },
      to: { type: "string" },
      "with-node": { type: "boolean", default: false },
      health: { type: "string", default: "up" },
      "health-seconds": { type: "string" },
      memory: { type: "string" },
      user: { type: "string" },
      identity: { type: "string" },
      "known-hosts": { type: "string" },
      parallel: { type: "string", default: "4" },
      lines: { type: "string", default: "50" },
      "dry-run": { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  const [command = "deploy", ...more] = positionals;
  if (!names.includes(command) || more.length > 0) {
    throw new Error(`expected one of ${names.join(", ")}, got ${positionals.join(" ")}`);
  }
  return { values, command, words: split < 0 ? [] : words.slice(split + 1) };
}

function memory(values) {
  const given = wholeOption(values, "memory");
  if (given < leastMemory) throw new Error(`--memory: expected ${leastMemory} MiB or more, got ${given}`);
  return given;
}

function application(values, command) {
  const app = values.app === undefined ? undefined : resolve(values.app);
  if (app !== undefined && !fs.existsSync(app)) throw new Error(`--app: there is no ${values.app}`);
  if (app === undefined && command === "deploy")
    throw new Error("--app is missing: the application's folder");
  const name = plainOption(values, "name") ?? (app && nameOf(app));
  if (!name) throw new Error("--name is missing: what the application is called on the box");
  return { app, name };
}

function healthCheck(values) {
  const { health } = values;
  if (!/^(up|port:\d+|command:.+)$/s.test(health))
    throw new Error(`--health: expected port:N, command:"WORDS" or up, got ${JSON.stringify(health)}`);
  const port = /^port:(.*)/.exec(health)?.[1];
  if (port !== undefined && (Number(port) < 1 || Number(port) > 65535))
    throw new Error(`--health: expected a port from 1 to 65535, got ${port}`);
  return { health, healthSeconds: wholeOption(values, "health-seconds") ?? (health === "up" ? 10 : 60) };
}

function options({ values, command, words }) {
  return {
    ...application(values, command),
    ...healthCheck(values),
    words,
    to: plainOption(values, "to"),
    runAs: plainOption(values, "user"),
    withNode: values["with-node"],
    memory: memory(values),
    lines: wholeOption(values, "lines"),
    dryRun: values["dry-run"],
  };
}

function addresses(values) {
  const common = {
    identity: keyFile("--identity", values.identity),
    knownHosts: keyFile("--known-hosts", values["known-hosts"]),
  };
  const boxes = values.host.map(parseAddress);
  if (values.inventory !== undefined) boxes.push(...readInventory(values.inventory));
  if (boxes.length === 0) throw new Error("--host or --inventory is missing: which boxes?");
  for (const [index, box] of boxes.entries()) {
    if (boxes.findIndex((other) => sameBox(box, other)) !== index)
      throw new Error(`${box.host}:${box.port} is named twice`);
  }
  return boxes.map((box) => ({ ...common, ...box }));
}

/** Runs a command on every box, some at a time, and tells which failed. */
async function onAll(boxes, parallel, control, work) {
  const width = Math.max(...boxes.map(({ label }) => label.length));
  const failed = [];
  const queue = [...boxes];
  const say = (label, text) => {
    for (const line of text.split("\n")) console.log(`${label.padEnd(width)}  ${harmless(line)}`);
  };
  const worker = async () => {
    for (let box = queue.shift(); box !== undefined; box = queue.shift()) {
      const device = new Device(box, control);
      try {
        say(box.label, await work(device, (line) => say(box.label, line)));
      } catch (error) {
        failed.push(box.label);
        say(box.label, `FAILED: ${error.message}`);
      }
      await device.hangUp();
    }
  };
  await Promise.all(Array.from({ length: Math.min(parallel, boxes.length) }, worker));
  return failed;
}

/** A folder that is gone when this process ends, however it ends. */
function temporaryFolder() {
  const folder = fs.mkdtempSync(join(tmpdir(), "rosock-deploy-"));
  process.on("exit", () => fs.rmSync(folder, { recursive: true, force: true }));
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(1));
  return folder;
}

async function main() {
  const asked = given(process.argv.slice(2));
  if (asked.values.help) return console.log(usage);
  const boxes = addresses(asked.values);
  const parallel = wholeOption(asked.values, "parallel");
  const chosen = { ...options(asked), work: temporaryFolder() };
  if (asked.command === "deploy") {
    const { programs, warnings } = await compilePrograms(chosen.work, chosen.app);
    if (warnings !== "") console.log(harmlessLines(warnings));
    chosen.programs = programs;
  }
  const work = (device, say) => commands[asked.command](device, chosen, say);
  const failed = await onAll(boxes, parallel, chosen.work, work);
  if (boxes.length > 1) console.log(`${boxes.length - failed.length} of ${boxes.length} boxes done`);
  if (failed.length > 0 && boxes.length > 1) console.log(`failed: ${failed.join(", ")}`);
  if (failed.length > 0) process.exitCode = 1;
}

main().catch((error) => {
  console.error(harmlessLines(`deploy: ${error.message}`));
  process.exitCode = 1;
});
