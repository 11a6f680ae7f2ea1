/**
 * The addon, declared once. The only file that loads it, and the only one that knows how it is called: through shared
 * registers and slots (see native/addon.cc). Everybody else calls these functions.
 *
 * All of them return what the system call returned, or `-errno`. Hosts are unsigned numbers in host byte order.
 */

import { readlinkSync } from "node:fs";
import { Bytes, setSlot, slotOf, storageOf } from "./bytes.js";
import { loadAddon } from "./load-addon.js";
import { provideSweep } from "./sweeping.js";

type Operation = () => void;

interface Addon {
  readonly memory: ArrayBuffer;
  readonly maximumEvents: number;
  readonly slots: number;
  readonly identifiers: (holder: object) => void;
  readonly startIdentifiers: Operation;
  readonly open: Operation;
  readonly close: Operation;
  readonly closeHeld: Operation;
  readonly holds: Operation;
  readonly adopt: (fd: number, owner: Owner) => Owner | undefined;
  readonly reclaim: Operation;
  readonly sweep: Operation;
  readonly sweepIfDue: Operation;
  readonly bind: Operation;
  readonly listen: Operation;
  readonly connect: Operation;
  readonly accept: Operation;
  readonly receive: Operation;
  readonly receiveFrom: Operation;
  readonly discard: Operation;
  readonly send: Operation;
  readonly sendTo: Operation;
  readonly shutdownSend: Operation;
  readonly localAddress: Operation;
  readonly countReceive: Operation;
  readonly countSend: Operation;
  readonly getOption: Operation;
  readonly setOption: Operation;
  readonly setMembership: Operation;
  readonly poll: Operation;
  readonly pendingSignals: Operation;
  readonly openPoller: Operation;
  readonly addToPoller: Operation;
  readonly removeFromPoller: Operation;
  readonly addWake: Operation;
  readonly removeWake: Operation;
  readonly waitPoller: Operation;
  readonly openEventfd: Operation;
  readonly clearEventfd: Operation;
  readonly wakeAtEnd: Operation;
  readonly followLife: (object: object) => void;
  readonly lifeEnded: Operation;
  readonly forgetLife: Operation;
  readonly lock: Operation;
  readonly hash: Operation;
  readonly watch: (fd: number, ready: () => void) => void;
  readonly pauseWatch: Operation;
  readonly putSlot: (slot: number, bytes: Uint8Array | null) => void;
  readonly lookUp: (name: string) => void;
}

// ROSOCK_ADDON: another build of the addon, for tests (scripts/test-sanitize.js).
const addon = loadAddon(process.env.ROSOCK_ADDON) as Addon;

// The layout of `Shared` in native/addon.cc.
const registers = new Int32Array(addon.memory, 0, 16);
const events = new Int32Array(addon.memory, 64, addon.maximumEvents * 2);
const polls = new Int32Array(addon.memory, 64 + addon.maximumEvents * 8, addon.maximumEvents * 2);

/** Memory for the bytes of strings on their way in and out; larger than any datagram. */
export const scratch = new Uint8Array(addon.memory, 64 + addon.maximumEvents * 16);

/** Readiness, as poll(2) has it. */
export const ready = { in: 0x1, pri: 0x2, out: 0x4, err: 0x8, hup: 0x10, nval: 0x20, rdhup: 0x2000 } as const;

/** The numbers of `enum Option` in native/option.h, where units are given. */
export const option = {
  error: 0,
  keepAlive: 1,
  linger: 2,
  maxSeg: 3,
  noDelay: 4,
  ttl: 5,
  reuseAddr: 6,
  oobInline: 7,
  sendBuf: 8,
  rcvBuf: 9,
  sendTimeout: 10,
  receiveTimeout: 11,
  broadcast: 12,
  multicastLoop: 13,
  multicastTTL: 14,
} as const;

export const transport = { stream: 0, datagram: 1 } as const;

/** The first, or only, address that the last call reported. */
export const reportedHost = (): number => registers[1]! >>> 0;
export const reportedPort = (): number => registers[2]!;

/** The value that the last getOption reported. */
export const reportedValue = (): number => registers[1]!;

function call0(operation: Operation): number {
  operation();
  return registers[0]!;
}

function call1(operation: Operation, a: number): number {
  registers[1] = a;
  operation();
  return registers[0]!;
}

function call2(operation: Operation, a: number, b: number): number {
  registers[2] = b;
  return call1(operation, a);
}

