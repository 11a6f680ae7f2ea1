/** A box with 256 MB: the echo server runs on it, with 500 connections. The figures are for docs/device.md. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import t, { type Test } from "tap";
import {
  type Box,
  type BoxKind,
  deploy,
  echoApplication,
  echoPort,
  limit,
  processOf,
  skipWithoutBox,
  startBox,
} from "../support.js";

t.setTimeout(3 * limit);

/** A process's memory in KiB, now and at most. */
function memory(box: Box, pid: string): { now: number; peak: number } {
  const { stdout } = box.run(`cat /proc/${pid}/status`);
  const field = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(stdout)?.[1]);
  return { now: field("VmRSS"), peak: field("VmHWM") };
}

const available = (box: Box): number =>
  Number(/MemAvailable: +(\d+)/.exec(box.run("cat /proc/meminfo").stdout)?.[1]);

/** Memory of a Node that does nothing, with the same flags for V8. */
function bareNode(box: Box, node: string): { now: number; peak: number } {
  const flags = "--max-old-space-size=55 --max-semi-space-size=2";
  const { stdout } = box.run(
    `${node} ${flags} -e 'setInterval(() => {}, 1000)' </dev/null >/dev/null 2>&1 & echo $!; sleep 15`,
  );
  const pid = stdout.trim();
  const found = memory(box, pid);
  box.run(`kill ${pid}`);
  return found;
}

/** A connection from outside that has had its line back. */
async function echoed(box: Box): Promise<Socket> {
  const socket = connect(box.port(echoPort), "127.0.0.1");
  await once(socket, "connect");
  socket.write("hello\n");
  await once(socket, "data");
  return socket;
}

async function measure(t: Test, kind: BoxKind): Promise<void> {
  const box = await startBox(t, { kind, memory: 256, node: false });
  const free = available(box);
  const { status, output } = await deploy(box, echoApplication(t), ["--with-node"]);
  t.equal(status, 0, output);
  const start = memory(box, processOf(box));

  const sockets: Socket[] = [];
  t.teardown(() => {
    for (const socket of sockets) socket.destroy();
  });
  // One after the other: the emulator's own queue for connections has room for one.
  while (sockets.length < 500) sockets.push(await echoed(box));
  const connected = memory(box, processOf(box));
  const left = available(box);
  const node = box.run("echo /data/rosock/.node/*/bin/node").stdout.trim();
  const bare = bareNode(box, node);
  const disk = (path: string) => Number(box.run(`du -sk ${path}`).stdout.split("\t")[0]);
  const release = disk("/data/rosock/echo/releases/*");
  const figures = { kind, free, start, connected, left, bare, release, node: disk("/data/rosock/.node") };
  t.comment(JSON.stringify(figures));

  t.ok(start.peak < 96 * 1024, "a start takes less than 96 MiB");
  t.ok(connected.now - start.now < 16 * 1024, "500 connections take less than 16 MiB");
  t.ok(left > 64 * 1024, "there is memory left for others");
}

for (const kind of ["arm-on-arm64", "arm64"] as const) {
  t.test(`256 MB: ${kind}`, { skip: skipWithoutBox(kind), timeout: limit }, (t) => measure(t, kind));
}
