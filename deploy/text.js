// Text of boxes, and for them.

const { basename } = require("node:path");

/** Text of a box, which must not do a terminal any harm. */
const harmless = (text) => text.replace(/[^\t\P{Cc}]/gu, "?");

/** What an application is called on a box when nobody says: its folder's name, as far as it will do. */
const nameOf = (app) =>
  basename(app)
    .replace(/\.brs$/, "")
    .toLowerCase()
    .replace(/[^\w-]+/g, "-")
    .replace(/^[^a-z]+/, "")
    .slice(0, 31);

module.exports = { harmless, nameOf };
