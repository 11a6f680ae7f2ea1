/** A name server that does what name servers should not, for programs in a network of their own. */

import type * as dgram from "node:dgram";
import type { MessagePort } from "node:worker_threads";

/** Its source crosses to a worker: it must not use anything outside itself. */
function serve(sockets: typeof dgram, parent: MessagePort): void {
  const server = sockets.createSocket("udp4");
  let asked = 0;
  const failure: Record<string, number> = { servfail: 2, nxdomain: 3, refused: 5 };

  /** The records of an answer: type and data, all for the name that was asked for. */
  const records = (name: string): [number, number[]][] => {
    switch (name) {
      case "changing":
        return [[1, [192, 0, 2, ++asked]]];
      case "several":
        return Array.from({ length: 20 }, (_, index) => [1, [192, 0, 2, 100 + index]]);
      case "six":
        return [[28, [0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]]];
      case "loop":
        return [[5, [0xc0, 12]]];
      case "short":
        return [[1, [192, 0, 2]]];
      case "long":
        return [[1, [192, 0, 2, 7, 0, 0]]];
      case "group":
        return [[1, [239, 1, 2, 3]]];
      case "zero":
        return [[1, [0, 0, 0, 0]]];
      default:
        return [[1, [192, 0, 2, 7]]];
    }
  };

  server.on("message", (query, from) => {
    const end = query.indexOf(0, 12);
    const question = query.subarray(12, end + 5);
    const name = query.subarray(13, 13 + query[12]!).toString("latin1");
    const reply = (bytes: Uint8Array) => server.send(bytes, from.port, from.address);
    const given = name === "empty" || name in failure ? [] : records(name);
    const body = given.map(([type, data]) =>
      Buffer.from([0xc0, 12, 0, type, 0, 1, 0, 0, 0, 0, 0, data.length, ...data]),
    );
    const header = Buffer.from(query.subarray(0, 12));
    header[2] = 0x81;
    header[3] = 0x80 | (failure[name] ?? 0);
    header.writeUInt16BE(name === "overstated" ? 60_000 : given.length, 6);
    header.writeUInt32BE(0, 8);
    const whole = Buffer.concat([header, question, ...body]);
    if (name === "silent") return;
    if (name === "garbage") reply(Buffer.from(query.map((byte, index) => (index < 4 ? byte : byte ^ 0xa5))));
    else if (name === "cut") reply(whole.subarray(0, 20));
    else if (name === "slow") setTimeout(reply, 500, whole);
    else reply(whole);
  });
  server.bind(53, "127.0.0.1", () => parent.postMessage("ready"));
}

/** A worker's script. */
export const nameServer = `(${serve.toString()})(require("node:dgram"), require("node:worker_threads").parentPort)`;
