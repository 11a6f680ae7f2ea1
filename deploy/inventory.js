// Which boxes: addresses from the command line, and inventory files with one a line.

const { existsSync, readFileSync } = require("node:fs");

/** `[user@]host[:port]` taken apart; throws what is wrong with it. */
function parseAddress(text) {
  const found = /^(?:([\w.-]+)@)?([\w.-]+|\[[\da-fA-F:]+\])(?::(\d{1,5}))?$/.exec(text);
  if (found === null || found[2].startsWith("-") || found[1]?.startsWith("-")) {
    throw new Error(`expected [user@]host[:port], got ${JSON.stringify(text)}`);
  }
  const port = Number(found[3] ?? 22);
  if (port < 1 || port > 65535) throw new Error(`expected a port from 1 to 65535, got ${port}`);
  return { user: found[1] ?? "root", host: found[2].replace(/^\[|\]$/g, ""), port, label: text };
}

const settings = new Map([
  ["identity", "identity"],
  ["known-hosts", "knownHosts"],
]);

/** A file that ssh is to read; throws when it is not there. What ssh itself puts into its name is left to it. */
function keyFile(name, file) {
  if (file !== undefined && !/^~|[%$]/.test(file) && !existsSync(file))
    throw new Error(`${name}: there is no ${file}`);
  return file;
}

/** A line of an inventory: an address, and settings of its own as `name=value`. */
function parseLine(line) {
  const [address, ...words] = line.split(/\s+/);
  const box = parseAddress(address);
  for (const word of words) {
    const [, name, value] = /^([\w-]+)=(.+)$/.exec(word) ?? [];
    const setting = settings.get(name);
    if (setting === undefined) {
      throw new Error(`expected ${[...settings.keys()].join("=… or ")}=…, got ${JSON.stringify(word)}`);
    }
    if (box[setting] !== undefined) throw new Error(`${name} is given twice`);
    box[setting] = keyFile(name, value);
  }
  return box;
}

/** Whether two addresses are the same, as far as can be told from here. */
const sameBox = (one, other) =>
  one.host.toLowerCase() === other.host.toLowerCase() && one.port === other.port;

/** The boxes of an inventory file; empty lines and what follows a # are skipped. Throws with the line of the first mistake. */
function readInventory(file) {
  const boxes = [];
  for (const [index, text] of readFileSync(file, "utf8").split("\n").entries()) {
    const line = text.replace(/(^|\s)#.*/, "").trim();
    if (line === "") continue;
    try {
      const box = parseLine(line);
      if (boxes.some((other) => sameBox(box, other))) throw new Error(`${box.label} is named twice`);
      boxes.push(box);
    } catch (error) {
      throw new Error(`${file}:${index + 1}: ${error.message}`);
    }
  }
  if (boxes.length === 0) throw new Error(`${file}: no boxes in it`);
  return boxes;
}

module.exports = { keyFile, parseAddress, readInventory, sameBox };
