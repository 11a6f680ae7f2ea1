/** What becomes of a response's body: uncompressed, into memory or a file, or nothing. */
import { constants as limits } from "node:buffer";
import { closeSync, constants, createWriteStream, fstatSync, ftruncateSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { type Readable, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createUnzip } from "node:zlib";
import { type Location, openFile } from "../../app/volumes.js";
import { code, TransferError } from "./errors.js";

const { O_CREAT, O_RDONLY, O_WRONLY } = constants;

interface Target {
  /** null: memory. */
  readonly output: Location | null;
  /** Where in the file a part goes that was asked for from there on; 0: nothing was. */
  readonly resumeAt: number;
  readonly uncompress: boolean;
}

/** Takes the body in; gives it, or nothing when it went to a file. Rejects with an error of Node's, or a {@link TransferError}. */
export async function receive(
  response: IncomingMessage,
  { output, resumeAt, uncompress }: Target,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const steps: (Readable | NodeJS.ReadWriteStream)[] = [response];
  if (uncompress && isCompressed(response)) steps.push(createUnzip());
  const memory = new Memory();
  await pipeline([...steps, output === null ? memory : openOutput(output, response, resumeAt)], { signal });
  return memory.bytes();
}

function isCompressed({ statusCode, headers }: IncomingMessage): boolean {
  const hasBody = statusCode !== 204 && statusCode !== 304 && headers["content-length"] !== "0";
  return hasBody && /^((x-)?gzip|deflate)$/i.test(headers["content-encoding"] ?? "");
}

function openOutput(output: Location, { statusCode, headers }: IncomingMessage, resumeAt: number): Writable {
  const isRest = statusCode === 206 && resumeAt > 0;
  if (isRest && !headers["content-range"]?.startsWith(`bytes ${resumeAt}-`)) {
    throw new TransferError(code.rangeError, "the server sends another part than it was asked for");
  }
  try {
    const fd = openFile(output, O_WRONLY | O_CREAT);
    if (!isRest) ftruncateSync(fd);
    return createWriteStream("", { fd, start: isRest ? resumeAt : 0 });
  } catch (error) {
    throw new TransferError(code.writeError, (error as Error).message);
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

const mostDiscarded = 64 * 1024;
/** Milliseconds. */
const longestDiscard = 5_000;

/** Lets a body go that nobody wants: a short one is read, so that the connection can be used again. */
export function discard(response: IncomingMessage): void {
  if (Number(response.headers["content-length"]) > mostDiscarded) {
    response.destroy();
    return;
  }
  const timer = setTimeout(() => response.destroy(), longestDiscard);
  response.on("close", () => clearTimeout(timer)).resume();
}

/** Collects a body. */
class Memory extends Writable {
  readonly #chunks: Buffer[] = [];
  #length = 0;

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error) => void): void {
    this.#length += chunk.length;
    if (this.#length > limits.MAX_STRING_LENGTH) {
      done(new TransferError(code.bodyTooLarge, `the body has more than ${limits.MAX_STRING_LENGTH} bytes`));
      return;
    }
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
    return bytes;
  }
}
