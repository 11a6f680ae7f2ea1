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
   * @throws {@link TransferError} when there is no such file
   */
  constructor(connection: Connection, head: (length: number | null) => string, content: Content) {
    this.#connection = connection;
    if (content === null || content instanceof Uint8Array) {
      this.#end = this.#send(head(content?.length ?? null), content);
    } else {
      const { fd, size } = opened(content);
      this.#end = this.#send(head(size), { fd, size });
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
      else await this.#sendFile(body);
      this.#isDone = !this.#stopped;
    } catch (error) {
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

function opened(location: Location): OpenFile {
  try {
    const fd = openFile(location, constants.O_RDONLY);
    return { fd, size: fstatSync(fd).size };
  } catch (error) {
    throw fileError(code.readError, location, error);
  }
}
