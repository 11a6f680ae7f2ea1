/**
 * An asynchronous transfer, from its beginning until its event was delivered. It does not know the object that makes it, which
 * the program may drop.
 */
import type { RoMessagePort } from "../../../components/message-port.js";
import { RoUrlEvent } from "../url-event.js";
import { begin, cancel } from "./client.js";
import { code } from "./errors.js";
import { type Letter, type Mailbox, mailboxOf } from "./mailbox.js";
import { failure, type Request, type Result } from "./protocol.js";

export class Operation {
  readonly #source: number;
  #port: RoMessagePort | null;
  /** Of the transfer; 0: it has ended. */
  #id = 0;
  #result: Result | null = null;
  #isCancelled = false;
  /** The event that the port has not delivered yet. */
  #undelivered: { readonly letter: Letter; readonly mailbox: Mailbox } | null = null;

  private constructor(source: number, port: RoMessagePort | null) {
    this.#source = source;
    this.#port = port;
  }

  /** `source`: what the event gives as its source's identity. null: it could not be begun. */
  static begin(
    object: object,
    source: number,
    request: Request,
    port: RoMessagePort | null,
  ): Operation | null {
    const operation = new Operation(source, port);
    operation.#id = begin(request, object, (result) => operation.#end(result));
    if (operation.#id === 0) return null;
    operation.#prepare();
    return operation;
  }

  /** Until its event was delivered, if there is a port to deliver it, or until it was cancelled. */
  get isUnderWay(): boolean {
    return !this.#isCancelled && (this.#id !== 0 || this.#undelivered !== null);
  }

  /** The result, once. */
  takeResult(): Result | null {
    const result = this.#result;
    this.#result = null;
    return result;
  }

  /** An event that was not delivered yet says so. */
  cancel(): void {
    if (!this.isUnderWay) return;
    cancel(this.#id);
    this.#isCancelled = true;
    this.#withdraw();
    this.#end(failure(code.cancelled, "Cancelled"));
  }

  /** An event that was not delivered yet goes to the new port. */
  setPort(port: RoMessagePort | null): void {
    this.#port = port;
    const event = this.#withdraw();
    if (event !== null) this.#post(event);
    this.#prepare();
  }

  /** Has the port wake up for answers. */
  #prepare(): void {
    if (this.#port !== null && this.#id !== 0) mailboxOf(this.#port);
  }

  #end(result: Result): void {
    this.#id = 0;
    this.#result = result;
    this.#post(new RoUrlEvent(this.#source, result));
  }

  #post(event: object): void {
    if (this.#port === null) return;
    const mailbox = mailboxOf(this.#port);
    const letter: Letter = {
      event,
      delivered: () => {
        this.#undelivered = null;
      },
    };
    this.#undelivered = { letter, mailbox };
    mailbox.put(letter);
  }

  /** Takes the event back from the port. */
  #withdraw(): object | null {
    const held = this.#undelivered;
    this.#undelivered = null;
    return held?.mailbox.take(held.letter) ? held.letter.event : null;
  }
}
