/** Counts the tests of a TAP stream at its top level. */

export interface Tally {
  passed: number;
  failed: number;
  skipped: number;
}

export class Count {
  readonly tally: Tally = { passed: 0, failed: 0, skipped: 0 };
  /** Why the whole has failed, whatever its tests say. */
  readonly problems: string[] = [];
  #planned: number | undefined;
  #run = 0;

  hear(line: string): void {
    const [, not, directive] = /^(not )?ok\b(?:.*?[^\\]#\s*(skip|todo)\b)?/i.exec(line) ?? [];
    if (/^(not )?ok\b/.test(line)) this.#point(not === undefined, directive?.toLowerCase());
    const [, last, why] = /^1\.\.(\d+)(?:\s*#\s*(.*))?$/.exec(line) ?? [];
    if (last !== undefined) this.#plan(Number(last), why);
    if (line.startsWith("Bail out!")) this.#problem(line);
  }

  #point(ok: boolean, directive: string | undefined): void {
    this.#run++;
    if (directive === "skip" || (directive === "todo" && !ok)) this.tally.skipped++;
    else if (ok) this.tally.passed++;
    else this.tally.failed++;
  }

  #plan(planned: number, why: string | undefined): void {
    if (this.#planned !== undefined) this.#problem(`a second plan: 1..${planned}`);
    this.#planned = planned;
    if (planned === 0 && /^skip/i.test(why ?? "")) this.tally.skipped++;
  }

  #problem(text: string): void {
    this.problems.push(text);
    this.tally.failed++;
  }

  /** @param how - the exit status, or the signal that ended it */
  end(how: number | string): void {
    if (this.#planned === undefined) this.#problem("no plan was printed: it did not come to its end");
    else if (this.#planned !== this.#run)
      this.#problem(`${this.#planned} tests were planned, ${this.#run} run`);
    else if (this.#planned === 0 && this.tally.skipped === 0) this.#problem("there is no test in it");
    if (how !== 0 && this.tally.failed === 0) this.#problem(`all passed, but it ended with ${how}`);
    else if (typeof how === "string") this.#problem(`ended with ${how}`);
  }
}

export const summary = ({ passed, failed, skipped }: Tally): string =>
  `${passed} passed, ${failed} failed, ${skipped} skipped`;
