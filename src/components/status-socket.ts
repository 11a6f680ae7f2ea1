/** The status of a socket's last operation: ifSocket's status(), ifSocketStatus, and the setters that operations use. */
import { Endpoint } from "./endpoint.js";
import type { RoSocketAddress } from "./socket-address.js";
import * as errno from "./status.js";
import { type SocketError, socketError } from "./status.js";

export abstract class StatusSocket extends Endpoint {
  /** The error number of the last operation; 0: it worked. @internal */
  protected error = 0;
  #syscall = "";
  #address: RoSocketAddress | null = null;

  /** 0, or the error number of the last operation, Linux's (rows S29, S30). */
  status(): number {
    this.lookAtConnect();
    return this.error;
  }

  // ---- ifSocketStatus ----

  /** EAGAIN: the call would have had to wait, or its time was up (rows S14, S17, S20, S26). */
  eAgain(): boolean {
    return this.status() === errno.EAGAIN;
  }
  /** EALREADY: the connect that was asked for is under way already. */
  eAlready(): boolean {
    return this.status() === errno.EALREADY;
  }
  /** EFAULT or EADDRNOTAVAIL (row S31). */
  eBadAddr(): boolean {
    const status = this.status();
    return status === errno.EADDRNOTAVAIL || status === errno.EFAULT;
  }
  /** EDESTADDRREQ: no send-to address was set (row S10). */
  eDestAddrReq(): boolean {
    return this.status() === errno.EDESTADDRREQ;
  }
  /** EHOSTUNREACH: there is no way to the host, or it does not answer there. */
  eHostUnreach(): boolean {
    return this.status() === errno.EHOSTUNREACH;
  }
  /** EINVAL: an argument that cannot be, or a call that does not fit the state of the socket (rows S11, S23). */
  eInvalid(): boolean {
    return this.status() === errno.EINVAL;
  }
  /** EINPROGRESS: a connect has begun and not ended (row S6). */
  eInProgress(): boolean {
    return this.status() === errno.EINPROGRESS;
  }
  /** The same number as EAGAIN on Linux. */
  eWouldBlock(): boolean {
    return this.status() === errno.EAGAIN;
  }
  /** The error number is 0. */
  eSuccess(): boolean {
    return this.status() === 0;
  }
  /** No hard error: 0, EAGAIN, EALREADY, EINPROGRESS or EWOULDBLOCK. */
  eOK(): boolean {
    const status = this.status();
    return (
      status === 0 || status === errno.EAGAIN || status === errno.EALREADY || status === errno.EINPROGRESS
    );
  }

  /** The status as an error of the shape Node's have; null when it is 0. */
  lastError(): SocketError | null {
    const status = this.status();
    if (status === 0) return null;
    return socketError(status, this.#syscall, this.#address);
  }

  /** Settles a pending connect, unless it was begun only now. @internal */
  protected lookAtConnect(): void {}

  /** @internal */
  protected succeed(): true {
    this.error = 0;
    return true;
  }

  /** Sets the status; `address` is the one the call was about. @returns -1 @internal */
  protected fail(status: number, syscall: string, address: RoSocketAddress | null = null): -1 {
    this.error = status;
    this.#syscall = syscall;
    this.#address = address;
    return -1;
  }

  /** As fail. @returns false @internal */
  protected refuse(status: number, syscall: string, address: RoSocketAddress | null = null): false {
    this.fail(status, syscall, address);
    return false;
  }

  /** Sets the status from what a system call returned; whether it worked. @internal */
  protected check(result: number, syscall: string, address: RoSocketAddress | null = null): boolean {
    return result < 0 ? this.refuse(-result, syscall, address) : this.succeed();
  }
}
