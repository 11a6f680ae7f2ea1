/**
 * The echo server for a program that has more to do: `for await` over the port's events blocks nothing, so Node's timers,
 * files and sockets go on beside it.
 *
 *   node out/examples/async-echo.js
 *   nc 127.0.0.1 54323
 */
import { RoByteArray, RoMessagePort, RoSocketEvent, RoStreamSocket } from "rosock";
import { address, commandLine, fail, integer, reason } from "./command-line.js";

const usage = `Usage: node out/examples/async-echo.js [options]

Sends back to every client what it sends, beside a timer that tells how much that was.

  --host ADDRESS    where to listen (127.0.0.1)
  --port NUMBER     0: the system chooses (54323)
  --every SECONDS   how often the timer tells (5)
  --help            shows this`;

const { values } = commandLine(usage, {
  options: {
    host: { type: "string", default: "127.0.0.1" },
    port: { type: "string", default: "54323" },
    every: { type: "string", default: "5" },
  },
});

interface Client {
  readonly socket: RoStreamSocket;
  /** What was received and has not been sent back yet. */
  unsent: RoByteArray;
}

const clients = new Map<number, Client>();
let bytes = 0;

async function main(): Promise<void> {
  const wanted = address(values.host, integer("--port", values.port, 0, 65535));
  const pause = integer("--every", values.every, 1, 3600) * 1000;

  const port = new RoMessagePort();
  const listener = new RoStreamSocket();
  listener.setMessagePort(port);
  listener.notifyReadable(true);
  if (!listener.setAddress(wanted) || !listener.listen(128)) {
    fail(`cannot listen on ${wanted.getAddress()}: ${reason(listener)}`);
  }
  console.log(`Echo server on ${listener.getAddress().getAddress()}, on Node's event loop`);
  setInterval(() => console.log(`${bytes} bytes sent back, ${clients.size} connected`), pause);

  for await (const event of port) {
    if (!(event instanceof RoSocketEvent)) continue;
    const client = clients.get(event.getSocketID());
    if (client === undefined) welcome(listener.accept());
    else serve(client);
  }
}

function welcome(socket: RoStreamSocket | null): void {
  if (socket === null) return;
  socket.notifyReadable(true);
  clients.set(socket.getID(), { socket, unsent: new RoByteArray() });
}

/** Reads only when all is sent back, so a client that does not read its echo is not read from either. */
function serve(client: Client): void {
  const { socket } = client;
  if (client.unsent.isEmpty() && socket.receive(client.unsent, 0, 4096) <= 0) {
    if (!socket.eAgain()) leave(client);
    return;
  }
  const sent = socket.send(client.unsent, 0, client.unsent.length);
  if (sent > 0) {
    bytes += sent;
    client.unsent = client.unsent.slice(sent);
  }
  socket.notifyReadable(client.unsent.isEmpty());
  socket.notifyWritable(!client.unsent.isEmpty());
  if (!socket.eOK()) leave(client);
}

function leave({ socket }: Client): void {
  socket.close();
  clients.delete(socket.getID());
}

void main();
