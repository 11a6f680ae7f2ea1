/** What cannot be tested somewhere, by the test's title, with the reason: limits.json, by kind of environment. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** From the folder of tests, compiled or not. */
const file = join(__dirname, "../../../test/device/limits.json");

export type Limits = Readonly<Record<string, string>>;

/** The limits of an environment such as "qemu-user"; without a name there are none. */
export function limitsOf(environment: string | undefined): Limits {
  if (!environment) return {};
  const all = JSON.parse(readFileSync(file, "utf8")) as Record<string, Limits>;
  const found = all[environment];
  if (found === undefined) {
    throw new Error(`limits.json: expected one of ${Object.keys(all).join(", ")}, got ${environment}`);
  }
  return found;
}
