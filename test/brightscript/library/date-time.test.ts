import fc from "fast-check";
import t from "tap";
import { RoDateTime } from "#src/brightscript/library/date-time.js";

const of = (text: string): RoDateTime => {
  const date = new RoDateTime();
  date.fromISO8601String(text);
  return date;
};

/** Runs something with the machine in another time zone. */
function inZone(zone: string, work: () => void): void {
  const { TZ } = process.env;
  process.env.TZ = zone;
  try {
    work();
  } finally {
    if (TZ === undefined) delete process.env.TZ;
    else process.env.TZ = TZ;
  }
}

t.test("the fields", async (t) => {
  const date = of("2010-11-12T13:14:15.167Z");
  t.strictSame(
    [
      date.getYear(),
      date.getMonth(),
      date.getDayOfMonth(),
      date.getHours(),
      date.getMinutes(),
      date.getSeconds(),
      date.getMilliseconds(),
      date.getDayOfWeek(),
      date.getWeekday(),
    ],
    [2010, 11, 12, 13, 14, 15, 167, 5, "Friday"],
  );
  t.equal(date.asSeconds(), 1289567655);
  t.equal(date.asSecondsLong(), 1289567655);
  t.equal(date.asMillisecondsLong(), 1289567655167);
});

t.test("now, when it is made or marked", async (t) => {
  const date = of("2001-01-01");
  const before = Date.now();
  date.mark();
  for (const each of [date, new RoDateTime()]) {
    const time = each.asMillisecondsLong();
    t.ok(time >= before && time <= Date.now());
  }
});

t.test("seconds", async (t) => {
  const date = new RoDateTime();
  date.fromSeconds(1289567655);
  t.equal(date.toISOString("milliseconds"), "2010-11-12T13:14:15.000Z");
  date.fromSeconds(-1);
  t.equal(date.toISOString(), "1969-12-31T23:59:59Z");
  t.equal(date.asSeconds(), -1);
  date.fromSecondsLong(2n ** 31n);
  t.equal(date.toISOString(), "2038-01-19T03:14:08Z");
  t.equal(date.asSeconds(), -(2 ** 31), "32 bits");
  t.equal(date.asSecondsLong(), 2 ** 31);
  t.equal(of("1969-12-31 23:59:59.5").asSeconds(), -1, "cut downwards");
});

t.test("as far as Date goes, and no farther", async (t) => {
  const date = new RoDateTime();
  date.fromSecondsLong(2n ** 63n - 1n);
  t.equal(date.getYear(), 275760);
  date.toLocalTime();
  t.match(date.toISOString(), /^\+275760-09-1/);
  date.fromSecondsLong(-(2n ** 63n));
  t.equal(date.getYear(), -271821);
});

t.test("toISOString", async (t) => {
  const date = of("2021-03-25T18:53:03.22");
  t.equal(date.toISOString(), "2021-03-25T18:53:03Z");
  t.equal(date.toISOString("milliseconds"), "2021-03-25T18:53:03.220Z");
  t.equal(date.toISOString("Milliseconds"), "2021-03-25T18:53:03.220Z");
  t.equal(date.toISOString("other"), "2021-03-25T18:53:03Z");
  t.equal(of("no date").toISOString(), "1970-01-01T00:00:00Z");
});

t.test("asDateString", async (t) => {
  const date = of("2012-10-09");
  const rows: [format: string, text: string][] = [
    ["long-date", "Tuesday October 9, 2012"],
    ["short-weekday", "Tue October 9, 2012"],
    ["no-weekday", "October 9, 2012"],
    ["short-month", "Tuesday Oct 9, 2012"],
    ["short-month-short-weekday", "Tue Oct 9, 2012"],
    ["short-month-no-weekday", "Oct 9, 2012"],
    ["short-date", "10/9/12"],
    ["short-date-dashes", "10-9-12"],
    ["Long-Date", "Tuesday October 9, 2012"],
    ["", "Tuesday October 9, 2012"],
    ["constructor", "Tuesday October 9, 2012"],
  ];
  for (const [format, text] of rows) t.equal(date.asDateString(format), text, format);
  t.equal(date.asDateStringNoParam(), "Tuesday October 9, 2012");
  t.equal(of("2005-03-02").asDateString("short-date"), "3/2/5");
});

