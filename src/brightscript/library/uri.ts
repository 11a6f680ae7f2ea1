/** Percent-encoding. Bytes that are no valid UTF-8 (row S19) are encoded as they are. */
import { encode } from "../../text.js";

const percent = (byte: number): string => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;

function encodeAll(text: string, reserved: RegExp): string {
  return text.replace(reserved, (part) => Array.from(encode(part), percent).join(""));
}

/** What RFC 3986 does not call unreserved is encoded. */
export const percentEncode = (text: string): string => encodeAll(text, /[^A-Za-z0-9_.~-]+/g);

/** As JavaScript's encodeURI: reserved characters are left. */
export const encodeUri = (text: string): string => encodeAll(text, /[^A-Za-z0-9;,/?:@&=+$_.!~*'()#-]+/g);

/** As JavaScript's encodeURIComponent. */
export const encodeUriComponent = (text: string): string => encodeAll(text, /[^A-Za-z0-9_.!~*'()-]+/g);

function decodeWith(decode: (text: string) => string, text: string): string {
  try {
    return decode(text);
  } catch {
    return "";
  }
}

/** Escapes of reserved characters are left. "" when an escape is malformed or its bytes are no UTF-8. */
export const decodeUri = (text: string): string => decodeWith(decodeURI, text);

/** "" when an escape is malformed or its bytes are no UTF-8. */
export const decodeUriComponent = (text: string): string => decodeWith(decodeURIComponent, text);
