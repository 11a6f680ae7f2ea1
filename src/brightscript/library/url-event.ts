/** roUrlEvent: a transfer has ended. */
import { decode } from "../../text.js";
import { expose } from "../runtime/component.js";
import { RoArray } from "./array.js";
import { RoAssociativeArray } from "./associative-array.js";
import { textOf } from "./bytes.js";
import type { Result } from "./transfer/protocol.js";

export class RoUrlEvent {
  readonly #source: number;
  readonly #result: Result;

  constructor(source: number, result: Result) {
    this.#source = source;
    this.#result = result;
  }

  /** 1: the transfer is complete. Nothing else is ever told. */
  getInt(): number {
    return 1;
  }

  /** The HTTP status, or an error number of libcurl's, negative. */
  getResponseCode(): number {
    return this.#result.code;
  }

  /** "" when nothing went wrong. */
  getFailureReason(): string {
    return this.#result.reason;
  }

  /** The response's body; "" when it went to a file. */
  getString(): string {
    const { body } = this.#result;
    return decode(body, 0, body.length);
  }

  /** The getIdentity() of the roUrlTransfer. */
  getSourceIdentity(): number {
    return this.#source;
  }

  /** Of a success, 200 to 299; of several of one name the last. */
  getResponseHeaders(): RoAssociativeArray {
    const { code, headers } = this.#result;
    const found = RoAssociativeArray.of({});
    if (code < 200 || code > 299) return found;
    for (const [name, value] of headers) found.set(name, textOf(value));
    return found;
  }

  /** An associative array of one member for each header, whatever the status. */
  getResponseHeadersArray(): RoArray {
    return RoArray.of(
      this.#result.headers.map(([name, value]) => RoAssociativeArray.of({ [name]: textOf(value) })),
    );
  }

  /** Of the server; "" when there was no connection. */
  getTargetIpAddress(): string {
    return this.#result.address;
  }
}

expose(RoUrlEvent, "roUrlEvent", {
  ifUrlEvent: [
    "getInt() as Integer",
    "getResponseCode() as Integer",
    "getFailureReason() as String",
    "getString() as String",
    "getSourceIdentity() as Integer",
    "getResponseHeaders() as Object",
    "getResponseHeadersArray() as Object",
    "getTargetIpAddress() as String",
  ],
});
