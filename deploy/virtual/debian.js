// Debian packages for another processor, unpacked, without touching this machine's own package database: apt works with lists
// and a status of its own in a private folder.

const { execFileSync, spawnSync } = require("node:child_process");
const { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");

/** This machine's Debian mirror, as lines for a sources.list; without its updates, which a box for tests has no need of. */
function mirrors() {
  const format = ["--format", "$(REPO_URI) $(CODENAME)", "Created-By: Packages", "Origin: Debian"];
  const { status, stdout } = spawnSync("apt-get", ["indextargets", ...format], { encoding: "utf8" });
  const keyring = "/usr/share/keyrings/debian-archive-keyring.gpg";
  const lines = [...new Set(status === 0 ? stdout.split("\n") : [])].filter((line) =>
    /^\S+ [a-z]+$/.test(line),
  );
  if (lines.length === 0 || !existsSync(keyring)) {
    throw new Error("no Debian package lists here: the virtual box is made on Debian, after apt-get update");
  }
  return lines.map((line) => `deb [signed-by=${keyring}] ${line} main`);
}

/** An apt of its own for one architecture, in `folder`. */
class Apt {
  #options;

  constructor(folder, architecture) {
    this.folder = folder;
    for (const each of ["lists/partial", "cache/archives/partial", "debs"]) {
      mkdirSync(join(folder, each), { recursive: true });
    }
    writeFileSync(join(folder, "status"), "");
    writeFileSync(join(folder, "sources.list"), `${mirrors().join("\n")}\n`);
    const settings = {
      "APT::Architecture": architecture,
      "APT::Architectures": architecture,
      "APT::Sandbox::User": "root",
      "Acquire::Languages": "none",
      "Dir::State::lists": join(folder, "lists"),
      "Dir::State::status": join(folder, "status"),
      "Dir::Cache": join(folder, "cache"),
      "Dir::Etc::sourcelist": join(folder, "sources.list"),
      "Dir::Etc::sourceparts": "-",
    };
    this.#options = Object.entries(settings).flatMap(([name, value]) => ["-o", `${name}=${value}`]);
  }

  #run(program, args, cwd = this.folder) {
    return execFileSync(program, [...this.#options, ...args], {
      cwd,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
      maxBuffer: 1 << 26,
    });
  }

  update() {
    this.#run("apt-get", ["update", "-q"]);
  }

  /** The package that a metapackage stands for: the kernel's newest version. */
  dependency(name, pattern) {
    const text = this.#run("apt-cache", ["depends", "--no-recommends", name]);
    const found = [...text.matchAll(/Depends: (\S+)/g)]
      .map(([, each]) => each)
      .find((each) => pattern.test(each));
    if (found === undefined) throw new Error(`${name} depends on nothing like ${pattern}`);
    return found;
  }

  /** Fetches packages and unpacks them into `target`. */
  unpack(names, target) {
    mkdirSync(target, { recursive: true });
    const debs = join(this.folder, "debs");
    this.#run("apt-get", ["download", "-q", ...names], debs);
    for (const deb of readdirSync(debs).filter((file) => names.includes(file.split("_")[0]))) {
      execFileSync("dpkg-deb", ["-x", join(debs, deb), target]);
    }
  }
}

/** Kernel modules by name, with what each depends on, in the order in which they load. */
class Modules {
  #paths = new Map();

  constructor(folder) {
    for (const path of readdirSync(folder, { recursive: true })) {
      const name = /([^/]+)\.ko$/.exec(path)?.[1].replaceAll("-", "_");
      if (name !== undefined) this.#paths.set(name, join(folder, path));
    }
  }

  /** Paths of the modules named and of those they need. What is built into the kernel has none. */
  closure(names, seen = new Set()) {
    return names.flatMap((name) => {
      const path = this.#paths.get(name);
      if (path === undefined || seen.has(name)) return [];
      seen.add(name);
      const needs = /\0depends=([^\0]*)\0/.exec(readFileSync(path, "latin1"))?.[1] ?? "";
      const before = needs.split(",").map((each) => each.replaceAll("-", "_"));
      return [...this.closure(before, seen), path];
    });
  }
}

module.exports = { Apt, Modules };
