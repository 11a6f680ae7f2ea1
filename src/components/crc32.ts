/** Made when it is first needed: making it has V8 optimize, which takes megabytes. */
let table: Uint32Array | undefined;

function makeTable(): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, byte) => {
    let remainder = byte;
    for (let bit = 0; bit < 8; bit++)
      remainder = remainder & 1 ? (remainder >>> 1) ^ 0xedb88320 : remainder >>> 1;
    return remainder;
  });
}

/**
 * The CRC-32 of IEEE 802.3 (as in gzip and PNG), as a signed 32-bit number: BrightScript's Integer.
 * Node's own zlib.crc32 is missing in the older releases that are supported.
 *
 * @param before - the CRC-32 of the bytes that come before these
 */
export function crc32(bytes: Uint8Array, before = 0): number {
  table ??= makeTable();
  let crc = ~before;
  for (let i = 0; i < bytes.length; i++) crc = table[(crc ^ bytes[i]!) & 0xff]! ^ (crc >>> 8);
  return ~crc;
}
