/** What crosses between the program's thread and the one that makes the transfers. */
import type { MessagePort } from "node:worker_threads";
import type { Location } from "../../app/volumes.js";
import type { Cookie } from "./cookies.js";

export interface Request {
  /** As the program gave it. */
  readonly url: string;
  readonly method: string;
  /** Values are bytes, a character each, as in Node's http. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Uint8Array | Location | null;
  /** The file that the response's body goes to. */
  readonly output: Location | null;
  /** Go on where the file ends. */
  readonly resume: boolean;
  /** Ask for a compressed body, and give it uncompressed. */
  readonly encodings: boolean;
  /** Give the body also when the status is an error's. */
  readonly retainBody: boolean;
  readonly verifyPeer: boolean;
  readonly verifyHost: boolean;
  /** PEM; null: those that Node comes with. */
  readonly certificates: string | null;
  readonly credentials: Credentials | null;
  /** Less than `bytes` a second on average, for `seconds`, ends the transfer; 0 for either: nothing does. */
  readonly minimumRate: { readonly bytes: number; readonly seconds: number };
  readonly freshConnection: boolean;
  /** Those to send; null: neither send nor receive any. */
  readonly cookies: readonly Cookie[] | null;
}

export interface Credentials {
  readonly user: string;
  readonly password: string;
}

export interface Result {
  /** The HTTP status, or an error number of libcurl's, negative. */
  readonly code: number;
  /** What went wrong, in words; "" for nothing. */
  readonly reason: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Empty, too, when the body went to a file. */
  readonly body: Uint8Array;
  /** Of the server; "" when there was no connection. */
  readonly address: string;
  readonly cookies: readonly Cookie[] | null;
}

/** To the transferring thread: begin, or without a request, cancel. */
export interface Order {
  readonly id: number;
  readonly request: Request | null;
}

/** From it: exactly one for each request. */
export interface Answer {
  readonly id: number;
  readonly result: Result;
}

/** What the transferring thread is started with. */
export interface Link {
  readonly port: MessagePort;
  /** The eventfd by which it wakes the program's thread after each answer. */
  readonly wake: number;
}
