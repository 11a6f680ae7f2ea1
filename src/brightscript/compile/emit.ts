/**
 * Output of which line n comes from line n of the source, so that V8's stack traces name BrightScript's
 * lines. The code is put together as text with marks in it: a mark says on which line what follows has to
 * stand.
 */

/** Begins a mark; strings have it only escaped. */
const sign = "\u0001";

/** What follows stands on this line, or, if the text before it already went further, where it is. */
export const mark = (line: number): string => `${sign}${line};`;

/** Whether the text has marks, which is to say more than one line. */
export const hasMark = (text: string): boolean => text.includes(sign);

/** Whether the text begins with a mark. */
export const isMarked = (text: string): boolean => text.startsWith(sign);

/** The text with line breaks in place of its marks. It has no others. */
export function layOut(text: string): string {
  let current = 1;
  const [head, ...parts] = text.split(sign);
  const laidOut = parts.map((part) => {
    const end = part.indexOf(";");
    const missing = Math.max(0, Number(part.slice(0, end)) - current);
    current += missing;
    return "\n".repeat(missing) + part.slice(end + 1);
  });
  return head + laidOut.join("");
}
