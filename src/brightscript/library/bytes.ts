/** Byte arrays as arguments. */
import { RoByteArray } from "../../components/byte-array.js";

/** The bytes themselves, not a copy: for use at once. Undefined when the value is no roByteArray. */
export function bytesOf(value: object | null): Uint8Array | undefined {
  return RoByteArray.is(value) ? value.storage.subarray(0, value.count()) : undefined;
}
