/** What an independent poll of a socket's descriptor says, to compare with what the socket and its events say. */

import * as native from "#src/native.js";
import type { Socket } from "../support/sockets.js";

const { ready } = native;

/** What the types of the public API leave out. */
interface Internals {
  /** -1: none. */
  readonly fd: number;
  /** Whether readiness means anything: of a TCP socket that is not in use yet poll tells a hang-up. */
  readonly live: boolean;
}

export const internals = (socket: Socket): Internals => socket as unknown as Internals;

export interface Conditions {
  in: boolean;
  out: boolean;
  pri: boolean;
}

export const none: Conditions = { in: false, out: false, pri: false };

/** What holds now, as row S41 has it: an error or a hang-up is readable and writable. */
export function conditions(socket: Socket): Conditions {
  const { fd, live } = internals(socket);
  if (!live) return none;
  const polled = native.pollNow(fd, ready.in | ready.out | ready.pri);
  const broken = (polled & (ready.err | ready.hup)) !== 0;
  return {
    in: broken || (polled & (ready.in | ready.rdhup)) !== 0,
    out: broken || (polled & ready.out) !== 0,
    pri: (polled & ready.pri) !== 0,
  };
}

export const any = (one: Conditions, other: Conditions): boolean =>
  (one.in && other.in) || (one.out && other.out) || (one.pri && other.pri);

/** isReadable() and its kin tell what poll tells (row S42). What changes while it is asked is not compared. */
export function checkTruth(socket: Socket): void {
  const before = conditions(socket);
  const said = { in: socket.isReadable(), out: socket.isWritable(), pri: socket.isException() };
  const after = conditions(socket);
  for (const name of ["in", "out", "pri"] as const) {
    if (before[name] === after[name] && said[name] !== after[name]) {
      throw new Error(`socket ${socket.getID()} says ${name}: ${said[name]}, poll ${after[name]}`);
    }
  }
}
