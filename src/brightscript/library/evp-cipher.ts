/** roEVPCipher: symmetric encryption. */
import {
  type Cipher,
  type CipherGCM,
  createCipheriv,
  createDecipheriv,
  type Decipher,
  type DecipherGCM,
  getCipherInfo,
} from "node:crypto";
import { RoByteArray } from "../../components/byte-array.js";
import { expose } from "../runtime/component.js";
import { bytesOf } from "./bytes.js";

const MODES = ["cbc", "cfb", "ctr", "ecb", "gcm", "ofb", "stream"];

/** Bytes of a tag of GCM. */
const TAG_LENGTH = 16;

/** OpenSSL 3 has no DES by itself, but triple DES with one key three times is the same. */
const tripled = new Map([
  ["des", "des-ede3-cbc"],
  ["des-cbc", "des-ede3-cbc"],
  ["des-cfb", "des-ede3-cfb"],
  ["des-ecb", "des-ede3"],
  ["des-ofb", "des-ede3-ofb"],
]);

/** Names that Roku's page has and OpenSSL has not. */
const aliases = new Map(
  ["128", "192", "256"].flatMap((size): [string, string][] => [
    [`aes-${size}`, `aes-${size}-cbc`],
    [`aes-gcm-${size}`, `aes-${size}-gcm`],
  ]),
);

const isHex = (text: string): boolean => /^(?:[0-9a-f]{2})*$/i.test(text);

interface Method {
  readonly make: () => Cipher | Decipher;
  readonly encrypts: boolean;
  readonly hasTag: boolean;
}

/** How data is encrypted or decrypted, or an error when there is no such cipher, or key or vector have the wrong length. */
function methodOf(encrypts: boolean, format: string, key: string, iv: string): Method {
  const wanted = format.toLowerCase();
  const name = tripled.get(wanted) ?? aliases.get(wanted) ?? wanted;
  const info = getCipherInfo(name);
  if (info === undefined || !MODES.includes(info.mode)) throw new Error(`no cipher ${format}`);
  if (!isHex(key) || !isHex(iv)) throw new Error("no hexadecimal digits");
  const keyBytes = Buffer.from(tripled.has(wanted) ? key.repeat(3) : key, "hex");
  const length = info.ivLength ?? 0;
  // Where there is none, as in ECB, the program's is not looked at.
  const vector = length === 0 ? null : iv === "" ? Buffer.alloc(length) : Buffer.from(iv, "hex");
  const make = (): Cipher | Decipher =>
    encrypts ? createCipheriv(name, keyBytes, vector) : createDecipheriv(name, keyBytes, vector);
  return { make, encrypts, hasTag: info.mode === "gcm" };
}

export class RoEVPCipher {
  #method: Method | undefined;
  #padding = true;
  #cipher: Cipher | Decipher | undefined;
  /** What decrypted data must have, or what the data that was encrypted last has. */
  #tag: Uint8Array | null = null;

  /**
   * @param format - a cipher, as OpenSSL names it. Blowfish and DESX are there only where OpenSSL has its legacy ciphers
   * @param key - in hexadecimal, of the cipher's length
   * @param iv - in hexadecimal, of the cipher's length, with GCM of any; empty for zeros
   * @param padding - 0 for none: then the length of all the data must be a multiple of the block's
   * @returns 0, or 1: no such cipher, or a key or vector of another length
   */
  setup(encrypt: boolean, format: string, key: string, iv: string, padding: number): number {
    this.#tag = null;
    this.#padding = padding !== 0;
    try {
      this.#method = methodOf(encrypt, format, key, iv);
    } catch {
      this.#method = undefined;
    }
    return this.reinit();
  }

  /** Starts over. @returns 0, or 1: setup() is missing or failed */
  reinit(): number {
    if (this.#method?.encrypts) this.#tag = null;
    try {
      this.#cipher = this.#method?.make().setAutoPadding(this.#padding);
    } catch {
      this.#cipher = undefined;
    }
    return this.#cipher === undefined ? 1 : 0;
  }

  /**
   * The tag that authenticates data to be decrypted by AES-GCM, an roByteArray or hexadecimal, of 16 bytes. It is to be set
   * after setup(), and before process() or final(), which without it, or when it is another's, give invalid.
   *
   * @returns 0, or 1: no such tag, or a cipher that needs none
   */
  setTag(tag: object | string | null): number {
    const method = this.#method;
    const bytes = typeof tag === "string" ? Buffer.from(isHex(tag) ? tag : "", "hex") : bytesOf(tag);
    if (method === undefined || method.encrypts || !method.hasTag || bytes?.length !== TAG_LENGTH) return 1;
    this.#tag = bytes.slice();
    return 0;
  }

  /** The tag of the data that was encrypted last by AES-GCM, 16 bytes; invalid before process() or final(), and of other ciphers. */
  getTag(): RoByteArray | null {
    return this.#method?.encrypts && this.#tag !== null ? RoByteArray.from(this.#tag) : null;
  }

  /** All of the data at once; invalid when it cannot be done, as with wrong padding. */
  process(bytes: object | null): RoByteArray | null {
    this.reinit();
    const result = this.update(bytes);
    const rest = this.final();
    if (rest === null) return null;
    result?.append(rest);
    return result;
  }

  /** What can be given so far, perhaps nothing; invalid when there is no cipher, or no roByteArray. */
  update(bytes: object | null): RoByteArray | null {
    const data = bytesOf(bytes);
    if (data === undefined || this.#cipher === undefined) return null;
    return RoByteArray.from(this.#cipher.update(data));
  }

  /** The rest; invalid when the data does not end as it must, or is not what its tag is of. After it reinit() is needed. */
  final(): RoByteArray | null {
    const cipher = this.#cipher;
    this.#cipher = undefined;
    try {
      return cipher === undefined ? null : this.#end(cipher);
    } catch {
      return null;
    }
  }

  #end(cipher: Cipher | Decipher): RoByteArray {
    const { encrypts, hasTag } = this.#method!;
    if (!hasTag) return RoByteArray.from(cipher.final());
    if (encrypts) {
      const rest = cipher.final();
      this.#tag = (cipher as CipherGCM).getAuthTag();
      return RoByteArray.from(rest);
    }
    if (this.#tag === null) throw new Error("there is no tag");
    (cipher as DecipherGCM).setAuthTag(this.#tag);
    return RoByteArray.from(cipher.final());
  }
}

expose(RoEVPCipher, "roEVPCipher", {
  ifEVPCipher: [
    "setup(encrypt as Boolean, format as String, key as String, iv as String, padding as Integer) as Integer",
    "reinit() as Integer",
    "setTag(tag as Object|String) as Integer",
    "getTag() as Object",
    "process(bytes as Object) as Object",
    "update(bytes as Object) as Object",
    "final() as Object",
  ],
});
