import t from "tap";
import { RoAssociativeArray } from "#src/brightscript/library/associative-array.js";
import { $ } from "#src/brightscript/runtime/index.js";
import { Float } from "#src/brightscript/runtime/values.js";
import { collectGarbage, newDescriptors, openDescriptors } from "../../support/descriptors.js";
import { call, errorOf, float, g } from "./call.js";
import { startProgram } from "./program.js";

t.test("sleep sleeps, and uses no processor meanwhile", async (t) => {
  const from = performance.now();
  const used = process.cpuUsage();
  g.sleep!(200);
  const spent = process.cpuUsage(used);
  t.ok(performance.now() - from >= 199);
  t.ok(spent.user + spent.system < 150_000, "microseconds");
  g.sleep!(0);
  g.sleep!(-1_000_000);
  t.ok(performance.now() - from < 900_000);
});

t.test("wait", async (t) => {
  const port = g.createobject!("roMessagePort") as { postMessage(value: unknown): void };
  const message = RoAssociativeArray.of({});
  port.postMessage(message);
  t.equal(g.wait!(0, port), message);
  const from = performance.now();
  t.equal(g.wait!(float(20.5), port), null);
  t.ok(performance.now() - from >= 19);
  for (const other of [null, RoAssociativeArray.of({}), 5])
    t.equal(
      errorOf(() => g.wait!(1, other)),
      0xee,
    );
  t.equal(
    errorOf(() => g.wait!(1)),
    0xf1,
  );
});

/** Opens ten sockets that nothing refers to afterwards. */
function dropSockets(): void {
  for (let count = 0; count < 10; count++) {
    const address = g.createobject!("roSocketAddress");
    call(address, "setAddress", "127.0.0.1:0");
    call(g.createobject!("roDatagramSocket"), "setAddress", address);
  }
}

t.test("S47 runGarbageCollector closes what was dropped before it returns", async (t) => {
  const before = openDescriptors();
  dropSockets();
  t.equal(newDescriptors(before).length, 10);
  t.type(g.rungarbagecollector!(), RoAssociativeArray);
  t.same(newDescriptors(before), [], "the event loop had no turn");
});

t.test("S47 sleep closes what was collected", async (t) => {
  const before = openDescriptors();
  dropSockets();
  collectGarbage();
  t.equal(newDescriptors(before).length, 10);
  for (let count = 0; count < 13 && newDescriptors(before).length > 0; count++) g.sleep!(100);
  t.same(newDescriptors(before), [], "short ones, at most once a second");
  dropSockets();
  collectGarbage();
  g.sleep!(1000);
  t.same(newDescriptors(before), [], "a long one");
});

t.test("upTime counts seconds since the system started", async (t) => {
  const time = g.uptime!(0);
  t.type(time, Float);
  t.ok((time as Float).value > 0);
});

t.test("runGarbageCollector", async (t) => {
  const dropped = new WeakRef(RoAssociativeArray.of({}));
  await new Promise((resolve) => setImmediate(resolve));
  const result = g.rungarbagecollector!();
  t.same(
    ["count", "orphaned", "root"].map((name) => $.field(result, name)),
    [0, 0, 0],
  );
  t.equal(dropped.deref(), undefined);
});

const german = `<?xml version="1.0" encoding="UTF-8"?>
<xliff version="1.2"><file source-language="en-US" target-language="de-DE"><body>
  <trans-unit id="1"><source>Goodbye &amp; thanks</source><target>Auf Wiedersehen &amp; danke</target></trans-unit>
  <trans-unit id="2"><source>Later</source><target/></trans-unit>
</body></file></xliff>`;

t.test("tr: the text in the language of the environment, where the program has it", async (t) => {
  t.intercept(process, "env", { value: { LANG: "de_DE.UTF-8" } });
  startProgram(t, { pkg: { locale: { de_DE: { "translations.xml": german } } } });
  t.equal(g.tr!("Goodbye & thanks"), "Auf Wiedersehen & danke");
  t.equal(g.tr!("Later"), "Later");
  t.equal(g.tr!("Hello"), "Hello");
  startProgram(t, { pkg: { locale: { de_DE: { "translations.xml": "<xliff>" } } } });
  t.equal(g.tr!("Goodbye & thanks"), "Goodbye & thanks", "a file that is no XML");
  startProgram(t);
  t.equal(g.tr!("Goodbye & thanks"), "Goodbye & thanks");
});

t.test("rebootSystem does nothing", async (t) => {
  t.equal(g.rebootsystem!(), null);
});

t.test("what bslCore.brs declares", async (t) => {
  t.equal(g.asciitohex!("Hi!"), "486921");
  t.equal(g.hextoascii!("486921"), "Hi!");
  t.equal(g.hextointeger!("fF"), 255);
  t.equal(g.hextointeger!("FFFFFFFF"), -1);
  t.equal($.field(g.bslbrightscripterrorcodes!(), "err_div_zero"), 0x14);
  t.equal($.field(g.bslgeneralconstants!(), "max_int"), 2147483647);
  t.equal($.field(g.bsluniversalcontroleventcodes!(), "button_play_released"), 113);
  t.equal(call(g.bsluniversalcontroleventcodes!(), "count"), 32);
});
