// Text of boxes, and for them.

const { basename } = require("node:path");

/** Text of a box, which must not do a terminal any harm. */
const harmless = (text) => text.replace(/[^\t\P{Cc}]/gu, "?");

/** Several lines of such text, or of this machine's, which may have names of files in it. */
const harmlessLines = (text) => text.split("\n").map(harmless).join("\n");

/** What an application is called on a box when nobody says: its folder's name, as far as it will do. */
const nameOf = (app) =>
  basename(app)
    .replace(/\.brs$/, "")
    .toLowerCase()
    .replace(/[^\w-]+/g, "-")
    .replace(/^[^a-z]+/, "")
    .slice(0, 31);

/** The form of options whose values become part of paths and of shell scripts on a box. */
const plain = {
  name: {
    pattern: /^[a-z][\w-]{0,30}$/,
    expected: "a name of letters, digits, - and _, beginning with a small letter",
  },
  to: {
    pattern: /^(\/(?!\.{1,2}(\/|$))[\w.-]+)+$/,
    expected: "an absolute path of letters, digits, . - and _",
  },
  user: { pattern: /^[a-z_][\w-]*$/, expected: "a user's name" },
};

/** The value of such an option; throws when it has another form. */
function plainOption(values, name) {
  const { pattern, expected } = plain[name];
  const text = values[name];
  if (text !== undefined && !pattern.test(text))
    throw new Error(`--${name}: expected ${expected}, got ${JSON.stringify(text)}`);
  return text;
}

/** The value of an option that is a whole number, from 1 on; throws when it is none. */
function wholeOption(values, name) {
  const text = values[name];
  if (text === undefined) return undefined;
  if (!/^[1-9]\d{0,5}$/.test(text))
    throw new Error(`--${name}: expected a whole number, got ${JSON.stringify(text)}`);
  return Number(text);
}

module.exports = { harmless, harmlessLines, nameOf, plainOption, wholeOption };
