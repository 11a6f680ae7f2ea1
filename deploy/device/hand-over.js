// Gives a folder, and what is in it, to another user: `node hand-over.js FOLDER UID`. Run by root on what others may have filled, and
// still change: links lead out of it, and a name may be another file's by now. So each file is opened once, and nothing but what was the
// owner's before, by this name only, is given away.

const fs = require("node:fs");

const { O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = fs.constants;

/** Opens what has that name itself; undefined for a link, a socket, and what is gone. */
function open(path) {
  try {
    return fs.openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  } catch {
    return undefined;
  }
}

/** Folders in folders that are handed over: each takes a descriptor while what is in it is. */
const deepest = 250;

function give(descriptor, before, owner, depth = 0) {
  const state = fs.fstatSync(descriptor);
  if (state.uid !== before || depth > deepest) return;
  if (state.isDirectory()) {
    const folder = `/proc/self/fd/${descriptor}`;
    for (const name of fs.readdirSync(folder, "buffer")) {
      const file = open(Buffer.concat([Buffer.from(`${folder}/`), name]));
      if (file === undefined) continue;
      give(file, before, owner, depth + 1);
      fs.closeSync(file);
    }
  } else if (!state.isFile() || state.nlink > 1) {
    return;
  }
  // A folder comes last: until then this can be done again.
  fs.fchownSync(descriptor, owner, -1);
}

const [folder, owner] = process.argv.slice(2);
const descriptor = open(folder);
if (descriptor === undefined) throw new Error(`${folder} is not a folder`);
give(descriptor, fs.fstatSync(descriptor).uid, Number(owner));
