// Writes what is generated in docs/: `npm run docs`. With --check it only compares, for continuous integration.

const { readFileSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");
const { makeComponents } = require("./docs/components.js");
const { makeContract } = require("./docs/contract.js");
const { makeReference } = require("./docs/reference.js");

const root = join(__dirname, "..");
const checksOnly = process.argv.includes("--check");
const made = {
  "docs/reference.md": makeReference(root),
  "docs/contract.md": makeContract(root),
  "docs/components.md": makeComponents(root),
};

const problems = [];
for (const [path, { text, gaps }] of Object.entries(made)) {
  problems.push(...gaps);
  if (!checksOnly) writeFileSync(join(root, path), text);
  else if (text !== current(path)) problems.push(`${path} is out of date: npm run docs`);
}
for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;

function current(path) {
  try {
    return readFileSync(join(root, path), "utf8");
  } catch {
    return null;
  }
}
