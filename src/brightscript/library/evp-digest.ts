/** roEVPDigest: message digests. */
import { createHash, type Hash } from "node:crypto";
import { expose } from "../runtime/component.js";
import { bytesOf } from "./bytes.js";

/** Digests that a program names as OpenSSL does. What is no roByteArray counts as no bytes. */
export class RoEVPDigest {
  #type = "md5";
  #hash: Hash | undefined = createHash(this.#type);

  /** @returns 0, or 1: there is no digest of that name */
  setup(type: string): number {
    this.#type = type;
    return this.reinit();
  }

  /** Starts over. @returns 0, or 1: setup() failed */
  reinit(): number {
    try {
      this.#hash = createHash(this.#type);
      return 0;
    } catch {
      this.#hash = undefined;
      return 1;
    }
  }

  /** The digest of these bytes alone, in hexadecimal; "" after a failed setup(). */
  process(bytes: object | null): string {
    this.reinit();
    this.update(bytes);
    return this.final();
  }

  update(bytes: object | null): void {
    this.#hash?.update(bytesOf(bytes) ?? "");
  }

  /** The digest of what update() was given, in hexadecimal; "" when it was asked for already. Then reinit() is needed. */
  final(): string {
    const digest = this.#hash?.digest("hex") ?? "";
    this.#hash = undefined;
    return digest;
  }
}

expose(RoEVPDigest, "roEVPDigest", {
  ifEVPDigest: [
    "setup(type as String) as Integer",
    "reinit() as Integer",
    "process(bytes as Object) as String",
    "update(bytes as Object) as Void",
    "final() as String",
  ],
});
