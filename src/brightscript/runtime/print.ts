/** The print statement. */
import { currentColumn, flush, put } from "./console.js";
import { toInteger } from "./convert.js";
import { format } from "./format.js";
import { isNumeric } from "./numbers.js";
import { unboxed, type Value } from "./values.js";

/** The width of a print zone. */
const zone = 16;

/** An item of print that is no value, but spaces up to where the next one stands. */
class Spaces {
  constructor(readonly count: (column: number) => number) {}
}

/** `,`: on to the next zone. */
export const comma = new Spaces((column) => zone - (column % zone));

/** `;`: the next item follows at once. */
export const semicolon = new Spaces(() => 0);

/** `tab(n)`: on to a column, unless it is passed already. */
export function tab(to: Value): Spaces {
  const target = toInteger(to);
  return new Spaces((column) => Math.max(0, target - column));
}

/** `pos(n)`: the column. The items before it must have been put already: see item(). */
export const pos = (_: Value): number => currentColumn();

export type Item = Value | Spaces;

/**
 * Puts an item that print() will write, before the next one is evaluated: for statements whose later items ask where the cursor
 * is, print something themselves or fail.
 */
export function item(item: Item): void {
  put(item instanceof Spaces ? " ".repeat(item.count(currentColumn())) : text(item));
}

/** Prints the items, at once. The line ends unless the last item is a separator. */
export function print(items: readonly Item[]): void {
  for (const each of items) item(each);
  const last = items.at(-1);
  if (last !== comma && last !== semicolon) put("\n");
  flush();
}

/** A number that has no minus sign has a space in its place. */
function text(value: Value): string {
  const shown = format(value);
  return isNumeric(unboxed(value)) && !shown.startsWith("-") ? ` ${shown}` : shown;
}
