/** roEVPCipher: symmetric encryption. */
import { type Cipher, createCipheriv, createDecipheriv, type Decipher, getCipherInfo } from "node:crypto";
import { RoByteArray } from "../../components/byte-array.js";
import { expose } from "../runtime/component.js";
import { bytesOf } from "./bytes.js";

/** Without authentication, which has no place in this interface. */
const MODES = ["cbc", "cfb", "ctr", "ecb", "ofb", "stream"];

/** OpenSSL 3 has no DES by itself, but triple DES with one key three times is the same. */
const tripled = new Map([
  ["des", "des-ede3-cbc"],
  ["des-cbc", "des-ede3-cbc"],
  ["des-cfb", "des-ede3-cfb"],
  ["des-ecb", "des-ede3"],
  ["des-ofb", "des-ede3-ofb"],
]);

/** "aes-128" as Roku's page has it. */
const aliases = new Map([
  ["aes-128", "aes-128-cbc"],
  ["aes-192", "aes-192-cbc"],
  ["aes-256", "aes-256-cbc"],
]);

const isHex = (text: string): boolean => /^(?:[0-9a-f]{2})*$/i.test(text);

/** What makes the cipher, or an error when there is none of that name, or key or vector have the wrong length. */
function maker(encrypt: boolean, format: string, key: string, iv: string): () => Cipher | Decipher {
  const wanted = format.toLowerCase();
  const name = tripled.get(wanted) ?? aliases.get(wanted) ?? wanted;
  const info = getCipherInfo(name);
  if (info === undefined || !MODES.includes(info.mode)) throw new Error(`no cipher ${format}`);
  if (!isHex(key) || !isHex(iv)) throw new Error("no hexadecimal digits");
  const keyBytes = Buffer.from(tripled.has(wanted) ? key.repeat(3) : key, "hex");
  const length = info.ivLength ?? 0;
  // Where there is none, as in ECB, the program's is not looked at.
  const vector = length === 0 ? null : iv === "" ? Buffer.alloc(length) : Buffer.from(iv, "hex");
  return () => (encrypt ? createCipheriv(name, keyBytes, vector) : createDecipheriv(name, keyBytes, vector));
}

export class RoEVPCipher {
  #make: (() => Cipher | Decipher) | undefined;
  #cipher: Cipher | Decipher | undefined;

  /**
   * @param format - a cipher, as OpenSSL names it. Blowfish and DESX are there only where OpenSSL has its legacy ciphers
   * @param key - in hexadecimal, of the cipher's length
   * @param iv - in hexadecimal, of the cipher's length; empty for zeros
   * @param padding - 0 for none: then the length of all the data must be a multiple of the block's
   * @returns 0, or 1: no such cipher, or a key or vector of another length
   */
  setup(encrypt: boolean, format: string, key: string, iv: string, padding: number): number {
    try {
      const make = maker(encrypt, format, key, iv);
      this.#make = () => make().setAutoPadding(padding !== 0);
    } catch {
      this.#make = undefined;
    }
    return this.reinit();
  }

  /** Starts over. @returns 0, or 1: setup() is missing or failed */
  reinit(): number {
    try {
      this.#cipher = this.#make?.();
    } catch {
      this.#cipher = undefined;
    }
    return this.#cipher === undefined ? 1 : 0;
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

  /** The rest; invalid when the data does not end as it must. After it reinit() is needed. */
  final(): RoByteArray | null {
    const cipher = this.#cipher;
    this.#cipher = undefined;
    try {
      return cipher === undefined ? null : RoByteArray.from(cipher.final());
    } catch {
      return null;
    }
  }
}

expose(RoEVPCipher, "roEVPCipher", {
  ifEVPCipher: [
    "setup(encrypt as Boolean, format as String, key as String, iv as String, padding as Integer) as Integer",
    "reinit() as Integer",
    "process(bytes as Object) as Object",
    "update(bytes as Object) as Object",
    "final() as Object",
  ],
});
