/** The kernel's own view of this machine's sockets, to check what the components say about them. */

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { openDescriptors } from "./descriptors.js";

export interface KernelSocket {
  local: string;
  remote: string;
  /** As in ss: ESTAB, LISTEN, ... */
  state: string;
  sendQueue: number;
  receiveQueue: number;
  inode: string;
}

const states = [
  "",
  "ESTAB",
  "SYN-SENT",
  "SYN-RECV",
  "FIN-WAIT-1",
  "FIN-WAIT-2",
  "TIME-WAIT",
  "UNCONN",
  "CLOSE-WAIT",
  "LAST-ACK",
  "LISTEN",
  "CLOSING",
];

function hostPort(text: string): string {
  const [host = "", port = ""] = text.split(":");
  const bytes = Buffer.from(host, "hex").reverse();
  return `${bytes.join(".")}:${Number.parseInt(port, 16)}`;
}

/** Every socket in /proc/net/tcp or /proc/net/udp. */
export function kernelSockets(kind: "tcp" | "udp" = "tcp"): KernelSocket[] {
  const rows = readFileSync(`/proc/net/${kind}`, "utf8").trim().split("\n").slice(1);
  return rows.map((row) => {
    const field = row.trim().split(/\s+/);
    const [sendQueue = "", receiveQueue = ""] = field[4]!.split(":");
    return {
      local: hostPort(field[1]!),
      remote: hostPort(field[2]!),
      state: states[Number.parseInt(field[3]!, 16)] ?? "",
      sendQueue: Number.parseInt(sendQueue, 16),
      receiveQueue: Number.parseInt(receiveQueue, 16),
      inode: field[9]!,
    };
  });
}

/** The first socket with that local (null: any) and, if given, remote "a.b.c.d:port", or null. A listener comes before its connections. */
export function kernelSocket(
  local: string | null,
  remote?: string,
  kind: "tcp" | "udp" = "tcp",
): KernelSocket | null {
  const found = kernelSockets(kind).find(
    (row) => (!local || row.local === local) && (!remote || row.remote === remote),
  );
  return found ?? null;
}

/** This process's descriptor of the socket with that local and remote address. */
export function descriptorOf(local: string, remote?: string, kind: "tcp" | "udp" = "tcp"): number {
  const target = `socket:[${kernelSocket(local, remote, kind)?.inode}]`;
  for (const [number, open] of openDescriptors()) {
    if (open === target) return number;
  }
  throw new Error(`this process has no ${kind} socket at ${local}`);
}

/** Runs Python with our `descriptor` inherited, as a socket named `s`; gives what it prints. */
export function withDescriptor(descriptor: number, lines: string[], ...values: (string | number)[]): string {
  const script = ["import socket, struct, sys", "s = socket.socket(fileno=3)", ...lines].join("\n");
  const done = spawnSync("python3", ["-c", script, ...values.map(String)], {
    // Not as 0, 1 or 2: Node makes what it hands down there blocking, for us as well.
    stdio: ["ignore", "pipe", "pipe", descriptor],
    encoding: "utf8",
    timeout: 60_000,
  });
  if (done.status !== 0) throw new Error(`python3 failed: ${done.stderr}`);
  return done.stdout.trim();
}

/**
 * getsockopt by another process: what the kernel has, not what the component says. Names as in C:
 * socketOption(fd, "IPPROTO_TCP", "TCP_NODELAY"). A structure comes as its first `count` integers: SO_LINGER's as on or off, seconds.
 */
export function socketOption(descriptor: number, level: string, name: string, count = 1): number[] {
  const lines = [
    "level, name, size = getattr(socket, sys.argv[1]), getattr(socket, sys.argv[2]), 4 * int(sys.argv[3])",
    "raw = s.getsockopt(level, name, size)",
    "print(*struct.unpack('i' * (len(raw) // 4), raw))",
  ];
  return withDescriptor(descriptor, lines, level, name, count).split(" ").map(Number);
}

/** Sends `text` over our own descriptor, its last byte marked urgent, which no component's method can do. */
export function sendUrgent(descriptor: number, text: string): void {
  withDescriptor(descriptor, ["s.send(sys.argv[1].encode(), socket.MSG_OOB)"], text);
}
