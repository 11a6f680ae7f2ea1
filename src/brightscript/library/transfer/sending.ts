/** A request on its way to the server. */
import { closeSync, constants, createReadStream, fstatSync } from "node:fs";
import { type Location, openFile } from "../../app/volumes.js";
import type { Connection } from "./connection.js";
import { code, socketError, TransferError } from "./errors.js";
import { fileError } from "./limits.js";

/** What a request sends. null: it has no body. */
export type Content = Uint8Array | Location | null;

export class Sending {
  readonly #connection: Connection;
  #stopped = false;
  #isDone = false;
  readonly #end: Promise<void>;

  /**
   * Begins to send. Never fails: what goes wrong closes the connection, and who reads from it is told.
   * @param head - makes the head for a body of so many bytes; null: there is no body.
   * @throws {@link TransferError} when there is no such file, and what `head` throws
   */
  constructor(connection: Connection, head: (length: number | null) => string, content: Content) {
    this.#connection = connection;
    if (content === null || content instanceof Uint8Array) {
      this.#end = this.#send(head(content?.length ?? null), content);
    } else {
      const file = opened(content);
      this.#end = this.#send(headFor(file, head), file);
    }
  }

  /** Whether all of it was sent. */
  get isDone(): boolean {
    return this.#isDone;
  }

  /** Sends no more. The connection is of no use for another request then. */
  stop(): void {
    this.#stopped = true;
  }

  /** Waits until all is sent, or no more can be. */
  end(): Promise<void> {
    return this.#end;
  }

  async #send(head: string, body: Uint8Array | OpenFile | null): Promise<void> {
    try {
      const begun = this.#write(Buffer.from(head, "latin1"));
      if (body instanceof Uint8Array) await Promise.all([begun, this.#write(body)]);
      else if (body === null) await begun;
      else await Promise.all([begun, this.#sendFile(body)]);
      this.#isDone = !this.#stopped;
    } catch (error) {
      this.#stopped = true; // Or else the rest of the file would be read for nothing.
      this.#connection.destroy(socketError(error as Error));
    }
  }

  async #sendFile({ fd, size }: OpenFile): Promise<void> {
    if (size === 0) {
      closeSync(fd);
      return;
    }
    let left = size;
    for await (const chunk of createReadStream("", { fd, start: 0, end: size - 1 })) {
      if (this.#stopped) return;
      left -= (chunk as Buffer).length;
      await this.#write(chunk as Buffer);
    }
    if (left > 0) throw new TransferError(code.readError, "the file became shorter while it was sent");
  }

  #write(bytes: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#connection.socket.write(bytes, (error) => (error ? reject(error) : resolve()));
    });
  }
}

interface OpenFile {
  readonly fd: number;
  readonly size: number;
}

/** Closes the file when its head cannot be made. */
function headFor({ fd, size }: OpenFile, head: (length: number) => string): string {
  try {
    return head(size);
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

function opened(location: Location): OpenFile {
  try {
    const fd = openFile(location, constants.O_RDONLY);
    return { fd, size: fstatSync(fd).size };
  } catch (error) {
    throw fileError(code.readError, location, error);
  }
}
