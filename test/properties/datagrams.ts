/**
 * Several UDP sockets that send to each other, in any order and mode: datagrams come whole (or cut where asked), once, in each
 * sender's order, from whom they are said to be; readiness and events are true.
 */

import { constants } from "node:os";
import fc from "fast-check";
import { RoByteArray, RoDataGramSocket } from "rosock";
import { encode } from "#src/text.js";
import { newDescriptors, openDescriptors } from "../support/descriptors.js";
import { address } from "../support/sockets.js";
import { content, text } from "./content.js";
import { Ports, Watched } from "./delivery.js";
import { checkTruth, conditions } from "./readiness.js";
import type { Report } from "./report.js";

const { EAGAIN, EMSGSIZE } = constants.errno;
const largest = 65_507;
/** What a receive buffer of the usual size holds, with what the system adds to each datagram. */
const mostBytes = 60_000;
const mostDatagrams = 40;

interface Datagram {
  readonly from: string;
  readonly key: number;
  readonly length: number;
}

class Peer extends Watched<RoDataGramSocket> {
  readonly at: string;
  readonly queue: Datagram[] = [];
  target: Peer | null = null;

  constructor() {
    super(new RoDataGramSocket(), null);
    if (!this.socket.setAddress(address(0))) throw new Error(`setAddress failed: ${this.socket.status()}`);
    this.at = this.socket.getAddress().getAddress();
  }

  /** Whether the system certainly has room for another one: what does not fit is lost without a word. */
  hasRoom(length: number): boolean {
    const there = this.queue.reduce((sum, { length: size }) => sum + size, 0);
    return this.queue.length < mostDatagrams && (this.queue.length === 0 || there + length < mostBytes);
  }
}

class World {
  readonly peers = [new Peer(), new Peer(), new Peer()];
  readonly ports = new Ports(() => this.peers);
  #keys = 0;

  peer(index: number): Peer {
    return this.peers[index % this.peers.length]!;
  }

  aim(peer: Peer, target: Peer): void {
    if (!peer.socket.setSendToAddress(address(target.at))) throw new Error("setSendToAddress failed");
    peer.target = target;
  }

