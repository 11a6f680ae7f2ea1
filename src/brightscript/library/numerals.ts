/** Numbers out of text: as much of it as is a number, after white space; 0 when none is. */

/** A decimal number, held within the range of Integer. */
export function parseDecimal(text: string): number {
  const digits = /^\s*([-+]?\d+)/.exec(text)?.[1];
  return digits === undefined ? 0 : Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, Number(digits)));
}

export function parseReal(text: string): number {
  const digits = /^\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)/i.exec(text)?.[1];
  return digits === undefined ? 0 : Number(digits);
}

/**
 * A whole number to a base, cut to 32 bits.
 *
 * @param radix - 2 to 36, or 0: 16 after "0x", 8 after "0", else 10
 */
export function parseRadix(text: string, radix: number): number {
  const [, sign, prefix, rest] = /^\s*([-+]?)(0x)?(.*)/is.exec(text)!;
  let base = radix;
  if (base === 0) base = prefix ? 16 : /^0[0-7]/.test(rest!) ? 8 : 10;
  if (base < 2 || base > 36) return 0;
  const digits = prefix && base !== 16 ? `0${prefix.slice(1)}${rest}` : rest!;
  let value = 0n;
  for (const digit of digits) {
    const number = Number.parseInt(digit, 36);
    if (!(number < base)) break;
    value = BigInt.asIntN(64, value * BigInt(base) + BigInt(number));
  }
  return Number(BigInt.asIntN(32, sign === "-" ? -value : value));
}
