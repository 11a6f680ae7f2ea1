/**
 * A long stream of bytes of which each tells its place, for peers in processes of their own: what is lost, repeated, changed or out of
 * order shows at the byte where it begins.
 */

import { RoByteArray } from "rosock";
import type { Peer } from "./peer.js";

/** The stream repeats after so many bytes: a prime, so that no size that is likely to be lost or repeated goes unseen. */
const period = 1_000_003;

/** One period. Its source crosses to the peer: it must not use anything outside itself. */
function makePeriod(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let seed = 1;
  for (let index = 0; index < length; index++) {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    bytes[index] = seed >>> 24;
  }
  return bytes;
}

let once: RoByteArray | undefined;

/** One period of the stream: byte i of the stream is byte `i % pattern().count()`. */
export function pattern(): RoByteArray {
  once ??= RoByteArray.from(makePeriod(period));
  return once;
}

/** An expression that gives one period as a Uint8Array, for programs of their own. */
export const patternSource = `(${makePeriod.toString()})(${period})`;

/** Follows the stream as it is received, in pieces of any size. */
export class Follower {
  /** How many bytes came. */
  count = 0;
  /** The first byte that was another than expected; -1: none. */
  wrongAt = -1;
  readonly #expected = pattern().toUint8Array();

  take(bytes: Uint8Array): void {
    let done = 0;
    while (done < bytes.length) {
      const from = this.count % period;
      const length = Math.min(bytes.length - done, period - from);
      const piece = Buffer.from(bytes.buffer, bytes.byteOffset + done, length);
      if (this.wrongAt < 0 && piece.compare(this.#expected, from, from + length) !== 0) {
        const at = piece.findIndex((byte, index) => byte !== this.#expected[from + index]);
        this.wrongAt = this.count + at;
      }
      this.count += length;
      done += length;
    }
  }
}

/** What a reader in the peer got. */
export interface Taken {
  count: number;
  /** The first byte that was another than expected; -1: none. */
  wrongAt: number;
  /** "end", or the error's code. */
  end: string;
}

/**
 * Has the peer listen for one connection and follow the stream on it, with so many milliseconds of rest after each piece it reads. Gives
 * the port, and the way to ask for what came in all.
 */
export function followedBy(other: Peer, rest = 0): { portNumber: number; taken(): Taken } {
  const portNumber = other.call(
    async ({ net, once, state }, source, rest) => {
      const expected: Uint8Array = new Function(`return ${source}`)();
      const seen = { count: 0, wrongAt: -1, end: "" };
      state.taken = seen;
      const server = net.createServer((socket) => {
        server.close();
        socket.on("data", (chunk: Buffer) => {
          for (let index = 0; index < chunk.length && seen.wrongAt < 0; index++) {
            if (chunk[index] !== expected[(seen.count + index) % expected.length])
              seen.wrongAt = seen.count + index;
          }
          seen.count += chunk.length;
          if (rest > 0) {
            socket.pause();
            setTimeout(() => socket.resume(), rest);
          }
        });
        socket.on("end", () => {
          seen.end = "end";
        });
        socket.on("error", (error: NodeJS.ErrnoException) => {
          seen.end = `${error.code}`;
        });
      });
      server.listen(0, "127.0.0.1");
      await once(server, "listening");
      return (server.address() as { port: number }).port;
    },
    patternSource,
    rest,
  );
  const taken = () =>
    other.call(async ({ state }) => {
      while (!state.taken.end) await new Promise((resolve) => setTimeout(resolve, 1));
      return state.taken as Taken;
    });
  return { portNumber, taken };
}

/** Has the peer listen for one connection and send so many bytes of the stream on it, then the end. Gives the port. */
export function sentBy(other: Peer, bytes: number): number {
  return other.call(
    async ({ net, once }, source, bytes) => {
      const period = Buffer.from(new Function(`return ${source}`)());
      const server = net.createServer(async (socket) => {
        server.close();
        socket.on("error", () => {});
        for (let sent = 0; sent < bytes && !socket.destroyed; ) {
          const from = sent % period.length;
          const piece = period.subarray(from, Math.min(period.length, from + bytes - sent, from + 100_000));
          sent += piece.length;
          if (!socket.write(piece)) await new Promise((resolve) => socket.once("drain", resolve));
        }
        socket.end();
      });
      server.listen(0, "127.0.0.1");
      await once(server, "listening");
      return (server.address() as { port: number }).port;
    },
    patternSource,
    bytes,
  );
}
