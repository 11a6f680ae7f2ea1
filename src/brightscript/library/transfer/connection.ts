/** Connections to servers: made, checked, and kept for the next request to the same server on the same terms. */
import { lookup } from "node:dns/promises";
import net, { type Socket } from "node:net";
import tls, { type ConnectionOptions, type SecureContext } from "node:tls";
import { code, connectError, TransferError, tlsError } from "./errors.js";
import type { Request } from "./protocol.js";

/** Milliseconds that a connection may take to be made, TLS included: libcurl's. */
const maxConnecting = 300_000;
/** Milliseconds after which a connection that nobody uses is closed. */
const maxIdle = 60_000;
/** Connections that nobody uses, all together. */
const maxKept = 16;
/** Milliseconds without traffic after which the system asks whether the peer is still there. */
const keepAlive = 60_000;

/** A server, and what is asked of its certificate. A connection serves no other. */
export interface Terms {
  readonly isTls: boolean;
  /** A name or an address, without brackets. */
  readonly host: string;
  readonly port: number;
  readonly verifyPeer: boolean;
  readonly verifyHost: boolean;
  readonly certificates: string | null;
}

export function termsOf(url: URL, { verifyPeer, verifyHost, certificates }: Request): Terms {
  const isTls = url.protocol === "https:";
  return {
    isTls,
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port: url.port === "" ? (isTls ? 443 : 80) : Number(url.port),
    ...(isTls ? { verifyPeer, verifyHost, certificates } : plain),
  };
}

const plain = { verifyPeer: true, verifyHost: true, certificates: null };

const isSame = (a: Terms, b: Terms): boolean =>
  a.isTls === b.isTls &&
  a.host === b.host &&
  a.port === b.port &&
  a.verifyPeer === b.verifyPeer &&
  a.verifyHost === b.verifyHost &&
  a.certificates === b.certificates;

export class Connection {
  readonly address: string;
  #rest: Buffer | null = null;
  #failure: Error | undefined;
  #wake: () => void = () => {};
  #idle: NodeJS.Timeout | undefined;

