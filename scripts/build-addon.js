// Builds the addon with node-gyp, with this Node's own headers when they were installed beside it, so that nothing is
// downloaded.

const { spawnSync } = require("node:child_process");
const { copyFileSync, cpSync, existsSync, mkdirSync, rmSync } = require("node:fs");
const { dirname, join } = require("node:path");

const root = join(__dirname, "..");

const prefix = dirname(dirname(process.execPath));

/** npm tells its scripts where its own node-gyp is. Outside npm it is a development dependency, or that of the npm beside Node. */
function nodeGypScript() {
  if (process.env.npm_config_node_gyp !== undefined) return process.env.npm_config_node_gyp;
  const paths = [root, join(prefix, "lib/node_modules/npm"), join(prefix, "lib/node_modules")];
  return require.resolve("node-gyp/bin/node-gyp.js", { paths });
}

/** `node-gyp rebuild` in a folder; its exit status. */
function nodeGyp(folder, args, env = {}, stdio = "inherit") {
  const headers = existsSync(join(prefix, "include", "node", "common.gypi")) ? [`--nodedir=${prefix}`] : [];
  const { status } = spawnSync(process.execPath, [nodeGypScript(), "rebuild", ...headers, ...args], {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio,
  });
  return status ?? 1;
}

/** Builds a variant in a folder of its own below build/, from copies, so that the usual build is left alone. */
function buildAddon(folder, args, env) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  cpSync(join(root, "native"), join(folder, "native"), { recursive: true });
  copyFileSync(join(root, "binding.gyp"), join(folder, "binding.gyp"));
  return nodeGyp(folder, args, env, ["ignore", "ignore", "inherit"]);
}

module.exports = { buildAddon, nodeGyp };
