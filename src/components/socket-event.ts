/** roSocketEvent: something happened at a socket. Its source is the reference page of that name. */
import { inspect } from "node:util";

export class RoSocketEvent {
  readonly #id: number;

  /** @internal */
  constructor(id: number) {
    this.#id = id;
  }

  /** The getID() of the socket concerned. */
  getSocketID(): number {
    return this.#id;
  }

  [inspect.custom](): string {
    return `RoSocketEvent(socket ${this.#id})`;
  }
}
