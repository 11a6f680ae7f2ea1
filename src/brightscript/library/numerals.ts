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

/** A whole number, decimal or hexadecimal after "0x", held within the range of Integer. */
export function parseWhole(text: string): number {
  const [, sign, digits] = /^\s*([-+]?)(0x[\da-f]+)/i.exec(text) ?? [];
  if (digits === undefined) return parseDecimal(text);
  const value = Number(digits);
  return sign === "-" ? Math.max(-(2 ** 31), -value) : Math.min(2 ** 31 - 1, value);
}

/** Any number that C's strtof reads: also a hexadecimal one, with a fraction and a power of two or without, "inf" and "nan". */
export function parseAnyReal(text: string): number {
  const [, sign, name] = /^\s*([-+]?)(inf|nan)/i.exec(text) ?? [];
  if (name !== undefined)
    return (name.toLowerCase() === "nan" ? Number.NaN : Infinity) * (sign === "-" ? -1 : 1);
  const hexadecimal = /^\s*([-+]?)0x(?=\.?[\da-f])([\da-f]*)(?:\.([\da-f]*))?(?:p([-+]?\d+))?/i.exec(text);
  if (hexadecimal === null) return parseReal(text);
  const [, minus, whole = "", fraction = "", power = "0"] = hexadecimal;
  const value = Number(`0x0${whole}${fraction}`) * 2 ** (Number(power) - 4 * fraction.length);
  return minus === "-" ? -value : value;
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
