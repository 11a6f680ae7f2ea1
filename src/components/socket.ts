/** What stream and datagram sockets share: ifSocket, ifSocketAsync, ifSetMessagePort, ifGetMessagePort. */
import { inspect } from "node:util";
import { Bytes, storageOf } from "../bytes.js";
import * as native from "../native.js";
import { decode, encode, encodeInto } from "../text.js";
import { repeat } from "./blocking.js";
import { bytesOf, commit, RoByteArray } from "./byte-array.js";
import { misuse } from "./check.js";
import { IN, OUT, PRI } from "./endpoint.js";
import { RoMessagePort } from "./message-port.js";
import { RoSocketAddress } from "./socket-address.js";
import * as errno from "./status.js";
import { StatusSocket } from "./status-socket.js";

/** A receive makes room for at most so many bytes at once, however many are asked for. */
const roomAtOnce = 64 * 1024;

/** The most bytes that a character of a JavaScript string takes in UTF-8. */
const bytesPerUnit = 3;

export abstract class Socket extends StatusSocket {
  /** @internal */
  protected closed = false;
  /** @internal */
  protected remote: RoSocketAddress | null = null;
  /** Seconds; 0: none. @internal */
  protected sendTimeout = 0;
  /** Seconds; 0: none. @internal */
  protected receiveTimeout = 0;

  // ---- What the two kinds do differently ----

  /** @internal */
  protected abstract readonly transport: number;
  /** One attempt at receiving: bytes, or -errno. @internal */
  protected abstract take(bytes: Bytes, start: number, length: number): number;
  /** Draws from what take() gave what it says of the socket's readiness. @internal */
  protected abstract took(received: number, asked: number): void;
  /** One attempt at sending: bytes, or -errno. @internal */
  protected abstract put(bytes: Bytes, start: number, length: number): number;
  /** What stands in the way of sending or receiving: an error number, `unused` where there is no connection yet; or 0. @internal */
  protected abstract obstacle(unused: number): number;
  /** Lets go of what was sent, as far as the mode asks for it. EINTR when a signal ended that, otherwise 0. @internal */
  protected abstract flush(): number;
  /** The address of getReceivedFromAddress. @internal */
  protected abstract sender(): RoSocketAddress;

  // ---- ifSocket ----

  /**
   * Sends up to `length` bytes from `startIndex` of a byte array, or of the UTF-8 of a string (rows S20, S21, S24).
   * @returns the bytes the system took; -1 when it took none. Without a port it waits until it took all of them, or for an
   * error: then status() is not 0, and the bytes are those sent before.
   */
  send(data: RoByteArray | string | null, startIndex: number, length: number): number {
    let bytes: Bytes;
    let count: number;
    if (typeof data === "string") {
      const encoded = encode(data);
      bytes = new Bytes(encoded);
      count = encoded.length;
    } else if (RoByteArray.is(data)) {
      bytes = bytesOf(data);
      count = data.length;
    } else return this.fail(errno.EINVAL, "send");
    if (startIndex < 0 || length < 0 || startIndex > count) return this.fail(errno.EINVAL, "send");
    return this.#transmit(bytes, startIndex, Math.min(length, count - startIndex));
  }

  /** Sends the UTF-8 of a string, and the bytes that receiveStr could not read as UTF-8 as what they were (row S19). */
  sendStr(data: string): number {
    if (data.length * bytesPerUnit <= native.scratch.length) {
      return this.#transmit(native.scratchBytes, 0, encodeInto(data, native.scratch, 0));
    }
    const bytes = encode(data);
    return this.#transmit(new Bytes(bytes), 0, bytes.length);
  }

  /**
   * Receives up to `length` bytes into a byte array from `startIndex` on; the array grows as needed (rows S17, S22).
   * @returns the bytes received, possibly fewer than asked; 0 when the peer has closed; -1 on error, EAGAIN when there is
   * nothing yet. Without a port it waits until there is something.
   */
  receive(data: RoByteArray | null, startIndex: number, length: number): number {
    if (!RoByteArray.is(data) || startIndex < 0 || length < 0) return this.fail(errno.EINVAL, "recv");
    const wanted = Math.min(length, data.limit() - startIndex);
    if (wanted < 0) return this.fail(errno.EINVAL, "recv");
    const room = storageOf(bytesOf(data)).length;
    const end = startIndex + Math.min(wanted, Math.max(room - startIndex, roomAtOnce));
    if (end > room && !data.reserve(end)) return this.fail(errno.ENOBUFS, "recv");
    const received = this.#obtain(bytesOf(data), startIndex, end - startIndex);
    if (received > 0) commit(data, startIndex + received);
    return received;
  }

