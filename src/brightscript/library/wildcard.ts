/** Patterns for file names: ? and * as in a shell, [A-Cf-h] and [^…] for sets of characters, a backslash before what is meant literally. */

/** No file's name is longer. */
const longestName = 255;

/** The pattern as a regular expression for a whole name, in any case; null when it can match nothing. */
export function wildcard(pattern: string): RegExp | null {
  /** What is between the stars. */
  const parts: string[] = [];
  let source = "";
  let length = 0;
  for (let i = 0; i < pattern.length; i++) {
    const character = pattern[i]!;
    if (++length > longestName) return null;
    if (character === "?") source += ".";
    else if (character === "*") {
      parts.push(source);
      source = "";
      length--;
    } else if (character === "[") {
      const end = endOfSet(pattern, i);
      if (end < 0) return null;
      source += set(pattern.slice(i + 1, end));
      i = end;
    } else {
      if (character === "\\") i++;
      source += literal(pattern[i] ?? "\\");
    }
  }
  try {
    return new RegExp(`^${whole([...parts, source])}$`, "is");
  } catch {
    return null; // A range that runs backwards.
  }
}

/**
 * Each part but the last is looked for where it first comes, and never anywhere else: it need not be. Otherwise the time would grow
 * with every star.
 */
function whole(parts: readonly string[]): string {
  const [first, ...others] = parts;
  const last = others.pop();
  if (last === undefined) return first!;
  const middle = others.filter((part) => part !== "").map((part, i) => `(?=(.*?${part}))(?:\\${i + 1})`);
  return `${first}${middle.join("")}.*${last}`;
}

/** A ] that is the first of the set is one of its characters. */
function endOfSet(pattern: string, start: number): number {
  const first = pattern[start + 1] === "^" ? start + 2 : start + 1;
  return pattern.indexOf("]", first + 1);
}

/** A - that is the first or the last of the set is one of its characters, as it is for a regular expression. */
const set = (characters: string): string => `[${characters.replace(/(?!^\^)[\\\][^]/g, "\\$&")}]`;

const literal = (character: string): string => character.replace(/[\\^$.*+?()[\]{}|/]/, "\\$&");
