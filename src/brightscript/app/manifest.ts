/** A package's manifest: lines of `key=value`; those that begin with # are comments. */
import { Problem } from "./problem.js";

/** The values by key, which is in lower case. Lines that are no pairs are passed over, as a device does. */
export function parseManifest(text: string): Map<string, string> {
  const values = new Map<string, string>();
  for (const line of text.replace(/^\uFEFF/, "").split(/\r?\n/)) {
    const end = line.indexOf("=");
    const key = line.slice(0, Math.max(end, 0)).trim();
    if (key !== "" && !key.startsWith("#")) values.set(key.toLowerCase(), line.slice(end + 1).trim());
  }
  return values;
}

/**
 * The constants of conditional compilation, `name=true;other=false`, by their names in lower case.
 * @throws {@link Problem}, which begins with `where`.
 */
export function parseConstants(text: string, where: string): Record<string, boolean> {
  const constants: Record<string, boolean> = {};
  for (const part of text.split(";")) {
    if (part.trim() === "") continue;
    const [, name, value] = /^([a-z_]\w*)\s*=\s*(true|false)$/i.exec(part.trim()) ?? [];
    if (name === undefined)
      throw new Problem(`${where}: expected name=true or name=false, not "${part.trim().slice(0, 80)}"`);
    constants[name.toLowerCase()] = value!.toLowerCase() === "true";
  }
  return constants;
}

/** The manifest's constants, with those of the command line in their places. */
export function constantsOf(
  manifest: ReadonlyMap<string, string>,
  given: readonly string[],
): Record<string, boolean> {
  return {
    ...parseConstants(manifest.get("bs_const") ?? "", "manifest: bs_const"),
    ...parseConstants(given.join(";"), "--const"),
  };
}
