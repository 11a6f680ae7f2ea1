/**
 * Groups under construction have names: `(?<n1>…)` is the pattern's first, `(?<a1>…)` one that was added. Their numbers are
 * known only in the end.
 */
import { refuse } from "./error.js";

// An escape is passed over as a whole. A parenthesis in a class is always escaped.
const TOKEN = /\(\?<(\w+)>|\\k<(=?\w+)>|\\./gs;

/**
 * Replaces names by numbers.
 *
 * @param names - which group, "n1", the pattern's own names mean; `\k<=name>` refers to those
 * @returns the source, and every group's number by its name
 */
export function numberGroups(
  named: string,
  names: ReadonlyMap<string, string>,
): { source: string; numbers: ReadonlyMap<string, number> } {
  const numbers = new Map<string, number>();
  for (const [, group] of named.matchAll(TOKEN)) {
    if (group !== undefined) numbers.set(group, numbers.size + 1);
  }
  const source = named.replace(TOKEN, (token, group?: string, reference?: string) => {
    if (group !== undefined) return "(";
    if (reference === undefined) return token;
    const meant = reference.startsWith("=") ? names.get(reference.slice(1)) : reference;
    const number = numbers.get(meant ?? "") ?? refuse("reference to a group that is not there");
    return `(?:\\${number})`;
  });
  return { source, numbers };
}
