/** A pattern that PCRE refuses too, or one that JavaScript's RegExp cannot express. */
class PatternError extends Error {}

export function refuse(words: string): never {
  throw new PatternError(words);
}

export function unsupported(what: string): never {
  throw new PatternError(`${what} is not supported`);
}
