/** An exchange of many bytes between two networks, for tests that disturb it. */

import type { Networks } from "./networks.js";
import { patternSource } from "./pattern.js";
import type { Peer } from "./peer.js";

/** Has a peer listen at port 7 of all its addresses and send back what comes. */
export function echoAt(far: Peer): void {
  far.call(async ({ net, once, state }) => {
    state.accepted = [];
    state.server = net.createServer((socket) => {
      state.accepted.push(socket);
      socket.on("error", () => {});
      socket.pipe(socket);
    });
    state.server.listen(7, "0.0.0.0");
    await once(state.server, "listening");
  });
}

/**
 * Has the near peer send so many bytes of the stream to 10.99.0.2 and compare what comes back. What it had sent when it began is in
 * state.sent, for those who want to disturb it in the middle.
 */
export function exchange({ near }: Networks, bytes: number, limit = 100_000) {
  return near.start(
    async ({ rosock, state }, source, bytes, limit) => {
      const expected: Uint8Array = new Function(`return ${source}`)();
      const stream = rosock.RoByteArray.from(expected);
      const port = new rosock.RoMessagePort();
      const socket = new rosock.RoStreamSocket();
      const to = new rosock.RoSocketAddress();
      to.setAddress("10.99.0.2:7");
      socket.setSendToAddress(to);
      socket.setMessagePort(port);
      socket.notifyReadable(true);
      socket.notifyWritable(true);
      socket.connect();
      const into = new rosock.RoByteArray();
      state.sent = 0;
      let [received, wrongAt] = [0, -1];
      const end = performance.now() + limit;
      while (received < bytes && performance.now() < end) {
        const event = await port.waitMessageAsync(5_000);
        if (!event) continue;
        if (state.sent < bytes) {
          const from = state.sent % stream.count();
          const took = socket.send(stream, from, Math.min(stream.count() - from, bytes - state.sent, 50_000));
          if (took > 0) state.sent += took;
        } else socket.notifyWritable(false);
        const got = socket.receive(into, 0, 100_000);
        for (let index = 0; index < got && wrongAt < 0; index++) {
          if (into.getEntry(index) !== expected[(received + index) % expected.length])
            wrongAt = received + index;
        }
        if (got > 0) received += got;
        if (!socket.eOK()) break;
      }
      const result = [received, wrongAt, socket.eOK()];
      socket.close();
      return result;
    },
    patternSource,
    bytes,
    limit,
  );
}

/** How many segments a peer's system has sent again. */
export const resent = (of: Peer): number =>
  of.call(({ fs }) => {
    const [names = "", values = ""] = fs.readFileSync("/proc/net/snmp", "utf8").match(/^Tcp:.*$/gm) ?? [];
    return Number(values.split(" ")[names.split(" ").indexOf("RetransSegs")]);
  });
