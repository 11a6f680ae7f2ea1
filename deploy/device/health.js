// Whether a port of this machine answers: `node health.js PORT SECONDS`.

const { connect } = require("node:net");

const [port, seconds] = process.argv.slice(2).map(Number);
// Not Date: the box's clock may jump.
const deadline = performance.now() + seconds * 1000;

function attempt() {
  const socket = connect(port, "127.0.0.1");
  socket.setTimeout(5000, () => socket.destroy(new Error("no answer")));
  socket.on("connect", () => process.exit(0));
  socket.on("error", () => (performance.now() < deadline ? setTimeout(attempt, 500) : process.exit(1)));
}

attempt();
