/** Properties as tests: each in a process of its own, which may crash or hang and can still be told about. */

import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Test } from "tap";
import type { PropertyName } from "./main.js";

interface Extent {
  runs: number;
  /** No run is begun after so many seconds: a slow machine does fewer. */
  seconds: number;
  /** The same seed, the same runs. */
  seed: number;
  worker?: boolean;
}

/** Longer than any single run. */
const grace = 300;
const shownSteps = 40;

/** Runs the property; fails with the smallest counterexample found, or with the last steps before a crash or a hang. */
export async function holds(t: Test, name: PropertyName, extent: Extent): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "rosock-property-"));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const steps = join(folder, "steps");
  const values = ["--seed", extent.seed, "--runs", extent.runs];
  if (extent.worker) values.push("--worker");
  const main = [join(__dirname, "main.js"), name, ...values.map(String)];
  const child = spawn(
    process.execPath,
    ["--expose-gc", ...main, "--limit", `${extent.seconds * 1000}`, "--report", steps],
    { stdio: ["ignore", "pipe", "pipe"], env: { PATH: process.env.PATH } },
  );
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (output += chunk));
  const timer = setTimeout(() => child.kill("SIGKILL"), (extent.seconds + grace) * 1000);
  const how = await new Promise((resolve) => child.on("close", (code, signal) => resolve(signal ?? code)));
  clearTimeout(timer);
  if (how === 0) {
    t.pass(`${name}: ${output.trim()}`);
    return;
  }
  const again = `node --expose-gc out/test/properties/main.js ${main.slice(1).join(" ")}`;
  const last =
    how === 1
      ? ""
      : `the last steps:\n${readFileSync(steps, "utf8").split("\n").slice(-shownSteps).join("\n")}`;
  t.fail(`${name} does not hold (${how})`, { again, output, last });
}
