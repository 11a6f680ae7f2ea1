/** roHMAC: keyed message digests (RFC 2104). */
import { createHmac, type Hmac } from "node:crypto";
import { RoByteArray } from "../../components/byte-array.js";
import { expose } from "../runtime/component.js";
import { bytesOf } from "./bytes.js";

/** What is no roByteArray counts as no bytes. */
export class RoHMAC {
  #make: (() => Hmac) | undefined;
  #hmac: Hmac | undefined;

  /**
   * @param type - a digest, as OpenSSL names it
   * @param key - an roByteArray, which is copied
   * @returns 0, or 1: no such digest, or no roByteArray
   */
  setup(type: string, key: object | null): number {
    const bytes = bytesOf(key)?.slice();
    this.#make = bytes && (() => createHmac(type, bytes));
    return this.reinit();
  }

  /** Starts over. @returns 0, or 1: setup() is missing or failed */
  reinit(): number {
    try {
      this.#hmac = this.#make?.();
    } catch {
      this.#hmac = undefined;
    }
    return this.#hmac === undefined ? 1 : 0;
  }

  /** The code of this message alone; invalid when setup() is missing or failed. */
  process(message: object | null): RoByteArray | null {
    this.reinit();
    this.update(message);
    return this.final();
  }

  update(message: object | null): void {
    this.#hmac?.update(bytesOf(message) ?? "");
  }

  /** The code of what update() was given; invalid when it was asked for already. Then reinit() is needed. */
  final(): RoByteArray | null {
    const code = this.#hmac?.digest();
    this.#hmac = undefined;
    return code === undefined ? null : RoByteArray.from(code);
  }
}

expose(RoHMAC, "roHMAC", {
  ifHMAC: [
    "setup(type as String, key as Object) as Integer",
    "reinit() as Integer",
    "process(message as Object) as Object",
    "update(message as Object) as Void",
    "final() as Object",
  ],
});
