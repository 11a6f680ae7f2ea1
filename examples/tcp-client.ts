/**
 * The first example of roStreamSocket's reference page, for any server: connects, sends a line if one is given, and
 * prints the answer's first line. Without a message port every call waits until it is done.
 *
 *   node out/examples/tcp-client.js 127.0.0.1:54321 "hello there"
 */
import { inspect } from "node:util";
import { RoByteArray, RoStreamSocket } from "rosock";
import { commandLine, fail, hostAndPort, reason } from "./command-line.js";

const usage = `Usage: node out/examples/tcp-client.js HOST:PORT [TEXT]

Connects to a TCP server, sends a line of TEXT, and prints the first line of the answer.`;

const mostSeconds = 10;
const mostBytes = 65536;
const newline = 10;

const { positionals } = commandLine(usage, { allowPositionals: true });
const [server, text, ...more] = positionals;
if (server === undefined || more.length > 0) fail("expected HOST:PORT and at most one TEXT; see --help", 2);

const sendAddress = hostAndPort(server);
const socket = new RoStreamSocket();
socket.setSendTimeout(mostSeconds);
socket.setReceiveTimeout(mostSeconds);
socket.setSendToAddress(sendAddress);
if (!socket.connect()) fail(`cannot connect to ${sendAddress.getAddress()}: ${reason(socket)}`);
console.log("Connected Successfully");

if (text !== undefined) {
  const line = `${text}\n`;
  if (socket.sendStr(line) !== Buffer.byteLength(line)) fail(`cannot send: ${reason(socket)}`);
  console.log(inspect(receiveLine()));
}
socket.close();

/** What comes until a line ends, or the answer does. As bytes: a character may come in two pieces. */
function receiveLine(): string {
  const line = new RoByteArray();
  const piece = new RoByteArray();
  do {
    piece.clear();
    if (socket.receive(piece, 0, 512) < 0) {
      fail(socket.eAgain() ? `no answer for ${mostSeconds} seconds` : `cannot receive: ${reason(socket)}`);
    }
    line.append(piece);
  } while (!piece.isEmpty() && !piece.toUint8Array().includes(newline) && line.length < mostBytes);
  return line.toAsciiString().split("\n", 1)[0]!;
}
