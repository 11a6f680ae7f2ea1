/** Sorting as roArray does it. */
import { Double, Float, unboxed, type Value } from "../runtime/values.js";

/** Numbers come first, then strings, then what cannot be compared. */
enum Group {
  Number,
  Text,
  Other,
}

interface Entry {
  readonly item: Value;
  readonly group: Group;
  readonly key: number | bigint | string;
}

function entry(item: Value, value: Value, ignoreCase: boolean): Entry {
  const plain = unboxed(value);
  if (typeof plain === "number" || typeof plain === "bigint")
    return { item, group: Group.Number, key: plain };
  if (plain instanceof Float || plain instanceof Double)
    return { item, group: Group.Number, key: plain.value };
  if (typeof plain === "string") {
    return { item, group: Group.Text, key: ignoreCase ? plain.toLowerCase() : plain };
  }
  return { item, group: Group.Other, key: 0 };
}

function compare(left: Entry, right: Entry): number {
  if (left.group !== right.group) return left.group - right.group;
  return left.key < right.key ? -1 : left.key > right.key ? 1 : 0;
}

/**
 * The items in the order of their keys; items with the same key stay in their order.
 *
 * @param flags - "r": the other way round, "i": without regard to case; with any other the items are as they were
 */
export function sorted(
  items: readonly Value[],
  key: (item: Value) => Value,
  flags: string,
): readonly Value[] {
  if (!/^[ir]*$/.test(flags)) return items;
  const ignoreCase = flags.includes("i");
  const direction = flags.includes("r") ? -1 : 1;
  return Array.from(items, (item) => entry(item, key(item), ignoreCase))
    .sort((left, right) => direction * compare(left, right))
    .map(({ item }) => item);
}
