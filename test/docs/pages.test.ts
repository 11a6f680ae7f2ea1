/** The comparison of Roku's pages with the library's tables, which `npm run docs -- --check` makes: what it reports. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { loadAllFunctions } from "#src/brightscript/library/global/index.js";
import { createComponent, loadAll } from "#src/brightscript/library/index.js";
import { exposed } from "#src/brightscript/runtime/component.js";
import { parseMethod } from "#src/components/interfaces.js";
import { consoleOf } from "../brightscript/library/call.js";

type Table = Record<string, readonly string[]>;

interface Pages {
  readonly components: Table;
  readonly interfaces: Table;
  readonly events: Table;
  readonly functions: Table;
}

interface Tables {
  readonly components: Record<string, Table>;
  readonly functions: readonly string[];
}

type PageGaps = (pages: Pages, notHere: Table, tables: Tables, parse: typeof parseMethod) => string[];

const folder = join(__dirname, "../../../scripts/docs");
const { pageGaps } = require(join(folder, "pages.js")) as { pageGaps: PageGaps };
const read = (name: string) => JSON.parse(readFileSync(join(folder, name), "utf8"));

const pages: Pages = {
  components: { roThing: ["ifThing", "ifOther"] },
  interfaces: {
    ifThing: ["Do(a as Integer[, b as String]) as Boolean", "New() as Object, since 15.3"],
    ifOther: ["Ask() as Integer"],
  },
  events: { roThingEvent: ["GetInfo() as Object"] },
  functions: { page: ["Fn(x as Float) as Integer"] },
};
const thing: Table = {
  ifThing: ["do(first as Integer[, second as String]) as Boolean", "new() as Object"],
  ifOther: ["ask() as Integer"],
};
const event: Table = { ifThingEvent: ["getInfo() as Object"] };
const complete: Tables = {
  components: { roThing: thing, roThingEvent: event },
  functions: ["FN(value as Double) as Integer"],
};

const gaps = (tables: Partial<Tables>, notHere: Table = {}, given = pages): string[] =>
  pageGaps(given, notHere, { ...complete, ...tables }, parseMethod);
const withThing = (changed: Table): Partial<Tables> => ({
  components: { roThing: { ...thing, ...changed }, roThingEvent: event },
});

t.test("nothing is missing: names in any case, other names of parameters, wider numbers", async (t) => {
  t.same(gaps({}), []);
  t.same(gaps(withThing({ ifMore: ["more() as Void"] })), [], "more than the pages have");
});

t.test("what is missing is reported: components, interfaces, methods, events, functions", async (t) => {
  const missing = (tables: Partial<Tables>): string[] =>
    gaps(tables).map((gap) => gap.replace(/ is missing: .*/, ""));
  t.same(missing({ components: {} }), ["roThing", "roThingEvent"]);
  t.same(missing({ components: { roThing: { ifThing: thing.ifThing! }, roThingEvent: event } }), [
    "roThing.ifOther",
  ]);
  t.same(missing(withThing({ ifThing: [thing.ifThing![0]!] })), ["ifThing.New"]);
  t.same(missing({ components: { roThing: thing, roThingEvent: {} } }), ["roThingEvent.GetInfo"]);
  t.same(missing({ functions: [] }), ["Fn()"]);
});

t.test("what differs is reported: numbers and types of arguments, and what is returned", async (t) => {
  const rows: [signature: string, problem: RegExp | null][] = [
    ["do(a as Integer) as Boolean", /other numbers of arguments/],
    ["do(a as Integer, b as String) as Boolean", /other numbers/],
    ["do([a as Integer, b as String]) as Boolean", /other numbers/],
    ["do(a as Integer[, b as String, c as String]) as Boolean", /other numbers/],
    ["do(a as Integer[, b as String...]) as Boolean", /other numbers/],
    ["do(a as String[, b as String]) as Boolean", /argument 1 is of another type/],
    ["do(a as Integer[, b as Object]) as Boolean", /argument 2 is of another type/],
    ["do(a as Integer[, b as String]) as Void", /returns another type/],
    ["do(a as LongInteger[, b as Dynamic]) as Dynamic", null],
  ];
  for (const [signature, problem] of rows) {
    const found = gaps(withThing({ ifThing: [signature, "new() as Object"] }));
    t.equal(found.length, problem === null ? 0 : 1, signature);
    if (problem !== null) t.match(found[0], problem);
  }
  t.match(gaps({ functions: ["Fn(x as Integer) as Integer"] }), [/^Fn\(\) argument 1/], "a narrower number");
});

t.test("an excuse covers what is missing", async (t) => {
  t.same(gaps({ components: { roThingEvent: event } }, { why: ["roThing"] }), []);
  t.same(gaps(withThing({ ifThing: [thing.ifThing![0]!] }), { why: ["ifThing.New"] }), []);
  t.same(gaps({ functions: [] }, { why: ["Fn()"] }), []);
});

t.test("an excuse for what is there, for what no page has, or given twice, is reported", async (t) => {
  t.match(gaps({}, { why: ["roThing"] }), [/has roThing, which is here/]);
  t.match(gaps({}, { why: ["ifThing.Do"] }), [/has ifThing\.Do, which is here/]);
  t.match(gaps({}, { why: ["Fn()"] }), [/has Fn\(\), which is here/]);
  t.match(gaps({}, { why: ["roNone"] }), [/has roNone, which is on no page/]);
  t.match(gaps({ functions: [] }, { why: ["Fn()"], also: ["Fn()"] }), [/has Fn\(\) twice/]);
});

t.test("the library has all that Roku's pages have, but for what is listed as not here", async (t) => {
  loadAll();
  const components = { ...Object.fromEntries(exposed), roIntrinsicDouble: exposed.get("roDouble")! };
  const names = read("roku-pages.json") as Pages;
  const functions = Object.values(loadAllFunctions()).map(({ signature }) => signature!.text);
  t.same(pageGaps(names, read("not-here.json"), { components, functions }, parseMethod), []);
});

t.test("a component that is listed as not here is not made, and the console says so", async (t) => {
  const names = Object.values(read("not-here.json") as Table)
    .flat()
    .filter((name) => /^ro\w+$/.test(name));
  t.ok(names.length > 20);
  for (const name of names) {
    t.match(
      consoleOf(() => t.equal(createComponent(name, []), null, name)),
      `unknown component "${name}"`,
    );
  }
});
