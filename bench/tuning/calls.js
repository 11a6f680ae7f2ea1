// System calls for each message of the echo server, counted by strace.

const { spawn, spawnSync } = require("node:child_process");
const { once } = require("node:events");
const { readFileSync } = require("node:fs");
const { join } = require("node:path");
const { connectAll, exchange, printTable, startEcho, stop, temporaryFolder } = require("./measure.js");

const messages = 20_000;

/** What a process calls while `work` is under way: the names, and how often. */
async function calls(pid, work) {
  const file = join(temporaryFolder(), "calls");
  const strace = spawn("strace", ["-f", "-c", "-o", file, "-p", String(pid)], { stdio: "pipe" });
  await once(strace.stderr, "data"); // "Process … attached"
  await work();
  strace.kill("SIGINT");
  await once(strace, "close");
  const rows = readFileSync(file, "utf8").matchAll(/^ *[\d.]+ +[\d.]+ +\d+ +(\d+) +(?:\d+ +)?(\w+)$/gm);
  return [...rows]
    .map(([, count, name]) => ({ name, count: Number(count) }))
    .filter(({ name }) => name !== "total");
}

module.exports = async function main() {
  if (spawnSync("strace", ["-V"]).status !== 0) {
    console.log("strace is not installed: apt-get install strace");
    return;
  }
  const { server, port } = await startEcho();
  const rows = [];
  for (const connections of [1, 64, 500]) {
    const sockets = await connectAll(port, connections);
    await exchange(sockets, 20);
    const each = Math.ceil(messages / connections);
    const counted = await calls(server.pid, () => exchange(sockets, each));
    const of = (name) => counted.find((row) => row.name === name)?.count ?? 0;
    const names = ["epoll_wait", "recvfrom", "sendto", "poll"];
    const others = counted
      .filter(({ name }) => !names.includes(name))
      .reduce((sum, { count }) => sum + count, 0);
    const all = [...names.map(of), others].map((count) => (count / (each * connections)).toFixed(3));
    rows.push([connections, ...all]);
    for (const socket of sockets) socket.destroy();
  }
  await stop(server);
  printTable(["connections", "epoll_wait", "recvfrom", "sendto", "poll", "others"], rows);
};
