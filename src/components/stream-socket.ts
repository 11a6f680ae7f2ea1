/** roStreamSocket: TCP over IPv4. ifSocketConnection, ifSocketConnectionStatus, ifSocketConnectionOption. */
import type { Bytes } from "../bytes.js";
import * as native from "../native.js";
import { deadlineIn, repeat, sleepUntil } from "./blocking.js";
import { IN, OUT, PRI } from "./endpoint.js";
import { OptionSocket } from "./option-socket.js";
import { RoSocketAddress } from "./socket-address.js";
import * as errno from "./status.js";

const { option } = native;

/** Reads of unread data before a close, at most: a peer that floods must not hold it up. */
const discardsAtClose = 16;

/**
 * Milliseconds in which a connect that was begun counts as pending for status() and isConnected(), if nothing else shows its
 * end: a program that asks right after connect() finds EINPROGRESS (row S6), also where the peer is as near as 127.0.0.1.
 */
const pendingAtLeast = 5;

type State = "idle" | "listening" | "connecting" | "connected" | "failed";

export class RoStreamSocket extends OptionSocket {
  /** @internal */
  protected readonly transport = native.transport.stream;
  #state: State = "idle";
  #isBound = false;
  /** The other end: what is being connected to, or was. */
  #peerHost = 0;
  #peerPort = 0;
  #begunAt = 0;
  /** Seconds; 0: off. */
  #linger = 0;
  /** The end of the stream was received: there is nothing left that a close could lose. */
  #atEnd = false;

  // ---- ifSocketConnection ----

