// Nagle's algorithm: a request in two pieces, and what waiting for the first to be acknowledged costs.

const { once } = require("node:events");
const { Worker } = require("node:worker_threads");
const { createObject } = require("../../dist/index.js");
const { median, printTable } = require("./measure.js");

/** Answers each 20 bytes with one. In a thread of its own, since this one's calls block. */
const peer = `
const { parentPort } = require("node:worker_threads");
const server = require("node:net").createServer((socket) => {
  let missing = 20;
  socket.on("data", (data) => {
    for (missing -= data.length; missing <= 0; missing += 20) socket.write("!");
  });
});
server.listen(0, "127.0.0.1", () => parentPort.postMessage(server.address().port));
`;

function exchange(socket, pieces) {
  const begun = performance.now();
  for (const piece of pieces) socket.sendStr(piece);
  if (socket.receiveStr(1) !== "!") throw new Error("no answer");
  return performance.now() - begun;
}

module.exports = async function main() {
  const worker = new Worker(peer, { eval: true });
  const [port] = await once(worker, "message");
  const rows = [];
  for (const [name, pieces] of [
    ["one piece", ["x".repeat(20)]],
    ["two pieces", ["x".repeat(4), "x".repeat(16)]],
  ]) {
    for (const noDelay of [false, true]) {
      const socket = createObject("roStreamSocket");
      const address = createObject("roSocketAddress");
      address.setAddress(`127.0.0.1:${port}`);
      socket.setNoDelay(noDelay);
      socket.setSendToAddress(address);
      if (!socket.connect()) throw socket.lastError();
      const times = Array.from({ length: 100 }, () => exchange(socket, pieces));
      rows.push([name, noDelay, median(times).toFixed(2), Math.max(...times).toFixed(2)]);
      socket.close();
    }
  }
  await worker.terminate();
  printTable(["a request is sent in", "setNoDelay", "answered after, ms", "at most, ms"], rows);
};
