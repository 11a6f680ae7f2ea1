import t, { type Test } from "tap";
import { dial, garbage, type Line, pattern } from "./peers.js";
import { isIdle, run } from "./running.js";

const server = run(t, "framed-server.brs", { port: 0 });

const [echo, sum, backwards, zeros] = [1, 2, 3, 4];

function frame(operation: number, payload: Uint8Array = Buffer.alloc(0), id = 1): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt32BE(payload.length);
  header.writeUInt16BE(id, 4);
  header[6] = operation;
  return Buffer.concat([header, payload]);
}

function number(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

interface Response {
  id: number;
  status: number;
  payload: Buffer;
}

async function response(line: Line): Promise<Response> {
  const header = await line.take(8);
  if (header[6] !== 0) throw new Error(`an operation in the response: ${header.toString("hex")}`);
  const payload = await line.take(header.readUInt32BE());
  return { id: header.readUInt16BE(4), status: header[7]!, payload };
}

/** A new client gets an answer. */
async function answers(t: Test): Promise<void> {
  const line = await dial(t, await server.portNumber());
  line.write(frame(echo, Buffer.from("there?"), 77));
  t.strictSame(await response(line), { id: 77, status: 0, payload: Buffer.from("there?") });
}

t.test("header and payload in one segment: the payload makes another event", async (t) => {
  const line = await dial(t, await server.portNumber());
  for (let id = 0; id < 5; id++) {
    line.write(frame(echo, Buffer.from("grüße\0\xff"), 65_531 + id));
    t.strictSame(await response(line), { id: 65_531 + id, status: 0, payload: Buffer.from("grüße\0\xff") });
  }
});

t.test("each operation, many requests in one segment: answered in order", async (t) => {
  const line = await dial(t, await server.portNumber());
  const requests = [
    frame(echo),
    frame(sum, Buffer.from([255, 255, 3]), 2),
    frame(backwards, Buffer.from("abc"), 3),
    frame(zeros, number(5), 4),
    frame(zeros, number(0), 5),
    frame(9, Buffer.from("what?"), 6),
    frame(zeros, Buffer.from("x"), 7),
    frame(zeros, number(0xffffffff), 8),
  ];
  line.write(Buffer.concat([...requests, ...requests]));
  const expected = [
    { id: 1, status: 0, payload: Buffer.alloc(0) },
    { id: 2, status: 0, payload: number(513) },
    { id: 3, status: 0, payload: Buffer.from("cba") },
    { id: 4, status: 0, payload: Buffer.alloc(5) },
    { id: 5, status: 0, payload: Buffer.alloc(0) },
    { id: 6, status: 1, payload: Buffer.alloc(0) },
    { id: 7, status: 2, payload: Buffer.alloc(0) },
    { id: 8, status: 2, payload: Buffer.alloc(0) },
  ];
  for (const one of [...expected, ...expected]) t.strictSame(await response(line), one);
});

t.test("byte by byte, and one MiB", async (t) => {
  const line = await dial(t, await server.portNumber());
  await line.writePieces(Buffer.concat([frame(echo, pattern(40), 1), frame(backwards, pattern(3), 2)]), 1);
  t.strictSame(await response(line), { id: 1, status: 0, payload: pattern(40) });
  t.strictSame(await response(line), { id: 2, status: 0, payload: Buffer.from([2, 1, 0]) });
  line.write(frame(echo, pattern(1 << 20), 3));
  t.ok((await response(line)).payload.equals(pattern(1 << 20)));
});

t.test("a reader that is slow holds nobody up, and gets each byte", async (t) => {
  const line = await dial(t, await server.portNumber());
  line.socket.pause();
  line.write(Buffer.concat([frame(zeros, number(1 << 24), 1), frame(echo, pattern(1000), 2)]));
  for (let count = 0; count < 3; count++) await answers(t);
  line.socket.resume();
  t.ok((await response(line)).payload.equals(Buffer.alloc(1 << 24)));
  t.strictSame(await response(line), { id: 2, status: 0, payload: pattern(1000) });
});

t.test("clients that are cut off, in the header and in the payload, or reset", async (t) => {
  const whole = frame(echo, Buffer.from("payload"));
  const said: string[] = [];
  for (const [count, reset] of [
    [0, false],
    [3, false],
    [8, false],
    [12, false],
    [15, false],
    [3, true],
    [12, true],
  ] as const) {
    const line = await dial(t, await server.portNumber());
    line.write(frame(echo)); // From its answer on, it is known by name.
    await line.take(8);
    const id = [...server.output.matchAll(/client (\d+) has come/g)].at(-1)![1];
    line.write(whole.subarray(0, count));
    if (count === 15) await line.take(15);
    if (reset) line.reset();
    else line.socket.end();
    said.push((await server.printed(new RegExp(`client ${id} has gone: (.*)\n`)))[1]!);
    if (!reset) await line.ends();
  }
  t.strictSame(said, ["end", "cut off", "cut off", "cut off", "end", "status 104", "status 104"]);
  await answers(t);
});

t.test("garbage: a length no frame can have is answered with status 3, and the end", async (t) => {
  for (const start of [[0x7f, 0xff, 0xff, 0xff], [0x80], [0, 0x10, 0, 1], [0xff, 0xff, 0xff, 0xff]]) {
    const line = await dial(t, await server.portNumber());
    line.write(Buffer.concat([Buffer.from(start), garbage(8 - start.length)]));
    const header = await line.take(8);
    t.strictSame([...header.subarray(0, 4), header[7]], [0, 0, 0, 0, 3]);
    await line.ends();
  }
  await Promise.all(
    Array.from({ length: 8 }, async (_, index) => {
      const line = await dial(t, await server.portNumber());
      line.write(garbage(50_000, index + 2));
      line.socket.end();
      await line.ends();
    }),
  );
  await answers(t);
});

t.test("clients that stall cost nothing and are still there", async (t) => {
  const lines: Line[] = [];
  for (const count of [0, 3, 8, 12]) {
    const line = await dial(t, await server.portNumber());
    line.write(frame(echo, Buffer.from("payload")).subarray(0, count));
    lines.push(line);
  }
  const reader = await dial(t, await server.portNumber());
  reader.socket.pause();
  reader.write(frame(zeros, number(1 << 24)));
  await answers(t);
  const idle = await server.idles();
  t.ok(isIdle(idle), `${JSON.stringify(idle)}`);
  for (const [index, count] of [0, 3, 8, 12].entries()) {
    lines[index]!.write(frame(echo, Buffer.from("payload")).subarray(count));
    t.strictSame(await response(lines[index]!), { id: 1, status: 0, payload: Buffer.from("payload") });
  }
  t.ok(server.sound, server.errors);
});