t.test("asDateStringLoc and asTimeStringLoc", async (t) => {
  const date = of("2023-01-20T23:25:07");
  const dates: [format: string, text: string][] = [
    ["full", "Friday, January 20, 2023"],
    ["long", "January 20, 2023"],
    ["medium", "Jan 20, 2023"],
    ["short", "1/20/23"],
    ["", "1/20/23"],
    ["MM.EEE/y", "01.Fri/2023"],
    ["EEEE d MMMM yy", "Friday 20 January 23"],
    ["dd-M", "20-1"],
    ["h:mm 'EE'", "h:mm 'EE'"],
  ];
  for (const [format, text] of dates) t.equal(date.asDateStringLoc(format), text, format);
  const times: [format: string, text: string][] = [
    ["short", "11:25 pm"],
    ["short-h12", "11:25pm"],
    ["short-h24", "23:25"],
    ["", "11:25 pm"],
    ["h:mm", "11:25"],
    ["hh.m a d", "11.25 pm d"],
    ["H-HH", "23-23"],
  ];
  for (const [format, text] of times) t.equal(date.asTimeStringLoc(format), text, format);
  const early = of("2005-03-02T00:04");
  t.equal(early.asTimeStringLoc("h hh H HH m mm a"), "12 12 0 00 4 04 am");
  t.equal(early.asTimeStringLoc("short-h24"), "00:04");
  t.equal(early.asDateStringLoc("short"), "3/2/05");
});

t.test("the time zone", async (t) => {
  inZone("America/Los_Angeles", () => {
    const date = of("2021-07-01T12:00:00");
    date.toLocalTime();
    t.equal(date.toISOString(), "2021-07-01T05:00:00Z", "summer time");
    date.toLocalTime();
    t.equal(date.getHours(), 22, "each call moves it again");
    const winter = of("2021-01-01T12:00:00");
    winter.toLocalTime();
    t.equal(winter.getHours(), 4);
    t.ok([420, 480].includes(date.getTimeZoneOffset()));
  });
  inZone("Asia/Kolkata", () => {
    const date = new RoDateTime();
    t.equal(date.getTimeZoneOffset(), -330);
    date.fromSeconds(0);
    date.toLocalTime();
    t.equal(date.asSeconds(), 19800);
  });
  inZone("UTC", () => t.equal(Object.is(new RoDateTime().getTimeZoneOffset(), 0), true));
});

t.test("getLastDayOfMonth", async (t) => {
  const days = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  days.forEach((day, month) => {
    t.equal(of(`2023-${month + 1}-31`).asSeconds() === 0 || day === 31, true);
    t.equal(of(`2023-${month + 1}-1`).getLastDayOfMonth(), day);
    t.equal(of(`2023-${month + 1}-${day}T23:59:59`).getLastDayOfMonth(), day);
  });
  for (const [year, day] of [
    [2000, 29],
    [2004, 29],
    [1900, 28],
    [2100, 28],
  ])
    t.equal(of(`${year}-02-15`).getLastDayOfMonth(), day);
});

t.test("property: what is written is read", async (t) => {
  fc.assert(
    fc.property(
      fc.date({ min: new Date("0001-01-01"), max: new Date("9999-12-31"), noInvalidDate: true }),
      (date) => {
        const text = date.toISOString();
        t.equal(of(text).toISOString("milliseconds"), text);
        t.equal(of(text).asMillisecondsLong(), date.getTime());
        t.equal(of(of(text).toISOString()).asSecondsLong(), of(text).asSecondsLong());
      },
    ),
  );
});
