import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { skipWithout } from "../support/index.js";

const root = join(__dirname, "../../..");
const text = (path: string): string => readFileSync(join(root, path), "utf8");
const { bin, version } = JSON.parse(text("package.json"));
const license = readFileSync(join(root, "LICENSE"));
const digest = (algorithm: string): string => createHash(algorithm).update(license).digest("hex");

t.test("Yocto's recipe is of this version, names this licence, and installs what there is", async (t) => {
  const recipe = `toolchain/yocto/recipes-rosock/rosock/rosock_${version}.bb`;
  t.ok(existsSync(join(root, recipe)), recipe);
  t.match(text(recipe), `LIC_FILES_CHKSUM = "file://LICENSE;md5=${digest("md5")}"`);
  t.match(text(recipe), bin.rosock.replace("./", ""));
  // An assignment, a function's line, a command, a comment or nothing: what bitbake's own grammar takes.
  for (const line of text(recipe).replace(/\\\n/g, " ").split("\n")) {
    t.match(line, /^(#.*|[\w:${}-]+ (\+?=|\??=) ".*"|inherit \w+|do_\w+\(\) \{|\}| {4}.*|)$/);
  }
});

t.test("Buildroot's package is of this version and names this licence", async (t) => {
  t.match(text("toolchain/buildroot/package/rosock/rosock.mk"), `ROSOCK_VERSION = ${version}\n`);
  t.match(text("toolchain/buildroot/package/rosock/rosock.hash"), `sha256  ${digest("sha256")}  LICENSE`);
});

t.test(
  "Buildroot's makefile expands to what installs the tarball",
  { skip: skipWithout("make") },
  async (t) => {
    const folder = t.testdir();
    // Buildroot's infrastructure in small: the variables it sets, and a rule that runs the package's commands.
    const makefile = [
      `BR2_EXTERNAL_ROSOCK_PATH = ${join(root, "toolchain/buildroot")}`,
      "NPM = npm",
      "ROSOCK_DL_DIR = /dl/rosock",
      "generic-package =",
      `include ${join(root, "toolchain/buildroot/external.mk")}`,
      "install:",
      "\t$(ROSOCK_INSTALL_TARGET_CMDS)",
    ];
    writeFileSync(join(folder, "Makefile"), `${makefile.join("\n")}\n`);
    const done = spawnSync("make", ["-n", "-C", folder, "install"], { encoding: "utf8" });
    t.equal(done.status, 0, done.stderr);
    t.match(
      done.stdout,
      `npm install --global --offline --no-audit --no-fund /dl/rosock/rosock-${version}.tgz`,
    );
  },
);

// Debian's own interpreter has Debian's modules, whichever comes first in PATH.
const python = ["python3", "/usr/bin/python3"].find(
  (each) => spawnSync(each, ["-c", "import kconfiglib"]).status === 0,
);
const skip = python ? false : "kconfiglib is not installed: apt-get install python3-kconfiglib";

t.test("Buildroot's Config.in is Kconfig", { skip }, async (t) => {
  const folder = t.testdir();
  const nodejs = ["BR2_PACKAGE_NODEJS", "BR2_PACKAGE_NODEJS_NPM"];
  const known = nodejs.map((name) => `config ${name}\n\tbool "${name}"\n`);
  writeFileSync(join(folder, "Kconfig"), `${known.join("")}source "$BR2_EXTERNAL_ROSOCK_PATH/Config.in"\n`);
  const script = [
    "import kconfiglib",
    "k = kconfiglib.Kconfig('Kconfig')",
    "k.syms['BR2_PACKAGE_NODEJS'].set_value('y')",
    "k.syms['BR2_PACKAGE_ROSOCK'].set_value('y')",
    "print(k.syms['BR2_PACKAGE_ROSOCK'].str_value, k.syms['BR2_PACKAGE_NODEJS_NPM'].str_value, len(k.warnings))",
  ];
  const done = spawnSync(python!, ["-c", script.join("\n")], {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, BR2_EXTERNAL_ROSOCK_PATH: join(root, "toolchain/buildroot") },
  });
  t.equal(done.stdout.trim(), "y y 0", done.stderr);
});
