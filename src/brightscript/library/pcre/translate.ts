/**
 * PCRE's patterns as JavaScript's RegExp.
 *
 * Translated are, besides what both have: the flags within a pattern, possessive quantifiers, atomic groups, \A \z \Z \h \v \R
 * \N \X \K \Q…\E, POSIX classes, named groups and references in all spellings, comments and free spacing, properties. Where
 * both have the same notation but mean different things (`$`, `.`, `\s`, a bracket that comes first in a class) it is PCRE that
 * counts, with its defaults: only \n ends a line; text is Unicode, \d \w \s and \b know ASCII.
 *
 * Not possible in RegExp, and therefore refused: conditions, recursion and calls of groups, branch reset, callouts, verbs but
 * (*FAIL), \G, \C, and a reference without regard to case when only a part of the pattern is so. Differences that remain: a
 * reference to a group that took no part matches nothing, where PCRE fails; in a repeated group, a turn that matches nothing
 * is not taken, and a group forgets what it matched in an earlier turn.
 */
import { cases, escapedSets, literal, members } from "./characters.js";
import { characterClass } from "./class.js";
import { Matcher, turn } from "./engine.js";
import { refuse, unsupported } from "./error.js";
import { escapedCharacter, octal, property } from "./escapes.js";
import { numberGroups } from "./numbering.js";
import { Reader } from "./reader.js";

export interface Translation {
  readonly matcher: Matcher;
  /** The match's number of each of the pattern's groups, the first at 0. */
  readonly groups: readonly number[];
  /** The match's numbers of empty groups where the match really starts: \K. */
  readonly keeps: readonly number[];
}

interface Mode {
  readonly ignoreCase: boolean;
  readonly multiline: boolean;
  readonly dotAll: boolean;
  readonly extended: boolean;
}

/** How deep PCRE nests parentheses. */
const DEEPEST = 250;

/** PCRE takes no pattern of which it compiles more than this; in characters here, of a pattern and of what it becomes. */
const LONGEST = 65_536;

const FLAGS = { i: "ignoreCase", m: "multiline", s: "dotAll", x: "extended" } as const;

/**
 * @param flags - of i, m, s and x; others are ignored
 * @throws PatternError, SyntaxError: no such pattern, or none that can be translated
 */
export function translate(pattern: string, flags: string): Translation {
  const first = new Translator(pattern, flags, false);
  const named = first.translate();
  if (!(first.minding && first.ignoring)) return first.finish(named, first.ignoring ? "i" : "");
  // RegExp's flag is for a pattern as a whole: here both cases must be spelled out.
  const second = new Translator(pattern, flags, true);
  return second.finish(second.translate(), "");
}

/** The pattern with what stands between \Q and \E escaped instead. */
function unquoted(pattern: string): string {
  return pattern.replace(/\\Q(.*?)(?:\\E|$)|(\\E)|\\./gs, (token, quoted?: string, end?: string) =>
    end === undefined && quoted === undefined ? token : (quoted ?? "").replace(/[^\w\x80-\uffff]/g, "\\$&"),
  );
}

class Translator {
  /** Whether case matters somewhere, and whether it does not somewhere. */
  minding = false;
  ignoring = false;

  readonly #reader: Reader;
  readonly #expand: boolean;
  readonly #names = new Map<string, string>();
  #mode: Mode = { ignoreCase: false, multiline: false, dotAll: false, extended: false };
  #groups = 0;
  #added = 0;
  #keeps = 0;
  #depth = 0;
  #loops = 0;
  #refers = false;
  /** Within a lookbehind, which RegExp matches from right to left. */
  #backward = false;

  constructor(pattern: string, flags: string, expand: boolean) {
    this.#reader = new Reader(unquoted(pattern));
    this.#expand = expand;
    this.#set(flags, true);
  }