function call3(operation: Operation, a: number, b: number, c: number): number {
  registers[3] = c;
  return call2(operation, a, b);
}

let identifier = 0;
let identifiersLeft = 0;
let block: object = {};

/**
 * A positive 32-bit number that nothing else in the process has. What takes it refers to `identifierBlock()` from then on:
 * otherwise the number is given out again after 2^31 others.
 */
export function nextIdentifier(): number {
  if (identifiersLeft === 0) {
    const holder = {};
    addon.identifiers(holder);
    if (registers[0]! < 0) throw new Error("rosock has no identifiers left: all 2^31 are in use");
    [identifier, identifiersLeft, block] = [registers[0]!, registers[1]!, holder];
  }
  identifiersLeft--;
  return identifier++;
}

/** The block that the last identifier came from. None of it is given out again while something refers to it. */
export const identifierBlock = (): object => block;

/** Has the count go on at `from`, or at the beginning of its block of 256. For tests of the wrap-around, which comes after 2^31. */
export function startIdentifiers(from: number): void {
  call1(addon.startIdentifiers, from);
  identifiersLeft = 0;
}

/** What owns a descriptor. */
export interface Owner {
  /** Other code has closed the descriptor, and the kernel has given its number out anew. */
  lost?(): void;
}

/** socket(2), or -errno. The descriptor is closed at the latest when `owner` has been collected. */
export function open(kind: number, owner: Owner): number {
  return adopted(retryOutOfDescriptors(addon.open, kind), owner);
}

export const adopt = (fd: number, owner: Owner): void => addon.adopt(fd, owner)?.lost?.();

/** 0, or -errno: EBADF for a descriptor that other code has closed. */
export const close = (fd: number): number => call1(addon.close, fd);

/** Whether a descriptor is still the one that was opened here: other code may have closed it, and its number be another's. */
export const holds = (fd: number): boolean => call1(addon.holds, fd) === 1;

/** As close, of a descriptor that was just found to be held. */
export const closeHeld = (fd: number): number => call1(addon.closeHeld, fd);
export const listen = (fd: number, backlog: number): number => call2(addon.listen, fd, backlog);
export const bind = (fd: number, host: number, port: number): number => call3(addon.bind, fd, host, port);
export const connect = (fd: number, host: number, port: number): number =>
  call3(addon.connect, fd, host, port);

/** accept4(2), or -errno; the peer's address is reported. The caller adopts the descriptor. */
export const accept = (fd: number): number => retryOutOfDescriptors(addon.accept, fd);

export const discard = (fd: number): number => call1(addon.discard, fd);
export const shutdownSend = (fd: number): number => call1(addon.shutdownSend, fd);
export const localAddress = (fd: number): number => call1(addon.localAddress, fd);
export const countReceive = (fd: number): number => call1(addon.countReceive, fd);
export const countSend = (fd: number): number => call1(addon.countSend, fd);
export const getOption = (fd: number, name: number): number => call2(addon.getOption, fd, name);
export const setOption = (fd: number, name: number, value: number): number =>
  call3(addon.setOption, fd, name, value);

/** Multicast membership on the interface with the address `host`, 0: the system's choice. */
export function setMembership(fd: number, group: number, host: number, join: boolean): number {
  registers[4] = join ? 1 : 0;
  return call3(addon.setMembership, fd, group, host);
}

// Slots are few, so that arrays which are no longer used are not kept alive for long; whoever uses more than there are pays
// for a change of slot each time. Slot 0 is `scratch`, slot 1 is for arrays too large to be kept.
const largestKept = 64 * 1024;
const inSlot: (Uint8Array | null)[] = new Array(addon.slots).fill(null);
/** The addon keeps an address and a length for each slot. They hold as long as the array's own length is the same: it is 0 once detached. */
const lengthInSlot: number[] = new Array(addon.slots).fill(0);
let nextSlot = 2;

/** The slot that the bytes are in, or have been put into. */
function usedSlot(bytes: Bytes): number {
  const storage = storageOf(bytes);
  const { length } = storage;
  let slot = slotOf(bytes);
  if (inSlot[slot] === storage && lengthInSlot[slot] === length) return slot;
  slot = 1;
  if (length <= largestKept) {
    slot = nextSlot;
    nextSlot = nextSlot + 1 < addon.slots ? nextSlot + 1 : 2;
    inSlot[slot] = storage;
    lengthInSlot[slot] = length;
  }
  addon.putSlot(slot, storage);
  setSlot(bytes, slot);
  return slot;
}

