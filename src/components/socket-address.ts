import { inspect } from "node:util";
import { lookup } from "../native.js";

const QUAD = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;
const NAME = /^(?=.{1,253}\.?$)[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63})*\.?$/;
/** A last label that the system's look-up would take for a number: "127.1", "0x7f.1" and "2130706433" are no names. */
const NUMBER = /(?:^|\.)(?:\d+|0[xX][0-9A-Fa-f]*)\.?$/;
const NOT_FOUND = -1;

/** The address of a dotted quad in host order, or -1. No leading zeros: they mean octal to some, decimal to others. */
function parseQuad(text: string): number {
  const parts = QUAD.exec(text)?.slice(1);
  if (parts === undefined) return NOT_FOUND;
  let host = 0;
  for (const part of parts) {
    if (Number(part) > 255 || (part.length > 1 && part.startsWith("0"))) return NOT_FOUND;
    host = host * 256 + Number(part);
  }
  return host;
}

/** The address of a dotted quad or a name in host order, or -1. Only what can be a name is looked up. */
function resolve(text: string): number {
  const host = parseQuad(text);
  if (host !== NOT_FOUND || NUMBER.test(text) || !NAME.test(text)) return host;
  return lookup(text);
}

function quadOf(host: number): string {
  return `${host >>> 24}.${(host >>> 16) & 255}.${(host >>> 8) & 255}.${host & 255}`;
}

function isPort(port: number): boolean {
  return port >= 0 && port <= 65535;
}

/**
 * An IPv4 address and a port: Roku's roSocketAddress, with the interface ifSocketAddress.
 *
 * A fresh one is "0.0.0.0:0" and valid. Names are looked up when they are set, and the call waits for the answer
 * (row S49). An address that is not valid keeps its port, but has neither address nor host name until one is set.
 * Nothing throws. Sockets take and give copies (row S4).
 */
export class RoSocketAddress {
  #host = 0;
  #port = 0;
  #valid = true;
  /** The name it was set by; null: none but its quad. */
  #name: string | null = null;

  /** Whether a value is one, and not only looks like one. @internal */
  static is(value: unknown): value is RoSocketAddress {
    return typeof value === "object" && value !== null && #host in value;
  }

  /** The address `host` (unsigned, host order) with `port` (0 to 65535). @internal */
  static of(host: number, port: number): RoSocketAddress {
    const made = new RoSocketAddress();
    made.#host = host;
    made.#port = port;
    return made;
  }

  /** @internal */
  copy(): RoSocketAddress {
    const made = RoSocketAddress.of(this.#host, this.#port);
    made.#valid = this.#valid;
    made.#name = this.#name;
    return made;
  }

  /** Unsigned, in host order; 0 unless {@link valid}. @internal */
  get host(): number {
    return this.#host;
  }

  /** 0 to 65535. @internal */
  get port(): number {
    return this.#port;
  }

  /** @internal */
  get valid(): boolean {
    return this.#valid;
  }

  /**
   * Sets the host, and the port when given: "host" or "host:port". The host is a dotted quad of decimal numbers or a
   * DNS name, of which the first IPv4 address is taken (S49); the port is 0 to 65535, in decimal digits. Without a
   * port the old one is kept (S50).
   *
   * @returns whether it is valid now. False: malformed (S51) or not found; the port is unchanged
   */
  setAddress(address: string): boolean {
    const colon = address.indexOf(":");
    if (colon < 0) return this.#setHost(address);
    const digits = address.slice(colon + 1);
    const port = /^\d{1,5}$/.test(digits) ? Number(digits) : Number.NaN;
    // A malformed port costs no look-up.
    if (!this.#setHost(isPort(port) ? address.slice(0, colon) : "")) return false;
    this.#port = port;
    return true;
  }

  /** "a.b.c.d:port", or "" when not valid. */
  getAddress(): string {
    return this.#valid ? `${quadOf(this.#host)}:${this.#port}` : "";
  }

  /**
   * Sets the host, as in {@link setAddress}; the port is unchanged.
   *
   * @returns whether it is valid now
   */
  setHostName(name: string): boolean {
    return this.#setHost(name);
  }

  /** The host name or dotted quad as it was set, else the dotted quad; "" when not valid. */
  getHostName(): string {
    return this.#valid ? (this.#name ?? quadOf(this.#host)) : "";
  }

  /** Sets the port; the host is unchanged. False: not within 0 to 65535, nothing changed. */
  setPort(port: number): boolean {
    if (!isPort(port)) return false;
    this.#port = port;
    return true;
  }

  /** The port, 0 to 65535. */
  getPort(): number {
    return this.#port;
  }

  /** Whether it holds an IPv4 address: what was set last was well formed and found (S49). */
  isAddressValid(): boolean {
    return this.#valid;
  }

  /** For console.log and util.inspect. */
  [inspect.custom](): string {
    if (!this.#valid) return `RoSocketAddress <invalid>, port ${this.#port}`;
    const name = this.#name !== null && this.#name !== quadOf(this.#host) ? ` (${this.#name})` : "";
    return `RoSocketAddress ${this.getAddress()}${name}`;
  }

  #setHost(name: string): boolean {
    const host = resolve(name);
    this.#valid = host !== NOT_FOUND;
    this.#host = this.#valid ? host : 0;
    this.#name = this.#valid ? name : null;
    return this.#valid;
  }
}
