/** The head of a response, read as libcurl reads it: with lines ended by LF alone, folded headers, and much else that is not by the book. */
import { code, TransferError } from "./errors.js";

export interface Head {
  readonly status: number;
  /** Of the status line; may be "". */
  readonly reason: string;
  /** 1.1: the connection is kept unless a header says otherwise. */
  readonly version: "1.0" | "1.1" | "2";
  /** Values are bytes, a character each. */
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/** Bytes: libcurl's limit for all headers together. */
export const maxHead = 300 * 1024;

const LF = 10;
const start = "HTTP/";

const isSpace = (char: string | undefined): boolean => char !== undefined && /[\t-\r ]/.test(char);

/** Without white space at its ends. Not trim(): U+00A0 is half of a letter here. */
export function trimmed(text: string): string {
  let from = 0;
  let to = text.length;
  while (from < to && isSpace(text[from])) from++;
  while (to > from && isSpace(text[to - 1])) to--;
  return text.slice(from, to);
}

/** A header that carries one would be refused, or taken for two. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is about them
export const hasControl = (text: string): boolean => /[\0-\x08\x0a-\x1f\x7f]/.test(text);

/** Takes a head in piece by piece. */
export class HeadReader {
  /** Of a line that has not ended. */
  #pieces: Buffer[] = [];
  /** As much as has come of what the status line begins with. */
  #begun = "";
  #size: number;
  #status: Omit<Head, "headers"> | undefined;
  readonly #headers: [name: string, value: string][] = [];
  #ended = false;

  /** `before`: bytes of other heads that count against the limit, too. */
  constructor(before = 0) {
    this.#size = before;
  }

  /** The head, once it is whole; at the end of the stream also as far as it came. null: there is not even a status line. */
  get head(): Head | null {
    return this.#status === undefined ? null : { ...this.#status, headers: this.#headers };
  }

  get isWhole(): boolean {
    return this.#ended;
  }

  /** Bytes so far. */
  get size(): number {
    return this.#size;
  }

  /** How many bytes of a piece belong to the head: all, unless it ends within them. */
  take(piece: Buffer): number {
    for (let at = 0; at < piece.length; ) {
      const end = piece.indexOf(LF, at);
      const part = piece.subarray(at, end < 0 ? piece.length : end + 1);
      this.#size += part.length;
      if (this.#size > maxHead) {
        throw new TransferError(code.receiveError, `the response's headers have more than ${maxHead} bytes`);
      }
      this.#pieces.push(part);
      if (this.#status === undefined) this.#checkStart(part);
      if (end < 0) return piece.length;
      at = end + 1;
      const line = Buffer.concat(this.#pieces).toString("latin1");
      this.#pieces = [];
      if (this.#takeLine(line)) return at;
    }
    return piece.length;
  }

  /** Other protocols may never send a line. */
  #checkStart(part: Buffer): void {
    this.#begun += part.toString("latin1", 0, start.length - this.#begun.length).toUpperCase();
    if (!start.startsWith(this.#begun)) {
      throw new TransferError(code.unsupportedProtocol, "the server does not speak HTTP");
    }
  }

  /** Whether the head ends with this line. */
  #takeLine(line: string): boolean {
    if (this.#status === undefined) {
      this.#status = parseStatus(trimmed(line));
      return false;
    }
    if (line[0] === "\n" || line[0] === "\r") {
      this.#ended = true;
      return true;
    }
    if (line.includes("\0")) throw new TransferError(code.weirdReply, "a header of the response has a NUL");
    if (line[0] === " " || line[0] === "\t") this.#fold(trimmed(line));
    else this.#addHeader(line);
    return false;
  }

  #fold(more: string): void {
    const last = this.#headers.at(-1);
    if (last !== undefined) last[1] = last[1] === "" ? more : `${last[1]} ${more}`;
  }

  #addHeader(line: string): void {
    const colon = line.indexOf(":");
    if (colon < 0) {
      const shown = JSON.stringify(trimmed(line).slice(0, 40));
      throw new TransferError(code.weirdReply, `a header of the response has no colon: ${shown}`);
    }
    const name = trimmed(line.slice(0, colon));
    if (name !== "") this.#headers.push([name, trimmed(line.slice(colon + 1))]);
  }
}

function parseStatus(line: string): Omit<Head, "headers"> {
  const [, version = "", digits = "", reason = ""] =
    /^HTTP\/(1\.0|1\.1|2(?:\.0)?)[ \t]+(\d{3})(?:\s+(.*))?$/is.exec(line) ?? [];
  const status = Number(digits);
  if (status < 100) {
    const shown = JSON.stringify(line.slice(0, 40));
    throw new TransferError(code.unsupportedProtocol, `expected HTTP/1.0, 1.1 or 2 and a status: ${shown}`);
  }
  return { status, reason, version: version[0] === "2" ? "2" : (version as "1.0" | "1.1") };
}

/** The values of a header, in the order in which they came. */
export function valuesOf({ headers }: Pick<Head, "headers">, name: string): string[] {
  return headers.filter(([each]) => each.toLowerCase() === name).map(([, value]) => value);
}

/** The names in a header that is a list, in lower case. */
export const listOf = (head: Pick<Head, "headers">, name: string): string[] =>
  valuesOf(head, name)
    .flatMap((value) => value.split(","))
    .map((item) => trimmed(item).toLowerCase())
    .filter((item) => item !== "");
