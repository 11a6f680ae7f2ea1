/** Unpacks an app's zip, and refuses one that means harm. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { buffer } from "node:stream/consumers";
import { type Entry, openPromise, type ZipFile } from "yauzl";
import { crc32 } from "../../components/crc32.js";
import { because, Problem } from "./problem.js";

// More than any app has: a device takes packages of a few megabytes.
const mostEntries = 20_000;
const mostBytes = 512 * 1024 * 1024;

/**
 * Writes the files of a zip into a directory, which is empty.
 * @throws {@link Problem} for a zip that is damaged, encrypted or too large when unpacked, and for one with entries that
 * lead out of its root, are symbolic links, or are there twice.
 */
export async function unpack(file: string, directory: string): Promise<void> {
  try {
    const zip = await openPromise(file, { autoClose: false });
    try {
      for (const entry of await list(zip)) await unpackEntry(zip, entry, directory);
    } finally {
      zip.close();
    }
  } catch (error) {
    throw new Problem(`${file}: ${because(error)}`);
  }
}

/** All entries; the reader refuses names that lead out, and checks later that no entry is larger than it says here. */
async function list(zip: ZipFile): Promise<Entry[]> {
  if (zip.entryCount > mostEntries) throw new Error(`it has more than ${mostEntries} entries`);
  const entries: Entry[] = [];
  let bytes = 0;
  for await (const entry of zip.eachEntry()) {
    entries.push(entry);
    bytes += entry.uncompressedSize;
    if (bytes > mostBytes) throw new Error(`unpacked it has more than ${mostBytes} bytes`);
    if (isLink(entry)) throw new Error(`${entry.fileName} is a symbolic link`);
  }
  return entries;
}

async function unpackEntry(zip: ZipFile, entry: Entry, directory: string): Promise<void> {
  const path = join(directory, entry.fileName);
  try {
    if (entry.fileName.endsWith("/")) {
      mkdirSync(path, { recursive: true });
      return;
    }
    const bytes = await buffer(await zip.openReadStreamPromise(entry));
    if (crc32(bytes) >>> 0 !== entry.crc32) throw new Error("its checksum is wrong");
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes, { flag: "wx" });
  } catch (error) {
    const isTwice = (error as NodeJS.ErrnoException).code === "EEXIST";
    throw new Error(`${entry.fileName}: ${isTwice ? "it is there twice" : because(error)}`);
  }
}

/** Whether the system that made the entry was a Unix, and a link is what it made. */
function isLink(entry: Entry): boolean {
  return entry.versionMadeBy >> 8 === 3 && ((entry.externalFileAttributes >>> 16) & 0o170000) === 0o120000;
}
