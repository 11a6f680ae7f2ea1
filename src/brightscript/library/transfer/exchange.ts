/** One request and its response. */
import { type Connection, connect, keptConnection, termsOf } from "./connection.js";
import { code, socketError, TransferError } from "./errors.js";
import { Dechunker, type Framing, framingOf } from "./framing.js";
import { type Head, HeadReader, listOf } from "./head.js";
import type { Meter } from "./meter.js";
import type { Request } from "./protocol.js";
import { Sending } from "./sending.js";

/** What is different from one request of a transfer to the next, when the server redirects or asks for authentication. */
export interface Step {
  readonly url: URL;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly hasBody: boolean;
}

export interface Response extends Head {
  /** Of the server. */
  readonly address: string;
  /** Bytes of the body; null: as many as come. */
  readonly length: number | null;
  /** Bytes of the body that have come so far. */
  readonly received: () => number;
  /** The body without its chunks; fails with a {@link TransferError}. To be read to its end, or not at all. */
  readonly body: AsyncGenerator<Buffer, void, void>;
  /** Lets a body go that nobody wants; a short one is read, so that the connection can be used again. */
  discard(): void;
  /** Lets go of everything, unless the body was read to its end. */
  abandon(): void;
}

/** @throws {@link TransferError} */
export async function exchange(
  request: Request,
  step: Step,
  meter: Meter,
  signal: AbortSignal,
): Promise<Response> {
  checkMethod(step.method);
  const terms = termsOf(step.url, request);
  for (let fresh = request.freshConnection; ; fresh = true) {
    const old = fresh ? undefined : keptConnection(terms);
    const connection = old ?? (await connect(terms, signal));
    meter.socket = connection.socket;
    const abort = (): void => connection.destroy(signal.reason);
    signal.addEventListener("abort", abort);
    let isFinished = false;
    const finish = (isReusable: boolean): void => {
      if (isFinished) return;
      isFinished = true;
      signal.removeEventListener("abort", abort);
      if (isReusable) connection.keep();
      else connection.destroy();
    };
    try {
      return await attempt(connection, request, step, finish);
    } catch (error) {
      finish(false);
      if (old === undefined || signal.aborted || !isOfBefore(error, step)) throw error;
    }
  }
}

/** No byte of a response came. */
class Unanswered extends TransferError {}

/**
 * Whether a failure may be that of the requests before: the server may have closed the connection while it was idle, or have sent
 * more than it said. A new connection tells.
 */
const isOfBefore = (error: unknown, { hasBody }: Step): boolean =>
  error instanceof Unanswered ||
  (!hasBody && error instanceof TransferError && error.code === code.unsupportedProtocol);

async function attempt(
  connection: Connection,
  request: Request,
  step: Step,
  finish: (isReusable: boolean) => void,
): Promise<Response> {
  const head = (length: number | null): string => requestHead(step, length, request.freshConnection);
  const sending = new Sending(connection, head, step.hasBody ? request.body : null);
  const response = await readHead(connection);
  if (response.status >= 300) sending.stop();
  const framing = framingOf(response, step.method);
  const counter = { received: 0 };
  const body = readBody(connection, framing, counter);
  const finishing = async (isWhole: boolean): Promise<void> => {
    // A server may answer before it has read all of the request.
    if (isWhole && response.status < 300) await sending.end();
    finish(isWhole && sending.isDone && framing.kind !== "close" && isKept(response, request));
  };
  const whole = reading(body, finishing);
  return {
    ...response,
    address: connection.address,
    length: framing.kind === "length" ? framing.length : null,
    received: () => counter.received,
    body: whole,
    discard: () => void discard(whole, framing, connection),
    abandon: () => finish(false),
  };
}

