/** A note of what is being done, in a file, for when it ends the process or never ends; and how long to go on. */

import { closeSync, ftruncateSync, openSync, writeSync } from "node:fs";
import fc from "fast-check";

export class Report {
  readonly #file: number | null;
  readonly #end: number;
  #length = 0;
  runs = 0;

  constructor(path: string | null, milliseconds: number) {
    this.#end = performance.now() + milliseconds;
    this.#file = path === null ? null : openSync(path, "w");
  }

  /** A new run: the last one is over. When it is too late for another, an exception ends them all; the first few come in any case. */
  begin(): void {
    if (this.runs >= 5 && performance.now() > this.#end) throw new fc.PreconditionFailure(true);
    this.runs++;
    this.#length = 0;
    if (this.#file !== null) ftruncateSync(this.#file, 0);
  }

  step(step: unknown): void {
    if (this.#file !== null) this.#length += writeSync(this.#file, `${step}\n`, this.#length);
  }

  close(): void {
    if (this.#file !== null) closeSync(this.#file);
  }
}
