/** The global functions for files. */
import { globals } from "../../runtime/component.js";
import * as operations from "../file-operations.js";
import { RoList } from "../list.js";
import { wildcard } from "../wildcard.js";

/** The names in a directory that match a pattern. */
export function matching(path: string, pattern: string): RoList {
  const expression = wildcard(pattern);
  return RoList.of(expression === null ? [] : operations.list(path).filter((name) => expression.test(name)));
}

export const fileFunctions = globals({
  "ReadAsciiFile(path as String) as String": operations.readText,
  "WriteAsciiFile(path as String, text as String) as Boolean": operations.writeText,
  "ListDir(path as String) as Object": (path: string) => RoList.of(operations.list(path)),
  "MatchFiles(path as String, pattern as String) as Object": matching,
  "CopyFile(source as String, destination as String) as Boolean": operations.copy,
  "MoveFile(source as String, destination as String) as Boolean": (from: string, to: string) =>
    operations.move(from, to, true),
  "DeleteFile(file as String) as Boolean": operations.removeFile,
  "DeleteDirectory(directory as String) as Boolean": operations.removeEmptyDirectory,
  "CreateDirectory(directory as String) as Boolean": operations.makeDirectory,
  // There is no drive that a program could be allowed to format.
  "FormatDrive(drive as String, fileSystem as String) as Boolean": () => false,
});