  /** Receives up to `length` bytes as text (rows S18, S19); "" for the end, nothing yet, and error: status() tells which. */
  receiveStr(length: number): string {
    if (length < 0) {
      this.fail(errno.EINVAL, "recv");
      return "";
    }
    const received = this.#obtain(native.scratchBytes, 0, Math.min(length, native.scratch.length));
    return received > 0 ? decode(native.scratch, 0, received) : "";
  }

  /**
   * Closes in an orderly way: what was sent arrives, then the end (row S45). Without a port it waits until the peer's system
   * has it all, at most the linger time if one is set. A signal that the program handles ends that with EINTR (row S52): the
   * socket is closed, and the system goes on sending.
   */
  close(): void {
    if (this.closed) {
      this.fail(errno.EBADF, "close");
      return;
    }
    this.closed = true;
    const { fd } = this;
    let status = 0;
    if (fd >= 0) {
      // Other code may have closed the descriptor: whose it is now must not suffer.
      if (native.holds(fd)) {
        status = this.flush();
        native.closeHeld(fd);
      } else status = -native.close(fd);
    }
    this.fd = -1;
    this.unregister();
    if (status === 0) this.succeed();
    else this.fail(status, "close");
  }

  /** Binds the socket. Port 0: the system chooses, and getAddress() tells (row S13). */
  setAddress(address: RoSocketAddress | null): boolean {
    if (!RoSocketAddress.is(address)) return this.refuse(errno.EINVAL, "bind");
    if (this.closed) return this.refuse(errno.EBADF, "bind");
    if (!address.valid) return this.refuse(errno.EADDRNOTAVAIL, "bind");
    if (!this.make()) return false;
    const bound = this.check(this.bindTo(address.host, address.port), "bind", address.copy());
    if (bound) this.bound();
    return bound;
  }

  /** The address this socket has at this end; 0.0.0.0:0 before it has one. */
  getAddress(): RoSocketAddress {
    if (this.fd < 0) {
      if (this.closed) this.fail(errno.EBADF, "getsockname");
      else this.succeed();
      return new RoSocketAddress();
    }
    return this.check(native.localAddress(this.fd), "getsockname")
      ? RoSocketAddress.of(native.reportedHost(), native.reportedPort())
      : new RoSocketAddress();
  }

  /** Sets where connect() and, of datagrams, send go to. The address is copied (row S4). */
  setSendToAddress(address: RoSocketAddress | null): boolean {
    if (!RoSocketAddress.is(address)) return this.refuse(errno.EINVAL, "connect");
    if (this.closed) return this.refuse(errno.EBADF, "connect");
    this.remote = address.copy();
    this.succeed();
    return address.valid;
  }

  /** The remote address for the next message; of an accepted socket its peer's. 0.0.0.0:0 when none was set. */
  getSendToAddress(): RoSocketAddress {
    return this.remote === null ? new RoSocketAddress() : this.remote.copy();
  }

  /** The remote address of the last message received; of a connected socket its peer's. */
  getReceivedFromAddress(): RoSocketAddress {
    return this.sender();
  }

  /** Bytes waiting to be received; of datagrams, the size of the next. 0 on a dead socket (row S25). */
  getCountRcvBuf(): number {
    return this.fd < 0 ? 0 : Math.max(0, native.countReceive(this.fd));
  }

  /** Bytes that the system took and the peer's has not acknowledged. 0 on a dead socket (row S25). */
  getCountSendBuf(): number {
    const count = this.fd < 0 ? 0 : native.countSend(this.fd);
    // Linux goes on counting what can no longer be sent.
    return count > 0 && (native.pollNow(this.fd, 0) & native.ready.hup) === 0 ? count : 0;
  }

  // ---- ifSocketAsync ----

  /** Whether receive() or accept() would not have to wait: for data, the end, a connection, or an error (row S42). */
  isReadable(): boolean {
    return this.holds(IN);
  }

  /** Whether send() would take at least a byte, or tell an error. */
  isWritable(): boolean {
    return this.holds(OUT);
  }

  /** Whether a byte marked urgent has arrived (row S28). */
  isException(): boolean {
    return this.holds(PRI);
  }

  /** Has events posted to the port while isReadable() holds (rows S34 to S38). Off at first. */
  notifyReadable(enable: boolean): void {
    this.#notify(IN, enable);
  }

