/** ifSocketOption: setters call setsockopt(2) and tell whether it worked, getters ask the system (row S32). */
import { getOption, option, reportedValue, setOption } from "../native.js";
import { Socket } from "./socket.js";

export abstract class OptionSocket extends Socket {
  /** The system's value; 0, with the status, when there is none to be had. @internal */
  protected get(name: number): number {
    return this.make() && this.check(getOption(this.fd, name), "getsockopt") ? reportedValue() : 0;
  }

  /** @internal */
  protected set(name: number, value: number): boolean {
    return this.make() && this.check(setOption(this.fd, name, value), "setsockopt");
  }

  /** @internal */
  protected is(name: number): boolean {
    return this.get(name) !== 0;
  }

  /** @internal */
  protected turn(name: number, enable: boolean): boolean {
    return this.set(name, enable ? 1 : 0);
  }

  /** Hops that a packet may take, 1 to 255. */
  getTTL(): number {
    return this.get(option.ttl);
  }
  setTTL(hops: number): boolean {
    return this.set(option.ttl, hops);
  }

  /** SO_REUSEADDR, on unless it was turned off (row S12). */
  getReuseAddr(): boolean {
    return this.is(option.reuseAddr);
  }
  /** Heeded when it comes before setAddress. */
  setReuseAddr(enable: boolean): boolean {
    return this.turn(option.reuseAddr, enable);
  }

  /** Whether urgent bytes come among the others (row S28). */
  getOOBInline(): boolean {
    return this.is(option.oobInline);
  }
  setOOBInline(enable: boolean): boolean {
    return this.turn(option.oobInline, enable);
  }

  /** Bytes, as Linux reports them: twice what was set. */
  getSendBuf(): number {
    return this.get(option.sendBuf);
  }
  setSendBuf(size: number): boolean {
    return this.set(option.sendBuf, size);
  }

  /** Bytes, as Linux reports them: twice what was set. */
  getRcvBuf(): number {
    return this.get(option.rcvBuf);
  }
  setRcvBuf(size: number): boolean {
    return this.set(option.rcvBuf, size);
  }

  /** Seconds that a blocking send or connect may wait; 0: without limit (rows S9, S26). */
  getSendTimeout(): number {
    return this.get(option.sendTimeout);
  }
  setSendTimeout(seconds: number): boolean {
    const set = this.set(option.sendTimeout, seconds);
    if (set) this.sendTimeout = seconds;
    return set;
  }

  /** Seconds that a blocking receive or accept may wait; 0: without limit (row S26). */
  getReceiveTimeout(): number {
    return this.get(option.receiveTimeout);
  }
  setReceiveTimeout(seconds: number): boolean {
    const set = this.set(option.receiveTimeout, seconds);
    if (set) this.receiveTimeout = seconds;
    return set;
  }
}
