// Tests of a user's own: .brs and .js files that print TAP.

const fs = require("node:fs");
const { basename, join, sep } = require("node:path");
const { compile } = require("../archive.js");

const isTest = (name) => /\.(brs|[cm]?js)$/.test(name);

/** A part of a path with * and ? in it, as a regular expression. A name that begins with a dot is meant only when the part does, too. */
function partOf(pattern) {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^(?!\\.)${source}$`, "s");
}

function entries(folder) {
  const found = fs.statSync(folder, { throwIfNoEntry: false });
  return found?.isDirectory() ? fs.readdirSync(folder).sort() : [];
}

/** The paths that fit a pattern, part by part. */
function expand(pattern) {
  const [first, ...rest] = pattern.split(sep);
  let paths = [first === "" ? sep : first];
  if (/[*?]/.test(first)) paths = entries(".").filter((name) => partOf(first).test(name));
  for (const part of rest) {
    paths = paths.flatMap((path) => {
      if (!/[*?]/.test(part)) return [join(path, part)];
      return entries(path)
        .filter((name) => partOf(part).test(name))
        .map((name) => join(path, name));
    });
  }
  return paths.filter((path) => fs.existsSync(path));
}

/** The test files that are meant by patterns, files and folders. Throws for one that means none. */
function findTests(patterns) {
  const files = patterns.flatMap((pattern) => {
    const found = expand(pattern).flatMap((path) => {
      if (!fs.statSync(path).isDirectory()) return [path];
      return entries(path)
        .filter(isTest)
        .map((name) => join(path, name));
    });
    if (found.length === 0) throw new Error(`--tests: there is no ${pattern}`);
    return found;
  });
  for (const file of files) {
    if (!isTest(file)) throw new Error(`--tests: expected .brs and .js files, got ${file}`);
    if (files.some((other) => other !== file && basename(other) === basename(file)))
      throw new Error(`--tests: two files are called ${basename(file)}`);
  }
  return [...new Set(files)];
}

/** Puts tests into a folder as a box runs them: what is BrightScript is compiled, each file with `more`. */
async function stageOwn(folder, files, more) {
  fs.mkdirSync(folder, { recursive: true });
  for (const file of files) {
    const target = join(folder, basename(file));
    if (file.endsWith(".brs")) await compile(file, target, more);
    else fs.copyFileSync(file, target);
  }
}

module.exports = { findTests, stageOwn };
