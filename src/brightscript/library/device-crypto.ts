/**
 * roDeviceCrypto: AES-256-GCM by keys that are made of the secret in the data directory, so whoever has that has them. What is
 * encrypted is the vector, the ciphertext and the tag.
 */
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { RoByteArray } from "../../components/byte-array.js";
import { expose } from "../runtime/component.js";
import { bytesOf } from "./bytes.js";
import { keyFor } from "./identity.js";
import { machineId, model } from "./machine.js";
import { warn } from "./warn.js";

const CIPHER = "aes-256-gcm";
const VECTOR_LENGTH = 12;
const TAG_LENGTH = 16;
const NOT_OURS = "the data was not encrypted here with a key of this type";

/** What a key of each type is made of, besides the secret. */
const purposes = new Map<string, () => string>([
  ["channel", () => "roDeviceCrypto channel"],
  ["device", () => `roDeviceCrypto device ${machineId()}`],
  ["model", () => `roDeviceCrypto model ${model()}`],
]);

function keyOf(type: string): Uint8Array {
  const purpose = purposes.get(type.toLowerCase());
  if (purpose === undefined) throw new Error(`"${type}" is no type of key: channel, device or model`);
  const key = keyFor(purpose());
  if (key === null) throw new Error("the key cannot be kept in the data directory");
  return key;
}

/** What work gives; invalid, and a line on the console, when it cannot be done. */
function attempt(
  name: string,
  bytes: object | null,
  work: (data: Uint8Array) => Uint8Array[],
): RoByteArray | null {
  try {
    const data = bytesOf(bytes);
    if (data === undefined) throw new Error("an roByteArray is expected");
    return RoByteArray.from(Buffer.concat(work(data)));
  } catch (error) {
    warn(`roDeviceCrypto.${name}: ${(error as Error).message}`);
    return null;
  }
}

export class RoDeviceCrypto {
  /** @param type - "channel", "device" or "model": who shall be able to decrypt it */
  encrypt(bytes: object | null, type: string): RoByteArray | null {
    return attempt("Encrypt", bytes, (data) => {
      const vector = randomBytes(VECTOR_LENGTH);
      const cipher = createCipheriv(CIPHER, keyOf(type), vector);
      return [vector, cipher.update(data), cipher.final(), cipher.getAuthTag()];
    });
  }

  /** @param type - that it was encrypted with */
  decrypt(bytes: object | null, type: string): RoByteArray | null {
    return attempt("Decrypt", bytes, (data) => {
      const key = keyOf(type);
      if (data.length < VECTOR_LENGTH + TAG_LENGTH) throw new Error(NOT_OURS);
      const end = data.length - TAG_LENGTH;
      try {
        const decipher = createDecipheriv(CIPHER, key, data.subarray(0, VECTOR_LENGTH), {
          authTagLength: TAG_LENGTH,
        });
        decipher.setAuthTag(data.subarray(end));
        return [decipher.update(data.subarray(VECTOR_LENGTH, end)), decipher.final()];
      } catch {
        throw new Error(NOT_OURS);
      }
    });
  }
}

expose(RoDeviceCrypto, "roDeviceCrypto", {
  ifDeviceCrypto: [
    "encrypt(bytes as Object, type as String) as Object",
    "decrypt(bytes as Object, type as String) as Object",
  ],
});
