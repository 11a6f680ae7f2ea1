import { spawn } from "node:child_process";
import { once } from "node:events";
import t from "tap";
import { box } from "#src/brightscript/library/boxed.js";
import { currentColumn, flush, redirect, write, writeLines } from "#src/brightscript/runtime/console.js";
import { comma, type Item, item, pos, print, semicolon, tab } from "#src/brightscript/runtime/print.js";
import { inSystemCall } from "../../support/activity.js";
import { withTimeout } from "../../support/time.js";
import { double, float } from "./shown.js";

/** What calls write, each write by itself. */
function written(work: () => void): string[] {
  const writes: string[] = [];
  redirect((bytes) => writes.push(Buffer.from(bytes).toString("latin1")));
  try {
    work();
    flush();
  } finally {
    redirect();
  }
  return writes;
}

const printed = (...items: Item[]): string => written(() => print(items)).join("|");

t.test("numbers that are not negative have a space before them", async (t) => {
  t.equal(printed(5, -5, 0), " 5-5 0\n");
  t.equal(printed(float(1.5), double(-1.5), 7n, -7n), " 1.5-1.5 7-7\n");
  t.equal(printed(box(5), "x", true, null), " 5xtrueinvalid\n");
  t.equal(printed(double(Number.NaN), double(Number.POSITIVE_INFINITY), double(-Infinity)), " nan inf-inf\n");
});

t.test("a comma goes to the next zone of 16", async (t) => {
  t.equal(printed("zone 1", comma, "zone 2"), `${"zone 1".padEnd(16)}zone 2\n`);
  t.equal(printed("a", comma, comma, "b"), `${"a".padEnd(32)}b\n`);
  t.equal(printed("x".repeat(16), comma, "b"), `${"x".repeat(16).padEnd(32)}b\n`);
  t.equal(printed("line\nx", comma, "b"), `line\n${"x".padEnd(16)}b\n`);
  t.equal(printed(1, comma, 2), `${" 1".padEnd(16)} 2\n`);
});

t.test("a separator at the end keeps the line", async (t) => {
  t.same(
    written(() => {
      print(["a", semicolon]);
      print(["b", comma]);
      print(["c"]);
      print([]);
    }),
    ["a", `b${" ".repeat(14)}`, "c\n", "\n"],
  );
});

t.test("tab goes on to a column, never back", async (t) => {
  t.equal(printed(tab(5), "x", tab(float(8.9)), "y"), "     x  y\n");
  t.equal(printed("0123456789", tab(3), "x"), "0123456789x\n");
  t.equal(printed(tab(-1), "x"), "x\n");
});

t.test("pos is the column; items are put one by one and written together", async (t) => {
  const writes = written(() => {
    item("these");
    item(tab((pos(0) as number) + 5));
    t.equal(pos(0), 10);
    print(["words"]);
    t.equal(pos(0), 0);
  });
  t.same(writes, ["these     words\n"]);
});

t.test("what was put is written at the latest with the next text", async (t) => {
  t.same(
    written(() => {
      item("a");
      write("b\n");
    }),
    ["ab\n"],
  );
  t.same(
    written(() => item("left")),
    ["left"],
  );
});

t.test("the system's lines begin on a line of their own", async (t) => {
  t.same(
    written(() => {
      print(["a", semicolon]);
      writeLines("said\n");
      writeLines("again\n");
      t.equal(currentColumn(), 0);
    }),
    ["a", "\nsaid\n", "again\n"],
  );
});

t.test("S19: text is written as the bytes it stands for", async (t) => {
  t.equal(printed("h\u00e9\udcff\0"), "h\xc3\xa9\xff\0\n");
});

/** A program that prints a megabyte, in lines, to a pipe that was made non-blocking. */
const megabyte = `
  const { print } = require(${JSON.stringify(require.resolve("#src/brightscript/runtime/print.js"))});
  process.stdout._handle.setBlocking(false);
  for (let i = 0; i < 1024; i++) print(["x".repeat(1023)]);
`;

t.test("a full pipe is waited for, asleep", async (t) => {
  const child = spawn(process.execPath, ["-e", megabyte], { stdio: ["ignore", "pipe", "inherit"] });
  const [first] = (await withTimeout(once(child.stdout, "data"), "the first line")) as [Buffer];
  child.stdout.pause();
  await inSystemCall(child.pid!);
  let size = first.length;
  child.stdout.on("data", (data) => {
    size += data.length;
  });
  child.stdout.resume();
  const [status] = await withTimeout(once(child, "close"), "the end");
  t.equal(status, 0);
  t.equal(size, 1024 * 1024);
});

t.test("a pipe that is closed ends the program", async (t) => {
  const program = `
    const { End } = require(${JSON.stringify(require.resolve("#src/brightscript/runtime/program.js"))});
    try { ${megabyte} } catch (error) { process.exitCode = error instanceof End ? error.status : 1; }
  `;
  const child = spawn(process.execPath, ["-e", program], { stdio: ["ignore", "pipe", "inherit"] });
  child.stdout.destroy();
  const [status] = await withTimeout(once(child, "close"), "the end");
  t.equal(status, 141);
});
