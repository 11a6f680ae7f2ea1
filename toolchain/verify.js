// Whether an addon will load on the boxes of its target. `node toolchain/verify.js TARGET FILE`; cross.js checks each build.
//
// What decides is the C library it asks for: a box's is years older than the one it is built against.

const { spawnSync } = require("node:child_process");
const { statSync } = require("node:fs");
const { loadTarget } = require("./target.js");

/** The libraries that Node itself brings to every box. */
const libraries = ["libc.so.6", "libgcc_s.so.1", "libm.so.6", "libpthread.so.0", "libstdc++.so.6"];

function readelf(file) {
  const { status, stdout, stderr } = spawnSync("readelf", ["-hldVAW", file], {
    encoding: "utf8",
    env: { ...process.env, LC_ALL: "C" },
  });
  if (status === 0) return stdout;
  throw new Error(stderr?.trim() || "readelf is not installed: apt-get install binutils");
}

/** -1, 0 or 1: 2.4 is older than 2.28. */
function compareVersions(a, b) {
  const [left, right] = [a, b].map((version) => version.split(".").map(Number));
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return Math.sign(difference);
  }
  return 0;
}

/** The newest version of each kind of symbol that the file needs, such as { GLIBC: "2.17" }. */
function neededVersions(text) {
  const newest = {};
  for (const [, kind, version] of text.matchAll(/Name: (GLIBC|GLIBCXX|CXXABI)_([\d.]+)/g)) {
    if (newest[kind] === undefined || compareVersions(version, newest[kind]) > 0) newest[kind] = version;
  }
  return newest;
}

/** The checks of a file: what is expected, what was found, and whether that will do. */
function verify(target, file) {
  const text = readelf(file);
  const field = (name) => new RegExp(`^\\s*${name}:\\s*(.*)$`, "m").exec(text)?.[1].trim() ?? "none";
  const checks = [];
  const check = (name, expected, found, ok) => checks.push({ name, expected, found, ok });
  const same = (name, expected, found) => check(name, expected, found, expected === found);

  same("class", target.elf.class, field("Class"));
  same("machine", target.elf.machine, field("Machine"));
  if (target.elf.floatABI !== undefined) {
    same("float ABI", target.elf.floatABI, /(hard|soft)-float ABI/.exec(field("Flags"))?.[1] ?? "none");
  }
  const needed = [...text.matchAll(/\(NEEDED\)\s+Shared library: \[(.*)\]/g)].map(([, name]) => name);
  const strange = needed.filter((name) => !libraries.includes(name) && !/^ld-linux/.test(name));
  check("libraries", "those of Node", strange.join(" ") || needed.join(" "), strange.length === 0);
  const versions = neededVersions(text);
  for (const [kind, floor] of Object.entries(target.floor)) {
    const found = versions[kind];
    check(kind, `<= ${floor}`, found ?? "none", found === undefined || compareVersions(found, floor) <= 0);
  }
  const size = statSync(file).size;
  check("size", `<= ${target.maximumSize} B`, `${size} B`, size <= target.maximumSize);
  const relocations = /\(TEXTREL\)|Flags:.*TEXTREL/.test(text);
  check("text relocations", "none", relocations ? "some" : "none", !relocations);
  const relro = /GNU_RELRO/.test(text);
  check("RELRO", "yes", relro ? "yes" : "no", relro);
  const now = /BIND_NOW|Flags:.*\bNOW\b/.test(text);
  check("bound at load", "yes", now ? "yes" : "no", now);
  const executable = /GNU_STACK.*\bRWE\b/.test(text);
  check("stack", "not executable", executable ? "executable" : "not executable", !executable);
  return checks;
}

/** The checks as lines of a table. */
function table(checks) {
  const widths = ["name", "expected"].map((key) => Math.max(...checks.map((row) => row[key].length)));
  return checks.map(
    ({ name, expected, found, ok }) =>
      `  ${ok ? "ok    " : "FAILED"}  ${name.padEnd(widths[0])}  ${expected.padEnd(widths[1])}  ${found}`,
  );
}

function main([name, file]) {
  if (file === undefined) throw new Error("usage: node toolchain/verify.js TARGET FILE");
  const checks = verify(loadTarget(name), file);
  console.log(table(checks).join("\n"));
  if (checks.some(({ ok }) => !ok)) process.exitCode = 1;
}

module.exports = { compareVersions, table, verify };

if (require.main === module) {
  try {
    main(process.argv.slice(2));
  } catch (error) {
    console.error(`verify: ${error.message}`);
    process.exitCode = 1;
  }
}
