/** roFileSystem: the volumes, and the files in them. Nothing is ever plugged in or taken out, so no event comes. */
import { volumes } from "../app/volumes.js";
import { expose } from "../runtime/component.js";
import { integerFrom } from "../runtime/numbers.js";
import { RoAssociativeArray } from "./associative-array.js";
import { RoDateTime } from "./date-time.js";
import { EventSource, portInterfaces } from "./event-source.js";
import * as operations from "./file-operations.js";
import { matching } from "./global/files.js";
import { RoList } from "./list.js";

/** The names that a regular expression matches; none when it is no such thing. */
function found(names: readonly string[], expression: string): RoList {
  try {
    const matches = new RegExp(expression);
    return RoList.of(names.filter((name) => matches.test(name)));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return RoList.of([]);
  }
}

export class RoFileSystem extends EventSource {
  /** "pkg:" and so on. */
  getVolumeList(): RoList {
    return RoList.of(Object.keys(volumes).map((name) => `${name}:`));
  }

  getDirectoryListing(path: string): RoList {
    return RoList.of(operations.list(path));
  }

  find(path: string, expression: string): RoList {
    return found(operations.list(path), expression);
  }

  /** As find, of everything below the directory: the expression is to match the name, and the path from there is given. */
  findRecurse(path: string, expression: string): RoList {
    const paths = operations.listBelow(path);
    const names = new Set(found(paths.map(last), expression).items);
    return RoList.of(paths.filter((each) => names.has(last(each))));
  }

  match(path: string, pattern: string): RoList {
    return matching(path, pattern);
  }

  exists(path: string): boolean {
    return operations.stat(path) !== null;
  }

  /**
   * type, permissions, ctime and mtime (roDateTimes) and, of a file, its size in bytes; sizeEx is not held within an Integer.
   * Empty when there is nothing.
   */
  stat(path: string): RoAssociativeArray {
    const stat = operations.stat(path);
    if (stat === null) return RoAssociativeArray.of({});
    const { isDirectory, size, changed, modified } = stat;
    const found = RoAssociativeArray.of({
      type: isDirectory ? "directory" : "file",
      permissions: volumeOf(path)?.access === "write" ? "rw" : "r",
      ctime: RoDateTime.at(changed),
      mtime: RoDateTime.at(modified),
    });
    if (isDirectory) return found;
    found.set("size", integerFrom(size));
    found.set("sizeEx", BigInt(size));
    return found;
  }

  /** Of every volume, where a Roku knows external ones only. Empty when there is none of that name. */
  getVolumeInfo(path: string): RoAssociativeArray {
    const space = operations.space(path);
    if (space === null) return RoAssociativeArray.of({});
    const { blockSize, blocks, free } = space;
    return RoAssociativeArray.of({
      blocksize: integerFrom(blockSize),
      blocks: integerFrom(blocks),
      // The reference has the one name, older programs the other.
      "free-blocks": integerFrom(free),
      freeblocks: integerFrom(free),
      usedblocks: integerFrom(blocks - free),
      label: "",
      mounttime: 0,
    });
  }

  createDirectory(path: string): boolean {
    return operations.makeDirectory(path);
  }

  delete(path: string): boolean {
    return operations.removeAll(path);
  }

  copyFile(from: string, to: string): boolean {
    return operations.copy(from, to);
  }

  /** False, too, when there is something at the new path already. */
  rename(from: string, to: string): boolean {
    return operations.move(from, to, false);
  }
}

const last = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

const volumeOf = (path: string) => volumes[path.slice(0, path.indexOf(":")).toLowerCase()];

expose(RoFileSystem, "roFileSystem", {
  ifFileSystem: [
    "getVolumeList() as Object",
    "getDirectoryListing(path as String) as Object",
    "find(path as String, expression as String) as Object",
    "findRecurse(path as String, expression as String) as Object",
    "match(path as String, pattern as String) as Object",
    "exists(path as String) as Boolean",
    "stat(path as String) as Object",
    "getVolumeInfo(path as String) as Object",
    "createDirectory(path as String) as Boolean",
    "delete(path as String) as Boolean",
    "copyFile(from as String, to as String) as Boolean",
    "rename(from as String, to as String) as Boolean",
  ],
  ...portInterfaces,
});
