/** TCP connections with a model of what is on its way, for streams.ts. */

import { constants } from "node:os";
import { RoByteArray, RoSocketAddress, RoStreamSocket } from "rosock";
import { encode } from "#src/text.js";
import { address } from "../support/sockets.js";
import { pause } from "../support/time.js";
import { content, text } from "./content.js";
import { Ports, Watched } from "./delivery.js";
import { checkTruth, conditions } from "./readiness.js";

const { EAGAIN, EBADF, ECONNREFUSED, ECONNRESET, EINPROGRESS, EPIPE } = constants.errno;

/** Fewer bytes than this certainly fit into a receive buffer of the usual size. */
const fits = 20_000;
const mostConnections = 6;

/** One direction of a connection. */
class Flow {
  sent = 0;
  received = 0;
  /** The sender has closed, or was dropped. */
  ended = false;
  /** The sender was dropped: it is closed when it is collected, who knows when. */
  dropped = false;
  /** Bytes met the closed sender: its system may have reset the connection before all was delivered. */
  mayBeCut = false;

  constructor(readonly key: number) {}

  get unread(): number {
    return this.sent - this.received;
  }
}

export class End extends Watched<RoStreamSocket> {
  /** Buffers were made small: sending may stop at any byte. */
  small = false;
  failed = false;

  constructor(
    socket: RoStreamSocket,
    port: number | null,
    public out: Flow,
    public into: Flow,
  ) {
    super(socket, port);
  }
}

export type Sending = "bytes" | "text" | "string";
export type Receiving = "bytes" | "string";

export class World {
  readonly ports = new Ports(() => this.watched());
  readonly listener: Watched<RoStreamSocket>;
  readonly closed: RoStreamSocket[] = [];
  ends: End[] = [];
  /** Connections that wait to be accepted: the client's port and flows. */
  readonly #waiting = new Map<number, { out: Flow; into: Flow }>();
  readonly #refusing = new RoStreamSocket();
  #keys = 0;

