/** What a message port sees of transfers: one endpoint for each port that has any, whose events come from the fetched answers. */
import { Endpoint, IN } from "../../../components/endpoint.js";
import type { RoMessagePort } from "../../../components/message-port.js";
import { fetchAnswers, wakeDescriptor } from "./client.js";

export interface Letter {
  readonly event: object;
  /** The port has delivered it. */
  readonly delivered: () => void;
}

const mailboxes = new WeakMap<RoMessagePort, Mailbox>();

/** The port's own. */
export function mailboxOf(port: RoMessagePort): Mailbox {
  let mailbox = mailboxes.get(port);
  if (mailbox === undefined) {
    mailbox = new Mailbox(port);
    mailboxes.set(port, mailbox);
  }
  return mailbox;
}

/**
 * The eventfd is that of all transfers, so it tells no more than that answers may have come. Whether there is a letter here is
 * always known, and the kernel's word on readiness plays no part.
 */
export class Mailbox extends Endpoint {
  readonly #letters: Letter[] = [];

  constructor(port: RoMessagePort) {
    super();
    this.fd = wakeDescriptor();
    this.port = port;
    this.flags = IN;
    this.register();
  }

  get live(): boolean {
    return this.fd >= 0;
  }

  put(letter: Letter): void {
    this.#letters.push(letter);
    this.#tell();
    this.touch();
  }

  /** Takes a letter back that the port has not delivered; false when it has. */
  take(letter: Letter): boolean {
    const index = this.#letters.indexOf(letter);
    if (index < 0) return false;
    this.#letters.splice(index, 1);
    this.#tell();
    return true;
  }

  override learn(_reported: number): void {
    fetchAnswers();
  }

  override replace(_reported: number): void {
    fetchAnswers();
  }

  override event(peek: boolean): object {
    const [letter] = this.#letters;
    if (!peek) {
      this.take(letter!);
      this.touched = true; // What is left is due at once.
      letter!.delivered();
    }
    return letter!.event;
  }

  #tell(): void {
    this.known = this.#letters.length > 0 ? IN : 0;
  }
}
