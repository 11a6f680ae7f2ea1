/**
 * Whether rosock can run here. Loaded before everything else, and by runtimes of any age: so its syntax is that of Node 6, and it
 * imports nothing.
 */

const oldestNode = 20;

/** The names and versions of the runtime's parts: Bun has "bun" among them, Deno "deno". */
type Versions = Readonly<Record<string, string | undefined>>;

/** Why rosock cannot run on this runtime and system, and what to do; undefined where it can. */
export function unsupported(
  versions: Versions = process.versions,
  platform: string = process.platform,
): string | undefined {
  const useNode = `use Node ${oldestNode} or newer`;
  if (versions.bun !== undefined)
    return `Bun ${versions.bun} cannot run it: it needs Node's event loop, libuv; ${useNode}`;
  if (versions.deno !== undefined)
    return `Deno ${versions.deno} cannot run it: it needs Node's event loop, libuv; ${useNode}`;
  const node = versions.node === undefined ? "0" : versions.node;
  if (Number.parseInt(node, 10) < oldestNode) return `Node ${node} is too old; ${useNode}`;
  if (platform !== "linux") return `it runs on Linux only, not on ${platform}`;
  return undefined;
}

/**
 * An error of one line: a stack would only show rosock's own files.
 *
 * @param code - "ERR_ROSOCK_RUNTIME" for a runtime or system that cannot run it, "ERR_ROSOCK_ADDON" for an addon that is missing or
 * does not load
 */
export function plainError(code: string, message: string): Error {
  const error = Object.assign(new Error(`rosock: ${message}`), { code });
  error.stack = `Error: ${error.message}`;
  return error;
}

/** @throws Error with the code ERR_ROSOCK_RUNTIME */
export function assertSupported(): void {
  const reason = unsupported();
  if (reason !== undefined) throw plainError("ERR_ROSOCK_RUNTIME", reason);
}
