// Builds the addon for a target.

const { spawnSync } = require("node:child_process");
const { join } = require("node:path");
const { buildAddon } = require("../scripts/build-addon.js");

/**
 * Builds the addon in a folder of its own, and strips it; its path.
 *
 * @param compiler - what findCompiler() gave
 * @param more - flags that come after those, and take their place: `compile` and `link`
 * @param env - where CFLAGS, CXXFLAGS and LDFLAGS of one's own are
 */
function build(target, folder, { programs, flags }, { compile = [], link = [] } = {}, env = process.env) {
  const { STRIP, ...tools } = programs;
  const joined = (name, own, later) => [env[name], ...own, ...later].filter(Boolean).join(" ");
  const status = buildAddon(folder, ["--arch", target.arch, "--loglevel=error"], {
    ...tools,
    CC_host: "gcc",
    CXX_host: "g++",
    CFLAGS: joined("CFLAGS", flags, compile),
    CXXFLAGS: joined("CXXFLAGS", flags, compile),
    LDFLAGS: joined("LDFLAGS", target.linkFlags, link),
  });
  if (status !== 0) throw new Error(`${target.name} did not build`);
  const built = join(folder, "build", "Release", "rosock.node");
  // The strip of an SDK may have flags; the folder's name may have spaces.
  const stripped = spawnSync("sh", ["-c", `${STRIP} --strip-unneeded "$0"`, built], { stdio: "inherit" });
  if (stripped.status !== 0) throw new Error(`${STRIP} failed`);
  return built;
}

module.exports = { build };
