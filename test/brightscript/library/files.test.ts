/** The global functions for files, roFileSystem, roPath, and roByteArray's files. */
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { createComponent } from "#src/brightscript/library/index.js";
import { RoList } from "#src/brightscript/library/list.js";
import { wildcard } from "#src/brightscript/library/wildcard.js";
import type { Value } from "#src/brightscript/runtime/values.js";
import { call, errorOf, g, printed } from "./call.js";
import { startProgram } from "./program.js";

const items = (list: Value): Value[] => (list instanceof RoList ? list.items : [null]);
const { writeasciifile: write, readasciifile: read } = g as Record<string, (...values: Value[]) => Value>;

t.test("ReadAsciiFile, WriteAsciiFile", async (t) => {
  const { pkg, tmp } = startProgram(t, { pkg: { "a.txt": "pkg" } });
  t.equal(read!("pkg:/a.txt"), "pkg");
  t.equal(read!("pkg:/b.txt"), "");
  t.equal(read!("pkg:/"), "");
  for (const text of ["", "ü € 😀", "a\0b", "\udcff\udc80", "\ufeffbom"]) {
    t.equal(write!("tmp:/x", text), true);
    t.equal(read!("tmp:/x"), text);
  }
  write!("tmp:/x", "\udcff€");
  t.same(readFileSync(join(tmp, "x")), Buffer.from([0xff, 0xe2, 0x82, 0xac]), "bytes, as row S19 has them");
  writeFileSync(join(tmp, "le"), Buffer.from("\ufeffgrüß", "utf16le"));
  writeFileSync(
    join(tmp, "be"),
    Buffer.concat([Buffer.from("\ufeffgrüß", "utf16le").swap16(), Buffer.of(0)]),
  );
  t.equal(read!("tmp:/le"), "grüß", "UTF-16");
  t.equal(read!("tmp:/be"), "grüß", "UTF-16 the other way round, with half a character");
  t.equal(write!("pkg:/a.txt", "changed"), false);
  t.equal(write!(join(tmp, "y"), "host"), false);
  t.equal(readFileSync(join(pkg, "a.txt"), "utf8"), "pkg");
  t.equal(
    errorOf(() => read!()),
    0xf1,
  );
  t.equal(
    errorOf(() => read!(5)),
    0x18,
  );
});

t.test("ListDir, MatchFiles", async (t) => {
  startProgram(t, { pkg: { "b.mpg": "", "a.MPG": "", "c.txt": "", d: { "e.mpg": "" } } });
  t.same(items(g.listdir!("pkg:/")), ["a.MPG", "b.mpg", "c.txt", "d"]);
  t.same(items(g.listdir!("pkg:/d")), ["e.mpg"]);
  t.same(items(g.listdir!("pkg:/none")), []);
  t.same(items(g.listdir!("pkg:/c.txt")), []);
  t.same(items(g.matchfiles!("pkg:/", "*.mpg")), ["a.MPG", "b.mpg"]);
  t.same(items(g.matchfiles!("pkg:/", "?.txt")), ["c.txt"]);
  t.same(items(g.matchfiles!("pkg:/", "[")), []);
});

t.test("patterns", async (t) => {
  const matches: [string, string[], string[]][] = [
    ["*", ["", "a", "a.b", "a\nb"], []],
    ["a?c", ["abc", "a.c", "ABC"], ["ac", "abbc"]],
    ["**x**", ["x", "axb"], ["a"]],
    ["ab*bc*cd", ["abbccd", "abxbcxcd", "ABbcbccd"], ["abcd", "abccd", "abbccdx"]],
    ["*ab*ab*", ["abab", "xabxabx"], ["aba", "xab"]],
    [`${"*a".repeat(100)}*b`, [`${"a".repeat(254)}b`], ["a".repeat(255), `${"a".repeat(99)}b`]],
    ["*".repeat(60_000), ["", "a"], []],
    ["[A-Cf-h]", ["a", "B", "g"], ["d", "-", ""]],
    ["[]]", ["]"], ["[", ""]],
    ["[^]a]", ["b"], ["]", "a"]],
    ["[^a-c]", ["d", "^"], ["a"]],
    ["[a^]", ["a", "^"], ["b"]],
    ["[-a]", ["-", "a"], ["b"]],
    ["[a-]", ["-", "a"], ["b"]],
    ["[\\]", ["\\"], ["a"]],
    ["\\*\\?\\[\\\\", ["*?[\\"], ["abc\\"]],
    ["a.b+c(d){1}$^|", ["a.b+c(d){1}$^|"], ["axb+c(d){1}$^|"]],
    ["\\", ["\\"], ["a"]],
  ];
  for (const [pattern, yes, no] of matches) {
    for (const name of yes) t.ok(wildcard(pattern)!.test(name), `${pattern} matches ${JSON.stringify(name)}`);
    for (const name of no)
      t.notOk(wildcard(pattern)!.test(name), `${pattern} does not match ${JSON.stringify(name)}`);
  }
  const start = performance.now();
  t.notOk(wildcard(`${"*a".repeat(100)}b`)!.test("a".repeat(255)), "however many ways there are to match it");
  t.ok(performance.now() - start < 10_000);
  for (const pattern of ["[", "[abc", "[]", "[z-a]", "?".repeat(256), "[ab]".repeat(50_000)])
    t.equal(wildcard(pattern), null, pattern);
});

