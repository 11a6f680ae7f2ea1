/** roDsa: signatures of messages by ECDSA and Ed25519. */
import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from "node:crypto";
import { RoByteArray } from "../../components/byte-array.js";
import { expose } from "../runtime/component.js";
import { bytesOf } from "./bytes.js";
import { loadKey, readKey } from "./keys.js";
import { warn } from "./warn.js";

const digests = ["sha1", "sha224", "sha256", "sha384", "sha512"];

/** By the algorithm's name: the type of its keys, as Node has it. */
const keyTypes = new Map([
  ["ecdsa", "ec"],
  ["ed25519", "ed25519"],
]);

const isUsable = (key: KeyObject): boolean => [...keyTypes.values()].includes(key.asymmetricKeyType ?? "");

/** PEM, or DER: PKCS #8, or an elliptic curve's own form (SEC 1). */
function privateKey(content: Buffer): KeyObject {
  const makers = [
    () => createPrivateKey(content),
    () => createPrivateKey({ key: content, format: "der", type: "pkcs8" }),
    () => createPrivateKey({ key: content, format: "der", type: "sec1" }),
  ];
  for (const make of makers) {
    try {
      return make();
    } catch {}
  }
  throw new Error("no private key");
}

export class RoDsa {
  #digest = "sha256";
  #algorithm = "ecdsa";
  #privateKey: KeyObject | undefined;
  #publicKey: KeyObject | undefined;

  /** By which digest messages are signed; sha256 at first. False: unknown, and nothing changed. */
  setDigestAlgorithm(name: string): boolean {
    const lower = name.toLowerCase();
    if (!digests.includes(lower)) return false;
    this.#digest = lower;
    return true;
  }

  /** "ECDSA", which it is at first, or "Ed25519", which goes with sha512 only. False: unknown, and nothing changed. */
  setSignAlgorithm(name: string): boolean {
    const lower = name.toLowerCase();
    if (!keyTypes.has(lower)) return false;
    this.#algorithm = lower;
    return true;
  }

  /** Takes the key from a file. @returns 1; 0: there is no such key in it; -1: there is no such file */
  setPrivateKey(path: string): number {
    const [result, key] = loadKey(path, privateKey, isUsable);
    this.#privateKey = key;
    return result;
  }

  /** Takes the key from what such a file holds. @returns 1; 0: there is no such key in it */
  setPrivateKeyFromByteArray(bytes: object | null): number {
    const [result, key] = readKey(Buffer.from(bytesOf(bytes) ?? []), privateKey, isUsable);
    this.#privateKey = key;
    return result;
  }

  /** As setPrivateKey(); a certificate will do. */
  setPublicKey(path: string): number {
    const [result, key] = loadKey(path, createPublicKey, isUsable);
    this.#publicKey = key;
    return result;
  }

  /** The signature, of ECDSA in DER; invalid, and a line on the console, when there is no message or no key for the algorithm. */
  sign(message: object | null): RoByteArray | null {
    try {
      const bytes = bytesOf(message);
      if (this.#privateKey === undefined) throw new Error("there is no private key");
      if (bytes === undefined || bytes.length === 0) throw new Error("the message is empty");
      if (!this.#agrees(this.#privateKey)) throw new Error("key, digest and algorithm do not go together");
      return RoByteArray.from(sign(this.#nodeDigest, bytes, this.#privateKey));
    } catch (error) {
      warn(`roDsa.Sign: ${(error as Error).message}`);
      return null;
    }
  }

  /**
   * @returns 1; 0: the signature is another's, or of another message; -1: there is no key; -2: the message is empty; -4: key,
   *     digest and algorithm do not go together
   */
  verify(message: object | null, signature: object | null): number {
    const bytes = bytesOf(message);
    if (this.#publicKey === undefined) return -1;
    if (bytes === undefined || bytes.length === 0) return -2;
    if (!this.#agrees(this.#publicKey)) return -4;
    try {
      return verify(this.#nodeDigest, bytes, this.#publicKey, bytesOf(signature) ?? new Uint8Array(0))
        ? 1
        : 0;
    } catch {
      return 0;
    }
  }

  #agrees(key: KeyObject): boolean {
    const digestFits = this.#algorithm === "ecdsa" || this.#digest === "sha512";
    return digestFits && key.asymmetricKeyType === keyTypes.get(this.#algorithm);
  }

  /** Ed25519 has its digest in it. */
  get #nodeDigest(): string | null {
    return this.#algorithm === "ecdsa" ? this.#digest : null;
  }
}

expose(RoDsa, "roDsa", {
  ifDsa: [
    "setDigestAlgorithm(name as String) as Boolean",
    "setSignAlgorithm(name as String) as Boolean",
    "setPrivateKey(path as String) as Integer",
    "setPrivateKeyFromByteArray(key as Object) as Integer",
    "setPublicKey(path as String) as Integer",
    "sign(message as Object) as Object",
    "verify(message as Object, signature as Object) as Integer",
  ],
});
