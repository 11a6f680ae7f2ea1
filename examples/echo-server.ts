/**
 * An echo server: what a client sends comes back to it. Built as the one on the reference page of roStreamSocket, with
 * one port for all sockets and one wait() for all their events; what cannot be sent back at once is kept until it can.
 *
 *   npm start                        on 127.0.0.1:54321
 *   npm start -- --port 0 --quiet    on a port that the system chooses
 *   nc 127.0.0.1 54321               talks to it
 *
 * wait() stops Node's event loop; async-echo.ts is for programs that have other things to do.
 */
import { inspect } from "node:util";
import { RoByteArray, RoMessagePort, RoSocketEvent, RoStreamSocket, wait } from "rosock";
import { address, commandLine, fail, integer, print, reason } from "./command-line.js";

const usage = `Usage: npm start -- [options]

Sends back to every client what it sends.

  --host ADDRESS   where to listen (127.0.0.1)
  --port NUMBER    0: the system chooses (54321)
  --quiet          says nothing of connections and data
  --help           shows this`;

const { values } = commandLine(usage, {
  options: {
    host: { type: "string", default: "127.0.0.1" },
    port: { type: "string", default: "54321" },
    quiet: { type: "boolean", default: false },
  },
});

interface Client {
  readonly socket: RoStreamSocket;
  /** What was received and could not be sent back yet. */
  unsent: RoByteArray | null;
}

const say = values.quiet ? null : print;
const clients = new Map<number, Client>();
const buffer = new RoByteArray();
const port = new RoMessagePort();

/** Out of descriptors or memory: said once, not at every attempt. */
let isFull = false;

const wanted = address(values.host, integer("--port", values.port, 0, 65535));
const listener = new RoStreamSocket();
listener.setMessagePort(port);
listener.notifyReadable(true);
if (!listener.setAddress(wanted) || !listener.listen(128)) {
  fail(`cannot listen on ${wanted.getAddress()}: ${reason(listener)}`);
}

const bound = listener.getAddress();
print(
  `Echo server on ${bound.getAddress()}: every line you send comes back. Talk to it from another terminal:`,
);
print(`    nc ${bound.getHostName()} ${bound.getPort()}`);

for (;;) {
  const event = wait(0, port);
  if (!(event instanceof RoSocketEvent)) continue;
  const client = clients.get(event.getSocketID());
  if (client === undefined) welcome();
  else serve(client);
}

function welcome(): void {
  const socket = listener.accept(); // It has the listener's port.
  if (socket === null) {
    if (!listener.eOK() && !isFull) say?.(`cannot accept: ${reason(listener)}`);
    isFull = !listener.eOK();
    return;
  }
  isFull = false;
  socket.notifyReadable(true);
  clients.set(socket.getID(), { socket, unsent: null });
  say?.(`accepted connection ${socket.getID()} from ${socket.getSendToAddress().getAddress()}`);
}

function serve(client: Client): void {
  const { socket, unsent } = client;
  let isOver = false;
  if (unsent !== null) {
    sendBack(client, unsent, unsent.length);
  } else {
    const received = socket.receive(buffer, 0, 512);
    isOver = received === 0;
    if (received > 0) {
      say?.(`echo ${inspect(buffer.slice(0, received).toAsciiString())}`);
      sendBack(client, buffer, received);
    }
  }
  if (isOver || !socket.eOK()) {
    say?.(`closed connection ${socket.getID()}${isOver ? "" : `: ${reason(socket)}`}`);
    socket.close();
    clients.delete(socket.getID());
  }
}

/** Sends, and keeps what the system does not take. Until that has gone nothing more is read from the client. */
function sendBack(client: Client, bytes: RoByteArray, length: number): void {
  const { socket } = client;
  const sent = Math.max(0, socket.send(bytes, 0, length));
  const wasBehind = client.unsent !== null;
  client.unsent = sent < length ? bytes.slice(sent, length) : null;
  const isBehind = client.unsent !== null;
  if (isBehind === wasBehind) return;
  socket.notifyReadable(!isBehind);
  socket.notifyWritable(isBehind);
}
