/**
 * Several connections of one listener, ports, modes and flags in any order: no byte is lost, repeated or out of order, readiness is
 * what poll says, each event has something to tell and everything that has something to tell is delivered.
 */

import fc from "fast-check";
import { newDescriptors, openDescriptors } from "../support/descriptors.js";
import type { Report } from "./report.js";
import { type End, useClosed, World } from "./stream-world.js";

type Work = (world: World) => void | Promise<void>;

class Step {
  constructor(
    readonly text: string,
    readonly work: Work,
  ) {}
  toString(): string {
    return this.text;
  }
}

const index = fc.nat({ max: 11 });
const port = fc.constantFrom(null, 0, 1);
const length = fc.oneof(
  { arbitrary: fc.constantFrom(0, 1, 2), weight: 1 },
  { arbitrary: fc.integer({ min: 1, max: 5_000 }), weight: 4 },
  { arbitrary: fc.integer({ min: 5_000, max: 400_000 }), weight: 1 },
);
const flags = fc.record({ in: fc.boolean(), out: fc.boolean(), pri: fc.boolean() });

/** A step that is about one end, if there is any. */
const ofEnd = (text: string, at: number, work: (world: World, end: End) => void | Promise<void>): Step =>
  new Step(`${text}, end ${at}`, (world) => {
    const end = world.end(at);
    return end && work(world, end);
  });

const connect = fc
  .tuple(port, fc.nat({ max: 5 }))
  .map(
    ([to, n]) => new Step(`connect, port ${to}${n === 0 ? ", refused" : ""}`, (w) => w.connect(to, n === 0)),
  );
const accept = fc.constant(new Step("accept", (w) => w.accept()));
const reconnect = index.map((at) => ofEnd("reconnect", at, (w, end) => w.reconnect(end)));
const send = fc
  .tuple(index, fc.constantFrom("bytes", "text", "string"), fc.nat({ max: 5 }), length)
  .map(([at, how, before, size]) =>
    ofEnd(`send ${size} as ${how} from ${before}`, at, (w, end) => w.send(end, how, before, size)),
  );
const receive = fc
  .tuple(index, fc.constantFrom("bytes", "string"), fc.nat({ max: 300 }), fc.nat({ max: 600 }), length)
  .map(([at, how, size, start, wanted]) =>
    ofEnd(`receive ${wanted} as ${how} into ${size} from ${start}`, at, (w, end) => {
      w.receive(end, how, size, start, wanted);
    }),
  );
const close = index.map((at) => ofEnd("close", at, (w, end) => w.close(end)));
const drop = index.map((at) => ofEnd("drop", at, (w, end) => w.drop(end)));
const closed = fc.constant(new Step("use closed sockets", (w) => w.closed.forEach(useClosed)));
const setPort = fc
  .tuple(index, port)
  .map(([at, to]) => new Step(`set ${at} to port ${to}`, (w) => w.ports.set(w.any(at), to)));
const setFlags = fc
  .tuple(index, flags)
  .map(([at, to]) => new Step(`notify ${at}: ${JSON.stringify(to)}`, (w) => w.setFlags(w.any(at), to)));
const options = fc.tuple(index, fc.constantFrom(1, 5_000, 30_000)).map(([at, size]) =>
  ofEnd(`buffers of ${size}`, at, (w, end) => {
    end.socket.setNoDelay(size === 1);
    w.setBuffers(end, size);
  }),
);
const linger = fc
  .tuple(index, fc.nat({ max: 1 }))
  .map(([at, seconds]) => ofEnd(`linger ${seconds}`, at, (_, end) => void end.socket.setLinger(seconds)));
const post = fc.nat({ max: 1 }).map((at) => new Step(`post to port ${at}`, (w) => w.ports.post(at)));
const take = fc
  .tuple(fc.nat({ max: 1 }), fc.constantFrom("wait", "get", "peek", "async"), fc.constant(1))
  .map(([at, how, ms]) => new Step(`${how} at port ${at}, ${ms} ms`, (w) => w.ports.take(at, how, ms)));
const drain = fc.nat({ max: 1 }).map((at) => new Step(`drain port ${at}`, (w) => w.ports.drain(at)));
const truth = fc.constant(new Step("compare with poll", (w) => w.checkTruth()));

const step = fc.oneof(
  { arbitrary: connect, weight: 3 },
  { arbitrary: accept, weight: 5 },
  { arbitrary: reconnect, weight: 1 },
  { arbitrary: send, weight: 14 },
  { arbitrary: receive, weight: 12 },
  { arbitrary: close, weight: 1 },
  { arbitrary: drop, weight: 1 },
  { arbitrary: closed, weight: 1 },
  { arbitrary: setPort, weight: 4 },
  { arbitrary: setFlags, weight: 8 },
  { arbitrary: options, weight: 1 },
  { arbitrary: linger, weight: 1 },
  { arbitrary: post, weight: 2 },
  { arbitrary: take, weight: 14 },
  { arbitrary: drain, weight: 2 },
  { arbitrary: truth, weight: 3 },
);

/** `always`: compare with poll after every step. That also refreshes what the sockets know, and so may hide what they do not. */
export function streamsProperty(report: Report): fc.IAsyncProperty<[Step[], boolean]> {
  const steps = fc.array(step, { minLength: 1, maxLength: 120, size: "max" });
  let dropped = 0;
  return fc.asyncProperty(steps, fc.boolean(), async (list, always) => {
    report.begin();
    const before = openDescriptors();
    const world = new World();
    try {
      for (const each of list) {
        report.step(each);
        await each.work(world);
        if (each.text.startsWith("drop")) dropped++;
        if (always) world.checkTruth();
      }
      report.step("the end");
      await world.finish();
    } finally {
      world.release();
    }
    const left = newDescriptors(before);
    // What was dropped goes with the garbage, at the latest at the end (main.ts looks).
    if (left.length > dropped) throw new Error(`left open: ${left.join(", ")}`);
  });
}
