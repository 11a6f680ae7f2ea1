/** roRSA: RSA signatures of digests (PKCS #1 v1.5). */
import {
  constants,
  createPrivateKey,
  createPublicKey,
  type KeyObject,
  privateEncrypt,
  publicDecrypt,
} from "node:crypto";
import { RoByteArray } from "../../components/byte-array.js";
import { expose } from "../runtime/component.js";
import { bytesOf } from "./bytes.js";
import { loadKey } from "./keys.js";
import { warn } from "./warn.js";

/** By the digest's name: its length in bytes, and its object identifier in DER (RFC 8017, appendix B.1). */
const digests = new Map<string, readonly [length: number, identifier: string]>([
  ["md5", [16, "06082a864886f70d0205"]],
  ["ripemd160", [20, "06052b24030201"]],
  ["sha1", [20, "06052b0e03021a"]],
  ["sha224", [28, "0609608648016503040204"]],
  ["sha256", [32, "0609608648016503040201"]],
  ["sha384", [48, "0609608648016503040202"]],
  ["sha512", [64, "0609608648016503040203"]],
]);

/** The digest as DigestInfo of RFC 8017, section 9.2: which kind it is, and its bytes. */
function encapsulated(name: string, digest: Uint8Array): Uint8Array {
  const [length, identifier] = digests.get(name)!;
  if (digest.length !== length) throw new Error(`a ${name} digest has ${length} bytes`);
  const algorithm = Buffer.from(`${identifier}0500`, "hex");
  const head = [0x30, algorithm.length + length + 4, 0x30, algorithm.length, ...algorithm, 0x04, length];
  return Buffer.concat([Buffer.from(head), digest]);
}

const isRsa = (key: KeyObject): boolean => key.asymmetricKeyType === "rsa";

export class RoRSA {
  #digest: string | undefined;
  #privateKey: KeyObject | undefined;
  #publicKey: KeyObject | undefined;

  /** Which digest is signed; without, its bytes are signed alone. False: unknown, and nothing changed. */
  setDigestAlgorithm(name: string): boolean {
    const known = digests.has(name.toLowerCase());
    if (known) this.#digest = name.toLowerCase();
    return known;
  }

  /** Takes the key from a file in PEM. @returns 1; 0: there is no such key in it; -1: there is no such file */
  setPrivateKey(path: string): number {
    const [result, key] = loadKey(path, createPrivateKey, isRsa);
    this.#privateKey = key;
    return result;
  }

  /** As setPrivateKey(); a certificate will do. */
  setPublicKey(path: string): number {
    const [result, key] = loadKey(path, createPublicKey, isRsa);
    this.#publicKey = key;
    return result;
  }

  /** The signature; invalid, and a line on the console, when there is no key, or no digest of the right length. */
  sign(digest: object | null): RoByteArray | null {
    try {
      const bytes = bytesOf(digest);
      if (this.#privateKey === undefined) throw new Error("there is no private key");
      if (bytes === undefined || bytes.length === 0) throw new Error("the digest is empty");
      const key = { key: this.#privateKey, padding: constants.RSA_PKCS1_PADDING };
      return RoByteArray.from(privateEncrypt(key, this.#signed(bytes)));
    } catch (error) {
      warn(`roRSA.Sign: ${(error as Error).message}`);
      return null;
    }
  }

  /** @returns 1; 0: the signature is another's, or of another digest; -1: there is no key; -2: the digest is empty */
  verify(digest: object | null, signature: object | null): number {
    const bytes = bytesOf(digest);
    if (this.#publicKey === undefined) return -1;
    if (bytes === undefined || bytes.length === 0) return -2;
    try {
      const key = { key: this.#publicKey, padding: constants.RSA_PKCS1_PADDING };
      const signed = publicDecrypt(key, bytesOf(signature) ?? new Uint8Array(0));
      return signed.equals(this.#signed(bytes)) ? 1 : 0;
    } catch {
      return 0;
    }
  }

  #signed(digest: Uint8Array): Uint8Array {
    return this.#digest === undefined ? digest : encapsulated(this.#digest, digest);
  }
}

expose(RoRSA, "roRSA", {
  ifRSA: [
    "setDigestAlgorithm(name as String) as Boolean",
    "setPrivateKey(path as String) as Integer",
    "setPublicKey(path as String) as Integer",
    "sign(digest as Object) as Object",
    "verify(digest as Object, signature as Object) as Integer",
  ],
});
