/** roDateTime: a date and a time of day. */
import { expose } from "../runtime/component.js";
import { dateString, localDate, localTime, weekday } from "./date-format.js";
import { parseIso8601 } from "./iso8601.js";

/** The last moment that JavaScript's Date knows, in the year 275760; the first is as far before 1970. */
const FURTHEST = 8.64e15;

/**
 * A moment in UTC, now when it is made. After toLocalTime() everything here gives the local date and time instead, and the
 * moment, asSeconds() too, is off by the time zone's offset.
 */
export class RoDateTime {
  #date = new Date();

  /** @param time - milliseconds since 1970 */
  static at(time: number): RoDateTime {
    const made = new RoDateTime();
    made.#set(time);
    return made;
  }

  mark(): void {
    this.#date = new Date();
  }

  /** Moves by the time zone's offset at that time, summer time included; each call does it again. */
  toLocalTime(): void {
    this.#set(this.#date.getTime() - this.#date.getTimezoneOffset() * 60_000);
  }

  /** In minutes, of now and not of this date; west of Greenwich is positive. */
  getTimeZoneOffset(): number {
    return new Date().getTimezoneOffset() | 0; // never -0
  }

  /** Seconds since 1970; wraps around in 2038, as 32 bits do. */
  asSeconds(): number {
    return this.asSecondsLong() | 0;
  }

  asSecondsLong(): number {
    return Math.floor(this.#date.getTime() / 1000);
  }

  /** Milliseconds since 1970. */
  asMillisecondsLong(): number {
    return this.#date.getTime();
  }

  fromSeconds(seconds: number): void {
    this.#set(seconds * 1000);
  }

  fromSecondsLong(seconds: bigint): void {
    this.#set(Number(seconds) * 1000);
  }

  /** What is no such date sets the start of 1970. */
  fromISO8601String(text: string): void {
    this.#set(parseIso8601(text) ?? 0);
  }

  /** "2021-03-25T18:53:03Z", and with `format` "milliseconds" "2021-03-25T18:53:03.220Z". */
  toISOString(format = ""): string {
    const text = this.#date.toISOString();
    return format.toLowerCase() === "milliseconds" ? text : text.replace(/\.\d+/, "");
  }

  asDateString(format: string): string {
    return dateString(format, this.#date);
  }

  asDateStringNoParam(): string {
    return dateString("long-date", this.#date);
  }

  asDateStringLoc(format: string): string {
    return localDate(format, this.#date);
  }

  asTimeStringLoc(format: string): string {
    return localTime(format, this.#date);
  }

  /** In English. */
  getWeekday(): string {
    return weekday(this.#date);
  }

  /** 0, Sunday, to 6. */
  getDayOfWeek(): number {
    return this.#date.getUTCDay();
  }

  getYear(): number {
    return this.#date.getUTCFullYear();
  }

  /** 1 to 12. */
  getMonth(): number {
    return this.#date.getUTCMonth() + 1;
  }

  /** 1 to 31. */
  getDayOfMonth(): number {
    return this.#date.getUTCDate();
  }

  /** 28 to 31. */
  getLastDayOfMonth(): number {
    const last = new Date(this.#date);
    last.setUTCMonth(last.getUTCMonth() + 1, 0);
    return last.getUTCDate();
  }

  getHours(): number {
    return this.#date.getUTCHours();
  }

  getMinutes(): number {
    return this.#date.getUTCMinutes();
  }

  getSeconds(): number {
    return this.#date.getUTCSeconds();
  }

  getMilliseconds(): number {
    return this.#date.getUTCMilliseconds();
  }

  #set(time: number): void {
    this.#date = new Date(Math.max(-FURTHEST, Math.min(FURTHEST, time)));
  }
}

expose(RoDateTime, "roDateTime", {
  ifDateTime: [
    "mark() as Void",
    "toLocalTime() as Void",
    "getTimeZoneOffset() as Integer",
    "asSeconds() as Integer",
    "asSecondsLong() as LongInteger",
    "asMillisecondsLong() as LongInteger",
    "fromSeconds(seconds as Integer) as Void",
    "fromSecondsLong(seconds as LongInteger) as Void",
    "fromISO8601String(text as String) as Void",
    "toISOString([format as String]) as String",
    "asDateString(format as String) as String",
    "asDateStringNoParam() as String",
    "asDateStringLoc(format as String) as String",
    "asTimeStringLoc(format as String) as String",
    "getWeekday() as String",
    "getDayOfWeek() as Integer",
    "getYear() as Integer",
    "getMonth() as Integer",
    "getDayOfMonth() as Integer",
    "getLastDayOfMonth() as Integer",
    "getHours() as Integer",
    "getMinutes() as Integer",
    "getSeconds() as Integer",
    "getMilliseconds() as Integer",
  ],
});
