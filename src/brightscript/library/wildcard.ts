/** Patterns for file names: ? and * as in a shell, [A-Cf-h] and [^…] for sets of characters, a backslash before what is meant literally. */

/** What matches one character, or "*". */
type Part = ((character: string) => boolean) | "*";

interface Wildcard {
  /** Whether the whole name matches, in any case. */
  test(name: string): boolean;
}

/** No file's name is longer. */
const longestName = 255;

/** The pattern for names; null when it can match nothing. */
export function wildcard(pattern: string): Wildcard | null {
  const parts: Part[] = [];
  let length = 0;
  for (let i = 0; i < pattern.length; i++) {
    const character = pattern[i]!;
    if (character !== "*" && ++length > longestName) return null;
    if (character === "?") parts.push(() => true);
    else if (character === "*") {
      if (parts.at(-1) !== "*") parts.push("*");
    } else if (character === "[") {
      const end = endOfSet(pattern, i);
      const matches = end < 0 ? null : set(pattern.slice(i + 1, end));
      if (matches === null) return null;
      parts.push(matches);
      i = end;
    } else {
      if (character === "\\") i++;
      parts.push(literal(pattern[i] ?? "\\"));
    }
  }
  return { test: (name) => matchesAll(parts, name) };
}

/**
 * Takes as little for each * as will do. Only the last one is ever taken back: so a name takes no longer than its length times the
 * pattern's.
 */
function matchesAll(parts: readonly Part[], name: string): boolean {
  let part = 0;
  let at = 0;
  let star = -1;
  let resumeAt = 0;
  while (at < name.length) {
    const matches = parts[part];
    if (matches === "*") {
      star = part++;
      resumeAt = at;
    } else if (matches?.(name[at]!)) {
      part++;
      at++;
    } else if (star >= 0) {
      part = star + 1;
      at = ++resumeAt;
    } else return false;
  }
  if (parts[part] === "*") part++;
  return part === parts.length;
}

/** A ] that is the first of the set is one of its characters. */
function endOfSet(pattern: string, start: number): number {
  const first = pattern[start + 1] === "^" ? start + 2 : start + 1;
  return pattern.indexOf("]", first + 1);
}

/** A - that is the first or the last of the set is one of its characters, as it is for a regular expression. */
function set(characters: string): ((character: string) => boolean) | null {
  try {
    const one = new RegExp(`^[${characters.replace(/(?!^\^)[\\\][^]/g, "\\$&")}]$`, "is");
    return (character) => one.test(character);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return null; // A range that runs backwards.
  }
}

function literal(expected: string): (character: string) => boolean {
  const lower = expected.toLowerCase();
  return (character) => character.toLowerCase() === lower;
}
