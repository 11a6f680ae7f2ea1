/** roAppMemoryMonitor: figures of this process and of its limit. */
import { execFileSync } from "node:child_process";
import { totalmem } from "node:os";
import t from "tap";
import { call, g } from "./call.js";

const MiB = 1024 ** 2;
const monitor = g.createobject!("roAppMemoryMonitor");
const ask = (name: string): number => call(monitor, name) as number;
const limitOf = (name: string): number =>
  call(call(monitor, "GetChannelMemoryLimit"), "Lookup", name) as number;

t.test("what is used and what is left agree with the limit", async (t) => {
  const limit = limitOf("maxForegroundMemory");
  t.ok(limit > 0 && limit <= totalmem() / 1024, `${limit} kB`);
  t.equal(limitOf("maxBackgroundMemory"), limit);
  const heap = limitOf("maxRokuManagedHeapMemory");
  t.ok(heap > 0 && heap <= limit, `${heap} kB`);
  const percent = (process.memoryUsage.rss() / 1024 / limit) * 100;
  t.ok(Math.abs(ask("GetMemoryLimitPercent") - percent) <= 2, `${percent}`);
  const available = ask("GetChannelAvailableMemory");
  t.ok(available >= 0 && available < limit, `${available} kB`);
});

/** What a process says that has a limit, before and after it takes more memory. */
function said(limit: string): {
  percent: number;
  available: number;
  most: number;
  later: number;
  left: number;
} {
  const path = require.resolve("#src/brightscript/library/memory-monitor.js");
  const script = `
    const { RoAppMemoryMonitor } = require(${JSON.stringify(path)});
    process.constrainedMemory = () => ${limit};
    const monitor = new RoAppMemoryMonitor();
    const percent = monitor.getMemoryLimitPercent();
    const available = monitor.getChannelAvailableMemory();
    const most = monitor.getChannelMemoryLimit().lookup("maxForegroundMemory");
    const taken = Buffer.alloc(${100 * MiB}, 1);
    const later = monitor.getMemoryLimitPercent();
    const left = monitor.getChannelAvailableMemory();
    console.log(JSON.stringify({ percent, available, most, later, left, taken: taken.length }));`;
  return JSON.parse(execFileSync(process.execPath, ["-e", script], { encoding: "utf8" }));
}

t.test("a control group's limit counts", async (t) => {
  const { percent, available, most, later, left } = said(`${400 * MiB}`);
  t.equal(most, 400 * 1024);
  t.ok(percent > 5 && percent < 60, `${percent} %`);
  t.ok(later - percent >= 22 && later - percent <= 30, `100 of 400 MiB more: ${percent} % and ${later} %`);
  t.ok(available - left > 90 * 1024, `${available} kB and ${left} kB`);
});

t.test("a limit that is exceeded, or is none", async (t) => {
  const small = said(`${20 * MiB}`);
  t.equal(small.percent, 100);
  t.equal(small.available, 0);
  for (const none of ["0", "undefined", "2 ** 64"])
    t.equal(said(none).most, Math.floor(totalmem() / 1024), none);
});

t.test("no event will come, and programs are told so", async (t) => {
  const port = g.createobject!("roMessagePort");
  call(monitor, "SetMessagePort", port);
  t.equal(call(monitor, "GetMessagePort"), port);
  t.equal(call(monitor, "EnableMemoryWarningEvent", true), false);
  t.equal(call(monitor, "EnableMemoryWarningEvent", false), false);
});