  send(peer: Peer, asText: boolean, before: number, length: number): void {
    const { socket, target } = peer;
    if (target === null || !target.hasRoom(length)) return;
    const key = (++this.#keys * 7_919) % 60_000;
    let sent: number;
    if (asText) sent = socket.sendStr(text(key, 0, length));
    else {
      const array = RoByteArray.from(new Uint8Array(before));
      array.append(RoByteArray.from(content(key, 0, length)));
      sent = socket.send(array, before, length);
    }
    const expected = length > largest ? -1 : length;
    if (sent !== expected)
      throw new Error(`a datagram of ${length} bytes: ${sent}, status ${socket.status()}`);
    if (socket.status() !== (sent < 0 ? EMSGSIZE : 0)) throw new Error(`send: status ${socket.status()}`);
    if (sent >= 0) target.queue.push({ from: peer.at, key, length });
  }

  receive(peer: Peer, asText: boolean, start: number, wanted: number): void {
    const { socket, queue } = peer;
    if (peer.port === null && !conditions(socket).in) return;
    const next = queue.shift();
    if (socket.getCountRcvBuf() !== (next?.length ?? 0)) {
      throw new Error(`getCountRcvBuf gives ${socket.getCountRcvBuf()}, next is ${next?.length}`);
    }
    let bytes: Uint8Array;
    let received: number;
    if (asText) {
      bytes = encode(socket.receiveStr(wanted));
      received = socket.eSuccess() ? bytes.length : -1;
    } else {
      const array = new RoByteArray();
      received = socket.receive(array, start, wanted);
      bytes = array.toUint8Array().subarray(start);
      if (array.count() !== (received > 0 ? start + received : 0))
        throw new Error(`array of ${array.count()} bytes`);
    }
    if (next === undefined) {
      if (received !== -1 || socket.status() !== EAGAIN) {
        throw new Error(`nothing was sent; receive gave ${received}, status ${socket.status()}`);
      }
      return;
    }
    const length = Math.min(next.length, wanted);
    if (received !== length || socket.status() !== 0) {
      throw new Error(
        `receive of a datagram of ${next.length} bytes gave ${received}, status ${socket.status()}`,
      );
    }
    if (Buffer.compare(bytes, content(next.key, 0, length)) !== 0)
      throw new Error("another datagram than was sent");
    const from = socket.getReceivedFromAddress().getAddress();
    if (from !== next.from) throw new Error(`a datagram of ${next.from} is said to come from ${from}`);
  }

  checkTruth(): void {
    for (const { socket } of this.peers) checkTruth(socket);
  }

  async finish(): Promise<void> {
    for (const port of this.ports.list.keys()) await this.ports.drain(port);
    for (const peer of this.peers) {
      while (peer.queue.length > 0) this.receive(peer, false, 0, largest);
      if (conditions(peer.socket).in) throw new Error("more datagrams than were sent");
    }
  }

  release(): void {
    for (const { socket } of this.peers) socket.close();
    this.ports.dispose();
  }
}

class Step {
  constructor(
    readonly text: string,
    readonly work: (world: World) => void | Promise<void>,
  ) {}
  toString(): string {
    return this.text;
  }
}

const index = fc.nat({ max: 2 });
const port = fc.constantFrom(null, 0, 1);
const how = fc.boolean();
const length = fc.oneof(
  { arbitrary: fc.constantFrom(0, 1, largest - 1, largest, largest + 1), weight: 1 },
  { arbitrary: fc.nat({ max: 2_000 }), weight: 5 },
);

const step = fc.oneof(
  {
    arbitrary: fc
      .tuple(index, index)
      .map(([at, to]) => new Step(`aim ${at} at ${to}`, (w) => w.aim(w.peer(at), w.peer(to)))),
    weight: 2,
  },
  {
    arbitrary: fc
      .tuple(index, how, fc.nat({ max: 9 }), length)
      .map(
        ([at, asText, before, size]) =>
          new Step(`${at} sends ${size} from ${before}, text ${asText}`, (w) =>
            w.send(w.peer(at), asText, before, size),
          ),
      ),
    weight: 8,
  },
  {
    arbitrary: fc
      .tuple(index, how, fc.nat({ max: 9 }), length)
      .map(
        ([at, asText, start, size]) =>
          new Step(`${at} receives ${size} from ${start}, text ${asText}`, (w) =>
            w.receive(w.peer(at), asText, start, size),
          ),
      ),
    weight: 6,
  },
  {
    arbitrary: fc
      .tuple(index, port)
      .map(([at, to]) => new Step(`set ${at} to port ${to}`, (w) => w.ports.set(w.peer(at), to))),
    weight: 2,
  },
  {
    arbitrary: fc.tuple(index, fc.boolean(), fc.boolean()).map(
      ([at, readable, writable]) =>
        new Step(`notify ${at}: readable ${readable}, writable ${writable}`, (w) => {
          const peer = w.peer(at);
          peer.flags = { in: readable, out: writable, pri: false };
          peer.socket.notifyReadable(readable);
          peer.socket.notifyWritable(writable);
        }),
    ),
    weight: 3,
  },
  {
    arbitrary: fc
      .tuple(fc.nat({ max: 1 }), fc.constantFrom("wait", "get", "peek", "async"))
      .map(([at, asking]) => new Step(`${asking} at port ${at}`, (w) => w.ports.take(at, asking, 1))),
    weight: 6,
  },
  {
    arbitrary: fc.nat({ max: 1 }).map((at) => new Step(`drain port ${at}`, (w) => w.ports.drain(at))),
    weight: 1,
  },
);

/** `always`: as in streams.ts. */
export function datagramsProperty(report: Report): fc.IAsyncProperty<[Step[], boolean]> {
  const steps = fc.array(step, { minLength: 1, maxLength: 120, size: "max" });
  return fc.asyncProperty(steps, fc.boolean(), async (list, always) => {
    report.begin();
    const before = openDescriptors();
    const world = new World();
    try {
      for (const each of list) {
        report.step(each);
        await each.work(world);
        if (always) world.checkTruth();
      }
      report.step("the end");
      await world.finish();
    } finally {
      world.release();
    }
    const left = newDescriptors(before);
    if (left.length > 0) throw new Error(`left open: ${left.join(", ")}`);
  });
}
