/** Dates and times in words, as a Roku that is set to English (United States) writes them. */

const MONTHS = "January February March April May June July August September October November December".split(
  " ",
);
const WEEKDAYS = "Sunday Monday Tuesday Wednesday Thursday Friday Saturday".split(" ");

type Symbols = Readonly<Record<string, (date: Date) => string | number>>;

const two = (number: number): string => String(number).padStart(2, "0");
const month = (date: Date): string => MONTHS[date.getUTCMonth()]!;
const hour12 = (date: Date): number => date.getUTCHours() % 12 || 12;

export const weekday = (date: Date): string => WEEKDAYS[date.getUTCDay()]!;

const dateSymbols: Symbols = {
  EEEE: weekday,
  EEE: (date) => weekday(date).slice(0, 3),
  MMMM: month,
  MMM: (date) => month(date).slice(0, 3),
  MM: (date) => two(date.getUTCMonth() + 1),
  M: (date) => date.getUTCMonth() + 1,
  dd: (date) => two(date.getUTCDate()),
  d: (date) => date.getUTCDate(),
  y: (date) => date.getUTCFullYear(),
  yy: (date) => two(date.getUTCFullYear() % 100),
};

const timeSymbols: Symbols = {
  h: hour12,
  hh: (date) => two(hour12(date)),
  H: (date) => date.getUTCHours(),
  HH: (date) => two(date.getUTCHours()),
  m: (date) => date.getUTCMinutes(),
  mm: (date) => two(date.getUTCMinutes()),
  a: (date) => (date.getUTCHours() < 12 ? "am" : "pm"),
};

/** The pattern with its symbols replaced; any other run of a letter, and all between, stays. */
function fill(pattern: string, symbols: Symbols, date: Date): string {
  return pattern.replace(/([A-Za-z])\1*/g, (run) => String(symbols[run]?.(date) ?? run));
}

const dateStrings = new Map([
  ["long-date", "EEEE MMMM d, y"],
  ["short-weekday", "EEE MMMM d, y"],
  ["no-weekday", "MMMM d, y"],
  ["short-month", "EEEE MMM d, y"],
  ["short-month-short-weekday", "EEE MMM d, y"],
  ["short-month-no-weekday", "MMM d, y"],
  ["short-date", "M/d/yy"],
  ["short-date-dashes", "M-d-yy"],
]);

/** With no leading zero in the year of the short dates, as a Roku has it: 10/9/5. */
const dateStringSymbols: Symbols = { ...dateSymbols, yy: (date) => date.getUTCFullYear() % 100 };

/** AsDateString(); an unknown format is "long-date". */
export function dateString(format: string, date: Date): string {
  const pattern = dateStrings.get(format.toLowerCase()) ?? dateStrings.get("long-date")!;
  return fill(pattern, dateStringSymbols, date);
}

const localDates = new Map([
  ["full", "EEEE, MMMM d, y"],
  ["long", "MMMM d, y"],
  ["medium", "MMM d, y"],
  ["short", "M/d/yy"],
  ["", "M/d/yy"],
]);

/** AsDateStringLoc(): one of the named formats, or a pattern of date symbols such as "MM.EEE/y". */
export function localDate(format: string, date: Date): string {
  return fill(localDates.get(format.trim().toLowerCase()) ?? format, dateSymbols, date);
}

const localTimes = new Map([
  ["short", "h:mm a"],
  ["short-h12", "h:mma"],
  ["short-h24", "HH:mm"],
  ["", "h:mm a"],
]);

/** AsTimeStringLoc(): one of the named formats, or a pattern of time symbols such as "h:mm a". */
export function localTime(format: string, date: Date): string {
  return fill(localTimes.get(format.trim().toLowerCase()) ?? format, timeSymbols, date);
}
