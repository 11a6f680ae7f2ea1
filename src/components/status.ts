/** Error numbers as sockets keep them (rows S29 to S31), and as Node's errors show them. */
import { constants } from "node:os";
import { getSystemErrorMap, getSystemErrorName } from "node:util";
import type { RoSocketAddress } from "./socket-address.js";

export const {
  EADDRNOTAVAIL,
  EAGAIN,
  EALREADY,
  EBADF,
  ECONNABORTED,
  ECONNREFUSED,
  ECONNRESET,
  EDESTADDRREQ,
  EFAULT,
  EHOSTUNREACH,
  EINPROGRESS,
  EINTR,
  EINVAL,
  EISCONN,
  ENOBUFS,
  ENOTCONN,
  EPIPE,
} = constants.errno;

/** An error of the shape that Node's own socket errors have. */
export interface SocketError extends Error {
  /** The name of the error number, such as "ECONNREFUSED". */
  code: string;
  /** The negated error number, as everywhere in Node. */
  errno: number;
  /** The system call that failed, such as "connect". */
  syscall: string;
  /** The address that the call was about, when it was about one: of bind and connect. */
  address?: string;
  /** Its port. */
  port?: number;
}

/** What libuv, and so Node, has no words for. */
const words: Readonly<Record<string, string>> = {
  EBADMSG: "bad message",
  ECHILD: "no child processes",
  EDEADLK: "resource deadlock avoided",
  EDOM: "argument out of domain",
  EDQUOT: "disk quota exceeded",
  EIDRM: "identifier removed",
  EINPROGRESS: "operation now in progress",
  EMULTIHOP: "multihop attempted",
  ENETRESET: "network dropped connection on reset",
  ENOEXEC: "exec format error",
  ENOLCK: "no locks available",
  ENOLINK: "link has been severed",
  ENOMSG: "no message of desired type",
  ENOSR: "out of streams resources",
  ENOSTR: "device not a stream",
  ESTALE: "stale file handle",
  ETIME: "timer expired",
};

/** The name of an error number, such as "ECONNREFUSED", and what it means. */
function described(status: number): readonly [code: string, meaning: string] {
  const known = getSystemErrorMap().get(-status);
  if (known !== undefined) return known;
  const code = Object.entries(constants.errno).find(([, number]) => number === status)?.[0];
  return [code ?? getSystemErrorName(-status), words[code ?? ""] ?? "unknown error"];
}

/** The error for the error number of a system call; `detail` follows the words. */
export function systemError(status: number, syscall: string, detail = ""): SocketError {
  const [code, meaning] = described(status);
  const message = `${syscall} ${code}: ${meaning}${detail}`;
  return Object.assign(new Error(message), { code, errno: -status, syscall });
}

/** The error for a socket's status; `address` is named when the call was about one. */
export function socketError(status: number, syscall: string, address: RoSocketAddress | null): SocketError {
  if (!address?.valid) return systemError(status, syscall);
  const hostPort = address.getAddress();
  const error = systemError(status, syscall, ` ${hostPort}`);
  return Object.assign(error, { address: hostPort.split(":")[0]!, port: address.port });
}
