/** roRegex: regular expressions. */
import { whole } from "../../text.js";
import { expose } from "../runtime/component.js";
import { RoArray } from "./array.js";
import { RoList } from "./list.js";
import { type Translation, translate } from "./pcre/translate.js";
import { warn } from "./warn.js";

interface Found {
  readonly start: number;
  readonly end: number;
  /** The match, then its groups; "" for one that took no part. */
  readonly texts: string[];
}

/** In a replacement. */
const REFERENCE = /[\\$](\d\d?)/g;

/**
 * Milliseconds for all the matches of one operation in a text, and how many more for each of its characters: each match may take long
 * by itself. What would be found later is not.
 */
const MAX_TIME = 500;
const MAX_TIME_EACH = 0.02;

/** How much of a pattern an error shows, in characters. */
const SHOWN = 100;

export class RoRegex {
  readonly #translation: Translation;

  /** @throws Error: no pattern, see translate() */
  constructor(pattern: string, flags: string) {
    this.#translation = translate(pattern, flags);
  }

  isMatch(text: string): boolean {
    return this.#find(text, 0) !== undefined;
  }

  /** The first match and its groups; empty when there is none. */
  match(text: string): RoArray {
    return RoArray.of(this.#find(text, 0)?.texts ?? []);
  }

  /** An array like that of match() for each match. */
  matchAll(text: string): RoArray {
    return RoArray.of(Array.from(this.#all(text), ({ texts }) => RoArray.of(texts)));
  }

  /**
   * Replaces the first match. In `replacement` \1 and $1 stand for the first group and \0 for the match; where there is no such
   * group, for themselves.
   */
  replace(text: string, replacement: string): string {
    const found = this.#find(text, 0);
    return found === undefined ? text : this.#replaced(text, replacement, [found]);
  }

  replaceAll(text: string, replacement: string): string {
    return this.#replaced(text, replacement, this.#all(text));
  }

  /** What is between the matches. An empty match splits between two characters. */
  split(text: string): RoList {
    const parts: string[] = [];
    let at = 0;
    for (const { start, end } of this.#all(text)) {
      if (start === end && (start === at || start === text.length)) continue;
      parts.push(text.slice(at, start));
      at = end;
    }
    parts.push(text.slice(at));
    return RoList.of(parts);
  }

  #replaced(text: string, replacement: string, matches: Iterable<Found>): string {
    let result = "";
    let at = 0;
    for (const { start, end, texts } of matches) {
      result += text.slice(at, start);
      result += replacement.replace(REFERENCE, (reference, digits: string) => {
        const whole = texts[Number(digits)];
        if (whole !== undefined) return whole;
        // Of two digits the second may be text.
        const first = digits.length === 2 ? texts[Number(digits[0])] : undefined;
        return first === undefined ? reference : first + digits[1]!;
      });
      at = end;
    }
    return whole(result + text.slice(at));
  }

  *#all(text: string): Generator<Found> {
    const deadline = performance.now() + MAX_TIME + MAX_TIME_EACH * text.length;
    for (let at = 0; at <= text.length; ) {
      const found = this.#find(text, at);
      if (found === undefined || performance.now() > deadline) return;
      yield found;
      const { start, end } = found;
      at = end > start ? end : end + (text.codePointAt(end)! > 0xffff ? 2 : 1);
    }
  }

  #find(text: string, from: number): Found | undefined {
    const { matcher, groups, keeps } = this.#translation;
    const match = matcher.find(text, from);
    if (match === null) return undefined;
    const end = match.index + match[0].length;
    const kept = keeps.map((group) => match.indices![group]?.[0] ?? match.index);
    const start = Math.max(match.index, ...kept);
    return { start, end, texts: [text.slice(start, end), ...groups.map((group) => match[group] ?? "")] };
  }
}

/** A SyntaxError repeats the translated pattern before its reason. */
const reason = ({ message }: Error): string =>
  message.slice(message.lastIndexOf("/gu") + 1).replace(/^\w+: /, "");

/** A new one, or invalid and a line on the console: the pattern is none, or cannot be translated. */
export function createRegex(pattern: string, flags: string): RoRegex | null {
  try {
    return new RoRegex(pattern, flags);
  } catch (error) {
    warn(`roRegex: "${pattern.slice(0, SHOWN)}": ${reason(error as Error)}`);
    return null;
  }
}

expose(RoRegex, "roRegex", {
  ifRegex: [
    "isMatch(text as String) as Boolean",
    "match(text as String) as Object",
    "matchAll(text as String) as Object",
    "replace(text as String, replacement as String) as String",
    "replaceAll(text as String, replacement as String) as String",
    "split(text as String) as Object",
  ],
});