  /**
   * Listens on the bound address, keeping up to `backlog` connections until they are accepted. False, with EINVAL, when
   * setAddress has not succeeded before (row S11).
   */
  listen(backlog: number): boolean {
    if (this.closed) return this.refuse(errno.EBADF, "listen");
    if (!this.#isBound) return this.refuse(errno.EINVAL, "listen");
    if (!this.check(native.listen(this.fd, backlog), "listen")) return false;
    if (this.#state !== "listening") this.forget(); // A connect that failed left an error and a hang-up.
    this.#state = "listening";
    this.register();
    return true;
  }

  /** listen() has succeeded on this socket, and it is not closed. */
  isListening(): boolean {
    return this.#state === "listening" && !this.closed;
  }

  /**
   * Connects to the send-to address. With a port: true while it is pending, EINPROGRESS; its end is reported as writable
   * (rows S6 to S8). Without: waits for it, at most the send timeout (row S9). True, too, when connected already.
   */
  connect(): boolean {
    if (this.closed) return this.refuse(errno.EBADF, "connect");
    this.touch();
    const wasPending = this.#state === "connecting";
    if (wasPending) this.settle();
    else if (this.#state === "idle" || this.#state === "failed") this.#begin();
    switch (this.#state) {
      case "connected":
        return this.#isPeer() ? this.succeed() : this.refuse(errno.EISCONN, "connect");
      case "listening":
        return this.refuse(errno.EISCONN, "connect");
      case "connecting":
        if (wasPending) this.fail(errno.EALREADY, "connect");
        return this.port !== null || this.#complete();
      default:
        return false; // The status tells; after a failed attempt the next call begins another.
    }
  }

  /** A connect, or the accept that made this socket, has completed. */
  isConnected(): boolean {
    this.lookAtConnect();
    return this.#state === "connected" && !this.closed;
  }

  /**
   * The next connection as a socket with this one's port; null with EAGAIN when none is pending, or with the error
   * (rows S3, S14, S15). Without a port it waits for one, at most the receive timeout.
   */
  accept(): RoStreamSocket | null {
    const obstacle = this.closed ? errno.EBADF : this.#state === "listening" ? 0 : errno.EINVAL;
    if (obstacle !== 0) {
      this.fail(obstacle, "accept");
      return null;
    }
    let fd = native.accept(this.fd);
    if (fd === -errno.EAGAIN && this.port === null) {
      fd = repeat(() => native.accept(this.fd), this.fd, IN, this.receiveTimeout);
    }
    if (fd < 0) {
      if (fd === -errno.EAGAIN) this.clear(IN);
      this.fail(-fd, "accept");
      return null;
    }
    this.succeed();
    this.doubtful |= IN;
    this.touch();
    return this.#accepted(fd, native.reportedHost(), native.reportedPort());
  }

  // ---- ifSocketConnectionStatus ----

  /** ECONNABORTED: the connection was given up by this end. */
  eConnAborted(): boolean {
    return this.status() === errno.ECONNABORTED;
  }
  /** ECONNREFUSED: nobody listens there (row S8). */
  eConnRefused(): boolean {
    return this.status() === errno.ECONNREFUSED;
  }
  /** ECONNRESET: the peer broke the connection off (row S21). */
  eConnReset(): boolean {
    return this.status() === errno.ECONNRESET;
  }
  /** EISCONN: connected already, to another address than was asked for; or a listening socket. */
  eIsConn(): boolean {
    return this.status() === errno.EISCONN;
  }
  /** ENOTCONN: received on a socket that is not connected; sending there is EPIPE, as on Linux. */
  eNotConn(): boolean {
    return this.status() === errno.ENOTCONN;
  }

  // ---- ifSocketConnectionOption ----

  /** Whether the system asks an idle peer from time to time whether it is still there (SO_KEEPALIVE). */
  getKeepAlive(): boolean {
    return this.is(option.keepAlive);
  }
  setKeepAlive(enable: boolean): boolean {
    return this.turn(option.keepAlive, enable);
  }

  /** Seconds that a close without a port may take to get everything sent; 0: off, the system goes on by itself (row S33). */
  getLinger(): number {
    return this.get(option.linger);
  }
  setLinger(seconds: number): boolean {
    const set = this.set(option.linger, seconds);
    if (set) this.#linger = seconds;
    return set;
  }

  /** The largest TCP segment to send, in bytes; set before connecting. */
  getMaxSeg(): number {
    return this.get(option.maxSeg);
  }
  setMaxSeg(size: number): boolean {
    return this.set(option.maxSeg, size);
  }

  /** Whether small pieces are sent at once instead of being collected (TCP_NODELAY). */
  getNoDelay(): boolean {
    return this.is(option.noDelay);
  }
  setNoDelay(enable: boolean): boolean {
    return this.turn(option.noDelay, enable);
  }

  // ---- For the classes below ----

  /** @internal */
  override get live(): boolean {
    return this.#state !== "idle" && this.fd >= 0;
  }

  /** connect(2), called again, tells how the attempt ended and readies the socket for another. @internal */
  override settle(): void {
    if (this.#state !== "connecting") return;
    const result = native.connect(this.fd, this.#peerHost, this.#peerPort);
    if (result === -errno.EALREADY || result === -errno.EINPROGRESS) return;
    if (result === 0 || result === -errno.EISCONN) {
      this.#state = "connected";
      this.succeed();
    } else {
      this.#state = "failed";
      this.fail(-result, "connect", this.#peer());
    }
  }

  /** @internal */
  protected override lookAtConnect(): void {
    if (this.#state === "connecting" && performance.now() - this.#begunAt >= pendingAtLeast) this.settle();
  }

  /** @internal */
  protected override bound(): void {
    this.#isBound = true;
  }

  /** @internal */
  protected override sender(): RoSocketAddress {
    return this.isConnected() ? RoSocketAddress.of(this.#peerHost, this.#peerPort) : new RoSocketAddress();
  }

  /** @internal */
  protected override obstacle(unused: number): number {
    if (this.closed) return errno.EBADF;
    if (this.#state === "idle") return unused;
    if (this.#state !== "connecting") return 0;
    this.settle();
    return this.#state === "connecting" || this.isConnected() ? 0 : this.error;
  }

  /** @internal */
  protected override take(bytes: Bytes, start: number, length: number): number {
    return length === 0 ? 0 : native.receive(this.fd, bytes, start, length);
  }

  /** @internal */
  protected override put(bytes: Bytes, start: number, length: number): number {
    return length === 0 ? 0 : native.send(this.fd, bytes, start, length);
  }

  /** @internal */
  protected override took(received: number, asked: number): void {
    if (received === 0) {
      if (asked > 0) this.#atEnd = true;
      return;
    }
    // Less than asked: there is no more, unless the end is near or an urgent byte stopped the reading short of it.
    if (this.known & PRI) this.doubtful |= PRI | IN;
    else if (received === asked) this.doubtful |= IN;
    else if (!this.final) this.clear(IN);
    if (this.final) this.doubtful &= ~IN;
    this.touch();
  }

  /** @internal */
  protected override flush(): number {
    this.settle();
    const { fd } = this;
    let status = 0;
    if (this.#state === "connected") {
      const unsent = this.port === null && native.countSend(fd) > 0;
      const sending = unsent && native.shutdownSend(fd) === 0;
      // Linux turns a close with unread data into a reset, which would overtake what was sent.
      const whole = this.#atEnd || this.#discard();
      if (whole && sending) status = this.#awaitAcknowledgement();
    }
    // Linux lets close() wait for the linger time even when the descriptor is non-blocking.
    if (this.#linger > 0) native.setOption(fd, option.linger, 0);
    return status === errno.EINTR ? status : 0;
  }

  #peer(): RoSocketAddress {
    return RoSocketAddress.of(this.#peerHost, this.#peerPort);
  }

  /** Whether the send-to address is that of the other end. */
  #isPeer(): boolean {
    const { remote } = this;
    return remote === null || (remote.host === this.#peerHost && remote.port === this.#peerPort);
  }

  /** Asks the kernel to connect. */
  #begin(): void {
    const { remote } = this;
    if (remote === null) return void this.fail(errno.EDESTADDRREQ, "connect");
    if (!remote.valid) return void this.fail(errno.EADDRNOTAVAIL, "connect");
    if (!this.make()) return;
    this.forget();
    this.#peerHost = remote.host;
    this.#peerPort = remote.port;
    const result = native.connect(this.fd, remote.host, remote.port);
    if (result === -errno.EINPROGRESS) {
      this.#state = "connecting";
      this.#begunAt = performance.now();
      this.fail(errno.EINPROGRESS, "connect", this.#peer());
    } else {
      if (result === 0) this.#state = "connected";
      this.check(result, "connect", this.#peer());
    }
    this.register();
    this.touch();
  }

  /** Waits for a pending connect. When the send timeout or a signal comes first, it stays pending. */
  #complete(): boolean {
    const attempt = (): number => {
      this.settle();
      return this.#state === "connecting" ? -errno.EAGAIN : 0;
    };
    const result = repeat(attempt, this.fd, OUT, this.sendTimeout);
    if (result === 0) return this.#state === "connected";
    const status = result === -errno.EAGAIN ? errno.EINPROGRESS : -result;
    return this.refuse(status, "connect", this.#peer());
  }

  #accepted(fd: number, host: number, port: number): RoStreamSocket {
    const socket = new RoStreamSocket();
    native.adopt(fd, socket);
    socket.fd = fd;
    socket.port = this.port;
    socket.remote = RoSocketAddress.of(host, port);
    socket.#peerHost = host;
    socket.#peerPort = port;
    socket.#state = "connected";
    // Linux hands these options down.
    socket.#linger = this.#linger;
    socket.sendTimeout = this.sendTimeout;
    socket.receiveTimeout = this.receiveTimeout;
    return socket;
  }

  /** Drops what has arrived; false when the connection is broken. */
  #discard(): boolean {
    for (let i = 0; i < discardsAtClose; i++) {
      const discarded = native.discard(this.fd);
      if (discarded <= 0) return discarded === 0 || discarded === -errno.EAGAIN;
    }
    return true;
  }

  /**
   * Waits until the peer's system has acknowledged everything, the end included: at most the linger time, else the send
   * timeout, else for ever. The acknowledgement of the end is a change of state, which only an edge-triggered set reports.
   * Returns 0, or the error number of what ended the wait.
   */
  #awaitAcknowledgement(): number {
    const deadline = deadlineIn((this.#linger || this.sendTimeout) * 1000);
    const poller = native.openPoller(this);
    if (poller < 0) return -poller;
    native.addToPoller(poller, this.fd, this.id);
    let status = 0;
    while (status === 0 && native.countSend(this.fd) > 0) {
      status = sleepUntil(poller, IN, deadline);
      if (status === 0 && (native.waitPoller(poller, 0) < 0 || !this.#discard())) break;
    }
    native.close(poller);
    return status;
  }
}
