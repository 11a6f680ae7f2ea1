/** Calls as compiled programs make them, and what the console shows meanwhile. */
import fc from "fast-check";
import { redirect } from "#src/brightscript/runtime/console.js";
import { $ } from "#src/brightscript/runtime/index.js";
import type { Value } from "#src/brightscript/runtime/values.js";

export { double, float, turns } from "../runtime/shown.js";
export const { g } = $;

/** `value.name(…)` */
export function call(value: Value, name: string, ...values: Value[]): Value {
  const method = (value as Record<string, unknown>)[`$${name.toLowerCase()}`];
  const called = typeof method === "function" ? method : $.missing(value, name.toLowerCase());
  return called.apply(value, values) as Value;
}

/** What work writes to the console. */
export function consoleOf(work: () => unknown): string {
  const chunks: Uint8Array[] = [];
  redirect((bytes) => chunks.push(bytes));
  try {
    work();
  } finally {
    redirect();
  }
  return Buffer.concat(chunks).toString();
}

/** How print shows a value. */
export const printed = (value: Value): string => consoleOf(() => $.print([value]));

/** The number of the run-time error that work ends with. */
export function errorOf(work: () => unknown): number | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return (error as { number?: number }).number;
  }
}

/** Strings of characters of one unit and of two, with bytes that are no UTF-8 (row S19) among them. */
export const anyText = fc
  .array(fc.constantFrom("a", "B", " ", "%", '"', "\\", "\n", "\0", "é", "€", "😀", "\udcff"), {
    maxLength: 20,
  })
  .map((characters) => characters.join(""));
