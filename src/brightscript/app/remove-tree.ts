import {
  type BigIntStats,
  closeSync,
  constants,
  fstatSync,
  openSync,
  readdirSync,
  rmdirSync,
  unlinkSync,
} from "node:fs";

const { O_DIRECTORY, O_NOFOLLOW } = constants;

/** A directory on the way down. */
interface Level {
  /** In the directory above. */
  readonly name: Buffer;
  readonly stats: BigIntStats;
  /** The names of those in it that are still there. */
  readonly directories: Buffer[];
}

/**
 * Removes a directory with all that is in it, however deep, and follows no link.
 *
 * It goes from directory to directory by one descriptor, down by a name and up by "..": so no path becomes longer than the system
 * takes, and no stack grows.
 *
 * @param milliseconds - how long it may take; what is left then is left
 * @throws as the functions of node:fs; ETIME when something was left, ESTALE when somebody moved a directory meanwhile
 */
export function removeTree(directory: Buffer, milliseconds = Number.POSITIVE_INFINITY): void {
  const end = performance.now() + milliseconds;
  let fd = openSync(directory, O_DIRECTORY | O_NOFOLLOW);
  const goTo = (path: Buffer): void => {
    const next = openSync(path, O_DIRECTORY | O_NOFOLLOW);
    closeSync(fd);
    fd = next;
  };
  try {
    const levels = [emptied(fd, directory, end)];
    for (let level = levels[0]; level !== undefined; level = levels.at(-1)) {
      const next = level.directories.pop();
      if (next !== undefined) {
        goTo(below(fd, next));
        levels.push(emptied(fd, next, end));
        continue;
      }
      levels.pop();
      const above = levels.at(-1);
      if (above === undefined) break;
      goTo(below(fd, Buffer.from("..")));
      const { dev, ino } = fstatSync(fd, { bigint: true });
      if (dev !== above.stats.dev || ino !== above.stats.ino) throw failure("ESTALE", "it was moved");
      rmdirSync(below(fd, level.name));
    }
  } finally {
    closeSync(fd);
  }
  rmdirSync(directory);
}

/** Removes what is no directory from one that is open. */
function emptied(fd: number, name: Buffer, end: number): Level {
  const directories: Buffer[] = [];
  for (const entry of readdirSync(below(fd), { encoding: "buffer", withFileTypes: true })) {
    if (performance.now() > end) throw failure("ETIME", "it takes too long");
    if (entry.isDirectory()) directories.push(entry.name);
    else unlinkSync(below(fd, entry.name));
  }
  return { name, stats: fstatSync(fd, { bigint: true }), directories };
}

/** A path that leads to an open directory, or to something in it. */
const below = (fd: number, name?: Buffer): Buffer =>
  Buffer.concat([Buffer.from(`/proc/self/fd/${fd}/`), name ?? Buffer.alloc(0)]);

const failure = (code: string, message: string): Error => Object.assign(new Error(message), { code });
