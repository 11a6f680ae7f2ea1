/** roDataGramSocket: UDP over IPv4. ifSocketCastOption (ifSocketCast on older systems). */
import type { Bytes } from "../bytes.js";
import * as native from "../native.js";
import { IN } from "./endpoint.js";
import { OptionSocket } from "./option-socket.js";
import { RoSocketAddress } from "./socket-address.js";
import * as errno from "./status.js";

const { option } = native;

export class RoDataGramSocket extends OptionSocket {
  /** @internal */
  protected readonly transport = native.transport.datagram;
  #senderHost = 0;
  #senderPort = 0;
  #bound = false;

  // ---- ifSocketCastOption ----

  /** Whether sending to a broadcast address is allowed. */
  getBroadcast(): boolean {
    return this.is(option.broadcast);
  }
  setBroadcast(enable: boolean): boolean {
    return this.turn(option.broadcast, enable);
  }

  /**
   * Receives, from now on, what is sent to a multicast group: 224.0.0.0 to 239.255.255.255, else false with EINVAL. To receive
   * it the socket is bound to the group's port and to 0.0.0.0 or the group; the group is then joined on the interface that the
   * system routes it by. A socket bound to an interface's address joins there, for all sockets of the machine, but Linux gives
   * it none of the group's datagrams.
   */
  joinGroup(address: RoSocketAddress | null): boolean {
    return this.#membership(address, true);
  }
  dropGroup(address: RoSocketAddress | null): boolean {
    return this.#membership(address, false);
  }

  /** Whether this machine receives, too, what it sends to a group. */
  getMulticastLoop(): boolean {
    return this.is(option.multicastLoop);
  }
  setMulticastLoop(enable: boolean): boolean {
    return this.turn(option.multicastLoop, enable);
  }

  /** Hops that a packet to a group may take, 0 to 255; 1, this network, unless set. */
  getMulticastTTL(): number {
    return this.get(option.multicastTTL);
  }
  setMulticastTTL(hops: number): boolean {
    return this.set(option.multicastTTL, hops);
  }

  // ---- For the classes below ----

  /** Always: it is made when it is first asked about. @internal */
  override get live(): boolean {
    return !this.closed && this.make();
  }

  /** @internal */
  protected override sender(): RoSocketAddress {
    return RoSocketAddress.of(this.#senderHost, this.#senderPort);
  }

  /** @internal */
  protected override make(): boolean {
    if (this.fd >= 0) return true;
    if (!super.make()) return false;
    this.register();
    return true;
  }

  /** @internal */
  protected override obstacle(): number {
    return this.closed ? errno.EBADF : this.make() ? 0 : this.error;
  }

  /** @internal */
  protected override take(bytes: Bytes, start: number, length: number): number {
    const received = native.receiveFrom(this.fd, bytes, start, length);
    if (received >= 0) {
      this.#senderHost = native.reportedHost();
      this.#senderPort = native.reportedPort();
    }
    return received;
  }

  /** @internal */
  protected override took(): void {
    this.doubtful |= IN; // Only the kernel knows whether there is another.
    this.touch();
  }

  /** @internal */
  protected override put(bytes: Bytes, start: number, length: number): number {
    const { remote } = this;
    if (remote === null) return -errno.EDESTADDRREQ;
    if (!remote.valid) return -errno.EADDRNOTAVAIL;
    if (!this.#bound) {
      const bound = this.bindTo(0, 0);
      if (bound < 0) return bound;
    }
    return native.sendTo(this.fd, bytes, start, length, remote.host, remote.port);
  }

  /**
   * Where the system chooses the port, Linux takes one that another socket has, too, if both have SO_REUSEADDR: half of what is
   * sent to it would go to a stranger. So the option is off meanwhile. @internal
   */
  protected override bindTo(host: number, port: number): number {
    const shared = port === 0 && native.getOption(this.fd, option.reuseAddr) === 0 && native.reportedValue();
    if (shared) native.setOption(this.fd, option.reuseAddr, 0);
    const result = super.bindTo(host, port);
    if (shared) native.setOption(this.fd, option.reuseAddr, 1);
    if (result >= 0) this.#bound = true;
    return result;
  }

  /** @internal */
  protected override flush(): number {
    return 0;
  }

  #membership(address: RoSocketAddress | null, join: boolean): boolean {
    if (!RoSocketAddress.is(address)) return this.refuse(errno.EINVAL, "setsockopt");
    if (!address.valid) return this.refuse(errno.EADDRNOTAVAIL, "setsockopt");
    if (!isMulticast(address.host)) return this.refuse(errno.EINVAL, "setsockopt");
    if (!this.make()) return false;
    const bound =
      native.localAddress(this.fd) < 0 || isMulticast(native.reportedHost()) ? 0 : native.reportedHost();
    return this.check(native.setMembership(this.fd, address.host, bound, join), "setsockopt");
  }
}

/** 224.0.0.0 to 239.255.255.255. */
function isMulticast(host: number): boolean {
  return host >>> 28 === 0xe;
}
