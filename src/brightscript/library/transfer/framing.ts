/** Where a response's body ends: by its length, by its last chunk, or with the connection. */
import { code, TransferError } from "./errors.js";
import { type Head, listOf, valuesOf } from "./head.js";

export interface Framing {
  readonly kind: "none" | "length" | "chunked" | "close";
  /** Bytes, when `kind` is "length"; else 0. */
  readonly length: number;
}

export function framingOf(head: Head, method: string): Framing {
  if (method === "HEAD" || head.status === 204 || head.status === 304) return { kind: "none", length: 0 };
  const length = contentLength(head);
  if (listOf(head, "transfer-encoding").includes("chunked")) return { kind: "chunked", length: 0 };
  return length === null ? { kind: "close", length: 0 } : { kind: "length", length };
}

/** The last one counts; null when there is none, or none that could be true. */
function contentLength(head: Head): number | null {
  const values = valuesOf(head, "content-length").map((value) => {
    const [, digits] = /^\+?(\d+)/.exec(value) ?? [];
    if (digits === undefined) {
      throw new TransferError(code.weirdReply, `Content-Length is no number: ${value.slice(0, 40)}`);
    }
    return Number(digits);
  });
  const last = values.at(-1);
  return last === undefined || last > Number.MAX_SAFE_INTEGER ? null : last;
}

/** What a body was encoded with on its way, apart from chunks; the last was applied last. */
export const transferEncodings = (head: Head): string[] =>
  listOf(head, "transfer-encoding").filter((name) => name !== "chunked" && name !== "identity");

const CR = 13;
const LF = 10;
/** More could not be a number of bytes. */
const maxDigits = 16;
/** Bytes of what follows a chunk's size, and of all trailers. */
const maxExtra = 64 * 1024;

/** Takes chunks apart. */
export class Dechunker {
  #state: "size" | "extension" | "data" | "after" | "trailer" | "done" = "size";
  #digits = "";
  /** Bytes of the chunk that are still to come. */
  #left = 0;
  /** Bytes of an extension, or of the trailers. */
  #extra = 0;
  #lineIsEmpty = true;

  get isDone(): boolean {
    return this.#state === "done";
  }

  /** The data in a piece, and how many bytes of it were part of the body. */
  take(piece: Buffer): { readonly data: readonly Buffer[]; readonly taken: number } {
    const data: Buffer[] = [];
    let at = 0;
    while (at < piece.length && this.#state !== "done") {
      if (this.#state === "data") {
        const part = piece.subarray(at, at + this.#left);
        data.push(part);
        at += part.length;
        this.#left -= part.length;
        if (this.#left === 0) this.#state = "after";
      } else {
        this.#takeByte(piece[at++]!);
      }
    }
    return { data, taken: at };
  }

  #takeByte(byte: number): void {
    switch (this.#state) {
      case "size":
        if (isHex(byte)) this.#digits += String.fromCharCode(byte);
        else this.#endSize(byte);
        if (this.#digits.length > maxDigits) throw malformed("the size of a chunk is too long");
        break;
      case "extension":
        if (byte === LF) this.#begin();
        else this.#countExtra();
        break;
      case "after":
        if (byte === LF) this.#state = "size";
        else if (byte !== CR) throw malformed("a chunk is longer than its size");
        break;
      default:
        this.#takeTrailer(byte);
    }
  }

  #endSize(byte: number): void {
    if (this.#digits === "") throw malformed("a chunk has no size");
    this.#left = Number.parseInt(this.#digits, 16);
    this.#digits = "";
    if (this.#left > Number.MAX_SAFE_INTEGER) throw malformed("the size of a chunk is too large");
    this.#extra = 0;
    this.#state = "extension";
    if (byte === LF) this.#begin();
  }

  #begin(): void {
    this.#extra = 0;
    this.#state = this.#left > 0 ? "data" : "trailer";
    this.#lineIsEmpty = true;
  }

  #takeTrailer(byte: number): void {
    this.#countExtra();
    if (byte === LF) {
      if (this.#lineIsEmpty) this.#state = "done";
      this.#lineIsEmpty = true;
    } else if (byte !== CR) this.#lineIsEmpty = false;
  }

  #countExtra(): void {
    if (++this.#extra > maxExtra) throw malformed(`more than ${maxExtra} bytes between chunks`);
  }
}

const isHex = (byte: number): boolean =>
  (byte >= 48 && byte <= 57) || ((byte | 32) >= 97 && (byte | 32) <= 102);

const malformed = (words: string): TransferError => new TransferError(code.receiveError, words);