  /** As notifyReadable, for isWritable(). */
  notifyWritable(enable: boolean): void {
    this.#notify(OUT, enable);
  }

  /** As notifyReadable, for isException(). */
  notifyException(enable: boolean): void {
    this.#notify(PRI, enable);
  }

  /** A positive number that no other socket of the process has or had (row S5). */
  getID(): number {
    return this.id;
  }

  // ---- ifSetMessagePort, ifGetMessagePort ----

  /** Sets the port that events go to; the socket no longer blocks then. null takes it away, and the socket blocks (row S2). */
  setMessagePort(port: RoMessagePort | null): void {
    if (port === this.port) return;
    if (port !== null && !RoMessagePort.is(port)) {
      throw misuse("setMessagePort(port as Object) as Void: expected port to be an RoMessagePort or null");
    }
    this.unregister();
    this.port = port;
    this.register(); // An undelivered event comes along: the kernel reports again what holds (row S43).
  }

  /** The port that was set; null when there is none, and the socket blocks. */
  getMessagePort(): RoMessagePort | null {
    return this.port;
  }

  // ---- Beyond the reference page ----

  /** As close(). */
  [Symbol.dispose](): void {
    if (!this.closed) this.close();
  }

  [inspect.custom](): string {
    const state = this.closed ? "closed" : this.port === null ? "blocking" : "asynchronous";
    return `${this.constructor.name}(id ${this.id}, ${state}, status ${this.status()})`;
  }

  /** As after close(): calls fail with EBADF. @internal */
  lost(): void {
    this.closed = true;
    this.fd = -1;
    this.unregister();
  }

  // ---- For the two kinds ----

  /** bind(2): 0, or -errno. @internal */
  protected bindTo(host: number, port: number): number {
    return native.bind(this.fd, host, port);
  }

  /** The socket was bound. @internal */
  protected bound(): void {}

  /** Makes the descriptor when it is first needed; false, with the status, when that fails. @internal */
  protected make(): boolean {
    if (this.fd >= 0) return true;
    if (this.closed) return this.refuse(errno.EBADF, "socket");
    const fd = native.open(this.transport, this);
    if (fd < 0) return this.refuse(-fd, "socket");
    this.fd = fd;
    native.setOption(fd, native.option.reuseAddr, 1); // Row S12.
    return true;
  }

  #notify(condition: number, enable: boolean): void {
    const before = this.flags;
    this.flags = enable ? before | condition : before & ~condition;
    if (this.flags === 0) {
      if (before !== 0) this.port?.release(this);
      return;
    }
    this.register();
    this.touch();
  }

  /** take(), again and again when the socket blocks. */
  #obtain(bytes: Bytes, start: number, length: number): number {
    const obstacle = this.obstacle(errno.ENOTCONN);
    if (obstacle !== 0) return this.fail(obstacle, "recv");
    let received = this.take(bytes, start, length);
    if (received === -errno.EAGAIN && this.port === null) {
      received = repeat(() => this.take(bytes, start, length), this.fd, IN, this.receiveTimeout);
    }
    if (received < 0) {
      if (received === -errno.EAGAIN) this.clear(IN);
      return this.fail(-received, "recv");
    }
    this.error = 0;
    this.took(received, length);
    return received;
  }

  #transmit(bytes: Bytes, start: number, length: number): number {
    const obstacle = this.obstacle(errno.EPIPE);
    if (obstacle !== 0) return this.fail(obstacle, "send");
    let sent = this.put(bytes, start, length);
    if (this.port === null && sent !== length) sent = this.#transmitAll(bytes, start, length, sent);
    else if (sent < 0) this.fail(-sent, "send");
    else this.error = 0;
    if (sent < length && (sent >= 0 || this.error === errno.EAGAIN)) this.clear(OUT);
    if (sent > 0) this.touch();
    return sent < 0 ? -1 : sent;
  }

  /** Goes on after a first attempt that took less than everything: waits for room, until all is sent, or the error. */
  #transmitAll(bytes: Bytes, start: number, length: number, first: number): number {
    let sent = Math.max(first, 0);
    const attempt = (): number => {
      const result = this.put(bytes, start + sent, length - sent);
      if (result < 0) return result;
      sent += result;
      return sent < length ? -errno.EAGAIN : sent;
    };
    const more = first >= 0 || first === -errno.EAGAIN;
    const result = more ? repeat(attempt, this.fd, OUT, this.sendTimeout) : first;
    if (result >= 0) this.error = 0;
    else this.fail(-result, "send");
    return sent > 0 || result >= 0 ? sent : -1;
  }
}
