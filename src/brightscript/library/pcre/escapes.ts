/** Escapes that stand for a character or a Unicode property, in a class or out of one. */
import { refuse, unsupported } from "./error.js";
import type { Reader } from "./reader.js";

const CONTROLS: Readonly<Record<string, number>> = { a: 7, e: 27, f: 12, n: 10, r: 13, t: 9 };

/** The character that what follows the backslash stands for. Digits other than 0 are the caller's. */
export function escapedCharacter(reader: Reader): number {
  if (reader.done) refuse("\\ at the end of the pattern");
  const code = reader.next();
  const letter = String.fromCodePoint(code);
  switch (letter) {
    case "c":
      if (reader.done) refuse("\\c at the end of the pattern");
      return String.fromCodePoint(reader.next()).toUpperCase().codePointAt(0)! ^ 0x40;
    case "x":
      return hexadecimal(reader);
    case "o":
      return codePoint(reader.match(/\{([0-7]+)\}/y)?.[1] ?? refuse("\\o needs digits in braces"), 8);
    case "0":
      return codePoint(`0${reader.match(/[0-7]{0,2}/y)![0]}`, 8);
    case "L":
    case "l":
    case "U":
    case "u":
    case "C":
    case "G":
      return unsupported(`\\${letter}`);
    default:
      return CONTROLS[letter] ?? code;
  }
}

/** `\x41` with up to two digits, or `\x{1F600}`. */
function hexadecimal(reader: Reader): number {
  const braces = reader.match(/\{([0-9A-Fa-f]+)\}/y);
  return codePoint(braces?.[1] ?? `0${reader.match(/[0-9A-Fa-f]{0,2}/y)![0]}`, 16);
}

function codePoint(digits: string, radix: number): number {
  const code = Number.parseInt(digits, radix);
  return code > 0x10ffff ? refuse("character value too large") : code;
}

/** `\101`: up to three octal digits; undefined when the first is 8 or 9. */
export function octal(reader: Reader): number | undefined {
  const digits = reader.match(/[0-7]{1,3}/y);
  return digits === null ? undefined : Number.parseInt(digits[0], 8);
}

const CATEGORY = /^(?:Any|L[lmotu]?|M[cen]?|N[dlo]?|P[cdefios]?|S[ckmo]?|Z[lps]?|C[cfnos]?)$/;

/** `\p{Lu}`, `\p{^Lu}`, `\pL`, `\p{Greek}`; what follows the `p` or, negated, the `P`. */
export function property(reader: Reader, negated: boolean): string {
  const [, caret, braced, single] = reader.match(/\{(\^?)([\w&]+)\}|([A-Z])/y) ?? refuse("malformed \\p");
  const name = braced === "L&" ? "LC" : (braced ?? single)!;
  const letter = negated === (caret === "^") ? "p" : "P";
  return `\\${letter}{${name === "LC" || CATEGORY.test(name) ? name : `Script=${name}`}}`;
}
