/** Dates in the notation of ISO 8601. */

const NOTATION =
  /^(\d{4})(?:-(\d\d?)(?:-(\d\d?))?)?(?:[T ](?:(\d\d?)(?::(\d\d?)(?::(\d\d?)(?:[.,](\d+))?)?)?)?)?\s*(?:(Z)|([+-])(\d\d):?(\d\d)?)?$/i;

/**
 * The moment that `text` names, in milliseconds since 1970 in UTC; undefined when it is no such date.
 *
 * Read are "2009-01-01 01:00:00.000", with a T or a space, and the same with its end left out, down to the year. A date
 * without an offset is in UTC, not in the local time that the standard says: that is what Roku's page says.
 */
export function parseIso8601(text: string): number | undefined {
  const match = NOTATION.exec(text.trim());
  if (match === null) return undefined;
  const [year, month = 1, day = 1, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map((digits) => (digits === undefined ? undefined : Number(digits)));
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(year!, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  const [fraction = "", , sign, hours = "0", minutes = "0"] = match.slice(7);
  const millisecond = Number(fraction.slice(0, 3).padEnd(3, "0"));
  const offset = (Number(hours) * 60 + Number(minutes)) * (sign === "-" ? -60_000 : 60_000);
  return date.setUTCHours(hour, minute, second, millisecond) - offset;
}
