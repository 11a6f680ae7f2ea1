// The segment size: how many segments 1 MiB takes.

const { execFileSync } = require("node:child_process");
const { once } = require("node:events");
const { createServer } = require("node:net");
const { createObject } = require("../../dist/index.js");
const { printTable } = require("./measure.js");

const mebibyte = 1 << 20;

async function segments(server, size) {
  const socket = createObject("roStreamSocket");
  const address = createObject("roSocketAddress");
  address.setAddress(`127.0.0.1:${server.address().port}`);
  if (!socket.setMaxSeg(size)) throw socket.lastError();
  socket.setSendToAddress(address);
  const accepted = once(server, "connection");
  if (!socket.connect()) throw socket.lastError();
  const [peer] = await accepted;
  socket.setMessagePort(createObject("roMessagePort")); // Now it does not block.
  let received = 0;
  peer.on("data", (data) => {
    received += data.length;
  });
  const bytes = createObject("roByteArray");
  for (let i = 0; i < mebibyte; i++) bytes.push(0);
  for (let sent = 0; sent < mebibyte; ) {
    sent += Math.max(0, socket.send(bytes, sent, mebibyte - sent));
    await new Promise((resolve) => setImmediate(resolve));
  }
  while (received < mebibyte) await new Promise((resolve) => setImmediate(resolve));
  const port = socket.getAddress().getPort();
  const text = execFileSync("ss", ["-Htin", `sport = :${port}`], { encoding: "utf8" });
  socket.close();
  peer.destroy();
  return Number(/data_segs_out:(\d+)/.exec(text)[1]);
}

module.exports = async function main() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const rows = [];
  for (const size of [536, 1_000, 1_448]) {
    const count = await segments(server, size);
    // An IPv4 and a TCP header with time stamps, on Ethernet.
    const overhead = (count * (14 + 4 + 20 + 32)) / mebibyte;
    rows.push([size, count, `${(100 * overhead).toFixed(1)} %`]);
  }
  server.close();
  printTable(["setMaxSeg", "segments for 1 MiB", "headers"], rows);
};
