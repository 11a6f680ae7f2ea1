import { spawnSync } from "node:child_process";
import { randomFillSync } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t, { type Test as TapTest } from "tap";
import { unpack } from "#src/brightscript/app/zip.js";
import { plainNode } from "../../support/tools.js";
import { makeZip, type ZipEntry } from "./make-zip.js";

/** Unpacks these entries; what came of it, and where. */
async function unpacked(t: TapTest, zip: readonly ZipEntry[] | Buffer) {
  const root = t.testdir({ out: {} });
  const file = join(root, "app.zip");
  writeFileSync(file, Buffer.isBuffer(zip) ? zip : makeZip(zip as ZipEntry[]));
  const out = join(root, "out");
  try {
    await unpack(file, out);
    return { root, out, message: "" };
  } catch (error) {
    return { root, out, message: (error as Error).message.replace(file, "app.zip") };
  }
}

t.test("files and directories", async (t) => {
  const { out } = await unpacked(t, [
    { name: "manifest", data: "title=x" },
    { name: "empty/", mode: 0o040755 },
    { name: "d/".repeat(100), mode: 0o040755 },
    { name: "source/deep/main.brs", data: "sub main()" },
  ]);
  t.equal(readFileSync(join(out, "manifest"), "utf8"), "title=x");
  t.equal(readFileSync(join(out, "source/deep/main.brs"), "utf8"), "sub main()");
  t.ok(existsSync(join(out, "empty")));
});

const refused: Record<string, [ZipEntry[], RegExp]> = {
  "a name that climbs out": [
    [{ name: "a/../../evil" }],
    /^app\.zip: invalid relative path: a\/\.\.\/\.\.\/evil$/,
  ],
  "an absolute name": [[{ name: "/tmp/evil" }], /^app\.zip: absolute path: \/tmp\/evil$/],
  "a name that climbs out by backslashes": [[{ name: "..\\evil" }], /^app\.zip: invalid relative path/],
  "a symbolic link": [
    [{ name: "source/link", data: "/etc/passwd", mode: 0o120777 }],
    /^app\.zip: source\/link is a symbolic link$/,
  ],
  "a name that is there twice": [[{ name: "a" }, { name: "a" }], /^app\.zip: a: it is there twice$/],
  "a file that is a directory as well": [[{ name: "a" }, { name: "a/b" }], /^app\.zip: a\/b: /],
  "more bytes than it says": [
    [{ name: "a", data: "x".repeat(1e6), size: 10 }],
    /^app\.zip: a: too many bytes/,
  ],
  "more bytes than anybody wants": [
    [{ name: "a", data: "x", size: 2 ** 29 + 1 }],
    /^app\.zip: unpacked it has more than \d+ bytes$/,
  ],
  "more bytes than a file of its size would have": [
    [{ name: "a", data: "x".repeat(17 << 20) }],
    /^app\.zip: a is unpacked to more than 100 times its bytes$/,
  ],
  "a name of very many characters": [
    [{ name: Array(11).fill("x".repeat(100)).join("/") }],
    /^app\.zip: the name of an entry has more than 1024 characters$/,
  ],
  "a name of very many levels": [
    [{ name: `${"d/".repeat(100)}x` }],
    /^app\.zip: (d\/)+x has more than 100 levels$/,
  ],
  "few entries in very many directories": [
    Array.from({ length: 210 }, (_, i) => ({ name: `${i}/`.repeat(98) })),
    /^app\.zip: unpacked it has more than 20000 files and directories$/,
  ],
  "a wrong checksum": [[{ name: "a", data: "abc", crc: 1 }], /^app\.zip: a: its checksum is wrong$/],
};
for (const [title, [entries, pattern]] of Object.entries(refused)) {
  t.test(title, async (t) => {
    const { root, message } = await unpacked(t, [{ name: "good" }, ...entries]);
    t.match(message, pattern);
    t.strictSame(readdirSync(root).sort(), ["app.zip", "out"]);
  });
}

t.test("too many entries", async (t) => {
  const { message } = await unpacked(
    t,
    Array.from({ length: 20_001 }, (_, i) => ({ name: `${i}` })),
  );
  t.match(message, /^app\.zip: it has more than 20000 entries$/);
});

t.test("many entries in few directories", async (t) => {
  const names = Array.from({ length: 3_000 }, (_, i) => `a/b/c/d/e/f/g/h/${i}`);
  const { out, message } = await unpacked(
    t,
    names.map((name) => ({ name })),
  );
  t.equal(message, "");
  t.equal(readdirSync(join(out, "a/b/c/d/e/f/g/h")).length, 3_000);
});

t.test("a file system that says nothing of its room", async (t) => {
  t.capture(require("node:fs"), "statfsSync", () => ({ type: 0, bsize: 4096, blocks: 0, bavail: 0 }));
  const { out, message } = await unpacked(t, [{ name: "a", data: "abc" }]);
  t.equal(message, "");
  t.equal(readFileSync(join(out, "a"), "utf8"), "abc");
});

t.test("what is no zip, or was cut off", async (t) => {
  t.match((await unpacked(t, Buffer.from("no zip"))).message, /^app\.zip: /);
  const whole = makeZip([{ name: "a", data: "abc" }]);
  t.match((await unpacked(t, whole.subarray(0, whole.length - 5))).message, /^app\.zip: /);
});

t.test("a large entry takes no memory to speak of", async (t) => {
  const size = 128 << 20;
  const data = Buffer.alloc(size);
  for (let at = 0; at < size; at += 1024) randomFillSync(data, at, 64);
  const root = t.testdir({ out: {} });
  const file = join(root, "app.zip");
  writeFileSync(file, makeZip([{ name: "large", data }]));
  const script = `require(${JSON.stringify(require.resolve("#src/brightscript/app/zip.js"))})
    .unpack(${JSON.stringify(file)}, ${JSON.stringify(join(root, "out"))})
    .then(() => console.log(/VmHWM:\\s*(\\d+)/.exec(require("node:fs").readFileSync("/proc/self/status"))[1]));`;
  const { stdout, stderr } = spawnSync(...plainNode("-e", script), { encoding: "utf8" });
  t.equal(stderr, "");
  t.ok(Number(stdout) > 0 && Number(stdout) < 120 * 1024, `${stdout.trim()} KiB`);
  t.ok(readFileSync(join(root, "out/large")).equals(data));
});
