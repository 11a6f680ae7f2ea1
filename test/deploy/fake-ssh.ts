/** A command that reaches boxes, run with an `ssh` that does what the test says. */
import { spawn } from "node:child_process";
import { chmodSync } from "node:fs";
import { delimiter, join } from "node:path";
import type { Test } from "tap";

/** It does what $SSH says; what it is asked to run there is $last. */
const ssh = `#!/bin/sh
for last; do :; done
case "$*" in *"-O exit"*) exit 0 ;; esac
eval "$SSH"
`;

/** A folder with that ssh and the files given. */
export function folderWithSsh(t: Test, files: Parameters<Test["testdir"]>[0] & object): string {
  const folder = t.testdir({ bin: { ssh }, ...files });
  chmodSync(join(folder, "bin/ssh"), 0o755);
  return folder;
}

/** Runs a script of deploy/ in such a folder. */
export async function runInFolder(
  folder: string,
  script: string,
  words: string[],
  env: Record<string, string>,
) {
  const path = [join(folder, "bin"), process.env.PATH].join(delimiter);
  const all = [join(__dirname, "../../../deploy", script), ...words];
  const child = spawn(process.execPath, all, { cwd: folder, env: { PATH: path, ...env } });
  const said = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text) => {
      said[name] += text;
    });
  }
  const status = await new Promise((resolve) => child.on("close", resolve));
  return { status, ...said };
}