t.test("CopyFile, MoveFile, DeleteFile", async (t) => {
  const { pkg, tmp, data } = startProgram(t, { pkg: { "a.txt": "a" } });
  t.equal(g.copyfile!("pkg:/a.txt", "tmp:/b.txt"), true);
  t.equal(read!("tmp:/b.txt"), "a");
  write!("tmp:/b.txt", "longer than before");
  t.equal(g.copyfile!("pkg:/a.txt", "tmp:/b.txt"), true, "over another");
  t.equal(read!("tmp:/b.txt"), "a");
  t.equal(g.copyfile!("tmp:/b.txt", "TMP:/./b.txt"), true, "onto itself");
  t.equal(read!("tmp:/b.txt"), "a");
  t.equal(g.copyfile!("tmp:/b.txt", "pkg:/b.txt"), false);
  t.equal(g.copyfile!("tmp:/none", "tmp:/c"), false);
  t.equal(g.copyfile!("tmp:/b.txt", "tmp:/none/c"), false);
  t.equal(g.copyfile!("tmp:/", "tmp:/c"), false);
  t.equal(read!("tmp:/c"), "", "nothing was made");

  const large = Buffer.alloc(1_000_000, "0123456789");
  writeFileSync(join(tmp, "large"), large);
  t.equal(g.copyfile!("tmp:/large", "cachefs:/large"), true);
  t.ok(readFileSync(join(data, "cachefs", "large")).equals(large));

  t.equal(g.movefile!("tmp:/b.txt", "tmp:/c.txt"), true);
  t.same(items(g.listdir!("tmp:/")), ["c.txt", "large"]);
  t.equal(g.movefile!("tmp:/c.txt", "cachefs:/large"), true, "over another, to another volume");
  t.equal(read!("cachefs:/large"), "a");
  t.equal(g.movefile!("pkg:/a.txt", "tmp:/a.txt"), false);
  t.equal(g.movefile!("tmp:/none", "tmp:/a.txt"), false);

  t.equal(g.deletefile!("cachefs:/large"), true);
  t.equal(g.deletefile!("cachefs:/large"), false);
  t.equal(g.deletefile!("pkg:/a.txt"), false);
  t.equal(g.deletefile!("tmp:/"), false);
  t.equal(readFileSync(join(pkg, "a.txt"), "utf8"), "a");
});

t.test("CreateDirectory, DeleteDirectory, FormatDrive", async (t) => {
  const { tmp } = startProgram(t);
  t.equal(g.createdirectory!("tmp:/a"), true);
  t.equal(g.createdirectory!("tmp:/a"), false, "there already");
  t.equal(g.createdirectory!("tmp:/b/c"), false, "one at a time");
  t.equal(g.createdirectory!("pkg:/a"), false);
  t.ok(statSync(join(tmp, "a")).isDirectory());
  write!("tmp:/a/x", "x");
  t.equal(g.deletedirectory!("tmp:/a"), false, "not empty");
  g.deletefile!("tmp:/a/x");
  t.equal(g.deletedirectory!("tmp:/a"), true);
  t.equal(g.deletedirectory!("tmp:/"), false);
  t.ok(statSync(tmp).isDirectory());
  t.equal(g.formatdrive!("ext1:/", "vfat"), false);
});

