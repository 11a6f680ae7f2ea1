/** A connection whose other end is a net.Socket of a peer. */

import type { RoMessagePort, RoStreamSocket } from "rosock";
import type { Peer } from "./peer.js";
import { accept, listener, type Scope } from "./sockets.js";

/** Our end. The other is state.socket in `other`; it does not read before it is told to resume(). */
export function remote(t: Scope, other: Peer, port: RoMessagePort | null = null): RoStreamSocket {
  const { socket: listening, portNumber } = listener(t);
  const connecting = other.start(async ({ net, state, once }, portNumber) => {
    state.socket = net.connect(portNumber, "127.0.0.1");
    state.socket.pause();
    await once(state.socket, "connect");
    state.socket.on("error", () => {});
  }, portNumber);
  const socket = accept(t, listening);
  connecting.result();
  listening.close();
  socket.setMessagePort(port);
  t.teardown(() => other.call(({ state }) => void state.socket.destroy()));
  return socket;
}

/** Has the other end send a reset instead of an end. */
export function reset(other: Peer): void {
  other.call(({ state }) => void state.socket.resetAndDestroy());
}
