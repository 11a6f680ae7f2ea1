/** Finds and loads the addon: the one built here, or the one that the package brings for this kind of machine (see toolchain/). */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { plainError } from "./supported.js";

const root = join(__dirname, "..");

/**
 * @param file - another build of the addon, for tests
 * @throws Error with the code ERR_ROSOCK_ADDON, whose message says what to do
 */
export function loadAddon(file = addonFile()): unknown {
  try {
    return require(file);
  } catch (error) {
    throw plainError("ERR_ROSOCK_ADDON", reasonOf(error as NodeJS.ErrnoException));
  }
}

function addonFile(): string {
  const { arch, platform } = process;
  const files = [
    join(root, "build", "Release", "rosock.node"),
    join(root, "prebuilds", `${platform}-${arch}`, `rosock${arch === "arm" ? ".armv7" : ""}.glibc.node`),
  ];
  const found = files.find((file) => existsSync(file));
  if (found !== undefined) return found;
  throw plainError("ERR_ROSOCK_ADDON", missing(`${platform}-${arch}`));
}

/** npm 12 and pnpm run no install scripts unless they are allowed to, so the command does not rely on them. */
const buildIt = (): string =>
  `build it with: node ${join(root, "scripts", "install.js")} (needs Python 3, make and g++)`;

function missing(machine: string): string {
  if (isPackage()) return `there is no addon for ${machine} in ${root}; ${buildIt()}`;
  return "a bundler has put its code into another file, without the addon; mark rosock as external (esbuild: --external:rosock)";
}

/** False for code that a bundler has moved elsewhere. */
function isPackage(): boolean {
  try {
    const { name } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { name?: unknown };
    return name === "rosock";
  } catch {
    return false;
  }
}

function reasonOf({ code, message }: NodeJS.ErrnoException): string {
  const [line = ""] = message.split("\n");
  if (code === "ERR_DLOPEN_DISABLED")
    return "Node's permissions forbid addons; allow them with --allow-addons";
  if (isMusl()) return `the addon is for glibc, and this system has musl (${line}); ${buildIt()}`;
  return `the addon does not load (${line}); ${buildIt()}`;
}

/** The report lists the C library's version where that is glibc. */
function isMusl(): boolean {
  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
  return header.glibcVersionRuntime === undefined;
}
