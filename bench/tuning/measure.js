// What the measurements for docs/tuning.md share: the echo server as a process, connections to it, and what it costs.

const { execFileSync, spawn } = require("node:child_process");
const { once } = require("node:events");
const { mkdtempSync, openSync, readdirSync, readFileSync, rmSync } = require("node:fs");
const { connect } = require("node:net");
const { tmpdir } = require("node:os");
const { join } = require("node:path");
const { setTimeout } = require("node:timers/promises");

const root = join(__dirname, "../..");
const command = join(root, "dist/cli/rosock.js");

const folders = [];
process.on("exit", () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A folder that is gone when this process ends. */
function temporaryFolder() {
  const folder = mkdtempSync(join(tmpdir(), "rosock-tuning-"));
  folders.push(folder);
  return folder;
}

/** The beginning of programs that listen: a listener on a port that the system chooses. */
const listening = `
const { createObject, wait } = require(${JSON.stringify(require.resolve("../../dist/index.js"))});
const port = createObject("roMessagePort");
const listener = createObject("roStreamSocket");
const address = createObject("roSocketAddress");
address.setAddress("127.0.0.1:0");
listener.setMessagePort(port);
listener.setAddress(address);
`;

let built;

/** The echo server of the examples, compiled. */
function echoServer() {
  if (built === undefined) {
    built = join(temporaryFolder(), "echo");
    execFileSync(process.execPath, [command, "build", join(root, "examples/echo-server.brs"), "-o", built]);
  }
  return built;
}

/**
 * Starts the echo server with flags for V8; its process, and its port once it listens.
 *
 * @param options - `quiet`: it prints no more than that; `addon`: another build of the addon
 */
async function startEcho(flags = [], { quiet = true, addon } = {}) {
  const file = join(temporaryFolder(), "output");
  const words = [...flags, command, "run", echoServer(), "--", "port=0", ...(quiet ? ["--quiet"] : [])];
  const env = { ...process.env, ...(addon && { ROSOCK_ADDON: addon }) };
  const server = spawn(process.execPath, words, { env, stdio: ["ignore", openSync(file, "w"), "ignore"] });
  while (server.exitCode === null) {
    const port = / on [\d.]+:(\d+):/.exec(readFileSync(file, "latin1"))?.[1];
    if (port !== undefined) return { server, port: Number(port) };
    await setTimeout(10);
  }
  throw new Error(`the echo server ended with ${flags.join(" ")}`);
}

async function stop(server) {
  server.kill("SIGKILL");
  await once(server, "close");
}

/** Many connections to a port of this machine. */
async function connectAll(port, count) {
  const sockets = [];
  for (let i = 0; i < count; i++) {
    const socket = connect(port, "127.0.0.1");
    await once(socket, "connect");
    sockets.push(socket.setNoDelay(true));
  }
  return sockets;
}

/** Has each connection send messages of `size` bytes, one after the other, each when the last has come back. */
function exchange(sockets, messages, size = 64) {
  const message = Buffer.alloc(size, "x");
  const one = (socket) =>
    new Promise((resolve) => {
      let left = messages;
      let missing = size;
      const onData = (data) => {
        missing -= data.length;
        if (missing > 0) return;
        missing = size;
        if (--left > 0) socket.write(message);
        else resolve(socket.off("data", onData));
      };
      socket.on("data", onData).write(message);
    });
  return Promise.all(sockets.map(one));
}

/** A process's memory in KiB: `VmRSS` now, `VmHWM` at most. */
function memory(pid) {
  const text = readFileSync(`/proc/${pid}/status`, "utf8");
  const field = (name) => Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(text)[1]);
  return { now: field("VmRSS"), peak: field("VmHWM") };
}

/** The processor time that all threads of a process have had, in milliseconds. */
function processorTime(pid) {
  return readdirSync(`/proc/${pid}/task`)
    .map((task) => Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, "utf8").split(" ")[0]) / 1e6)
    .reduce((sum, time) => sum + time, 0);
}

/**
 * What the echo server costs with 64 connections: `start` and `each` message in milliseconds and microseconds of processor time,
 * `idle` and `peak` memory in KiB.
 */
async function costs(flags, options) {
  const messages = 1_000;
  const { server, port } = await startEcho(flags, options);
  const start = processorTime(server.pid);
  const idle = memory(server.pid).now;
  const sockets = await connectAll(port, 64);
  await exchange(sockets, 300); // Until V8 has compiled what is worth it.
  const before = processorTime(server.pid);
  await exchange(sockets, messages);
  const each = ((processorTime(server.pid) - before) * 1000) / (sockets.length * messages);
  const { peak } = memory(server.pid);
  for (const socket of sockets) socket.destroy();
  await stop(server);
  return { start, idle, each, peak };
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

/** Prints rows as a table in Markdown; numbers to the right. */
function printTable(heads, rows) {
  const cells = [heads, ...rows.map((row) => row.map(String))];
  const widths = heads.map((_, i) => Math.max(...cells.map((row) => row[i].length)));
  const isNumber = heads.map((_, i) => rows.every((row) => /^[-\d.,]*$/.test(String(row[i]))));
  const line = (row) =>
    `| ${row.map((cell, i) => (isNumber[i] ? cell.padStart(widths[i]) : cell.padEnd(widths[i]))).join(" | ")} |`;
  const rule = `|${widths.map((width, i) => "-".repeat(width + 1) + (isNumber[i] ? ":" : "-")).join("|")}|`;
  console.log([line(heads), rule, ...cells.slice(1).map(line)].join("\n"));
}

module.exports = {
  connectAll,
  costs,
  echoServer,
  exchange,
  listening,
  median,
  printTable,
  processorTime,
  root,
  startEcho,
  stop,
  temporaryFolder,
};