  translate(): string {
    while (this.#reader.match(/\(\*(?:UTF8?|UCP|LF)\)/y));
    const text = this.#alternatives();
    if (!this.#reader.done) refuse("unmatched closing parenthesis");
    return text;
  }

  finish(named: string, ignoreCase: string): Translation {
    const { source, numbers } = numberGroups(named, this.#names);
    if (source.length > LONGEST) refuse("regular expression is too large");
    const list = (letter: string, count: number) =>
      Array.from({ length: count }, (_, i) => numbers.get(`${letter}${i + 1}`)!);
    return {
      matcher: new Matcher({
        text: source,
        flags: `u${ignoreCase}${this.#keeps > 0 ? "d" : ""}`,
        loops: this.#loops,
        refers: this.#refers,
      }),
      groups: list("n", this.#groups),
      keeps: list("k", this.#keeps),
    };
  }

  #alternatives(): string {
    let text = this.#sequence();
    while (this.#reader.take("|")) text += `|${this.#sequence()}`;
    return text;
  }

  #sequence(): string {
    const reader = this.#reader;
    const parts: string[] = [];
    let repeatable = false;
    while (!reader.done && !reader.peek("|") && !reader.peek(")")) {
      if (this.#skip()) continue;
      const quantifier = reader.match(/([*+?]|\{\d+(?:,\d*)?\})([?+]?)/y);
      if (quantifier === null) parts.push(this.#atom());
      else if (repeatable) parts.push(this.#repeated(parts.pop()!, quantifier));
      else refuse("nothing to repeat");
      repeatable = quantifier === null;
    }
    return parts.join("");
  }

  /** Goes past what matches nothing: comments, white space in free spacing, and flags, which it sets. */
  #skip(): boolean {
    const reader = this.#reader;
    if (this.#mode.extended && reader.match(/(?:[\t-\r ]|#[^\n]*)+/y)) return true;
    if (reader.match(/\(\?#[^)]*\)/y)) return true;
    const flags = reader.match(/\(\?([imsx]*)(?:-([imsx]*))?\)/y);
    if (flags === null) return false;
    this.#set(flags[1]!, true);
    this.#set(flags[2] ?? "", false);
    return true;
  }

  #set(flags: string, on: boolean): void {
    for (const flag of flags) {
      const name = FLAGS[flag as keyof typeof FLAGS];
      if (name !== undefined) this.#mode = { ...this.#mode, [name]: on };
    }
  }

  #repeated(part: string, [, times, how]: RegExpExecArray): string {
    const repeated = this.#times(part, times!);
    return how === "+" ? this.#atomic(repeated) : repeated + how;
  }

  #times(part: string, times: string): string {
    if (/^[*+]$|,\}$/.test(times)) {
      this.#loops += part.includes(turn) ? Number.POSITIVE_INFINITY : 1;
      return `(?:${part}${turn})${times}`;
    }
    // In Unicode mode an assertion must be in a group to be repeated.
    const one = /^(?:\^|\\b|\(\?<?[=!])/i.test(part) ? `(?:${part})` : part;
    return one + times;
  }

  #atom(): string {
    const reader = this.#reader;
    const code = reader.next();
    switch (String.fromCodePoint(code)) {
      case "(":
        return this.#group();
      case "[":
        return characterClass(reader, {
          ignoreCase: this.#mode.ignoreCase,
          expand: this.#expand,
          onCased: () => this.#cased(),
        });
      case ".":
        return this.#mode.dotAll ? "[^]" : "[^\\n]";
      case "^":
        // Not after a line's end that is also the text's.
        return this.#mode.multiline ? "(?<=^|\\n(?=[^]))" : "^";
      case "$":
        return this.#mode.multiline ? "(?=\\n|$)" : "(?=\\n?$)";
      case "\\":
        return this.#escape();
      default:
        return this.#literal(code);
    }
  }

  /** What follows an opening parenthesis. */
  #group(): string {
    const reader = this.#reader;
    if (reader.match(/\*F(?:AIL)?\)/y)) return "(?!)";
    if (reader.peek("*")) unsupported(`(${reader.ahead(8)}`);
    if (!reader.take("?")) return this.#capture();
    if (reader.take(">")) return this.#atomic(this.#body());
    const around = reader.match(/<?[=!]/y);
    if (around !== null) return this.#lookaround(around[0]);
    const name = reader.match(/P?<([A-Za-z_]\w*)>|'([A-Za-z_]\w*)'/y);
    if (name !== null) return this.#capture(name[1] ?? name[2]);
    const reference = reader.match(/P=(\w+)\)/y);
    if (reference !== null) return this.#reference(`=${reference[1]}`);
    const flags = reader.match(/([imsx]*)(?:-([imsx]*))?:/y);
    if (flags === null) return unsupported(`(?${reader.ahead(2)}`);
    const outer = this.#mode;
    this.#set(flags[1]!, true);
    this.#set(flags[2] ?? "", false);
    const body = this.#body();
    this.#mode = outer;
    return `(?:${body})`;
  }

  /** A group's contents and its closing parenthesis. Flags set within end with it. */
  #body(): string {
    if (++this.#depth > DEEPEST) refuse("parentheses are too deeply nested");
    const outer = this.#mode;
    const text = this.#alternatives();
    this.#mode = outer;
    this.#depth--;
    return this.#reader.take(")") ? text : refuse("missing )");
  }

  #capture(name?: string): string {
    const group = `n${++this.#groups}`;
    if (name !== undefined) {
      if (this.#names.has(name)) refuse("two named groups have the same name");
      this.#names.set(name, group);
    }
    return `(?<${group}>${this.#body()})`;
  }

  #lookaround(kind: string): string {
    const outer = this.#backward;
    this.#backward = kind.startsWith("<");
    const text = `(?${kind}${this.#body()})`;
    this.#backward = outer;
    return text;
  }

  /** What is never matched in another way once it has matched: nothing goes back into a lookahead. */
  #atomic(contents: string): string {
    // From right to left the reference would come first. But a lookbehind of PCRE has one length only: nothing is lost.
    if (this.#backward) return `(?:${contents})`;
    const group = `a${++this.#added}`;
    return `(?:(?=(?<${group}>${contents}))\\k<${group}>)`;
  }

  #escape(): string {
    const reader = this.#reader;
    const letter = reader.ahead(1);
    const set = escapedSets[letter.toLowerCase()];
    if (set !== undefined) {
      reader.next();
      return `[${letter in escapedSets ? "" : "^"}${members(set)}]`;
    }
    const start = reader.at;
    if (!reader.match(/[bBAzZKRXNpPgk1-9]/y)) return this.#literal(escapedCharacter(reader));
    switch (letter) {
      case "A":
        return "^";
      case "z":
        return "$";
      case "Z":
        return "(?=\\n?$)";
      case "K":
        return `(?<k${++this.#keeps}>)`;
      case "R":
        return this.#atomic(`\\r\\n|[${members(escapedSets.v!)}]`);
      case "X":
        return this.#atomic(`\\P{M}${this.#times("\\p{M}", "*")}|${this.#times("\\p{M}", "+")}`);
      case "N":
        return reader.match(/(?=\{(?!\d+,?\d*\}))/y) ? unsupported("\\N{") : "[^\\n]";
      case "b":
      case "B":
        return `\\${letter}`;
      case "p":
      case "P":
        return property(reader, letter === "P");
      case "g":
      case "k":
        return this.#spelledReference(letter);
      default:
        reader.at = start;
        return this.#digits();
    }
  }

  /** \1 to \9 refer to groups, and so do larger numbers when there have been as many; else they are octal. */
  #digits(): string {
    const reader = this.#reader;
    const start = reader.at;
    const number = Number(reader.match(/\d+/y)![0]);
    if (number < 10 || number <= this.#groups) return this.#reference(`n${number}`);
    reader.at = start;
    return this.#literal(octal(reader) ?? reader.next());
  }

  #spelledReference(letter: string): string {
    const spelling = letter === "g" ? /\{([-+]?\d+|\w+)\}|([-+]?\d+)/y : /\{(\w+)\}|<(\w+)>|'(\w+)'/y;
    const found = this.#reader.match(spelling) ?? unsupported(`\\${letter}${this.#reader.ahead(1)}`);
    const name = found.slice(1).find((each) => each !== undefined)!;
    if (!/^[-+]?\d+$/.test(name)) return this.#reference(`=${name}`);
    const number = Number(name);
    if (name.startsWith("+")) return this.#reference(`n${this.#groups + number}`);
    return this.#reference(`n${number < 0 ? this.#groups + 1 + number : number}`);
  }

  #reference(group: string): string {
    this.#refers = true;
    this.#cased();
    if (this.#expand && this.#mode.ignoreCase)
      unsupported("a reference without regard to case, in only a part,");
    return `\\k<${group}>`;
  }

  #literal(code: number): string {
    const variants = cases(code);
    if (variants.length === 1) return literal(code);
    this.#cased();
    return this.#expand && this.#mode.ignoreCase ? `[${variants.map(literal).join("")}]` : literal(code);
  }

  #cased(): void {
    if (this.#mode.ignoreCase) this.ignoring = true;
    else this.minding = true;
  }
}
