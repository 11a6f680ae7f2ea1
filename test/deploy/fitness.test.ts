import { join } from "node:path";
import t from "tap";

const { obstacles } = require(join(__dirname, "../../../deploy/fitness.js"));

// This machine's own kind, whose addon is built wherever the tests run.
const good = {
  arch: process.arch,
  libc: "glibc",
  glibc: "2.31",
  memory: "200000",
  total: "500000",
  base: "/data/rosock",
  writable: "yes",
  lasting: "yes",
  space: "100000",
  init: "busybox",
  initd: "/data/init.d",
  node: "/usr/bin/node",
  nodeVersion: "20.11.0",
  root: "yes",
  missing: [],
};

t.test("a box that can take a deployment has no obstacles", async (t) => {
  t.same(obstacles(good, { bytes: 1e6 }), []);
  t.same(obstacles({ ...good, node: undefined }, { withNode: true }), []);
  t.same(obstacles({ ...good, init: "systemd", initd: "/etc/systemd/system" }), []);
  t.same(obstacles({ ...good, glibc: undefined }), [], "a C library that does not say its version is tried");
});

t.test("what a box lacks is told in a sentence each", async (t) => {
  for (const [change, sentence] of [
    [{ arch: "unknown (mips)" }, /programs are for unknown \(mips\); there are builds for linux-arm/],
    [{ missing: ["tar"] }, /has no tar/],
    [{ libc: "musl" }, /C library is musl/],
    [{ libc: "glibc soft-float" }, /soft-float/],
    [{ glibc: "2.19" }, /glibc is 2.19; .* need 2.28/],
    [{ node: undefined }, /has no Node: .*--with-node/],
    [{ nodeVersion: "18.1.0" }, /Node is 18.1.0, and 20 is needed/],
    [{ memory: "20000" }, /19 MiB of memory/],
    [{ base: "" }, /no folder there can be written/],
    [{ writable: "no" }, /cannot be written/],
    [{ lasting: "no" }, /is in memory there/],
    [{ space: "500" }, /500 KiB free, and 977 are needed/],
    [{ initd: undefined }, /no folder for services there can be written/],
    [{ init: "systemd", initd: undefined }, /no folder for services there can be written/],
    [{ root: undefined }, /by root only/],
  ] as const) {
    const found = obstacles({ ...good, ...change }, { bytes: 1e6 });
    t.equal(found.length, 1, JSON.stringify(change));
    t.match(found[0], sentence);
  }
});
