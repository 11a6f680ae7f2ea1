/**
 * The server of url-transfer-answers.test.ts, in a process of its own: sends the answer that the path names, whole or, below
 * /slow/, piece by piece, below /late/ its body late, and closes the connection. Writes its port.
 */
import net, { type AddressInfo, type Socket } from "node:net";
import { strange } from "./answers.js";

const notFound = Buffer.from("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");

const pieces = 400;

async function sendSlowly(socket: Socket, answer: Buffer): Promise<void> {
  socket.setNoDelay(true);
  const size = Math.ceil(answer.length / pieces);
  for (let at = 0; at < answer.length && socket.writable; at += size) {
    socket.write(answer.subarray(at, at + size));
    await new Promise(setImmediate);
  }
  socket.end();
}

/** What follows the head comes only with the next request on the connection. */
function sendHeadFirst(socket: Socket, answer: Buffer): void {
  const end = answer.indexOf("\r\n\r\n") + 4;
  socket.write(answer.subarray(0, end));
  socket.once("data", () => socket.end(answer.subarray(end)));
}

const server = net.createServer((socket) => {
  socket.on("error", () => {});
  socket.once("data", (request) => {
    const [, way, name = ""] = /^\w+ \/(slow\/|late\/)?(\S*)/.exec(String(request)) ?? [];
    const answer = strange[name]?.answer ?? notFound;
    if (way === undefined) socket.end(answer);
    else if (way === "slow/") void sendSlowly(socket, answer);
    else sendHeadFirst(socket, answer);
  });
});
server.listen(0, "127.0.0.1", () => console.log((server.address() as AddressInfo).port));
process.stdin.resume().on("end", () => process.exit());
