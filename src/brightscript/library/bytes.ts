/** Bytes as components have them: byte arrays as arguments, and strings of a character for each byte, as in Node's http. */
import { RoByteArray, viewOf } from "../../components/byte-array.js";
import { decode, encode } from "../../text.js";

/** The bytes themselves, not a copy: for use at once. Undefined when the value is no roByteArray. */
export function bytesOf(value: object | null): Uint8Array | undefined {
  return RoByteArray.is(value) ? viewOf(value) : undefined;
}

/** The bytes of a text, a character each. */
export const bytewise = (text: string): string => Buffer.from(encode(text)).toString("latin1");

/** The text that such bytes are. */
export const textOf = (bytes: string): string => decode(Buffer.from(bytes, "latin1"), 0, bytes.length);
