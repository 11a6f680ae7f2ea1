import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { RoDataGramSocket, RoMessagePort, RoSocketAddress, RoSocketEvent, RoStreamSocket } from "rosock";

import { kernelSocket } from "./kernel.js";
import { hang, waitForSync } from "./time.js";

/** The part of a tap test that these modules need. */
export interface Scope {
  teardown(work: () => unknown): unknown;
}

export type Socket = RoStreamSocket | RoDataGramSocket;

/** Closes at the end of the test. Asynchronously, since a synchronous close waits for a peer to take what was sent. */
export function closing<T extends Socket>(t: Scope, socket: T): T {
  t.teardown(() => {
    socket.setMessagePort(new RoMessagePort());
    socket.close();
  });
  return socket;
}

export function streamSocket(t: Scope, port: RoMessagePort | null = null): RoStreamSocket {
  const socket = closing(t, new RoStreamSocket());
  if (port) socket.setMessagePort(port);
  return socket;
}

/** "127.0.0.1:80", a number for a port of 127.0.0.1, or a name. Throws when it is not valid, since no test expects that of it. */
export function address(hostPort: string | number): RoSocketAddress {
  const made = new RoSocketAddress();
  const text = typeof hostPort === "number" ? `127.0.0.1:${hostPort}` : hostPort;
  if (!made.setAddress(text)) throw new Error(`setAddress("${text}") failed`);
  return made;
}

export interface Listening {
  socket: RoStreamSocket;
  portNumber: number;
  /** "127.0.0.1:port" */
  hostPort: string;
}

/** A listener on 127.0.0.1 and a port the system chose. */
export function listener(t: Scope, port: RoMessagePort | null = null, backlog = 16): Listening {
  const socket = streamSocket(t);
  if (!socket.setAddress(address(0))) throw new Error(`setAddress failed: ${socket.status()}`);
  if (!socket.listen(backlog)) throw new Error(`listen failed: ${socket.status()}`);
  if (port) socket.setMessagePort(port);
  const bound = socket.getAddress();
  return { socket, portNumber: bound.getPort(), hostPort: bound.getAddress() };
}

/** A socket of 127.0.0.1 that is bound and does not listen: connecting to it is refused, for as long as the test runs. */
export function refusing(t: Scope): Listening {
  const socket = streamSocket(t);
  if (!socket.setAddress(address(0))) throw new Error(`setAddress failed: ${socket.status()}`);
  const bound = socket.getAddress();
  return { socket, portNumber: bound.getPort(), hostPort: bound.getAddress() };
}

/** A connected socket. Synchronous unless a port is given, which it gets once it is connected. */
export function connected(t: Scope, to: string | number, port: RoMessagePort | null = null): RoStreamSocket {
  const socket = streamSocket(t);
  socket.setSendToAddress(address(to));
  if (!socket.connect()) throw new Error(`connect to ${to} failed: ${socket.status()}`);
  if (port) socket.setMessagePort(port);
  return socket;
}

/** The connection that waits at `listening` or is about to come. Throws when none comes. */
export function accept(t: Scope, listening: RoStreamSocket): RoStreamSocket {
  const isSynchronous = listening.getMessagePort() === null;
  const accepted = isSynchronous ? listening.accept() : waitForSync(() => listening.accept(), "a connection");
  if (!accepted) throw new Error(`accept failed: ${listening.status()}`);
  return closing(t, accepted);
}

export interface Pair {
  client: RoStreamSocket;
  server: RoStreamSocket;
}

/** Two connected sockets of this thread; each is synchronous unless its port is given. */
export function connectedPair(
  t: Scope,
  ports: { client?: RoMessagePort | null; server?: RoMessagePort | null } = {},
): Pair {
  const listening = listener(t);
  const client = connected(t, listening.hostPort, ports.client ?? null);
  const server = accept(t, listening.socket);
  if (ports.server) server.setMessagePort(ports.server);
  listening.socket.close();
  return { client, server };
}

/**
 * Waits for the next event and gives its socket's id; null when none comes in time. Stops this thread. Goes on waiting after a null
 * that came early, as a signal makes it (row S52): tap handles some, and the end of a tool that a test ran is one as well.
 */
export function eventID(port: RoMessagePort, milliseconds = hang): number | null {
  const end = performance.now() + milliseconds;
  for (let left = milliseconds; left > 0; left = Math.ceil(end - performance.now())) {
    const event = port.waitMessage(left);
    if (event instanceof RoSocketEvent) return event.getSocketID();
  }
  return null;
}

/** An address of 127.0.0.1 where connecting stays pending: the listener's queue is full, so it does not answer. */
export function unanswering(t: Scope): Listening {
  const listening = listener(t, null, 0);
  connected(t, listening.hostPort);
  waitForSync(() => kernelSocket(listening.hostPort)?.receiveQueue === 1, "the queue to be full");
  return listening;
}

/** A UDP socket bound to 127.0.0.1, with the port the system chose. */
export function datagram(
  t: Scope,
  port: RoMessagePort | null = null,
): { socket: RoDataGramSocket; portNumber: number; hostPort: string } {
  const socket = closing(t, new RoDataGramSocket());
  if (!socket.setAddress(address(0))) throw new Error(`setAddress failed: ${socket.status()}`);
  if (port) socket.setMessagePort(port);
  const bound = socket.getAddress();
  return { socket, portNumber: bound.getPort(), hostPort: bound.getAddress() };
}

/** A TCP port of 127.0.0.1 that was free a moment ago. Others may take it; prefer port 0 where the test allows. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
