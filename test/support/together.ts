/** Test files of one folder in one process: starting one for each takes longer than most of them do. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import t from "tap";

/** Runs the test files of a folder, one after the other. They share a process, and must leave it as it was. */
export function together(folder: string, alone = /^$/): void {
  const files = readdirSync(folder).filter((name) => name.endsWith(".test.js") && !alone.test(name));
  if (files.length === 0) throw new Error(`no tests in ${folder}`);
  // A file's tests come into the queue when it is loaded, and the next file after them.
  const load = (index: number): void => {
    const name = files[index];
    if (name === undefined) return;
    void t.test(name, async (t) => {
      require(join(folder, name));
      t.pass("it is loaded");
      load(index + 1);
    });
  };
  load(0);
}
