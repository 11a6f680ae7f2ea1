/** Short words for what the tests of events say again and again. */

import { RoByteArray, RoMessagePort, RoSocketEvent, type RoStreamSocket, wait } from "rosock";
import { connectedPair, type Scope, type Socket } from "./sockets.js";
import { pause, waitForSync } from "./time.js";

/** A connected pair whose server has a port and notifies of data; what the client sends goes at once. */
export function notified(t: Scope): {
  client: RoStreamSocket;
  server: RoStreamSocket;
  port: RoMessagePort;
  id: number;
} {
  const port = new RoMessagePort();
  const pair = connectedPair(t, { server: port });
  pair.server.notifyReadable(true);
  pair.client.setNoDelay(true);
  return { ...pair, port, id: pair.server.getID() };
}

/** The ids of all events that are due now, at most `limit`. */
export function drain(port: RoMessagePort, limit = 10_000): number[] {
  const ids: number[] = [];
  for (let event = port.getMessage(); event; event = port.getMessage()) {
    if (event instanceof RoSocketEvent) ids.push(event.getSocketID());
    if (ids.length >= limit) break;
  }
  return ids;
}

/** Nothing comes for so long that even a paced event would have come several times. */
export function staysQuiet(port: RoMessagePort, milliseconds = 30): boolean {
  return wait(milliseconds, port) === null;
}

/** Waits until `bytes` bytes can be received, without touching the socket. */
export function arrived(socket: Socket, bytes = 1): void {
  waitForSync(() => socket.getCountRcvBuf() >= bytes, `${bytes} bytes to arrive`);
}

/** Waits until the socket is readable: the end or a connection has arrived. */
export function becomesReadable(socket: Socket): void {
  waitForSync(() => socket.isReadable(), "the socket to become readable");
}

/**
 * Sends until nothing more has gone for `quiet` milliseconds, and gives how much went. The socket must be asynchronous. Byte i is
 * i % 251. For a test that cannot do with room coming back: 100, more than an acknowledgement is delayed, and fixBuffers before.
 */
export function fill(socket: RoStreamSocket, quiet = 20): number {
  const chunk = RoByteArray.from(new Uint8Array(251 * 256).map((_, index) => index % 251));
  let total = 0;
  // Not by the clock: a busy machine may let this process stand still for so long.
  for (let idle = 0; idle < quiet; ) {
    const from = total % 251;
    const sent = socket.send(chunk, from, chunk.count() - from);
    if (sent > 0) {
      total += sent;
      idle = 0;
    } else {
      idle++;
      pause(1);
    }
  }
  return total;
}

/** What `send` gives when there is no room for it. After a time the kernel makes some in a full buffer; that is filled first. */
export function whenFull(socket: RoStreamSocket, send: () => number): number {
  for (let tries = 0; tries < 20; tries++) {
    const sent = send();
    if (sent <= 0) return sent;
    fill(socket);
  }
  throw new Error("there is always room");
}

/** Receives until nothing more has come for 20 ms. The socket must be asynchronous. */
export function empty(socket: RoStreamSocket): number {
  const into = new RoByteArray();
  let total = 0;
  for (let idle = 0; idle < 20; ) {
    const received = socket.receive(into, 0, 65_536);
    if (received > 0) {
      total += received;
      idle = 0;
    } else {
      idle++;
      pause(1);
    }
  }
  return total;
}

/** Gives a connection buffers that stay as they are; otherwise Linux may make room in a full one a while later. */
export function fixBuffers(sender: RoStreamSocket, receiver: RoStreamSocket): void {
  sender.setSendBuf(65_536);
  receiver.setRcvBuf(65_536);
}
