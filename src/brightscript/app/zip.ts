/** Unpacks an app's zip, and refuses one that means harm. */
import { createWriteStream, mkdirSync, statfsSync } from "node:fs";
import { dirname, join } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { type Entry, openPromise, type ZipFile } from "yauzl";
import { crc32 } from "../../components/crc32.js";
import { because, Problem } from "./problem.js";
import { mostEntries } from "./source.js";

// More than any app has: a device takes packages of a few megabytes.
const mostBytes = 512 * 1024 * 1024;

/** What an entry of many bytes may be unpacked to, as a multiple of its own. Pictures and sounds come to hardly more than 1. */
const largestRatio = 100;
const manyBytes = 16 * 1024 * 1024;

/** Of the name of an entry. */
const mostCharacters = 1024;
const mostLevels = 100;

/**
 * Writes the files of a zip into a directory, which is empty.
 * @throws {@link Problem} for a zip that is damaged, encrypted or too large when unpacked, and for one with entries that
 * lead out of its root, are symbolic links, or are there twice.
 */
export async function unpack(file: string, directory: string): Promise<void> {
  try {
    const zip = await openPromise(file, { autoClose: false });
    try {
      for (const entry of await list(zip, directory)) await unpackEntry(zip, entry, directory);
    } finally {
      zip.close();
    }
  } catch (error) {
    throw new Problem(`${file}: ${because(error)}`);
  }
}

/** All entries; the reader refuses names that lead out, and checks later that no entry is larger than it says here. */
async function list(zip: ZipFile, directory: string): Promise<Entry[]> {
  if (zip.entryCount > mostEntries) throw new Error(`it has more than ${mostEntries} entries`);
  const { blocks, bavail, bsize } = statfsSync(directory);
  const room = blocks === 0 ? Number.POSITIVE_INFINITY : bavail * bsize; // Some file systems do not say.
  const places = new Set<string>();
  const entries: Entry[] = [];
  let bytes = 0;
  for await (const entry of zip.eachEntry()) {
    const { fileName, compressedSize, uncompressedSize } = entry;
    entries.push(entry);
    addPlaces(fileName, places);
    bytes += uncompressedSize;
    if (bytes > mostBytes) throw new Error(`unpacked it has more than ${mostBytes} bytes`);
    if (bytes > room) throw new Error(`unpacked it has more than the ${room} bytes that are free`);
    if (uncompressedSize > manyBytes && uncompressedSize > largestRatio * compressedSize)
      throw new Error(`${fileName} is unpacked to more than ${largestRatio} times its bytes`);
    if (isLink(entry)) throw new Error(`${fileName} is a symbolic link`);
  }
  return entries;
}

/** Adds what an entry's name makes: a file or directory, and the directories that it is in. */
function addPlaces(name: string, places: Set<string>): void {
  if (name.length > mostCharacters)
    throw new Error(`the name of an entry has more than ${mostCharacters} characters`);
  let place = name.replace(/\/$/, "");
  if (place.split("/").length > mostLevels) throw new Error(`${name} has more than ${mostLevels} levels`);
  while (place !== "" && !places.has(place)) {
    places.add(place);
    if (places.size > mostEntries)
      throw new Error(`unpacked it has more than ${mostEntries} files and directories`);
    place = place.slice(0, Math.max(0, place.lastIndexOf("/")));
  }
}

async function unpackEntry(zip: ZipFile, entry: Entry, directory: string): Promise<void> {
  const path = join(directory, entry.fileName);
  try {
    if (entry.fileName.endsWith("/")) {
      mkdirSync(path, { recursive: true });
      return;
    }
    mkdirSync(dirname(path), { recursive: true });
    let sum = 0;
    const summing = new Transform({
      transform(bytes: Buffer, _encoding, done) {
        sum = crc32(bytes, sum);
        done(null, bytes);
      },
    });
    await pipeline(await zip.openReadStreamPromise(entry), summing, createWriteStream(path, { flags: "wx" }));
    if (sum >>> 0 !== entry.crc32) throw new Error("its checksum is wrong");
  } catch (error) {
    const isTwice = (error as NodeJS.ErrnoException).code === "EEXIST";
    throw new Error(`${entry.fileName}: ${isTwice ? "it is there twice" : because(error)}`);
  }
}

/** Whether the system that made the entry was a Unix, and a link is what it made. */
function isLink(entry: Entry): boolean {
  return entry.versionMadeBy >> 8 === 3 && ((entry.externalFileAttributes >>> 16) & 0o170000) === 0o120000;
}
