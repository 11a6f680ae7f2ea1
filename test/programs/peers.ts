/** Node's own sockets at the other end of the programs: they behave as they are told, which is not always well. */

import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { type Scope, waitFor, withTimeout } from "../support/index.js";

const limit = 60_000;

/** A connection. What it hears is kept. */
export class Line {
  #parts: Buffer[] = [];
  bytes = 0;
  readonly closed: Promise<unknown>;
  /** Set when it was reset, or could not be written to. */
  error: NodeJS.ErrnoException | null = null;
  ended = false;

  constructor(readonly socket: Socket) {
    this.closed = new Promise((resolve) => socket.once("close", resolve));
    socket.setNoDelay(true);
    socket.on("data", (data) => {
      this.#parts.push(data);
      this.bytes += data.length;
    });
    socket.on("end", () => {
      this.ended = true;
    });
    socket.on("error", (error) => {
      this.error = error;
    });
  }

  /** All that was heard and not yet taken. */
  get data(): Buffer {
    if (this.#parts.length > 1) this.#parts = [Buffer.concat(this.#parts)];
    return this.#parts[0] ?? Buffer.alloc(0);
  }

  /** The same, a character for each byte. */
  get heard(): string {
    return this.data.toString("latin1");
  }

  write(data: string | Uint8Array | readonly number[]): void {
    this.socket.write(typeof data === "string" ? data : Uint8Array.from(data));
  }

  /** In pieces of that size, one segment each. */
  async writePieces(data: Uint8Array, size: number): Promise<void> {
    for (let at = 0; at < data.length; at += size) {
      this.socket.write(data.subarray(at, at + size));
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  async hears(text: string | RegExp): Promise<string> {
    const found = () => (typeof text === "string" ? this.heard.includes(text) : text.test(this.heard));
    const trouble = () => `${text} in ${JSON.stringify(this.heard.slice(-300))} ${this.error ?? ""}`;
    try {
      await waitFor(found, "", limit);
    } catch {
      throw new Error(`never heard ${trouble()}`);
    }
    return this.heard;
  }

  /** Waits for that many bytes and takes them. */
  async take(count: number): Promise<Buffer> {
    try {
      await waitFor(() => this.bytes >= count, "", limit);
    } catch {
      throw new Error(`heard ${this.bytes} of ${count} bytes: ${JSON.stringify(this.heard.slice(0, 300))}`);
    }
    const all = this.data;
    this.#parts = all.length > count ? [all.subarray(count)] : [];
    this.bytes = all.length - count;
    return all.subarray(0, count);
  }

  /** Waits for the end of a line and takes the line, without CR LF or LF. */
  async takeLine(): Promise<string> {
    await this.hears("\n");
    const line = await this.take(this.data.indexOf(10) + 1);
    return line.toString("latin1").replace(/\r?\n$/, "");
  }

  /** Waits for the other side's end, or a reset. */
  async ends(): Promise<void> {
    await withTimeout(
      new Promise<void>((resolve) => {
        if (this.ended || this.socket.destroyed) resolve();
        this.socket.once("end", resolve).once("close", resolve);
      }),
      `the end, after ${JSON.stringify(this.heard.slice(-300))}`,
      limit,
    );
  }

  /** Sends a reset. */
  reset(): void {
    this.socket.resetAndDestroy();
  }
}

/** A connection to a program that listens. */
export async function dial(t: Scope, portNumber: number): Promise<Line> {
  const socket = connect({ port: portNumber, host: "127.0.0.1", allowHalfOpen: true });
  t.teardown(() => socket.destroy());
  const line = new Line(socket);
  await withTimeout(once(socket, "connect"), "a connection", limit);
  return line;
}

/** A server for programs that connect. */
export class Answering {
  readonly #lines: Line[] = [];
  #count = 0;

  constructor(readonly hostPort: string) {}

  take(socket: Socket): void {
    this.#lines.push(new Line(socket));
  }

  /** The next connection. */
  async next(): Promise<Line> {
    this.#count++;
    return waitFor(() => this.#lines.shift(), `connection ${this.#count}`, limit);
  }
}

export async function answering(t: Scope): Promise<Answering> {
  const server = createServer({ allowHalfOpen: true });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const made = new Answering(`127.0.0.1:${(server.address() as AddressInfo).port}`);
  const sockets: Socket[] = [];
  server.on("connection", (socket) => {
    sockets.push(socket);
    made.take(socket);
  });
  t.teardown(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return made;
}

/** Bytes that mean nothing, the same ones each time. */
export function garbage(count: number, seed = 1): Buffer {
  let state = seed;
  const bytes = Buffer.alloc(count);
  for (let at = 0; at < count; at++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) | 0;
    bytes[at] = state >>> 16;
  }
  return bytes;
}

/** 0, 1, … 250, 0, … as the programs make it. */
export function pattern(count: number, from = 0): Buffer {
  const bytes = Buffer.alloc(count);
  for (let at = 0; at < count; at++) bytes[at] = (from + at) % 251;
  return bytes;
}
