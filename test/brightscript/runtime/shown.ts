/** Values in tests: as text that names the type too. */
import { each } from "#src/brightscript/runtime/access.js";
import { BrsError } from "#src/brightscript/runtime/errors.js";
import { format } from "#src/brightscript/runtime/format.js";
import { Double, Float, typeName, type Value } from "#src/brightscript/runtime/values.js";

export const float = (value: number): Float => new Float(value);
export const double = (value: number): Double => new Double(value);

/** The values that `for each` goes through. */
export function* turns(value: Value): Generator<Value> {
  const items = each(value);
  while (items.$$more()) yield items.$$take();
}

/** `Integer 5`, `Float 2.5` */
export const shown = (value: Value): string => `${typeName(value)} ${format(value)}`;

/** What a call gives, or the words of the error that it throws. */
export function outcome(call: () => Value): string {
  try {
    return shown(call());
  } catch (error) {
    if (error instanceof BrsError) return `&h${error.number.toString(16)} ${error.message}`;
    throw error;
  }
}

/** Rows and columns of a table: the columns' names in the first line, each other line a row's name and its cells. */
export function table(text: string): { row: string; column: string; cell: string }[] {
  const [head, ...lines] = text.trim().split("\n");
  const split = (line: string): string[] => line.trim().split(/ {2,}|\t/);
  const columns = split(head!);
  return lines.flatMap((line) => {
    const [row, ...cells] = split(line);
    return cells.map((cell, i) => ({ row: row!, column: columns[i]!, cell }));
  });
}