function transfer(operation: Operation, fd: number, slot: number, start: number, length: number): number {
  registers[3] = start;
  registers[4] = length;
  return call2(operation, fd, slot);
}

export function receive(fd: number, bytes: Bytes, start: number, length: number): number {
  return transfer(addon.receive, fd, usedSlot(bytes), start, length);
}

/** recvfrom(2): the sender's address is reported. */
export function receiveFrom(fd: number, bytes: Bytes, start: number, length: number): number {
  return transfer(addon.receiveFrom, fd, usedSlot(bytes), start, length);
}

export function send(fd: number, bytes: Bytes, start: number, length: number): number {
  return transfer(addon.send, fd, usedSlot(bytes), start, length);
}

export function sendTo(
  fd: number,
  bytes: Bytes,
  start: number,
  length: number,
  host: number,
  port: number,
): number {
  registers[5] = host;
  registers[6] = port;
  return transfer(addon.sendTo, fd, usedSlot(bytes), start, length);
}

/** `scratch` as something to receive into and to send from. */
export const scratchBytes = new Bytes(scratch);
inSlot[0] = scratch;
lengthInSlot[0] = scratch.length;

/** The first IPv4 address of a name, or -1. Blocks as long as the system's resolver does. */
export function lookup(name: string): number {
  addon.lookUp(name);
  return registers[0]! < 0 ? -1 : reportedHost();
}

// ---- Readiness ----

/** The most descriptors that one `poll` takes. */
export const maximumPolls = addon.maximumEvents;

/** Prepares entry `index` of the next `poll`: descriptor and conditions (`ready.in`, `pri`, `out`). */
export function setPoll(index: number, fd: number, conditions: number): void {
  polls[index * 2] = fd;
  polls[index * 2 + 1] = conditions;
}

/** What the last `poll` said of entry `index`. `struct pollfd` is {int fd; short events, revents} on a little-endian machine. */
export const polled = (index: number): number => polls[index * 2 + 1]! >>> 16;

/** poll(2) over the first `count` entries: how many are ready, 0 after `milliseconds` (-1: never). Not ended by signals. */
export const poll = (count: number, milliseconds: number): number => call2(addon.poll, count, milliseconds);

/** The conditions of one descriptor that hold now. */
export function pollNow(fd: number, conditions: number): number {
  setPoll(0, fd, conditions);
  return poll(1, 0) > 0 ? polled(0) : 0;
}

/** Whether this is a worker, whose termination must end a sleep; on the main thread, signals do. */
export const isWorker = !isMainThread();

/** The kernel is asked, since node:worker_threads would cost each start two milliseconds and a megabyte. */
function isMainThread(): boolean {
  try {
    const [process, , thread] = readlinkSync("/proc/thread-self").split("/");
    return process === thread;
  } catch {
    return (require("node:worker_threads") as typeof import("node:worker_threads")).isMainThread;
  }
}

/** What else wakes an epoll set: signals that Node has caught; somebody who wants the event loop, such as to end it. */
const wake = { signals: 0, loop: 1 } as const;

let wokenBySignals = -1;

/** The signals that Node has caught and not handled yet: bit n - 1 for signal n. */
export const pendingSignals = (): number => call0(addon.pendingSignals);

/** An epoll set, which belongs to `owner` as a socket does to its. */
export function openPoller(owner: Owner): number {
  const poller = adopted(retryOutOfDescriptors(addon.openPoller), owner);
  if (poller === wokenBySignals) wokenBySignals = -1; // That was another of the same number.
  return poller;
}

/**
 * Has signals end the waits of this epoll set, and of no other any more: the kernel limits in how many sets that another set
 * watches a descriptor can be, and Node's event loop, which may watch all of them, ends the process where that is refused.
 */
export function wakeBySignals(poller: number): void {
  if (poller === wokenBySignals) return;
  if (wokenBySignals >= 0) call2(addon.removeWake, wokenBySignals, wake.signals);
  wokenBySignals = call2(addon.addWake, poller, wake.signals) < 0 ? -1 : poller;
}

let ring = -1;
const ringOwner = {};

/**
 * The bell: an epoll set that tells nothing but that a sleep should end. On the main thread, a signal has come that Node has
 * caught; in a worker, the event loop is wanted, such as to end it. (No other set there can watch the loop, which may have to
 * watch them.) -1 when there is no descriptor for it: it is made when this is loaded, and otherwise as soon as there is one.
 */
