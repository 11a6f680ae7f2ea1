/** What becomes of a response's body: uncompressed, into memory or a file, or nothing. */
import { closeSync, constants, createWriteStream, fstatSync, ftruncateSync } from "node:fs";
import { type Transform, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createInflateRaw, createUnzip } from "node:zlib";
import { type Location, openFile } from "../../app/volumes.js";
import { code, TransferError } from "./errors.js";
import type { Response } from "./exchange.js";
import { transferEncodings } from "./framing.js";
import { listOf, valuesOf } from "./head.js";
import { checkEvery, checkMemory, checkRatio, checkRoom, fileError } from "./limits.js";

const { O_CREAT, O_RDONLY, O_WRONLY } = constants;

interface Target {
  /** null: memory. */
  readonly output: Location | null;
  /** Where in the file a part goes that was asked for from there on; 0: nothing was. */
  readonly resumeAt: number;
  readonly uncompress: boolean;
}

type Pieces = AsyncIterable<Buffer>;

/** libcurl's limit. Each takes memory, and a step on the stack. */
const maxEncodings = 5;

/** Takes the body in; returns it, or nothing when it went to a file. Rejects with an error of Node's, or a {@link TransferError}. */
export async function receive(
  response: Response,
  { output, resumeAt, uncompress }: Target,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const contents = uncompress ? contentEncodings(response) : [];
  const encodings = [...transferEncodings(response).reverse(), ...contents.reverse()]; // What was applied last goes first.
  if (encodings.length > maxEncodings) {
    throw new TransferError(code.contentEncoding, `the body has more than ${maxEncodings} encodings`);
  }
  const { pieces, first } = await peek(response.body);
  const steps =
    first === null ? [] : encodings.map((name, index) => decoder(name, index === 0 ? first : null));
  const memory = new Memory();
  const file = output === null ? null : openOutput(output, response, resumeAt);
  const known = steps.length === 0 ? (response.length ?? 0) : 0;
  const check = (size: number): void => {
    if (steps.length > 0) checkRatio(size, response.received());
    if (file === null) checkMemory(Math.max(size, known), size);
    else checkRoom(file.fd, Math.max(checkEvery, known - size));
  };
  const guard = (source: Pieces): Pieces => guarded(source, known, check);
  const stages = [pieces, ...steps, guard, file?.stream ?? memory];
  await pipeline(stages as NodeJS.ReadWriteStream[], { signal }); // Its type allows no functions in an array.
  return memory.bytes();
}

/** Those of which libcurl takes no notice. */
const contentEncodings = (response: Response): string[] =>
  listOf(response, "content-encoding").filter((name) => name !== "identity" && name !== "none");

/** The pieces, all of them, and what the first bytes are; null: there are none. */
async function peek(
  body: AsyncGenerator<Buffer, void, void>,
): Promise<{ pieces: Pieces; first: Buffer | null }> {
  let first: Buffer = Buffer.alloc(0);
  while (first.length < 2) {
    const { value, done } = await body.next();
    if (done) break;
    first = first.length === 0 ? value : Buffer.concat([first, value]);
  }
  const pieces = async function* (): AsyncGenerator<Buffer, void, void> {
    if (first.length > 0) yield first;
    yield* body;
  };
  return { pieces: pieces(), first: first.length > 0 ? first : null };
}

/** `first`: the first bytes, where they are known. */
function decoder(name: string, first: Buffer | null): (source: Pieces) => Pieces {
  if (!/^((x-)?gzip|deflate)$/.test(name)) {
    throw new TransferError(code.contentEncoding, `expected gzip or deflate, not ${JSON.stringify(name)}`);
  }
  // Many servers send what they call deflate without the two bytes in front that it has in HTTP.
  const isRaw = name === "deflate" && first !== null && !isZlib(first) && !isGzip(first);
  return (source) => through(isRaw ? createInflateRaw() : createUnzip(), source);
}

/** What comes out of `stream`, which may end before its input does: many servers pad what they compress. */
async function* through(stream: Transform, source: Pieces): AsyncGenerator<Buffer, void, void> {
  const fed = feed(stream, source);
  yield* stream;
  await fed;
}

async function feed(stream: Transform, source: Pieces): Promise<void> {
  try {
    for await (const piece of source) {
      const takesMore = !stream.destroyed && !stream.readableEnded;
      if (takesMore && !stream.write(piece)) await untilDrained(stream);
    }
    stream.end();
  } catch (error) {
    stream.destroy(error as Error);
  }
}

const untilDrained = (stream: Transform): Promise<void> =>
  new Promise((resolve) => {
    const events = ["drain", "end", "close"];
    const done = (): void => {
      for (const event of events) stream.off(event, done);
      resolve();
    };
    for (const event of events) stream.on(event, done);
  });

const isGzip = (bytes: Buffer): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;
const isZlib = (bytes: Buffer): boolean =>
  (bytes[0]! & 0x0f) === 8 && ((bytes[0]! << 8) | (bytes[1] ?? 0)) % 31 === 0;

/** Calls `check` with the bytes so far, now and then; for a body that is known to be large, before it comes. */
async function* guarded(
  source: Pieces,
  known: number,
  check: (size: number) => void,
): AsyncGenerator<Buffer, void, void> {
  let size = 0;
  let next = checkEvery;
  if (known >= checkEvery) check(0);
  for await (const piece of source) {
    size += piece.length;
    if (size >= next) {
      check(size);
      next = size + checkEvery;
    }
    yield piece;
  }
}

function openOutput(
  output: Location,
  response: Response,
  resumeAt: number,
): { readonly fd: number; readonly stream: Writable } {
  const isRest = response.status === 206 && resumeAt > 0;
  if (isRest && !valuesOf(response, "content-range").at(-1)?.startsWith(`bytes ${resumeAt}-`)) {
    throw new TransferError(code.rangeError, "the server sends another part than it was asked for");
  }
  try {
    const fd = openFile(output, O_WRONLY | O_CREAT);
    if (!isRest) ftruncateSync(fd);
    return { fd, stream: createWriteStream("", { fd, start: isRest ? resumeAt : 0 }) };
  } catch (error) {
    throw fileError(code.writeError, output, error);
  }
}

/** Bytes that are in a file; 0 when there is none. */
export function sizeOf(output: Location): number {
  try {
    const fd = openFile(output, O_RDONLY);
    const { size } = fstatSync(fd);
    closeSync(fd);
    return size;
  } catch {
    return 0;
  }
}

/** Collects a body. */
class Memory extends Writable {
  readonly #chunks: Buffer[] = [];
  #length = 0;

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.#length += chunk.length;
    this.#chunks.push(chunk);
    done();
  }

  /** In memory of their own, which can be handed to another thread. */
  bytes(): Uint8Array {
    const bytes = new Uint8Array(this.#length);
    let at = 0;
    for (const chunk of this.#chunks) {
      bytes.set(chunk, at);
      at += chunk.length;
    }
    this.#chunks.length = 0;
    return bytes;
  }
}
