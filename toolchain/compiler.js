// Which compiler builds for a target: one that was named, the one of a sourced SDK, this machine's own, or Debian's.

const { spawnSync } = require("node:child_process");
const { existsSync } = require("node:fs");
const { resolve } = require("node:path");

/** The programs of a prefix, such as "arm-linux-gnueabihf-"; "" for this machine's own. */
function programs(prefix, flags) {
  const withFlags = (name) => [prefix + name, ...flags].join(" ");
  return {
    CC: withFlags("gcc"),
    CXX: withFlags("g++"),
    AR: `${prefix}ar`,
    LINK: withFlags("g++"),
    STRIP: `${prefix}strip`,
  };
}

/** What the compiler says it compiles for; undefined when it does not run. */
function machineOf(compiler) {
  const { status, stdout } = spawnSync(`${compiler} -dumpmachine`, { shell: true, encoding: "utf8" });
  return status === 0 ? stdout.trim() : undefined;
}

/** The SDK whose environment script was sourced, by what such scripts set. */
function sdkName(env) {
  if (env.SDKTARGETSYSROOT || env.OECORE_TARGET_SYSROOT) return "Yocto SDK";
  if (env.CONFIGURE_FLAGS && env.CROSS_COMPILE) return "Buildroot SDK";
  return "environment";
}

/** A sourced SDK's compiler, flags and all, as the SDK means it. */
function fromEnvironment(env) {
  const prefix = env.CROSS_COMPILE ?? env.TARGET_PREFIX ?? "";
  return {
    CC: env.CC,
    CXX: env.CXX,
    AR: env.AR ?? `${prefix}ar`,
    LINK: env.CXX,
    STRIP: env.STRIP ?? `${prefix}strip`,
  };
}

/** Whether a machine's name is that of the target: arm-none-linux-gnueabihf and armv7a-… are both linux-arm. */
function fits(machine, target) {
  const cpu = machine.split("-")[0];
  const same = target.machine === "arm" ? /^arm/.test(cpu) : cpu === target.machine;
  return same && machine.includes("linux");
}

/** What to do about a target that nothing here compiles for. */
function remedy(target) {
  return (
    `no compiler for ${target.name}: apt-get install ${target.debian.package}, ` +
    "or name one (--prefix arm-linux-gnueabihf-), or source an SDK's environment script first"
  );
}

/**
 * The compiler for a target: where it comes from, the programs to set in the environment, and the flags that it still needs.
 *
 * @param options - `prefix`, `sysroot`, `debian` as on the command line
 */
function findCompiler(target, options, env = process.env) {
  if (options.sysroot !== undefined && (/\s/.test(options.sysroot) || !existsSync(options.sysroot)))
    throw new Error(`--sysroot: expected a folder without spaces in its name, got ${options.sysroot}`);
  const named = options.prefix !== undefined || options.sysroot !== undefined || options.debian;
  const flags = options.sysroot === undefined ? [] : [`--sysroot=${resolve(options.sysroot)}`];
  let origin;
  let found;
  let own = target.flags;
  if (!named && env.CC && env.CXX) {
    origin = sdkName(env);
    found = fromEnvironment(env);
    if (origin !== "environment") own = []; // It knows its processor better.
  } else if (!named && target.arch === process.arch) {
    origin = "this machine";
    found = programs("", flags);
  } else {
    const prefix = options.prefix ?? target.debian.prefix;
    origin = `prefix ${prefix}`;
    found = programs(prefix, flags);
  }
  const machine = machineOf(found.CXX);
  if (machine === undefined) {
    throw new Error(options.prefix === undefined ? remedy(target) : `${found.CXX} does not run`);
  }
  if (!fits(machine, target)) {
    throw new Error(
      `${found.CXX} compiles for ${machine}, not for ${target.name} (${target.machine}-…-linux-…)`,
    );
  }
  return { origin, machine, programs: found, flags: own };
}

module.exports = { findCompiler, fits, machineOf, sdkName };