t.test("roFileSystem", async (t) => {
  const { tmp } = startProgram(t, { pkg: { "a.txt": "abc", d: { "b.txt": "", e: { "c.txt": "" } } } });
  const files = createComponent("roFileSystem", []);
  const ask = (name: string, ...values: Value[]): Value => call(files, name, ...values);
  t.same(items(ask("GetVolumeList")), ["pkg:", "tmp:", "cachefs:", "common:"]);
  t.same(items(ask("GetDirectoryListing", "pkg:/")), ["a.txt", "d"]);
  t.same(items(ask("Find", "pkg:/", "\\.txt$")), ["a.txt"]);
  t.same(items(ask("Find", "pkg:/", "(")), [], "no regular expression");
  t.same(items(ask("FindRecurse", "pkg:/", "^.\\.txt$")), ["a.txt", "d/b.txt", "d/e/c.txt"]);
  t.same(items(ask("FindRecurse", "pkg:/", "^[de]$")), ["d", "d/e"]);
  t.same(items(ask("Match", "pkg:/d", "*.TXT")), ["b.txt"]);
  for (const path of ["pkg:/a.txt", "pkg:/d", "pkg:/", "common:/certs"])
    t.equal(ask("Exists", path), true, path);
  for (const path of ["pkg:/b", "ext1:/", "/", "x"]) t.equal(ask("Exists", path), false, path);

  const stat = ask("Stat", "pkg:/a.txt");
  for (const [key, value] of Object.entries({ type: "file", size: 3, sizeex: 3n, permissions: "r" })) {
    t.equal(call(stat, "Lookup", key), value, key);
  }
  for (const key of ["ctime", "mtime"]) {
    const age = Date.now() / 1000 - (call(call(stat, "Lookup", key), "AsSeconds") as number);
    t.ok(age >= 0 && age < 600, `${key} ${age} s ago`);
  }
  t.equal(call(ask("Stat", "tmp:/"), "Lookup", "permissions"), "rw");
  t.equal(call(ask("Stat", "pkg:/d"), "Lookup", "type"), "directory");
  t.equal(call(ask("Stat", "pkg:/none"), "Count"), 0);
  const space = ask("GetVolumeInfo", "tmp:/");
  t.ok((call(space, "Lookup", "blocksize") as number) > 0, printed(space));
  for (const name of ["free-blocks", "freeblocks"]) t.ok((call(space, "Lookup", name) as number) > 0, name);
  t.equal(call(ask("GetVolumeInfo", "ext1:/"), "Count"), 0);

  t.equal(ask("CreateDirectory", "tmp:/x"), true);
  t.equal(ask("CopyFile", "pkg:/a.txt", "tmp:/x/a.txt"), true);
  t.equal(ask("Rename", "tmp:/x/a.txt", "tmp:/x/b.txt"), true);
  t.equal(ask("CopyFile", "pkg:/a.txt", "tmp:/x/a.txt"), true);
  t.equal(ask("Rename", "tmp:/x/a.txt", "tmp:/x/b.txt"), false, "never over another");
  t.equal(ask("Rename", "tmp:/x", "tmp:/y"), true);
  t.equal(ask("Rename", "tmp:/y", "tmp:/y/z"), false);
  mkdirSync(join(tmp, "kept"));
  writeFileSync(join(tmp, "kept", "file"), "");
  symlinkSync("../kept", join(tmp, "y", "link"));
  t.equal(ask("Delete", "pkg:/d"), false);
  t.equal(ask("Delete", "tmp:/"), false, "a volume");
  t.equal(ask("Delete", "tmp:/y"), true, "with all that is in it");
  t.equal(ask("Delete", "tmp:/y"), false);
  t.same(items(ask("FindRecurse", "tmp:/", "")), ["kept", "kept/file"], "what a link led to is still there");

  const port = createComponent("roMessagePort", []);
  call(files, "SetMessagePort", port);
  t.equal(call(files, "GetMessagePort"), port);
  call(files, "SetMessagePort", null);
  t.equal(call(files, "GetMessagePort"), null);
  t.equal(
    errorOf(() => call(files, "SetMessagePort", files)),
    0x18,
  );
});

t.test("directories one within the other, deeper than any path is long", async (t) => {
  const { tmp } = startProgram(t);
  const files = createComponent("roFileSystem", []);
  const name = "d".repeat(100);
  // As a program can do it: a directory is moved into a new one.
  t.equal(call(files, "CreateDirectory", "tmp:/deep"), true);
  t.equal(write!("tmp:/deep/file", "x"), true);
  for (let i = 0; i < 200; i++) {
    call(files, "CreateDirectory", "tmp:/next");
    if (!call(files, "Rename", "tmp:/deep", `tmp:/next/${name}`)) t.fail("rename");
    call(files, "Rename", "tmp:/next", "tmp:/deep");
  }
  const found = items(call(files, "FindRecurse", "tmp:/", "^d+$"));
  t.ok(found.length > 30 && found.length < 100, `${found.length} of them have a path`);
  t.same(items(call(files, "FindRecurse", "tmp:/", "^file$")), []);
  t.equal(call(files, "Delete", "tmp:/deep"), true);
  t.same(readdirSync(tmp), []);
});