  constructor() {
    const socket = new RoStreamSocket();
    for (const bound of [socket, this.#refusing]) {
      if (!bound.setAddress(address(0))) throw new Error(`setAddress failed: ${bound.status()}`);
    }
    if (!socket.listen(64)) throw new Error(`listen failed: ${socket.status()}`);
    this.listener = new Watched(socket, null);
  }

  *watched(): Iterable<Watched> {
    yield this.listener;
    yield* this.ends;
  }

  end(index: number): End | undefined {
    return this.ends[index % this.ends.length];
  }

  any(index: number): Watched {
    return index === 0 ? this.listener : (this.end(index) ?? this.listener);
  }

  // ---- Steps ----

  connect(port: number | null, refused: boolean): void {
    if (this.ends.length >= 2 * mostConnections) return;
    const end = new End(new RoStreamSocket(), null, new Flow(0), new Flow(0));
    this.ports.set(end, port);
    this.ends.push(end);
    this.#begin(end, refused);
  }

  /** A failed socket is ready for another attempt, once the failure was told (row S8). */
  reconnect(end: End): void {
    if (!end.failed) return;
    if (end.socket.isConnected() || end.socket.eOK()) return; // Not failed yet: it may not have been told of it.
    this.#begin(end, false);
  }

  accept(): void {
    const { socket, port } = this.listener;
    if (port === null && !conditions(socket).in) return;
    const accepted = socket.accept();
    if (accepted === null) {
      this.#status(socket, [EAGAIN], "accept");
      if (this.#waiting.size > 0) throw new Error("accept() gave none of those that wait");
      return;
    }
    this.#status(socket, [0], "accept");
    if (accepted.getMessagePort() !== (port === null ? null : this.ports.list[port])) {
      throw new Error("an accepted socket has another port than its listener (S3)");
    }
    const from = accepted.getSendToAddress().getPort();
    const flows = this.#waiting.get(from);
    if (flows === undefined)
      throw new Error(`an accepted socket of a connection from ${from}, which is unknown`);
    this.#waiting.delete(from);
    this.ends.push(new End(accepted, port, flows.into, flows.out));
  }

  send(end: End, how: Sending, before: number, wanted: number): void {
    const { socket, out } = end;
    const isBlocking = end.port === null;
    if (isBlocking && (end.small || out.unread > fits || (!end.failed && !conditions(socket).out))) return;
    const length = isBlocking ? Math.min(wanted, 1000) : wanted;
    let sent: number;
    if (how === "string") sent = socket.sendStr(text(out.key, out.sent, out.sent + length));
    else if (how === "text") {
      sent = socket.send("x".repeat(before) + text(out.key, out.sent, out.sent + length), before, length);
    } else {
      const array = RoByteArray.from(new Uint8Array(before));
      array.append(RoByteArray.from(content(out.key, out.sent, out.sent + length)));
      sent = socket.send(array, before, length);
    }
    if (sent < 0) {
      if (sent !== -1) throw new Error(`send gave ${sent}`);
      const gone = end.into.ended || end.failed;
      this.#status(socket, gone ? [EAGAIN, EPIPE, ECONNRESET, ECONNREFUSED] : [EAGAIN], "send");
      return;
    }
    this.#status(socket, [0], "send");
    if (sent > length || (sent === 0 && length > 0)) throw new Error(`send of ${length} bytes gave ${sent}`);
    if (isBlocking && sent !== length) throw new Error(`a blocking send of ${length} bytes gave ${sent}`);
    out.sent += sent;
    if (end.into.ended && sent > 0) end.into.mayBeCut = true;
  }

  /** Into a byte array of `size` bytes from `start` on, or as text. What was received; -1: nothing, or an error. */
  receive(end: End, how: Receiving, size: number, start: number, length: number): number {
    const { socket } = end;
    if (end.port === null && !conditions(socket).in && length > 0) return -1;
    const there = socket.getCountRcvBuf();
    let bytes: Uint8Array;
    let received: number;
    if (how === "string") {
      bytes = encode(socket.receiveStr(length));
      received = bytes.length === 0 && !socket.eSuccess() ? -1 : bytes.length;
    } else {
      const array = RoByteArray.from(new Uint8Array(size).fill(7));
      received = socket.receive(array, start, length);
      checkAround(array, size, start, received);
      bytes = array.toUint8Array().subarray(start, start + Math.max(received, 0));
    }
    this.#received(end, received, bytes, length, there);
    return received;
  }

  close(end: End): void {
    const { socket, into, out } = end;
    const all = (end.port !== null || out.unread <= fits) && into.unread <= fits && !end.small;
    if (end.port === null && !all) this.ports.set(end, 0); // It would wait for the peer to read.
    this.#ended(end);
    const isBlocking = end.port === null;
    socket.close();
    if (socket.status() !== 0) throw new Error(`close: status ${socket.status()}`);
    this.closed.push(socket);
    if (!isBlocking || out.mayBeCut) return;
    const reader = this.ends.find((other) => other.into === out);
    const there = reader?.socket.getCountRcvBuf() ?? out.unread;
    if (reader && there !== out.unread)
      throw new Error(`closed with ${out.unread} bytes to deliver, ${there} arrived`);
  }

  /** Forgets a socket without closing it. */
  drop(end: End): void {
    end.out.dropped = true;
    this.ports.dropped.add(end.socket.getID());
    this.#ended(end);
  }

  setFlags(watched: Watched, flags: Watched["flags"]): void {
    watched.flags = flags;
    watched.socket.notifyReadable(flags.in);
    watched.socket.notifyWritable(flags.out);
    watched.socket.notifyException(flags.pri);
  }

  setBuffers(end: End, size: number): void {
    end.small = true;
    // With a receive buffer smaller than a segment, Linux goes on at the pace of its window probes.
    if (!end.socket.setSendBuf(size) || !end.socket.setRcvBuf(100_000))
      throw new Error("the buffers cannot be set");
  }

  // ---- Checks ----

  checkTruth(): void {
    for (const { socket } of this.watched()) checkTruth(socket);
    for (const socket of this.closed) {
      if (socket.isReadable() || socket.isWritable() || socket.isException())
        throw new Error("a closed socket is ready");
    }
  }

  /** Everything that was sent is received; then each end is closed, and the other one meets the end of the stream. */
  async finish(): Promise<void> {
    for (const port of this.ports.list.keys()) await this.ports.drain(port);
    this.ports.set(this.listener, 0);
    for (let tries = 0; this.#waiting.size > 0 && tries < 100; tries++) this.accept();
    for (const end of this.ends) this.ports.set(end, 0);
    for (const end of [...this.ends]) {
      const deadline = performance.now() + 10_000;
      while (!this.#isRead(end)) {
        for (const other of this.ends) this.receive(other, "bytes", 0, 0, 1_000_000);
        if (performance.now() > deadline) {
          const { sent, received, mayBeCut, ended } = end.into;
          throw new Error(`${received} of ${sent} bytes received (ended ${ended}, may be cut ${mayBeCut})`);
        }
        if (!this.#isRead(end)) pause(1);
      }
      this.close(end);
    }
  }

  /** At the end of a run, however it ended. */
  release(): void {
    for (const { socket } of this.watched()) {
      socket.setMessagePort(this.ports.list[0]!);
      socket.close();
    }
    this.#refusing.close();
    this.ports.dispose();
  }

  // ---- Behind them ----

  #begin(end: End, refused: boolean): void {
    const { socket } = end;
    const target = (refused ? this.#refusing : this.listener.socket).getAddress();
    socket.setSendToAddress(target);
    const start = performance.now();
    const begun = socket.connect();
    end.failed = refused;
    if (end.port === null ? begun === refused : !begun)
      throw new Error(`connect gave ${begun}, ${socket.status()}`);
    const status = socket.status();
    const result = refused ? ECONNREFUSED : 0;
    // After 5 ms the status may be what has become of it.
    const isSoon = performance.now() - start < 5;
    const expected = end.port === null ? [result] : isSoon ? [EINPROGRESS] : [EINPROGRESS, result];
    if (!expected.includes(status))
      throw new Error(`connect: status ${status}, not ${expected.join(" or ")}`);
    if (refused) return;
    end.out = new Flow(++this.#keys * 7_919);
    end.into = new Flow(++this.#keys * 7_919);
    // Only the flows: the end may be dropped.
    this.#waiting.set(socket.getAddress().getPort(), { out: end.out, into: end.into });
  }

  #ended(end: End): void {
    const { into, out } = end;
    // What is still on its way to a closed socket has it reset; small pieces wait for acknowledgements, too.
    const peer = this.ends.find((other) => other.into === out);
    if (into.unread > fits || (peer && peer.socket.getCountSendBuf() > 0)) out.mayBeCut = true;
    out.ended = true;
    end.open = false;
    this.ends = this.ends.filter((other) => other !== end);
  }

  /** Whether this end has received all there is to receive. */
  #isRead(end: End): boolean {
    if (end.failed) return true;
    const { into } = end;
    if (!into.ended) return into.unread === 0;
    return (
      into.mayBeCut ||
      (into.unread === 0 && (into.dropped || end.socket.receive(new RoByteArray(), 0, 1) === 0))
    );
  }

  #received(end: End, received: number, bytes: Uint8Array, length: number, there: number): void {
    const { socket, into, failed } = end;
    if (received < 0) {
      if (received !== -1) throw new Error(`receive gave ${received}`);
      if (failed) return;
      const where = `receive after ${into.received} of ${into.sent} bytes`;
      this.#status(socket, into.mayBeCut ? [EAGAIN, ECONNRESET, EPIPE] : [EAGAIN], where);
      if (there > 0) throw new Error(`receive gave -1, ${there} bytes were there`);
      return;
    }
    if (failed && length > 0) throw new Error(`receive of a socket that is not connected gave ${received}`);
    this.#status(socket, [0], "receive");
    if (received > length) throw new Error(`receive of ${length} bytes gave ${received}`);
    if (received < Math.min(length, there, 65_536))
      throw new Error(`received ${received} bytes, ${there} were there`);
    if (received === 0 && length > 0) {
      if (!into.ended) throw new Error("the end of a stream that goes on");
      if (into.unread > 0 && !into.mayBeCut) throw new Error(`the end, ${into.unread} bytes early`);
    }
    if (Buffer.compare(bytes, content(into.key, into.received, into.received + received)) !== 0) {
      throw new Error(`other bytes than were sent, from ${into.received} on, ${received} bytes`);
    }
    into.received += received;
    if (into.received > into.sent) throw new Error("more was received than sent");
  }

  #status(socket: RoStreamSocket, expected: number[], what: string): void {
    const status = socket.status();
    if (!expected.includes(status))
      throw new Error(`${what}: status ${status}, not ${expected.join(" or ")}`);
  }
}

/** A receive leaves the bytes before and after what it wrote as they were, and the array no longer than needed (row S22). */
function checkAround(array: RoByteArray, size: number, start: number, received: number): void {
  const end = received > 0 ? start + received : 0;
  if (array.count() !== Math.max(size, end))
    throw new Error(`an array of ${size} bytes has ${array.count()}`);
  const bytes = array.toUint8Array();
  for (let i = 0; i < size; i++) {
    if (bytes[i] !== 7 && !(i >= start && i < end)) throw new Error(`byte ${i} of the array was changed`);
  }
}

/** What closed sockets are asked, and must bear (row S46). */
export function useClosed(socket: RoStreamSocket): void {
  const results = [
    socket.sendStr("x"),
    socket.receive(new RoByteArray(), 0, 1),
    socket.receiveStr(1),
    socket.connect(),
  ];
  if (results.join() !== "-1,-1,,false") throw new Error(`a closed socket gave ${results.join()}`);
  socket.close();
  if (socket.status() !== EBADF || socket.setAddress(new RoSocketAddress()))
    throw new Error("a closed socket is used");
}
