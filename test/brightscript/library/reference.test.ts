/** What Roku's reference says there is, against what there is here. */
import { readFileSync } from "node:fs";
import t from "tap";
import { g } from "#src/brightscript/library/global/index.js";
import { loadAll } from "#src/brightscript/library/index.js";
import { exposed } from "#src/brightscript/runtime/component.js";
import { parseMethod } from "#src/components/interfaces.js";

interface Named {
  readonly name: string;
}

interface Reference {
  readonly components: Readonly<Record<string, { readonly interfaces: readonly Named[] }>>;
  readonly interfaces: Readonly<Record<string, { readonly methods: readonly Named[] }>>;
}

// The reference pages, as the compiler's parser brings them along.
const read = (path: string): string => readFileSync(require.resolve(`brighterscript/dist/${path}`), "utf8");
const reference = JSON.parse(read("roku-types/data.json")) as Reference;
const calledNames = [...read("globalCallables.js").matchAll(/name: '(\w+)',\s+shortDescription/g)].map(
  (match) => match[1]!,
);

/** "component interface method" in lower case, and why it is not there. */
const exceptions: ReadonlyMap<string, string> = new Map([
  ["rostreamsocket ifsocketasync setmessageport", "it is in ifSetMessagePort"],
  ["rostreamsocket ifsocketasync getmessageport", "it is in ifGetMessagePort"],
  ["rodatagramsocket ifsocketasync setmessageport", "it is in ifSetMessagePort"],
  ["rodatagramsocket ifsocketasync getmessageport", "it is in ifGetMessagePort"],
]);

/** Components that are known by two names. */
const aliases: ReadonlyMap<string, string> = new Map([["rointrinsicdouble", "rodouble"]]);

/** Functions that are not there, and what they are. */
const absentFunctions: ReadonlyMap<RegExp, string> = new Map([
  [/^(tab|pos)$/, "parts of the print statement"],
  [/^df/, "drawing"],
  [/^roku_ads$/, "advertisements"],
]);

t.test("every method that the reference gives a component is there", async (t) => {
  const here = new Set<string>();
  const names = loadAll();
  for (const [component, interfaces] of exposed) {
    for (const [name, signatures] of Object.entries(interfaces)) {
      for (const signature of signatures) {
        here.add(`${component} ${name} ${parseMethod(signature).name}`.toLowerCase());
      }
    }
  }
  for (const name of names.map((each) => each.toLowerCase())) {
    for (const { name: each } of reference.components[name]?.interfaces ?? []) {
      for (const method of reference.interfaces[each.toLowerCase()]?.methods ?? []) {
        const there = `${aliases.get(name) ?? name} ${each} ${method.name}`.toLowerCase();
        t.equal(here.has(there), !exceptions.has(there), there);
      }
    }
  }
});

t.test("every global function of the reference is there", async (t) => {
  for (const name of calledNames.map((each) => each.toLowerCase())) {
    const absent = [...absentFunctions.keys()].some((each) => each.test(name));
    t.equal(Object.hasOwn(g, name), !absent, name);
  }
});

t.test("each group has the functions it is said to have", async (t) => {
  const before = Object.keys(g);
  // Any call loads the group, also one with the wrong number of parameters.
  for (const name of before) {
    try {
      g[name]!(...Array(20).fill(null));
    } catch {}
  }
  t.same(Object.keys(g), before);
  for (const name of before) t.equal(g[name]!.signature?.name.toLowerCase(), name);
});
