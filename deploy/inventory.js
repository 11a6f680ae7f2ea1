// Which boxes: addresses from the command line, and inventory files with one a line.

const { readFileSync } = require("node:fs");

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

const settings = { identity: "identity", "known-hosts": "knownHosts" };

/** A line of an inventory: an address, and settings of its own as `name=value`. */
function parseLine(line) {
  const [address, ...words] = line.split(/\s+/);
  const box = parseAddress(address);
  for (const word of words) {
    const [, name, value] = /^([\w-]+)=(.+)$/.exec(word) ?? [];
    if (settings[name] === undefined) {
      throw new Error(`expected ${Object.keys(settings).join("=… or ")}=…, got ${JSON.stringify(word)}`);
    }
    box[settings[name]] = value;
  }
  return box;
}

/** The boxes of an inventory file; empty lines and what follows a # are skipped. Throws with the line of the first mistake. */
function readInventory(file) {
  const boxes = [];
  for (const [index, text] of readFileSync(file, "utf8").split("\n").entries()) {
    const line = text.replace(/(^|\s)#.*/, "").trim();
    if (line === "") continue;
    try {
      const box = parseLine(line);
      if (boxes.some(({ label }) => label === box.label)) throw new Error(`${box.label} is named twice`);
      boxes.push(box);
    } catch (error) {
      throw new Error(`${file}:${index + 1}: ${error.message}`);
    }
  }
  if (boxes.length === 0) throw new Error(`${file}: no boxes in it`);
  return boxes;
}

module.exports = { parseAddress, readInventory };
