/** The components of time, text and cryptography, as programs make and call them. */
import t from "tap";
import { createComponent } from "#src/brightscript/library/index.js";
import { $ } from "#src/brightscript/runtime/index.js";
import { typeName, type Value } from "#src/brightscript/runtime/values.js";
import { call, consoleOf, double, errorOf, float, printed, turns } from "./call.js";

const made = (name: string, ...values: Value[]): Value => createComponent(name, values);

t.test("by their names in any case", async (t) => {
  for (const name of [
    "roDateTime",
    "roEVPCipher",
    "roEVPDigest",
    "roHMAC",
    "roRSA",
    "roTimespan",
    "roXMLElement",
    "roXMLList",
  ]) {
    t.equal(typeName(made(name.toUpperCase())), name);
  }
  t.equal(typeName(made("roregex", "a", "")), "roRegex");
});

t.test("a bad pattern gives invalid, and a line on the console", async (t) => {
  const shown = (pattern: Value, ...flags: Value[]) =>
    consoleOf(() => t.equal(made("roRegex", pattern, ...flags), null));
  t.match(shown("a(", ""), /^BRIGHTSCRIPT: ERROR: roRegex: "a\(": missing \)/);
  t.match(shown("(?R)", ""), /^BRIGHTSCRIPT: ERROR: roRegex: "\(\?R\)": \(\?R\) is not supported/);
  t.match(shown(`${"x".repeat(1000)}(`, ""), /"x{100}": missing/, "not all of a long one");
  t.equal(
    errorOf(() => made("roRegex", "a")),
    0xf5,
  );
  t.equal(
    errorOf(() => made("roRegex", 5, "")),
    0x18,
  );
});

t.test("arguments are converted, results have their types", async (t) => {
  const date = made("roDateTime");
  call(date, "FromSeconds", float(1.9));
  t.equal(call(date, "asSeconds"), 1);
  t.equal(call(date, "AsSecondsLong"), 1n);
  call(date, "FromSecondsLong", double(2 ** 40));
  t.equal(call(date, "AsSecondsLong"), 2n ** 40n);
  t.equal(call(date, "AsMillisecondsLong"), 1000n * 2n ** 40n);
  t.equal(call(date, "mark"), null);
  t.equal(
    errorOf(() => call(date, "fromISO8601String", 5)),
    0x18,
  );
  t.equal(
    errorOf(() => call(date, "asDateString")),
    0xf5,
  );
  t.equal(call(made("roEVPDigest"), "process", null), "d41d8cd98f00b204e9800998ecf8427e");
});

t.test("XML in the language", async (t) => {
  const xml = made("roXMLElement");
  t.equal(call(xml, "Parse", '<a><b c="1">x</b><b>y</b></a>'), true);
  const b = $.field(xml, "b");
  t.equal(typeName(b), "roXMLList");
  t.equal($.attribute($.index(b, 0), "c"), "1");
  t.equal(call($.index(b, 1), "getText"), "y");
  t.equal(typeName(call($.index(b, 1), "getBody")), "roString");
  t.equal(printed(call($.index(b, 1), "getBody")), "y\n");
  t.equal(call(b, "count"), 2);
  t.equal(typeName(call(b, "toArray")), "roArray");
  const texts = Array.from(turns(b), (element) => call(element, "getText"));
  t.strictSame(texts, ["x", "y"]);
  call(b, "reset");
  t.equal(call(call(b, "next"), "getText"), "x");
});
