// npm's install step: builds the addon, unless this is the published package and brings one that loads here. With
// npm_config_build_from_source, which image builders set, it always does; npm_config_arch then names the processor.

const { existsSync } = require("node:fs");
const { join } = require("node:path");
const { nodeGyp } = require("./build-addon.js");

const root = join(__dirname, "..");
const fromSource = existsSync(join(root, "src")) || process.env.npm_config_build_from_source === "true";

function loads() {
  try {
    require("../dist/native.js");
    return true;
  } catch {
    return false;
  }
}

if (fromSource || !loads()) process.exitCode = nodeGyp(root, process.argv.slice(2));
