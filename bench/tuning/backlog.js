// The backlog: clients that come all at once while the server is busy with something else.

const { spawn } = require("node:child_process");
const { once } = require("node:events");
const { connect } = require("node:net");
const { listening, printTable } = require("./measure.js");

const clients = 50;

/** After which a client is not waited for any more, in milliseconds. */
const patience = 10_000;

/** Listens, and accepts nothing for half a second. */
const program = `${listening}
listener.listen(Number(process.argv[1]));
console.log(listener.getAddress().getPort());
wait(500, port);
listener.notifyReadable(true);
for (const sockets = []; ; ) {
  wait(0, port);
  for (let socket; (socket = listener.accept()); ) {
    socket.sendStr("!");
    sockets.push(socket);
  }
}
`;

async function served(port) {
  const begun = performance.now();
  const socket = connect(port, "127.0.0.1");
  socket.setTimeout(patience, () => socket.destroy());
  await Promise.race([once(socket, "data"), once(socket, "close")]);
  socket.destroy();
  return performance.now() - begun;
}

module.exports = async function main() {
  const rows = [];
  for (const backlog of [1, 8, 16, 64]) {
    const server = spawn(process.execPath, ["-e", program, String(backlog)]);
    const [text] = await once(server.stdout, "data");
    const times = await Promise.all(Array.from({ length: clients }, () => served(Number(text))));
    server.kill("SIGKILL");
    const late = (limit) => times.filter((time) => time > limit).length;
    rows.push([backlog, late(900), late(patience - 10)]);
  }
  printTable(
    ["backlog", `of ${clients} clients late by a second or more`, `by ${patience / 1000} s or more`],
    rows,
  );
};
