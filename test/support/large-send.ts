/** A connection with as much sent as the system takes, to a peer that does not read yet: what close() and linger are about. */

import { RoMessagePort, type RoStreamSocket } from "rosock";
import { fill } from "./events.js";
import { kernelSocket } from "./kernel.js";
import type { Peer } from "./peer.js";
import { address, type Scope, streamSocket } from "./sockets.js";

/** A connection to the peer that does not read yet, with as much sent as the system took. */
export function unread(t: Scope, other: Peer): { client: RoStreamSocket; sent: number } {
  const portNumber = other.call(async ({ net, once, state }) => {
    state.server?.close();
    state.server = net.createServer({ pauseOnConnect: true }, (socket) => {
      state.count = 0;
      state.end = null;
      state.held = socket;
      socket.on("data", (chunk: Buffer) => {
        for (const byte of chunk) if (byte !== state.count++ % 251) state.end ??= "the bytes differ";
      });
      socket.on("end", () => {
        state.end ??= "end";
      });
      socket.on("error", (error: NodeJS.ErrnoException) => {
        state.end ??= error.code;
      });
    });
    state.held = null;
    state.server.listen(0, "127.0.0.1");
    await once(state.server, "listening");
    return state.server.address().port as number;
  });
  const client = streamSocket(t);
  client.setSendBuf(65_536);
  client.setSendToAddress(address(portNumber));
  if (!client.connect()) throw new Error(`connect failed: ${client.status()}`);
  client.setMessagePort(new RoMessagePort());
  const sent = fill(client);
  return { client, sent };
}

/** What the kernel has of a connection that its peer has not acknowledged; also after close(). */
export function unsentOf(client: RoStreamSocket): () => number {
  const own = client.getAddress().getAddress();
  const peers = client.getSendToAddress().getAddress();
  return () => kernelSocket(own, peers)?.sendQueue ?? 0;
}

/** Has the peer read on; what it got, and how that ended. */
export function readToEnd(other: Peer, delay = 0): () => [number, string] {
  const reading = other.start(async ({ state }, wait) => {
    await new Promise((resolve) => setTimeout(resolve, wait));
    while (!state.held) await new Promise((resolve) => setTimeout(resolve, 1));
    state.held.resume();
    while (!state.end) await new Promise((resolve) => setTimeout(resolve, 1));
    return [state.count, state.end] as [number, string];
  }, delay);
  return () => reading.result();
}
