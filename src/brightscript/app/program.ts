/** The program that runs, as the library sees it: its manifest, and the directories that it may use. */

export interface Program {
  /** The manifest's title, or else the name of the file or directory that was started. */
  readonly name: string;
  /** The manifest's values by their keys, which are in lower case; empty without a manifest. */
  readonly manifest: ReadonlyMap<string, string>;
  /** The directory of pkg:/, absolute. Programs only read it. Of loose files it is made when it is first asked for. */
  readonly packageDirectory: string;
  /** The directory of what persists (cachefs:/, the registry), absolute. It is made by who first writes to it. Throws without any. */
  readonly dataDirectory: string;
  /** The directory of tmp:/, absolute, private to this process: made at the first call, removed when the process ends. */
  readonly temporaryDirectory: () => string;
}

let running: Program | undefined;

/** The program that runs. Throws before setProgram(). */
export function program(): Program {
  if (running === undefined) throw new Error("no program runs");
  return running;
}

export function setProgram(value: Program): void {
  running = value;
}
