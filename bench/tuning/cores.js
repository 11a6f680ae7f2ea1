// One process for each core, or one thread: what a second, third and fourth of them takes of memory.

const { spawn } = require("node:child_process");
const { once } = require("node:events");
const { readFileSync } = require("node:fs");
const { setTimeout } = require("node:timers/promises");
const { listening, printTable, startEcho, stop } = require("./measure.js");

/** A thread with a port of its own. */
const thread = `${listening}
listener.listen(16);
listener.notifyReadable(true);
`;

const threads = `
const { Worker } = require("node:worker_threads");
for (let i = 1; i < Number(process.argv[1]); i++) new Worker(${JSON.stringify(`${thread}wait(0, port);`)}, { eval: true });
${thread}
console.log("ready");
setInterval(() => {}, 1000);
`;

/** KiB of memory of a process's own, which cannot be dropped and read again. */
function own(pid) {
  return Number(/^Private_Dirty:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"))[1]);
}

async function processes(count) {
  const servers = [];
  for (let i = 0; i < count; i++) servers.push((await startEcho(["--max-semi-space-size=1"])).server);
  await setTimeout(500);
  const sum = servers.reduce((all, { pid }) => all + own(pid), 0);
  await Promise.all(servers.map(stop));
  return sum;
}

async function inThreads(count) {
  const server = spawn(process.execPath, ["--max-semi-space-size=1", "-e", threads, String(count)]);
  await once(server.stdout, "data");
  await setTimeout(1_500);
  const sum = own(server.pid);
  await stop(server);
  return sum;
}

module.exports = async function main() {
  const rows = [];
  for (const count of [1, 2, 4]) {
    const memories = [await processes(count), await inThreads(count)];
    rows.push([count, ...memories.map((kilobytes) => (kilobytes / 1024).toFixed(1))]);
  }
  printTable(["of them", "processes, MiB", "worker threads, MiB"], rows);
};