t.test("FindRecurse of a deep directory takes no longer than that of a wide one", async (t) => {
  const { pkg } = startProgram(t, { pkg: {} });
  mkdirSync(`${pkg}${"/a".repeat(1_000)}`, { recursive: true });
  const start = performance.now();
  t.equal(items(call(createComponent("roFileSystem", []), "FindRecurse", "pkg:/", "a")).length, 1_000);
  t.ok(performance.now() - start < 20_000, `${performance.now() - start} ms`);
});

t.test("roPath", async (t) => {
  const path = createComponent("roPath", ["pkg:/source//x/../main.test.brs"]);
  t.equal(call(path, "GetString"), "pkg:/source/main.test.brs");
  const parts = call(path, "Split");
  const expected = {
    phy: "pkg:",
    parent: "pkg:/source/",
    filename: "main.test.brs",
    basename: "main.test",
    extension: ".brs",
  };
  for (const [key, value] of Object.entries(expected)) t.equal(call(parts, "Lookup", key), value, key);
  t.equal(call(path, "Change", "../images/a.png"), true, "from where it is");
  t.equal(call(path, "GetString"), "pkg:/source/images/a.png");
  t.equal(call(path, "Change", "tmp:/x"), true);
  t.equal(call(call(path, "Split"), "Lookup", "parent"), "tmp:/");
  t.equal(call(call(path, "Split"), "Lookup", "extension"), "");
  t.equal(call(path, "Change", "../.."), false, "out of its volume");
  t.equal(call(path, "IsValid"), false);
  t.equal(call(path, "IsEmpty"), true);
  t.equal(call(call(path, "Split"), "Count"), 0);
  call(path, "SetString", "ext1:/");
  t.equal(call(path, "IsValid"), true);
  t.equal(call(call(path, "Split"), "Lookup", "parent"), "");
  for (const invalid of [
    "",
    "x",
    "/etc",
    "pkg:x",
    "disk:/x",
    "tmp:/a b",
    "tmp:/a?",
    "tmp:/a:b",
    "tmp:/a\0",
    "ext0:/a",
    `tmp:/${"a/".repeat(50_000)}`,
  ]) {
    t.equal(call(createComponent("roPath", [invalid]), "IsValid"), false, JSON.stringify(invalid));
  }
  t.equal(
    errorOf(() => createComponent("roPath", [5])),
    0x18,
  );
  startProgram(t);
  t.equal(
    write!(createComponent("roPath", ["tmp:/x"]), "text"),
    true,
    "a path is a string where one is wanted",
  );
  t.equal(read!("tmp:/x"), "text");
});

t.test("roByteArray's files are in volumes", async (t) => {
  const { tmp, pkg } = startProgram(t, { pkg: { "a.bin": "abc" } });
  const bytes = createComponent("roByteArray", []);
  t.equal(call(bytes, "ReadFile", "pkg:/a.bin"), true);
  t.equal(call(bytes, "ReadFile", "pkg:/a.bin", 1, 1), true);
  t.equal(call(bytes, "ToAsciiString"), "b");
  t.equal(call(bytes, "ReadFile", join(pkg, "a.bin")), false);
  t.equal(call(bytes, "ReadFile", "pkg:/../data/x"), false);
  t.equal(call(bytes, "ToAsciiString"), "b", "as it was");
  t.equal(call(bytes, "WriteFile", "tmp:/b"), true);
  t.equal(call(bytes, "AppendFile", "tmp:/b"), true);
  t.equal(read!("tmp:/b"), "bb");
  t.equal(call(bytes, "WriteFile", "tmp:/b", 2, 1), false, "a start past the end");
  t.equal(read!("tmp:/b"), "bb", "as it was");
  t.equal(call(bytes, "WriteFile", join(tmp, "c")), false);
  t.equal(call(bytes, "WriteFile", "pkg:/a.bin"), false);
  t.equal(readFileSync(join(pkg, "a.bin"), "utf8"), "abc");
});