/** A method that cannot be one could be anything else in a request. */
function checkMethod(method: string): void {
  if (/^[\w!#$%&'*+.^`|~-]+$/.test(method) && method !== "CONNECT") return;
  throw new TransferError(code.badArgument, `${JSON.stringify(method)} is no method of a request`);
}

/** Bytes, a character each. @throws {@link TransferError} when a header would be taken for two, or for something else */
function requestHead({ url, method, headers }: Step, length: number | null, closes: boolean): string {
  const lines = [`${method} ${url.pathname}${url.search} HTTP/1.1`];
  if (!Object.keys(headers).some((name) => /^host$/i.test(name))) lines.push(`Host: ${url.host}`);
  for (const [name, value] of Object.entries(headers)) {
    if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) {
      throw new TransferError(code.badArgument, `the header ${name} has characters that none can have`);
    }
    lines.push(`${name}: ${value}`);
  }
  if (length !== null) lines.push(`Content-Length: ${length}`);
  if (closes) lines.push("Connection: close");
  return `${lines.join("\r\n")}\r\n\r\n`;
}

/** The response's head, after all that only announce it. */
async function readHead(connection: Connection): Promise<Head> {
  let reader = new HeadReader();
  for (let isFirst = true; ; isFirst = false) {
    const piece = await connection.next().catch((error: Error) => {
      const { code: number, message } = socketError(error);
      throw isFirst && !(error instanceof TransferError)
        ? new Unanswered(number, message)
        : new TransferError(number, message);
    });
    if (piece === null) return headAtEnd(reader, isFirst);
    for (let at = 0; at < piece.length; ) {
      at += reader.take(piece.subarray(at));
      if (!reader.isWhole) continue;
      const head = reader.head!;
      if (head.status === 101) {
        throw new TransferError(code.weirdReply, "the server wants to speak another protocol");
      }
      if (head.status >= 200) {
        connection.putBack(piece.subarray(at));
        return head;
      }
      reader = new HeadReader(reader.size);
    }
  }
}

/** libcurl takes what came before the end. */
function headAtEnd({ head }: HeadReader, isFirst: boolean): Head {
  if (head !== null && head.status >= 200) return head;
  const words = "the server closed the connection without a response";
  throw isFirst ? new Unanswered(code.gotNothing, words) : new TransferError(code.gotNothing, words);
}

async function* readBody(
  connection: Connection,
  { kind, length }: Framing,
  counter: { received: number },
): AsyncGenerator<Buffer, void, void> {
  const dechunker = kind === "chunked" ? new Dechunker() : null;
  for (let left = length; kind === "close" || left > 0 || dechunker?.isDone === false; ) {
    const piece = await connection.next().catch((error) => {
      throw socketError(error);
    });
    if (piece === null) {
      if (kind === "close") return;
      const words = `the server closed the connection with ${dechunker ? "some" : left} bytes left to send`;
      throw new TransferError(code.partialFile, words);
    }
    counter.received += piece.length;
    if (kind === "close") {
      yield piece;
    } else if (dechunker === null) {
      const part = piece.subarray(0, left);
      connection.putBack(piece.subarray(left));
      left -= part.length;
      yield part;
    } else {
      const { data, taken } = dechunker.take(piece);
      connection.putBack(piece.subarray(taken));
      if (data.length > 0) yield data.length === 1 ? data[0]! : Buffer.concat(data);
    }
  }
}

/** Says at the end how it has ended. */
async function* reading(
  body: AsyncGenerator<Buffer, void, void>,
  end: (isWhole: boolean) => Promise<void>,
): AsyncGenerator<Buffer, void, void> {
  let isWhole = false;
  try {
    yield* body;
    isWhole = true;
  } finally {
    await end(isWhole);
  }
}

function isKept(head: Head, { freshConnection }: Request): boolean {
  if (freshConnection || head.version === "2") return false;
  const words = [...listOf(head, "connection"), ...listOf(head, "proxy-connection")];
  return !words.includes("close") && (head.version === "1.1" || words.includes("keep-alive"));
}

/** Bytes of an unwanted body that are read so that the connection can be used again. */
const maxDiscarded = 64 * 1024;
/** Milliseconds. */
const maxDiscarding = 5_000;

async function discard(
  body: AsyncGenerator<Buffer, void, void>,
  { kind, length }: Framing,
  connection: Connection,
): Promise<void> {
  if (kind === "close" || length > maxDiscarded) connection.destroy();
  const timer = setTimeout(() => connection.destroy(), maxDiscarding);
  try {
    let size = 0;
    for await (const piece of body) {
      size += piece.length;
      if (size > maxDiscarded) break;
    }
  } catch {
    // Nobody wants to know.
  }
  clearTimeout(timer);
}
