/** Characters and sets of them, as they stand in a RegExp in Unicode mode. */

/** Pairs of the first and the last code point, ascending. */
export type Ranges = readonly (readonly [first: number, last: number])[];

const LAST = 0x10ffff;

/** The ranges that a notation such as "a-z_" names. */
function ranges(notation: string): Ranges {
  return [...notation.matchAll(/(.)(?:-(.))?/gsu)].map(([, first, last]) => [
    first!.codePointAt(0)!,
    (last ?? first)!.codePointAt(0)!,
  ]);
}

export function complement(set: Ranges): Ranges {
  const result: [number, number][] = [];
  let next = 0;
  for (const [first, last] of set) {
    if (first > next) result.push([next, first - 1]);
    next = last + 1;
  }
  if (next <= LAST) result.push([next, LAST]);
  return result;
}

const space = ranges("\t-\r ");
const word = ranges("0-9A-Z_a-z");

/** `\d` and so on. All but `\h` and `\v` are ASCII only, as PCRE has them unless told otherwise. */
export const escapedSets: Readonly<Record<string, Ranges>> = {
  d: ranges("0-9"),
  w: word,
  s: space,
  h: ranges("\t \xa0\u1680\u180e\u2000-\u200a\u202f\u205f\u3000"),
  v: ranges("\n-\r\x85\u2028-\u2029"),
};

/** `[:alpha:]` and so on. */
export const posixSets: ReadonlyMap<string, Ranges> = new Map([
  ["alnum", ranges("0-9A-Za-z")],
  ["alpha", ranges("A-Za-z")],
  ["ascii", ranges("\0-\x7f")],
  ["blank", ranges("\t ")],
  ["cntrl", ranges("\0-\x1f\x7f")],
  ["digit", ranges("0-9")],
  ["graph", ranges("!-~")],
  ["lower", ranges("a-z")],
  ["print", ranges(" -~")],
  ["punct", ranges("!-/:-@[-`{-~")],
  ["space", space],
  ["upper", ranges("A-Z")],
  ["word", word],
  ["xdigit", ranges("0-9A-Fa-f")],
]);

/** The character by itself, in a class or out of one. */
export function literal(code: number): string {
  const character = String.fromCodePoint(code);
  // Unicode mode allows an escaped hyphen in a class only.
  return character === "-" ? "\\x2d" : character.replace(/[\^$\\.*+?()[\]{}|/]/, "\\$&");
}

/** A set, as it stands between the brackets of a class. */
export function members(set: Ranges): string {
  return set
    .map(([first, last]) => (first === last ? literal(first) : `${literal(first)}-${literal(last)}`))
    .join("");
}

/** The character, and those that differ from it by case alone. */
export function cases(code: number): number[] {
  const character = String.fromCodePoint(code);
  const others = [character.toLowerCase(), character.toUpperCase()].map((each) => each.codePointAt(0)!);
  // What becomes several characters, as sharp s does, has no other case here.
  return [...new Set([code, ...others.filter((other) => cased(other) && cased(code))])];
}

function cased(code: number): boolean {
  const character = String.fromCodePoint(code);
  return (
    character.toUpperCase().length === character.length && character.toLowerCase().length === character.length
  );
}
