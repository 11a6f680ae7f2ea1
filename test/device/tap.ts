/**
 * As much of tap as the tests use: what stands in for it on a device, where the real one, some 400 packages, would neither fit nor
 * start in reasonable time.
 */
import { limitsOf } from "./limits.js";
import { Subtest } from "./subtest.js";

/** For all tests of a file, in milliseconds. */
const limit = 600_000;

// Now, as tap does: with its first stream Node opens a descriptor in reserve, which must not look like one that a test has left.
const { stdout } = process;

const limits = limitsOf(process.env.ROSOCK_ENVIRONMENT);
const root = new Subtest("", 0, {
  write: (text) => void stdout.write(text),
  patience: Number(process.env.ROSOCK_PATIENCE ?? 1),
  limit: (title) => limits[title],
});

// The file has been read to its end by then, and has said what it wants run.
setImmediate(async () => {
  await root.run(() => {}, limit);
  if (root.failed) process.exitCode = 1;
});

export type { Subtest as Test };
export default root;
