// docs/components.md: every component, interface, method and global function that BrightScript programs find, from the tables that
// make them.

const { join } = require("node:path");
const { wrap } = require("./markdown.js");
const { filesBelow } = require("./source.js");

const introduction = `# The BrightScript library

Generated from the tables that the library is made from: \`npm run docs\`. What there is to know of each is on Roku's reference
pages; what is different here in [brightscript.md](brightscript.md). The sockets, with all their details, are in
[reference.md](reference.md).

**(n)**: a method that is there, so that programs run, but has nothing to tell or to do on a Linux machine. It gives what a
device gives that has nothing to tell: see [brightscript.md](brightscript.md#components).`;

/** The library's modules and what they export. */
const library = (root, path) => require(join(root, "dist/brightscript", path));

function makeComponents(root) {
  const made = library(root, "library/index.js").loadAll();
  const { exposed } = library(root, "runtime/component.js");
  const functions = Object.values(library(root, "library/global/index.js").loadAllFunctions());
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
    functions
      .map(({ signature }) => signature.text)
      .sort(compare)
      .map((text) => `- \`${text}\``)
      .join("\n"),
    "## Roku's components that are not here",
    wrap(
      `${absent([...made, ...exposed.keys()]).join(", ")}: \`CreateObject\` gives invalid, and a line on the console.`,
    ),
  ];
  const unknown = [...silent].filter((name) => !components.some(([owner, table]) => has(owner, table, name)));
  const gaps = unknown.map((name) => `notTruthful has ${name}, which is no method`);
  return { text: `${blocks.join("\n\n")}\n`, gaps };
}

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

/** Roku's components, but for those of these names. */
function absent(names) {
  const here = new Set(names.map((name) => name.toLowerCase()));
  const { components } = require("brighterscript/dist/roku-types/data.json");
  return Object.values(components)
    .map(({ name }) => name)
    .filter((name) => !here.has(name.toLowerCase()))
    .sort(compare);
}

module.exports = { makeComponents };
