import { chmodSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { RoByteArray } from "#src/components/byte-array.js";

const MOST = 2 ** 31 - 1;
const ascii = (text: string) => {
  const array = new RoByteArray();
  array.fromAsciiString(text);
  return array;
};
const fixed = (size: number) => {
  const array = new RoByteArray();
  array.setResize(size, false);
  return array;
};

t.test("files", async (t) => {
  const dir = t.testdir();
  const path = join(dir, "file");
  const array = ascii("0123456789");
  t.ok(array.writeFile(path));
  t.equal(readFileSync(path, "latin1"), "0123456789");
  t.ok(array.writeFile(path, 2, 3), "replaces");
  t.equal(readFileSync(path, "latin1"), "234");
  t.ok(array.appendFile(path, 8, 100), "past the end is left out");
  t.ok(array.appendFile(path));
  t.equal(readFileSync(path, "latin1"), "234890123456789");
  t.ok(array.appendFile(join(dir, "new"), 10, 1), "a start at the end is nothing");
  t.equal(statSync(join(dir, "new")).size, 0);

  for (const [start, length] of [
    [-1, 2],
    [0, -1],
    [11, 0],
    [MOST, MOST],
  ] as const) {
    t.notOk(array.writeFile(path, start, length), `write ${start}, ${length}`);
    t.notOk(array.appendFile(path, start, length), `append ${start}, ${length}`);
  }
  t.equal(statSync(path).size, 15, "bad ranges leave the file alone");

  const read = ascii("before");
  for (const [start, length] of [
    [-1, 2],
    [0, -1],
    [16, 1],
    [MOST, MOST],
  ] as const) {
    t.notOk(read.readFile(path, start, length), `read ${start}, ${length}`);
    t.equal(read.toAsciiString(), "before", "a failed read leaves the array alone");
  }
  t.ok(read.readFile(path, 12, MOST));
  t.equal(read.toAsciiString(), "789");
  t.ok(read.readFile(path, 15, 1));
  t.ok(read.isEmpty(), "a start at the end is nothing");
});

t.test("files that cannot be", async (t) => {
  const dir = t.testdir();
  const array = ascii("x");
  for (const path of ["", dir, join(dir, "none", "file"), "a\0b", "x".repeat(5000), "/dev/full/x"]) {
    t.notOk(array.readFile(path), `read ${JSON.stringify(path.slice(0, 40))}`);
    t.notOk(array.writeFile(path), "write");
    t.notOk(array.appendFile(path), "append");
  }
  t.notOk(array.writeFile("/dev/full"), "no space left");
  t.equal(array.toAsciiString(), "x");
  const secret = join(dir, "secret");
  writeFileSync(secret, "");
  chmodSync(secret, 0);
  if (process.getuid?.() !== 0) t.notOk(array.readFile(secret), "no permission");
});

t.test("files without a size, and devices", async (t) => {
  const array = new RoByteArray();
  t.ok(array.readFile("/proc/self/maps"));
  t.ok(array.count() > 1000);
  t.ok(array.readFile("/dev/urandom", 0, 100_000));
  t.equal(array.count(), 100_000);
  const small = fixed(10);
  t.notOk(small.readFile("/dev/zero"), "endless, and refused at once");
  t.ok(small.readFile("/dev/zero", 0, 10));
  t.equal(small.count(), 10);
});

t.test("S19 a large file, and a name that is no UTF-8", async (t) => {
  const path = `${t.testdir()}/\udcff\udc80`;
  const array = RoByteArray.from(Uint8Array.from({ length: 300_000 }, (_, i) => i * 7));
  t.ok(array.writeFile(path));
  t.equal(statSync(Buffer.from(`${path.slice(0, -2)}\xff\x80`, "latin1")).size, 300_000);
  const read = ascii("before");
  t.ok(read.readFile(path));
  t.equal(Buffer.compare(read.toUint8Array(), array.toUint8Array()), 0);
});
