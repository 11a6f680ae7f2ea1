/** Character classes: `[…]`. */
import { cases, complement, escapedSets, literal, members, posixSets, type Ranges } from "./characters.js";
import { refuse, unsupported } from "./error.js";
import { escapedCharacter, octal, property } from "./escapes.js";
import type { Reader } from "./reader.js";

/** Past this many characters a range is not looked through for letters. */
const WIDE = 1000;

interface ClassOptions {
  readonly ignoreCase: boolean;
  /** Whether to spell out both cases: the RegExp minds it. */
  readonly expand: boolean;
  /** Called when the class has letters, for which case matters. */
  readonly onCased: () => void;
}

/** What follows the opening bracket, up to and with the closing one, as a class of RegExp. */
export function characterClass(reader: Reader, options: ClassOptions): string {
  const start = reader.take("^") ? "[^" : "[";
  let text = "";
  for (let first = true; first || !reader.take("]"); first = false) {
    if (reader.done) refuse("missing terminating ] for character class");
    text += item(reader, options);
  }
  return `${start}${text}]`;
}

/** A set, a character, or a range of characters. */
function item(reader: Reader, options: ClassOptions): string {
  const first = member(reader, options);
  if (typeof first === "string") return first;
  if (reader.peek("-]") || !reader.take("-")) return range(first, first, options);
  const last = member(reader, options);
  if (typeof last === "string") return `${range(first, first, options)}\\x2d${last}`;
  if (last < first) refuse("range out of order in character class");
  return range(first, last, options);
}

/** A character's code point, or a set's text. */
function member(reader: Reader, { ignoreCase, onCased }: ClassOptions): number | string {
  if (reader.done) refuse("missing terminating ] for character class");
  const posix = reader.match(/\[:(\^?)(\w+):\]/y);
  if (posix !== null) {
    const [, caret, name] = posix;
    const anyCase = name === "lower" || name === "upper";
    if (anyCase) onCased();
    const set = posixSets.get(anyCase && ignoreCase ? "alpha" : name!) ?? refuse("unknown POSIX class name");
    return members(caret === "^" ? others(set, ignoreCase) : set);
  }
  if (reader.peek("[.") || reader.peek("[=")) unsupported(reader.ahead(2));
  if (!reader.take("\\")) return reader.next();
  if (reader.take("b")) return 8;
  const letter = reader.ahead(1);
  if (/[dwshv]/i.test(letter)) {
    reader.next();
    const set = escapedSets[letter.toLowerCase()]!;
    return members(letter in escapedSets ? set : others(set, ignoreCase));
  }
  if (reader.match(/p/iy)) return property(reader, letter === "P");
  return (/[1-9]/.test(letter) ? octal(reader) : undefined) ?? escapedCharacter(reader);
}

/** What is not in a set of ASCII characters, or has no letters. */
function others(set: Ranges, ignoreCase: boolean): Ranges {
  // Without regard to case the long s and the Kelvin sign would bring s and k in.
  const letters = ignoreCase && set.some(([first, last]) => first <= 0x73 && last >= 0x73);
  return complement(letters ? [...set, [0x17f, 0x17f], [0x212a, 0x212a]] : set);
}

function range(first: number, last: number, { ignoreCase, expand, onCased }: ClassOptions): string {
  const text = members([[first, last]]);
  if (last - first > WIDE) {
    onCased();
    return text;
  }
  const variants = new Set<number>();
  for (let code = first; code <= last; code++) {
    for (const each of cases(code)) if (each !== code) variants.add(each);
  }
  if (variants.size === 0) return text;
  onCased();
  return expand && ignoreCase ? text + [...variants].map(literal).join("") : text;
}
