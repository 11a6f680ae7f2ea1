/**
 * A chat for many: what one says is sent, line by line, to all others. Nobody waits for a slow reader: what it has not
 * taken yet is kept for it, up to a limit, and past that it has to go.
 *
 *   node out/examples/chat-server.js
 *   nc 127.0.0.1 54322                  in several terminals
 */
import { RoByteArray, RoMessagePort, RoSocketEvent, RoStreamSocket, wait } from "rosock";
import { address, commandLine, fail, integer, print, reason } from "./command-line.js";

const usage = `Usage: node out/examples/chat-server.js [options]

Sends each line that a client sends to all the others.

  --host ADDRESS   where to listen (127.0.0.1)
  --port NUMBER    0: the system chooses (54322)
  --help           shows this`;

/** The most bytes that are kept for one who reads slowly. */
const mostUnsent = 256 * 1024;
const longestLine = 8 * 1024;

class Guest {
  readonly name: string;
  /** The beginning of a line whose end has not come yet. */
  #begun = "";
  /** What was said to this guest and the system has not taken yet. */
  #unsent = new RoByteArray();

  constructor(readonly socket: RoStreamSocket) {
    this.name = `guest ${socket.getID()}`;
    socket.notifyReadable(true);
  }

  /** The lines that are complete now; null when this guest has gone. */
  hear(): string[] | null {
    const text = this.socket.receiveStr(4096);
    if (text === "" && !this.socket.eAgain()) return null;
    const lines = (this.#begun + text).split("\n"); // A character that was cut in two is sent on whole.
    this.#begun = lines.pop() ?? "";
    return lines;
  }

  tell(line: RoByteArray): void {
    this.#unsent.append(line);
    this.flush();
  }

  /** Sends what the system takes now. While something is left, an event will tell when there is room for more. */
  flush(): void {
    if (this.#unsent.isEmpty()) return;
    const sent = this.socket.send(this.#unsent, 0, this.#unsent.length);
    if (sent > 0) this.#unsent = this.#unsent.slice(sent);
    this.socket.notifyWritable(!this.#unsent.isEmpty());
  }

  /** Why this guest cannot stay; "" if it can. */
  trouble(): string {
    if (!this.socket.eOK()) return reason(this.socket);
    if (this.#unsent.length > mostUnsent) return "it reads too slowly";
    return this.#begun.length > longestLine ? "its line has no end" : "";
  }
}

const { values } = commandLine(usage, {
  options: {
    host: { type: "string", default: "127.0.0.1" },
    port: { type: "string", default: "54322" },
  },
});

const guests = new Map<number, Guest>();
const port = new RoMessagePort();
const wanted = address(values.host, integer("--port", values.port, 0, 65535));
const listener = new RoStreamSocket();
listener.setMessagePort(port);
listener.notifyReadable(true);
if (!listener.setAddress(wanted) || !listener.listen(128)) {
  fail(`cannot listen on ${wanted.getAddress()}: ${reason(listener)}`);
}
const bound = listener.getAddress();
print(`Chat on ${bound.getAddress()}. Join it from several terminals:`);
print(`    nc ${bound.getHostName()} ${bound.getPort()}`);

for (;;) {
  const event = wait(0, port);
  if (!(event instanceof RoSocketEvent)) continue;
  const guest = guests.get(event.getSocketID());
  if (guest === undefined) welcome();
  else serve(guest);
}

function welcome(): void {
  const socket = listener.accept();
  if (socket === null) return;
  const guest = new Guest(socket);
  guests.set(socket.getID(), guest);
  print(`${guest.name} has come from ${socket.getSendToAddress().getAddress()}; ${guests.size} here`);
}

/** There is something to hear, or room to send, or an error. Trying what is not possible now does no harm. */
function serve(guest: Guest): void {
  const lines = guest.hear();
  if (lines === null) {
    dismiss(guest, "it left");
    return;
  }
  for (const line of lines) broadcast(guest, line);
  guest.flush();
  dismissIfInTrouble(guest);
}

function broadcast(from: Guest, line: string): void {
  const bytes = new RoByteArray();
  bytes.fromAsciiString(`${from.name}: ${line}\n`);
  for (const guest of guests.values()) {
    if (guest === from) continue;
    guest.tell(bytes);
    dismissIfInTrouble(guest);
  }
}

function dismissIfInTrouble(guest: Guest): void {
  const trouble = guest.trouble();
  if (trouble !== "") dismiss(guest, trouble);
}

function dismiss(guest: Guest, why: string): void {
  guest.socket.close();
  guests.delete(guest.socket.getID());
  print(`${guest.name} is gone: ${why}; ${guests.size} here`);
}
