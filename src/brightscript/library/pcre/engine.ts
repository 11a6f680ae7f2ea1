/**
 * Matches within a limit, as PCRE does: a search that goes back more often than that ends without a match.
 *
 * RegExp has no such limit for JavaScript, but V8 has one: a function that it keeps for its own tests makes a RegExp which gives up
 * after a number of backtracks. V8 does not count the turns of a loop, which may be as many as the text is long for every backtrack,
 * so in long texts each turn is made to cost a backtrack as well.
 */
import { setFlagsFromString } from "node:v8";
import { Script } from "node:vm";

/** Stands at the end of the body of every loop without an upper bound: no RegExp has it, and no literal text is written so. */
export const turn = "(?#)";

/** Fails once and then matches nothing: one backtrack for each turn forward, and one more for each turn back. */
const countedTurn = "(?:(?!)|)";

/** What a RegExp is made of. */
export interface Source {
  /** With a {@link turn} in each of its loops. */
  readonly text: string;
  readonly flags: string;
  /** How many loops without an upper bound it has; infinite if one is within another. */
  readonly loops: number;
  /** Whether it refers to what a group matched, which takes time that is not counted. */
  readonly refers: boolean;
}

/** Backtracks of one search in a text of up to {@link usualLength} characters: PCRE's limit, counted on the way forward and back. */
const maxBacktracks = 20_000_000;
const usualLength = 65_536;
/** How often the limit is doubled for longer texts: V8 takes no number past 2^30. */
const maxDoublings = 5;

/** A search of so many steps needs no counting. */
const maxPlainSteps = 1_000_000;

/** Characters that references may compare in a search from one place; and milliseconds for the searches from all. */
const maxCompared = 2_000_000_000;
const maxComparing = 1000;

type Make = (text: string, flags: string, limit: number) => RegExp;

let limited: Make | undefined;

/** Without that function in V8 there is no limit. */
function findLimited(): Make {
  try {
    // It stays allowed: V8 may drop what it compiled of the function and compile it again.
    setFlagsFromString("--allow-natives-syntax");
    const make: Make = new Script(
      "(text, flags, limit) => %NewRegExpWithBacktrackLimit(text, flags, limit)",
    ).runInThisContext();
    make("", "", 1);
    return make;
  } catch {
    return (text, flags) => new RegExp(text, flags);
  }
}

export class Matcher {
  readonly #made = new Map<string, RegExp>();

  /** @throws SyntaxError: no RegExp */
  constructor(readonly source: Source) {
    this.#regExp("", "g", maxBacktracks);
  }

  /** The first match at or after `from`; null when there is none, or when it takes more than the limit or the memory to find it. */
  find(text: string, from: number): RegExpExecArray | null {
    const { loops, refers } = this.source;
    const { length } = text;
    const isCounted = loops > 0 && length ** (loops + 1) > maxPlainSteps;
    try {
      if (isCounted && refers) return this.#findFromEach(text, from);
      const doublings = Math.min(maxDoublings, Math.ceil(Math.log2(Math.max(1, length / usualLength))));
      const regExp = this.#regExp(isCounted ? countedTurn : "", "g", maxBacktracks << doublings);
      regExp.lastIndex = from;
      return regExp.exec(text);
    } catch {
      return null;
    }
  }

  /** Looks for a match from one place after another: a limit low enough for long comparisons would be too low for the whole text. */
  #findFromEach(text: string, from: number): RegExpExecArray | null {
    const limit = Math.min(maxBacktracks, Math.floor(maxCompared / text.length));
    const regExp = this.#regExp(countedTurn, "y", limit);
    const end = performance.now() + maxComparing;
    for (let at = from; at <= text.length; at += text.codePointAt(at)! > 0xffff ? 2 : 1) {
      regExp.lastIndex = at;
      const match = regExp.exec(text);
      if (match !== null || performance.now() > end) return match;
    }
    return null;
  }

  #regExp(loopEnd: string, how: "g" | "y", limit: number): RegExp {
    const key = `${loopEnd}${how}${limit}`;
    let regExp = this.#made.get(key);
    if (regExp === undefined) {
      limited ??= findLimited();
      const { text, flags } = this.source;
      // An Integer to V8, too: it reads the bits of the number.
      regExp = limited(text.replaceAll(turn, loopEnd), `${how}${flags}`, limit | 0);
      this.#made.set(key, regExp);
    }
    return regExp;
  }
}
