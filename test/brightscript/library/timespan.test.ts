import t from "tap";
import { parseIso8601 } from "#src/brightscript/library/iso8601.js";
import { RoTimespan } from "#src/brightscript/library/timespan.js";

/** A clock that a test moves, for performance.now() and Date.now(). */
function clock(t: { teardown(work: () => void): void }, milliseconds: number) {
  const { now } = performance;
  const { now: date } = Date;
  const state = { now: milliseconds };
  performance.now = () => state.now;
  Date.now = () => 1_000_000_000_000 + state.now;
  t.teardown(() => {
    performance.now = now;
    Date.now = date;
  });
  return state;
}

t.test("the totals, from when it was made or marked", async (t) => {
  const time = clock(t, 5000);
  const timespan = new RoTimespan();
  t.equal(timespan.totalMilliseconds(), 0);
  time.now += 2999.9995;
  t.equal(timespan.totalSeconds(), 2);
  t.equal(timespan.totalMilliseconds(), 2999);
  t.equal(timespan.totalMicroseconds(), 2_999_999);
  timespan.mark();
  t.equal(timespan.totalMicroseconds(), 0);
});

t.test("the totals are of 32 bits", async (t) => {
  const time = clock(t, 0);
  const timespan = new RoTimespan();
  time.now = 2 ** 31;
  t.equal(timespan.totalMilliseconds(), -(2 ** 31));
  t.equal(timespan.totalSeconds(), 2_147_483);
});

t.test("getSecondsToISO8601Date", async (t) => {
  const time = clock(t, 999);
  const timespan = new RoTimespan();
  t.equal(timespan.getSecondsToISO8601Date("2001-09-09T01:46:40"), 0);
  t.equal(timespan.getSecondsToISO8601Date("2001-09-09T01:47:40.5Z"), 60);
  time.now = 3000;
  timespan.mark();
  t.equal(timespan.getSecondsToISO8601Date("2001-09-09 01:46:40"), -3);
  t.equal(timespan.getSecondsToISO8601Date("tomorrow"), 2077252342);
});

t.test("dates that are read, and dates that are not", async (t) => {
  const read: [text: string, iso: string][] = [
    ["2009-01-02 03:04:05.678", "2009-01-02T03:04:05.678Z"],
    ["2009-01-02T03:04:05.6", "2009-01-02T03:04:05.600Z"],
    ["2009-01-02t03:04:05,6789z", "2009-01-02T03:04:05.678Z"],
    ["2009-01-02T03:04:05", "2009-01-02T03:04:05.000Z"],
    ["2009-01-02T03:04", "2009-01-02T03:04:00.000Z"],
    ["2009-01-02T03", "2009-01-02T03:00:00.000Z"],
    ["2009-01-02T", "2009-01-02T00:00:00.000Z"],
    [" 2009-1-2 ", "2009-01-02T00:00:00.000Z"],
    ["2009-01", "2009-01-01T00:00:00.000Z"],
    ["2009", "2009-01-01T00:00:00.000Z"],
    ["2009-01-02T03:04:05+02:00", "2009-01-02T01:04:05.000Z"],
    ["2009-01-02T03:04:05 -0130", "2009-01-02T04:34:05.000Z"],
    ["2012-02-29", "2012-02-29T00:00:00.000Z"],
    ["0001-01-01", "0001-01-01T00:00:00.000Z"],
  ];
  for (const [text, iso] of read) t.equal(new Date(parseIso8601(text)!).toISOString(), iso, text);
  const unread = [
    "",
    "x",
    "2009-13-01",
    "2009-00-01",
    "2009-02-29",
    "2009-01-32",
    "2009-01-02T24:00",
    "2009-01-02T00:60",
    "2009-01-02T00:00:60",
    "20090102",
    "2009-01-02T03:04:05x",
    "Fri, 02 Jan 2009",
    "1e9",
  ];
  for (const text of unread) t.equal(parseIso8601(text), undefined, text);
});
