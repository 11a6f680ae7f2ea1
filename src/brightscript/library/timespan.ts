/** roTimespan: how long ago something was. */
import { expose } from "../runtime/component.js";
import { parseIso8601 } from "./iso8601.js";

/** What a Roku gives for a date that it cannot read. */
const UNREADABLE = 2077252342;

/** Counts on the monotonic clock. The totals are cut; those that are Integers wrap around: microseconds after 35 minutes. */
export class RoTimespan {
  /** In milliseconds. */
  #mark = performance.now();

  /** One that was marked at another time, in milliseconds since the process started. */
  static since(time: number): RoTimespan {
    const made = new RoTimespan();
    made.#mark = time;
    return made;
  }

  mark(): void {
    this.#mark = performance.now();
  }

  totalMicroseconds(): number {
    return ((performance.now() - this.#mark) * 1000) | 0;
  }

  totalMilliseconds(): number {
    return (performance.now() - this.#mark) | 0;
  }

  totalMicrosecondsLong(): number {
    return Math.trunc((performance.now() - this.#mark) * 1000);
  }

  totalMillisecondsLong(): number {
    return Math.trunc(performance.now() - this.#mark);
  }

  totalSeconds(): number {
    return ((performance.now() - this.#mark) / 1000) | 0;
  }

  /** Seconds from now, not from the mark, to `date`; negative when it is over. */
  getSecondsToISO8601Date(date: string): number {
    const time = parseIso8601(date);
    if (time === undefined) return UNREADABLE;
    return (Math.floor(time / 1000) - Math.floor(Date.now() / 1000)) | 0;
  }
}

expose(RoTimespan, "roTimespan", {
  ifTimespan: [
    "mark() as Void",
    "totalMicroseconds() as Integer",
    "totalMilliseconds() as Integer",
    "totalMicrosecondsLong() as LongInteger",
    "totalMillisecondsLong() as LongInteger",
    "totalSeconds() as Integer",
    "getSecondsToISO8601Date(date as String) as Integer",
  ],
});
