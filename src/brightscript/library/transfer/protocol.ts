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
  /** The program may drop the transfer: it is to be asked now and then whether it has. */
  readonly mayBeDropped: boolean;
}

/** From it: exactly one with a result for each request. */
export interface Answer {
  readonly id: number;
  /** null: the transfer goes on; has the program dropped it? */
  readonly result: Result | null;
}

/** What the transferring thread is started with. */
export interface Link {
  readonly port: MessagePort;
  /** The eventfd by which it wakes the program's thread after each answer. */
  readonly wake: number;
  /** One number, of `threadState`. */
  readonly state: Int32Array;
}

/** Of the transferring thread. Whoever changes it from `starting` first has decided. */
export const threadState = { starting: 0, running: 1, abandoned: 2 } as const;

export const failure = (code: number, reason: string): Result => ({
  code,
  reason,
  headers: [],
  body: new Uint8Array(0),
  address: "",
  cookies: null,
});
