// docs/components.md: every component, interface, method and global function that BrightScript programs find, from the tables that
// make them.

const { join } = require("node:path");
const { wrap } = require("./markdown.js");
const notHere = require("./not-here.json");
const { pageGaps } = require("./pages.js");
const pages = require("./roku-pages.json");
const { filesBelow } = require("./source.js");

const introduction = `# The BrightScript library

Generated from the tables that the library is made from: \`npm run docs\`. What there is to know of each is on Roku's reference
pages; what is different here in [brightscript.md](brightscript.md). The sockets, with all their details, are in
[reference.md](reference.md).

**(n)**: a method that is there, so that programs run, but has nothing to tell or to do on a Linux machine. It gives what a
device gives that has nothing to tell: see [brightscript.md](brightscript.md#components).`;

const absenceIntroduction = wrap(
  `What Roku's pages up to OS 16.0 have, and why it is not here or not the same. Of a component that is not here \`CreateObject\`
  gives invalid, and a line on the console.`,
);

/** The library's modules and what they export. */
const library = (root, path) => require(join(root, "dist/brightscript", path));

/** Components that the pages have by a second name. */
const secondNames = { roIntrinsicDouble: "roDouble" };

function makeComponents(root) {
  library(root, "library/index.js").loadAll();
  const { exposed } = library(root, "runtime/component.js");
  const functions = Object.values(library(root, "library/global/index.js").loadAllFunctions());
  const signatures = functions.map(({ signature }) => signature.text);
  const silent = new Set(notTruthful(root));
  const components = [...exposed].sort(([a], [b]) => compare(a, b));
  const blocks = [
    introduction,
    "## Components",
    table(components),
    "## Interfaces",
    ...interfaces(components).flatMap(({ name, owners, signatures }) => [
      `### ${name}`,
      wrap(`Of ${owners.join(", ")}.`),
      signatures.map((signature) => method(signature, owners, silent)).join("\n"),
    ]),
    "## Global functions",
    signatures
      .sort(compare)
      .map((text) => `- \`${text}\``)
      .join("\n"),
    "## Not here",
    absenceIntroduction,
    absences(),
  ];
  const unknown = [...silent].filter((name) => !components.some(([owner, table]) => has(owner, table, name)));
  const tables = { components: Object.fromEntries(exposed), functions: signatures };
  for (const [second, name] of Object.entries(secondNames)) tables.components[second] = exposed.get(name);
  const { parseMethod } = require(join(root, "dist/components/interfaces.js"));
  const gaps = [
    ...unknown.map((name) => `notTruthful has ${name}, which is no method`),
    ...pageGaps(pages, notHere, tables, parseMethod),
  ];
  return { text: `${blocks.join("\n\n")}\n`, gaps };
}

/** What Roku's pages have beyond the tables, by the reason. */
const absences = () =>
  Object.entries(notHere)
    .map(([reason, names]) => wrap(`${reason}: ${names.map(withoutBrackets).join(", ")}.`, "- ", "  "))
    .join("\n");

const withoutBrackets = (name) => name.replace("()", "");

const compare = (a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1);
const nameOf = (signature) => signature.slice(0, signature.indexOf("("));

const has = (owner, table, name) =>
  Object.values(table).some((signatures) => signatures.some((one) => `${owner}.${nameOf(one)}` === name));

function notTruthful(root) {
  const folder = join(root, "src/brightscript/library");
  const modules = filesBelow(folder).map((path) => path.slice(folder.length + 1).replace(/\.ts$/, ".js"));
  const told = modules.filter((path) => !path.includes("/")).map((path) => library(root, `library/${path}`));
  return told.flatMap(({ notTruthful: names = [] }) => names);
}

function table(components) {
  const rows = components.map(([name, interfaces]) => {
    const links = Object.keys(interfaces).map((each) => `[${each}](#${each.toLowerCase()})`);
    return `| ${name} | ${links.join(", ")} |`;
  });
  return ["| component | interfaces |", "|---|---|", ...rows].join("\n");
}

/** The interfaces, each with the components that have it. One whose methods differ between components is there several times. */
function interfaces(components) {
  const found = new Map();
  for (const [owner, table] of components) {
    for (const [name, signatures] of Object.entries(table)) {
      const key = `${name} ${signatures.join()}`;
      const known = found.get(key) ?? found.set(key, { name, owners: [], signatures }).get(key);
      known.owners.push(owner);
    }
  }
  return [...found.values()].sort((a, b) => compare(a.name, b.name));
}

function method(signature, owners, silent) {
  const name = nameOf(signature);
  const isSilent = owners.every((owner) => silent.has(`${owner}.${name}`));
  return `- \`${signature}\`${isSilent ? " **(n)**" : ""}`;
}

module.exports = { makeComponents };
