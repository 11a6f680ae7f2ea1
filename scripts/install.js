// Builds the addon: `node-gyp rebuild`, with this Node's own headers when they were installed beside it, so that nothing is
// downloaded.

const { spawnSync } = require("node:child_process");
const { existsSync } = require("node:fs");
const { dirname, join } = require("node:path");

const prefix = dirname(dirname(process.execPath));
const headers = existsSync(join(prefix, "include", "node", "common.gypi")) ? [`--nodedir=${prefix}`] : [];
// npm tells its scripts where its own node-gyp is; outside npm it is a development dependency.
const nodeGyp = process.env.npm_config_node_gyp ?? require.resolve("node-gyp/bin/node-gyp.js");

const { status } = spawnSync(process.execPath, [nodeGyp, "rebuild", ...headers, ...process.argv.slice(2)], {
  stdio: "inherit",
});
process.exitCode = status ?? 1;
