/** What cannot be deployed is told, and nothing is changed. */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { answers, commandOf, currentRelease, deploy, limit, testOnBox } from "../support.js";

const scripts = join(__dirname, "../../../../deploy");
const { textOf } = require(join(scripts, "device.js"));
const { quote } = require(join(scripts, "quote.js"));
const small = { disk: "160M" };
t.setTimeout(4 * limit);

testOnBox("a full disk, an app that does not compile, no such user", small, async (t, box, app) => {
  t.equal((await deploy(box, app)).status, 0);
  const state = (): string => box.run("cd /data/rosock && find . | sort").stdout;
  const before = state();

  box.run("dd if=/dev/zero of=/data/filler bs=1024 count=1000000");
  const full = await deploy(box, app);
  t.equal(full.status, 1);
  t.match(full.output, /FAILED: .*KiB free, and \d+ are needed/);
  t.equal(state(), before);
  box.run("rm /data/filler");

  const stranger = await deploy(box, app, ["--user", "stranger"]);
  t.match(stranger.output, /FAILED: it has no user stranger/);
  const memory = await deploy(box, app, ["--to", "/tmp/rosock"]);
  t.match(memory.output, /FAILED: \/tmp\/rosock is in memory there/);
  const readOnly = await deploy(box, app, ["--to", "/rosock"]);
  t.match(readOnly.output, /FAILED: \/rosock cannot be written there/);

  writeFileSync(join(app, "source/more.brs"), "sub broken(\n");
  const syntax = await deploy(box, app);
  t.equal(syntax.status, 1);
  t.match(syntax.output, /does not compile[\s\S]*more\.brs\(\d/);
  t.equal(state(), before);
  t.ok(await answers(box));
});

testOnBox("a box without Node gets one, once", { node: false }, async (t, box, app) => {
  const bare = await deploy(box, app);
  t.match(bare.output, /FAILED: it has no Node: send one along with --with-node/);
  const along = await deploy(box, app, ["--with-node"]);
  t.equal(along.status, 0, along.output);
  t.match(along.output, /sent \d+ %/);
  t.ok(await answers(box));
  t.match(commandOf(box), /^\/data\/rosock\/\.node\/v20[.\d]+-arm\/bin\/node .*run app/);
  const again = await deploy(box, app, ["--with-node"]);
  t.equal(again.status, 0, again.output);
  t.match(again.output, /sending \S+, 0\.\d MB/);
});

testOnBox("a disk that fills up, and an archive that changed on its way", small, async (t, box, app) => {
  t.equal((await deploy(box, app)).status, 0);
  const before = currentRelease(box);
  const words = ["sh", "-c", textOf("receive.sh"), "receive", "/data/rosock/echo", "new", "0".repeat(64)];
  const command = words.map(quote).join(" ");
  const receive = (input: Buffer) => {
    const [program = "", ...args] = box.ssh;
    return spawnSync(program, [...args, command], { input, encoding: "utf8", timeout: 240_000 });
  };
  const changed = receive(Buffer.from("changed"));
  t.equal(changed.status, 3, changed.stderr);
  t.match(changed.stderr, /checksum is [\da-f]{64}, not 0{64}/);
  const full = receive(Buffer.alloc(100_000_000));
  t.equal(full.status, 4, full.stderr);
  t.match(full.stderr, /is the disk full/);
  t.equal(box.run("ls -A /data/rosock/echo/releases").stdout.trim(), before, "and nothing is left of them");
  t.equal(box.run("ls -A /data/rosock").stdout, "echo\n");
  t.ok(await answers(box));
});
