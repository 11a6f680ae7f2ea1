/** Reads a pattern from left to right. */
export class Reader {
  at = 0;

  constructor(private readonly text: string) {}

  get done(): boolean {
    return this.at >= this.text.length;
  }

  peek(expected: string): boolean {
    return this.text.startsWith(expected, this.at);
  }

  /** Goes past `expected`, if that comes next. */
  take(expected: string): boolean {
    const found = this.peek(expected);
    if (found) this.at += expected.length;
    return found;
  }

  /** Goes past what a sticky expression matches here. */
  match(expression: RegExp): RegExpExecArray | null {
    expression.lastIndex = this.at;
    const found = expression.exec(this.text);
    if (found !== null) this.at += found[0].length;
    return found;
  }

  /** The next character's code point. */
  next(): number {
    const code = this.text.codePointAt(this.at)!;
    this.at += code > 0xffff ? 2 : 1;
    return code;
  }

  /** What comes next, for an error's words. */
  ahead(length: number): string {
    return this.text.slice(this.at, this.at + length);
  }
}
