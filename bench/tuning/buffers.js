// Socket buffers: how much of the kernel's memory connections take whose data nobody reads, and what small ones cost.

const { execFileSync } = require("node:child_process");
const { once } = require("node:events");
const { connect } = require("node:net");
const { setTimeout } = require("node:timers/promises");
const { Worker } = require("node:worker_threads");
const { createObject } = require("../../dist/index.js");
const { printTable } = require("./measure.js");

const connections = 20;
const sizes = [null, 65_536, 16_384, 4_096];

function listen(size) {
  const listener = createObject("roStreamSocket");
  const address = createObject("roSocketAddress");
  address.setAddress("127.0.0.1:0");
  listener.setMessagePort(createObject("roMessagePort"));
  if (size !== null) {
    listener.setRcvBuf(size); // Before listen(): connections inherit it.
    listener.setSendBuf(size);
  }
  if (!listener.setAddress(address) || !listener.listen(128)) throw listener.lastError();
  return listener;
}

/** What the kernel has allocated for the sockets of a port on this side, in bytes. */
function allocated(port) {
  const text = execFileSync("ss", ["-Htmn", `sport = :${port}`], { encoding: "utf8" });
  const fields = [...text.matchAll(/skmem:\(r(\d+),.*?,t(\d+),.*?,f(\d+),w(\d+)/g)];
  return fields.reduce((sum, [, ...each]) => sum + each.reduce((a, b) => a + Number(b), 0), 0);
}

async function pair(listener, port) {
  const peer = connect(port, "127.0.0.1").pause();
  await once(peer, "connect");
  return { peer, socket: listener.accept() };
}

/** Kernel memory for each connection when its peer sends what nobody reads, and when it does not read. */
async function memoryOf(size) {
  const listener = listen(size);
  const port = listener.getAddress().getPort();
  const pairs = [];
  for (let i = 0; i < connections; i++) pairs.push(await pair(listener, port));
  const each = () => Math.round(allocated(port) / connections);
  const much = Buffer.alloc(16 << 20);
  for (const { peer } of pairs) peer.write(much);
  await setTimeout(2_000);
  const received = each();
  const bytes = createObject("roByteArray");
  for (let i = 0; i < 1 << 16; i++) bytes.push(0);
  for (let time = 0; time < 40; time++) {
    for (const { socket } of pairs) {
      for (let sent = 1; sent > 0; ) sent = socket.send(bytes, 0, 1 << 16);
    }
    await setTimeout(50); // What the peer's side takes makes room.
  }
  const both = each();
  for (const { peer, socket } of pairs) {
    peer.destroy();
    socket.close();
  }
  listener.close();
  return [received, both - received];
}

/** Sends without end to who asks with "s", and only reads from others. In a thread of its own, since this one's calls block. */
const peerProgram = `
const { parentPort } = require("node:worker_threads");
const much = Buffer.alloc(1 << 16);
const server = require("node:net").createServer((socket) => {
  const fill = () => {
    while (socket.write(much));
  };
  socket.once("data", (data) => data[0] === 115 && socket.on("drain", fill) && fill());
  socket.on("data", () => {}).on("error", () => {});
});
server.listen(0, "127.0.0.1", () => parentPort.postMessage(server.address().port));
`;

/** MiB/s of a blocking connection in one direction, in segments as on Ethernet. */
function speedOf(port, size, isSending) {
  const socket = createObject("roStreamSocket");
  const address = createObject("roSocketAddress");
  const bytes = createObject("roByteArray");
  address.setAddress(`127.0.0.1:${port}`);
  socket.setMaxSeg(1_448);
  if (size !== null) {
    socket.setRcvBuf(size);
    socket.setSendBuf(size);
  }
  socket.setSendToAddress(address);
  if (!socket.connect()) throw socket.lastError();
  for (let i = 0; i < 1 << 16; i++) bytes.push(0);
  socket.sendStr(isSending ? "r" : "s");
  const begun = performance.now();
  let count = 0;
  while (performance.now() - begun < 2_000)
    count += isSending ? socket.send(bytes, 0, 1 << 16) : socket.receive(bytes, 0, 1 << 16);
  const speed = count / (1 << 20) / ((performance.now() - begun) / 1_000);
  socket.close();
  return speed.toFixed(speed < 10 ? 1 : 0);
}

module.exports = async function main() {
  const worker = new Worker(peerProgram, { eval: true });
  const [port] = await once(worker, "message");
  const rows = [];
  for (const size of sizes) {
    const speeds = [true, false].map((isSending) => speedOf(port, size, isSending));
    rows.push([size ?? "as it is", ...(await memoryOf(size)), ...speeds]);
  }
  await worker.terminate();
  const heads = [
    "setRcvBuf, setSendBuf",
    "unread here, B",
    "unread there, B",
    "sent, MiB/s",
    "received, MiB/s",
  ];
  printTable(heads, rows);
};
