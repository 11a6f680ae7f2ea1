// docs/contract.md: the rows of the contract, each with the tests whose titles begin with it.

const { join, relative } = require("node:path");
const ts = require("typescript");
const { wrap } = require("./markdown.js");
const rows = require("./rows.json");
const { filesBelow, parse } = require("./source.js");

const introduction = `# The contract and its tests

Generated: \`npm run docs\`. Each row in short, and the tests that say it exactly: those whose title begins with the
row's name, or with several ("S12, S13 ..."). Where a part of a title is made while the test runs, it says "…".`;

/** One row, or several in a list. A range ("S34-S36") is no claim about each of its rows. */
const title = /^(S\d+(?:(?:, | and )S\d+)*)\b(?![-–]S?\d)[:,]? +(.+)$/s;

function makeContract(root) {
  const tests = new Map();
  for (const path of filesBelow(join(root, "test")).filter((name) => name.endsWith(".test.ts"))) {
    for (const text of titles(parse(path))) {
      const [, names, rest] = title.exec(text) ?? [];
      for (const name of names?.match(/S\d+/g) ?? []) {
        const files = tests.get(name) ?? tests.set(name, new Map()).get(name);
        const file = relative(root, path);
        files.set(file, [...(files.get(file) ?? []), rest]);
      }
    }
  }
  const known = Object.assign({}, ...Object.values(rows));
  const gaps = [
    ...Object.keys(known)
      .filter((row) => !tests.has(row))
      .map((row) => `${row} has no test`),
    ...[...tests.keys()]
      .filter((row) => !(row in known))
      .map((row) => `${row} is in test titles, but is no row`),
  ];
  const blocks = [introduction];
  for (const [section, itsRows] of Object.entries(rows)) {
    blocks.push(`## ${section}`);
    for (const [row, says] of Object.entries(itsRows)) {
      blocks.push(`### ${row}`, wrap(says), fileList(tests.get(row) ?? new Map()));
    }
  }
  return { text: `${blocks.join("\n\n")}\n`, gaps };
}

function fileList(files) {
  if (files.size === 0) return "No test yet.";
  const items = [];
  for (const [file, itsTitles] of files) {
    items.push(`- [${file}](../${file})`);
    for (const text of new Set(itsTitles)) items.push(wrap(escapeMarkdown(text), "  - ", "    "));
  }
  return items.join("\n");
}

/** The first arguments of all calls of a method `test`, as far as the source tells them. */
function titles(file) {
  const found = [];
  const constants = new Map();
  const visit = (node) => {
    if (ts.isVariableDeclaration(node) && node.initializer)
      constants.set(node.name.getText(), node.initializer);
    if (ts.isCallExpression(node) && /(^|\.)test$/.test(node.expression.getText())) {
      const text = literal(node.arguments[0], constants);
      if (text !== null) found.push(text);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function literal(node, constants) {
  if (node === undefined) return null;
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isTemplateExpression(node)) {
    return node.head.text + node.templateSpans.map((span) => `…${span.literal.text}`).join("");
  }
  return ts.isIdentifier(node) ? literal(constants.get(node.text), new Map()) : null;
}

function escapeMarkdown(text) {
  return text.replace(/[\\`*<[]/g, "\\$&");
}

module.exports = { makeContract };