  constructor(
    readonly terms: Terms,
    readonly socket: Socket,
  ) {
    this.address = socket.remoteAddress ?? "";
    const wake = (): void => (this.#idle === undefined ? this.#wake() : this.destroy());
    socket.on("readable", wake).on("end", wake).on("close", wake);
    socket.on("error", (error) => {
      this.#failure ??= error;
      wake();
    });
  }

  /** The next bytes; null at the end of the stream. */
  async next(): Promise<Buffer | null> {
    for (;;) {
      const chunk = this.#rest ?? (this.socket.read() as Buffer | null);
      this.#rest = null;
      if (chunk !== null) return chunk;
      if (this.#failure !== undefined) throw this.#failure;
      if (this.socket.readableEnded) return null;
      if (this.socket.destroyed) throw new TransferError(code.receiveError, "the connection is closed");
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** Bytes that next() has returned and nobody wanted. */
  putBack(bytes: Buffer): void {
    if (bytes.length > 0) this.#rest = bytes;
  }

  /** Keeps the connection for another request. A server that says something unasked has lost count of them. */
  keep(): void {
    const isUsable = this.#rest === null && this.#failure === undefined && !this.socket.destroyed;
    if (!isUsable || this.socket.readableEnded || this.socket.read() !== null) {
      this.destroy();
      return;
    }
    if (kept.length >= maxKept) kept[0]!.destroy();
    kept.push(this);
    this.#idle = setTimeout(() => this.destroy(), maxIdle);
  }

  /** Takes it for a request. */
  use(): this {
    this.#forget();
    return this;
  }

  /** `cause` is what next() fails with. */
  destroy(cause?: Error): void {
    this.#forget();
    this.#failure ??= cause;
    this.socket.destroy();
    this.#wake();
  }

  #forget(): void {
    clearTimeout(this.#idle);
    this.#idle = undefined;
    const index = kept.indexOf(this);
    if (index >= 0) kept.splice(index, 1);
  }
}

/** Those that nobody uses; the last one was used last. */
const kept: Connection[] = [];

/** A connection on these terms that is open already. */
export const keptConnection = (terms: Terms): Connection | undefined =>
  kept.findLast((each) => isSame(each.terms, terms))?.use();

/** @throws {@link TransferError} */
export async function connect(terms: Terms, signal: AbortSignal): Promise<Connection> {
  const addresses = await untilAborted(addressesOf(terms.host), signal);
  const deadline = performance.now() + maxConnecting;
  let failure: unknown;
  for (const [index, address] of addresses.entries()) {
    const left = deadline - performance.now();
    const time = index === addresses.length - 1 ? left : left / 2;
    try {
      return new Connection(terms, await open(terms, address, Math.max(time, 1), signal));
    } catch (error) {
      // Of several addresses, the first tells.
      failure ??= error;
      if (signal.aborted || !(error instanceof Unreachable)) throw error;
    }
  }
  throw failure;
}

/** Sockets are IPv4's here; a name that has no such address is looked up for another. */
async function addressesOf(host: string): Promise<string[]> {
  if (net.isIP(host) !== 0) return [host];
  const found = await lookup(host, { family: 4, all: true }).catch(() =>
    lookup(host, { family: 6, all: true }).catch(() => []),
  );
  if (found.length === 0) {
    throw new TransferError(code.couldNotResolve, `could not find the address of ${host}`);
  }
  return found.map(({ address }) => address);
}

/** A look-up cannot be ended, but nobody need wait for it. */
function untilAborted<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    signal.addEventListener("abort", abort);
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}

/** There was no connection: another address may do. */
class Unreachable extends TransferError {}

function open(terms: Terms, address: string, time: number, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const { isTls, host, port, verifyHost } = terms;
    const place = { host: address, port };
    const socket = isTls ? tls.connect({ ...place, ...tlsOptions(terms) }) : net.connect(place);
    let isConnected = false;
    const settle = (error?: Error): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", abort);
      socket.off("close", closed);
      if (error === undefined) {
        socket.off("error", failed);
        resolve(socket);
      } else {
        reject(error); // "failed" stays: an error after the first is nobody's.
        socket.destroy();
      }
    };
    const failed = (error: Error): void =>
      settle(isConnected ? tlsError(error) : new Unreachable(...connectError(error)));
    const abort = (): void => settle(signal.reason);
    const closed = (): void => failed(new Error("the server closed the connection"));
    const timer = setTimeout(() => {
      const words = `no connection to ${host} in ${Math.round(time / 1000)} s`;
      settle(isConnected ? new TransferError(code.timedOut, words) : new Unreachable(code.timedOut, words));
    }, time);
    signal.addEventListener("abort", abort);
    socket.on("error", failed).on("close", closed);
    socket.once("connect", () => {
      isConnected = true;
      socket.setNoDelay(true).setKeepAlive(true, keepAlive);
      if (!isTls) settle();
    });
    socket.once("secureConnect", () =>
      settle(verifyHost ? wrongHost(socket as tls.TLSSocket, host) : undefined),
    );
  });
}

/** Each handshake is a whole one: of a resumed session Node has no certificate to check. */
function tlsOptions(terms: Terms): ConnectionOptions {
  const context = terms.certificates === null ? {} : { secureContext: contextOf(terms.certificates) };
  return {
    rejectUnauthorized: terms.verifyPeer,
    checkServerIdentity: () => undefined, // Node's way to call it depends on the other check: see wrongHost().
    servername: net.isIP(terms.host) === 0 ? terms.host.replace(/\.$/, "") : "",
    ALPNProtocols: ["http/1.1"],
    ...context,
  };
}

function wrongHost(socket: tls.TLSSocket, host: string): TransferError | undefined {
  const error = tls.checkServerIdentity(host, socket.getPeerCertificate());
  return error === undefined ? undefined : new TransferError(code.hostVerification, error.message);
}

let lastContext: { readonly certificates: string; readonly context: SecureContext } | undefined;

/** Parsing authorities takes milliseconds, and a program has one file of them. */
function contextOf(certificates: string): SecureContext {
  if (lastContext?.certificates !== certificates) {
    lastContext = { certificates, context: tls.createSecureContext({ ca: certificates }) };
  }
  return lastContext.context;
}
