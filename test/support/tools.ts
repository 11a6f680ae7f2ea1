import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

const packages: Record<string, string> = {
  nc: "netcat-openbsd",
  socat: "socat",
  curl: "curl",
  openssl: "openssl",
  ss: "iproute2",
  ip: "iproute2",
  unshare: "util-linux",
  python3: "python3",
  tc: "iproute2",
  prlimit: "util-linux",
  "systemd-analyze": "systemd",
  "arm-linux-gnueabihf-g++": "g++-arm-linux-gnueabihf",
};

/** The program's path, or null when it is not installed. */
export function findTool(name: string): string | null {
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not in this one.
    }
  }
  return null;
}

/** For tap's `skip` option: false when `name` is installed, else a line that says how to get it. */
export function skipWithout(name: string): false | string {
  return findTool(name) ? false : `${name} is not installed: apt-get install ${packages[name] ?? name}`;
}

/**
 * For tap's `skip` option: false when this user can make network namespaces, and run `commands` of the shell in one, else why not.
 */
export function skipWithoutNetworks(commands = ""): false | string {
  const missing = skipWithout("unshare") || skipWithout("ip");
  if (missing) return missing;
  const words = ["-rn", "sh", "-ec", `ip link set lo up\n${commands}`];
  const done = spawnSync("unshare", words, { encoding: "utf8", timeout: 60_000 });
  return done.status === 0 ? false : `no such networks for this user: ${done.stderr.trim()}`;
}

/** The lines `ss` prints about the sockets that `filter` selects, such as ["-tine", "sport = :80"]. */
export function ss(...filter: string[]): string {
  const done = spawnSync("ss", ["-H", ...filter], { encoding: "utf8", timeout: 60_000 });
  if (done.status !== 0) throw new Error(`ss failed: ${done.stderr}`);
  return done.stdout;
}

/**
 * Runs Node as a user does: `spawn(...plainNode("-e", script))`. The test runner adds modules of its own to what children are
 * started with; they handle signals, and take time.
 */
export function plainNode(...words: string[]): [command: string, words: string[]] {
  return ["env", ["-u", "NODE_OPTIONS", process.execPath, ...words]];
}
