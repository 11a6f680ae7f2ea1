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

/** The error for a status; `address` is named when the call was about one. */
export function socketError(status: number, syscall: string, address: RoSocketAddress | null): SocketError {
  const code = getSystemErrorName(-status);
  const words = getSystemErrorMap().get(-status)?.[1] ?? "unknown error";
  const error = Object.assign(new Error(`${syscall} ${code}: ${words}`), { code, errno: -status, syscall });
  if (!address?.valid) return error;
  error.message += ` ${address.getAddress()}`;
  return Object.assign(error, { address: address.getAddress().split(":")[0]!, port: address.port });
}
