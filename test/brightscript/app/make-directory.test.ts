import { spawnSync } from "node:child_process";
import { mkdirSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { makeDirectory } from "#src/brightscript/app/make-directory.js";
import { plainNode } from "../../support/tools.js";

t.test("a directory is made with those it is in, for this user alone", async (t) => {
  const root = t.testdir({});
  makeDirectory(join(root, "a/b/c"));
  for (const path of ["a", "a/b", "a/b/c"]) t.equal(statSync(join(root, path)).mode & 0o777, 0o700, path);
  makeDirectory(join(root, "a/b/c"));
  symlinkSync("a", join(root, "link"));
  makeDirectory(join(root, "link/d"));
  t.ok(statSync(join(root, "a/d")).isDirectory());
});

t.test("where something else is", async (t) => {
  const root = t.testdir({});
  mkdirSync(join(root, "a"));
  writeFileSync(join(root, "a/file"), "");
  symlinkSync("nowhere", join(root, "dangling"));
  t.throws(() => makeDirectory(join(root, "a/file")), { code: "EEXIST" });
  t.throws(() => makeDirectory(join(root, "a/file/b")), { code: "ENOTDIR" });
  t.throws(() => makeDirectory(join(root, "dangling/b")), { code: "EEXIST" });
});

t.test("in /proc, where nothing can be made: it ends", async (t) => {
  const module = require.resolve("#src/brightscript/app/make-directory.js");
  const script = `try { require(${JSON.stringify(module)}).makeDirectory("/proc/1/x/y/z") } catch (error) { console.log(error.code) }`;
  const { stdout } = spawnSync(...plainNode("-e", script), { encoding: "utf8", timeout: 20_000 });
  t.equal(stdout, "ENOENT\n");
});
