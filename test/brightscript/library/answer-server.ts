/**
 * The server of url-transfer-answers.test.ts, in a process of its own: sends the answer that the path names, whole or, below
 * /slow/, byte by byte, and closes the connection. Writes its port.
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

const server = net.createServer((socket) => {
  socket.on("error", () => {});
  socket.once("data", (request) => {
    const [, slow, name = ""] = /^\w+ \/(slow\/)?(\S*)/.exec(String(request)) ?? [];
    const answer = strange[name]?.answer ?? notFound;
    if (slow === undefined) socket.end(answer);
    else void sendSlowly(socket, answer);
  });
});
server.listen(0, "127.0.0.1", () => console.log((server.address() as AddressInfo).port));
process.stdin.resume().on("end", () => process.exit());