export function bell(): number {
  if (ring >= 0) return ring;
  ring = Math.max(-1, openPoller(ringOwner));
  if (ring >= 0) call2(addon.addWake, ring, isWorker ? wake.loop : wake.signals);
  return ring;
}

/** Silences the bell until there is something new. One that other code has closed is given up. */
export function silenceBell(): void {
  if (waitPoller(ring, 0) >= 0) return;
  close(ring);
  ring = -1;
}

export const addToPoller = (poller: number, fd: number, id: number): number =>
  call3(addon.addToPoller, poller, fd, id);
export const removeFromPoller = (poller: number, fd: number): number =>
  call2(addon.removeFromPoller, poller, fd);

/** epoll_wait(2): the number of events, to be read with `eventId` and `eventReady` before any other call. */
export const waitPoller = (poller: number, milliseconds: number): number =>
  call2(addon.waitPoller, poller, milliseconds);

/** The id given to addToPoller; 0: what else wakes the set. */
export const eventId = (index: number): number => events[index * 2]!;
export const eventReady = (index: number): number => events[index * 2 + 1]!;

/** Has the event loop call `onReady` while the epoll set has something to tell; keeps the process alive until paused. */
export function watch(poller: number, onReady: () => void): number {
  addon.watch(poller, onReady);
  return registers[0]!;
}
export const pauseWatch = (poller: number): number => call1(addon.pauseWatch, poller);

// ---- Between threads and processes ----

/**
 * An eventfd, which belongs to `owner` as a socket does to its: readable, and an edge in every epoll set that it was added to,
 * when any thread has written an 8-byte number to it.
 */
export const openEventfd = (owner: Owner): number => adopted(retryOutOfDescriptors(addon.openEventfd), owner);

/** No longer readable until it is written to again. 1: a thread that called `wakeAtEnd` has come to its end; else 0, or -errno. */
export const clearEventfd = (fd: number): number => call1(addon.clearEventfd, fd);

/** Has an eventfd of another thread's written to when this one ends, for whatever reason. */
export const wakeAtEnd = (fd: number): number => call1(addon.wakeAtEnd, fd);

/**
 * flock(2), exclusive, of a file that is open: 0, or -errno, -EAGAIN when another process has had it for so many milliseconds.
 * Ends with the descriptor.
 */
export const lock = (fd: number, milliseconds: number): number => call2(addon.lock, fd, milliseconds);

/** The SHA-256 of bytes, in hexadecimal. */
export function sha256(bytes: Uint8Array): string {
  addon.putSlot(1, bytes);
  if (call2(addon.hash, 1, bytes.length) < 0) throw new Error(`no hash of ${bytes.length} bytes`);
  return Array.from(registers.subarray(1, 9), (word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
}

// ---- Objects that the program may drop ----

/** Follows an object without keeping it alive. A number, to be given back by `forgetLife`; -1 for lack of memory. */
export function followLife(object: object): number {
  addon.followLife(object);
  return registers[0]!;
}

/** Whether the garbage collector has found an object dropped. */
export const lifeEnded = (life: number): boolean => call1(addon.lifeEnded, life) === 1;
export const forgetLife = (life: number): number => call1(addon.forgetLife, life);

/** Has the garbage collector run now, which takes milliseconds, and closes what it finds dropped. How many descriptors that was. */
export const collectGarbage = (): number => call0(addon.reclaim);

// ---- Descriptors that nobody owns any more ----

const EMFILE = -24;
const ENFILE = -23;
let reclaimedAt = Number.NEGATIVE_INFINITY;

provideSweep((due) => call0(due ? addon.sweepIfDue : addon.sweep));

function adopted(fd: number, owner: Owner): number {
  if (fd >= 0) adopt(fd, owner);
  return fd;
}

/**
 * Descriptors may be held by sockets that the program dropped and the garbage collector has not met yet: it counts bytes, not
 * descriptors. So it is made to look, at most once a second.
 */
function retryOutOfDescriptors(operation: Operation, argument = 0): number {
  const fd = call1(operation, argument);
  if (fd !== EMFILE && fd !== ENFILE) return fd;
  const now = performance.now();
  if (now - reclaimedAt < 1000) return fd;
  reclaimedAt = now;
  const freed = call0(addon.reclaim);
  return freed > 0 ? call1(operation, argument) : fd;
}

bell();
