/** Volumes: what a path leads to, and that it leads nowhere else, whatever is in the way. */
import { execFileSync } from "node:child_process";
import {
  closeSync,
  constants,
  mkdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { rootCertificates } from "node:tls";
import { Worker } from "node:worker_threads";
import fc from "fast-check";
import t from "tap";
import { locate, openFile, withDirectory, withFile } from "#src/brightscript/app/volumes.js";
import { startProgram } from "../library/program.js";

const { O_CREAT, O_RDONLY, O_WRONLY } = constants;

const read = (path: string): string | null =>
  withFile(path, "read", O_RDONLY, (fd) => readFileSync(fd, "utf8"));
const write = (path: string): boolean =>
  withFile(path, "write", O_WRONLY | O_CREAT, (fd) => writeFileSync(fd, "written") === undefined) ?? false;

t.test("paths that lead somewhere", async (t) => {
  startProgram(t, { pkg: { a: { "b.txt": "b" }, "c.txt": "c", "Mixed.TXT": "m" } });
  const expected = {
    "pkg:/c.txt": "c",
    "PKG:/c.txt": "c",
    "pkg:/a/../c.txt": "c",
    "pkg:/a/b.txt": "b",
    "pkg://a//./b.txt": "b",
    "pkg:/missing/../c.txt": "c",
    "pkg:/mixed.txt": "m",
    "pkg:/A/B.TXT": "b",
    "libpkg:/c.txt": "c",
    "LibPkg:/a/b.txt": "b",
  };
  for (const [path, content] of Object.entries(expected)) t.equal(read(path), content, path);
});

t.test("paths that lead nowhere", async (t) => {
  const { pkg } = startProgram(t, { pkg: { a: {}, "c.txt": "c" } });
  const paths = [
    "",
    "c.txt",
    "/etc/passwd",
    join(pkg, "c.txt"),
    `file://${pkg}/c.txt`,
    "pkg:c.txt",
    "pkg:/",
    "pkg:",
    "pkg:/a",
    "pkg:/..",
    "pkg:/../pkg/c.txt",
    "pkg:/a/../../pkg/c.txt",
    "pkg:/c.txt/..",
    "pkg:/c.txt/x",
    "pkg:/c.txt\0",
    "libpkg:/..",
    "libpkg:/../pkg/c.txt",
    "libpkg:c.txt",
    "pkg:/c.txt\0.png",
    "ext1:/c.txt",
    "proc:/self/environ",
    "constructor:/c.txt",
    "__proto__:/c.txt",
    " pkg:/c.txt",
    "pkg:/missing",
    "pkg:/missing/x",
    "pkg:\\c.txt",
  ];
  for (const path of paths) t.equal(read(path), null, JSON.stringify(path));
  t.equal(locate("pkg:/c.txt", "write"), null, "read only");
  t.equal(locate("libpkg:/c.txt", "write"), null, "read only");
  t.equal(locate("common:/x", "write"), null, "read only");
  t.equal(write("tmp:/missing/x"), false);
});

t.test("common:/certs/ca-bundle.crt holds Node's authorities", async (t) => {
  startProgram(t);
  t.equal(read("common:/certs/ca-bundle.crt")!.trim(), rootCertificates.join("\n"));
});

t.test("what is written is there, private, and cachefs is made when it is first written to", async (t) => {
  const { tmp, data } = startProgram(t);
  t.equal(read("cachefs:/x"), null);
  t.throws(() => readFileSync(join(data, "cachefs")), { code: "ENOENT" });
  t.ok(write("cachefs:/x"));
  t.equal(read("cachefs:/x"), "written");
  t.equal(readFileSync(join(data, "cachefs", "x"), "utf8"), "written");
  t.ok(write("tmp:/x"));
  t.equal(readFileSync(join(tmp, "x"), "utf8"), "written");
});

t.test("names of any bytes", async (t) => {
  startProgram(t);
  for (const name of ["ü €", "\udcff\udc80", "a\nb", "-rf", "%2e%2e", "x".repeat(255)]) {
    t.ok(write(`tmp:/${name}`), JSON.stringify(name));
    t.equal(read(`tmp:/${name}`), "written");
    t.ok(withDirectory("tmp:/", () => true));
  }
  t.equal(write(`tmp:/${"x".repeat(256)}`), false);
});

t.test("symbolic links: within the volume they are followed, out of it they are not", async (t) => {
  const { tmp, data } = startProgram(t);
  writeFileSync(join(data, "secret"), "secret");
  mkdirSync(join(tmp, "dir"));
  writeFileSync(join(tmp, "dir", "file"), "inside");
  const links = {
    file: "dir/file",
    directory: "dir",
    absolute: join(tmp, "dir", "file"),
    out: "../data/secret",
    absoluteOut: join(data, "secret"),
    directoryOut: "../data",
    dangling: "nothing",
    danglingOut: "../data/new",
    loop: "loop",
  };
  for (const [name, target] of Object.entries(links)) symlinkSync(target, join(tmp, name));
  for (const path of ["tmp:/file", "tmp:/directory/file", "tmp:/absolute", "tmp:/DIRECTORY/FILE"]) {
    t.equal(read(path), "inside", path);
  }
  const names = [
    "out",
    "absoluteOut",
    "directoryOut/secret",
    "directoryOut/../data/secret",
    "dangling",
    "loop",
  ];
  for (const name of names) t.equal(read(`tmp:/${name}`), null, name);
  for (const name of [...names, "danglingOut", "directoryOut/new"])
    t.equal(write(`tmp:/${name}`), false, name);
  t.equal(
    withDirectory("tmp:/directoryOut", () => true),
    null,
  );
  t.equal(readFileSync(join(data, "secret"), "utf8"), "secret", "untouched");
  t.throws(() => readFileSync(join(data, "new")), { code: "ENOENT" });
});

t.test("what is no file is not opened: it could be waited for", async (t) => {
  const { tmp } = startProgram(t);
  execFileSync("mkfifo", [join(tmp, "pipe")]);
  t.equal(read("tmp:/pipe"), null);
  t.equal(write("tmp:/pipe"), false);
});

t.test("a directory that is exchanged for a link meanwhile, hundreds of times", async (t) => {
  const { tmp, data } = startProgram(t);
  mkdirSync(join(tmp, "inside"));
  writeFileSync(join(tmp, "inside", "file"), "inside");
  writeFileSync(join(data, "file"), "outside");
  symlinkSync(join(data), join(tmp, "link"));
  symlinkSync("inside", join(tmp, "way"));
  // Another thread points "way" outside and inside by turns.
  const script = `
    const { renameSync, symlinkSync } = require("node:fs");
    const { workerData: { tmp, data } } = require("node:worker_threads");
    for (;;) {
      for (const target of [data, "inside"]) {
        symlinkSync(target, tmp + "/next");
        renameSync(tmp + "/next", tmp + "/way");
      }
    }`;
  const worker = new Worker(script, { eval: true, workerData: { tmp, data } });
  const seen = new Map<string | null, number>();
  const count = (content: string | null): number => seen.get(content) ?? 0;
  const end = performance.now() + 10_000;
  while (Math.min(count("inside"), count(null)) < 200 && performance.now() < end) {
    const content = read("tmp:/way/file");
    seen.set(content, count(content) + 1);
  }
  await worker.terminate();
  t.ok(count("inside") >= 200 && count(null) >= 200, "read inside, refused outside, often");
  t.same([...seen.keys()].sort(), ["inside", null], "and nothing else");
});

t.test("a location crosses to another thread and opens there", async (t) => {
  const { tmp } = startProgram(t);
  writeFileSync(join(tmp, "x"), "content");
  const fd = openFile(structuredClone(locate("tmp:/x", "read")!), O_RDONLY);
  t.equal(readFileSync(fd, "utf8"), "content");
  closeSync(fd);
  renameSync(join(tmp, "x"), join(tmp, "y"));
  t.throws(() => openFile(locate("tmp:/x", "read")!, O_RDONLY), { code: "ENOENT" });
  unlinkSync(join(tmp, "y"));
});

t.test("any path at all reads what is in the volume, or nothing", async (t) => {
  const { data } = startProgram(t, { pkg: { a: { file: "inside" }, file: "inside" } });
  for (const name of ["file", "a"]) writeFileSync(join(data, name), "outside");
  const part = fc.oneof(fc.constantFrom("a", "file", "..", ".", "", "data", "~", "A", "\0"), fc.string());
  const paths = fc.property(
    fc.constantFrom("pkg:/", "pkg:", "PKG:/", "tmp:/../pkg/", "/", "", "pkg:/../"),
    fc.array(part, { maxLength: 6 }),
    (start, parts) => {
      const content = read(start + parts.join("/"));
      return content === null || content === "inside";
    },
  );
  fc.assert(paths, { seed: 1, numRuns: 1_000 });
});

t.test("a path of many names costs no more than its length", async (t) => {
  const { pkg } = startProgram(t, { pkg: { www: {} } });
  let deep = pkg;
  for (let i = 0; i < 300; i++) {
    deep += "/Dir";
    mkdirSync(deep);
  }
  writeFileSync(`${deep}/File`, "deep");
  const start = performance.now();
  t.equal(read(`pkg:${"/dir".repeat(300)}/file`), "deep", "whatever the spelling");
  const paths = [2_000, 16_000, 1_000_000].flatMap((count) => [
    `pkg:/www${"/a".repeat(count)}`,
    `pkg:/www${"/..".repeat(count)}`,
    `pkg:/www${"/www/..".repeat(count)}/x`,
    `tmp:${"/".repeat(count)}x/y`,
    `pkg:/${"a".repeat(count)}`,
  ]);
  for (const path of paths) {
    t.equal(read(path), null);
    t.equal(write(path), false);
    t.equal(
      withDirectory(path, () => true),
      null,
    );
  }
  t.equal(locate(`tmp:/${"/".repeat(5_000)}x`, "read"), null, "longer than the system takes");
  const took = performance.now() - start;
  t.ok(took < 15_000, `${took} ms`);
});

t.test("a mistake of our own is not taken for a file that is not there", async (t) => {
  startProgram(t, { pkg: { "a.txt": "a" } });
  const wrong = (): never => {
    throw new TypeError("a mistake");
  };
  t.throws(() => withFile("pkg:/a.txt", "read", O_RDONLY, wrong), { message: "a mistake" });
  t.throws(() => withDirectory("pkg:/", wrong), { message: "a mistake" });
});
