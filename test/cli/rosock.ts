/** The command as a child process, in a directory of the test's own. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import type { Test } from "tap";
import { plainNode } from "../support/index.js";

export const root = join(__dirname, "../../..");
export const command = join(root, "dist/cli/rosock.js");

export interface Result {
  /** A status, or a signal's name. */
  readonly status: number | string;
  readonly output: string;
  readonly errors: string;
}

export type Files = Extract<Parameters<Test["testdir"]>[0], object>;

/** What runs the command among these files; paths in what it says are relative to them. */
export function among(t: Test, files: Files) {
  const directory = t.testdir(files);
  // Nothing of tap's, nor of the user's own cache and data.
  const env = {
    PATH: process.env.PATH,
    TMPDIR: directory,
    XDG_CACHE_HOME: join(directory, ".cache"),
    XDG_DATA_HOME: join(directory, ".data"),
  };
  const rosock = (...words: string[]): Promise<Result> =>
    new Promise((resolve) => {
      execFile(...plainNode(command, ...words), { cwd: directory, env }, (error, output, errors) => {
        const status = error === null ? 0 : (error.code ?? error.signal ?? "unknown");
        resolve({ status, output, errors: errors.replaceAll(`${directory}/`, "") });
      });
    });
  return { directory, env, rosock };
}

/** The files of an app of one source. */
export const app = (main: string, others: Files = {}): Files => ({
  manifest: "title=Test App\nmajor_version=1\n",
  source: { "main.brs": main },
  ...others,
});
