/** One request and the head of its response, over node:http or node:https. */
import { constants, createReadStream, fstatSync } from "node:fs";
import http from "node:http";
import https from "node:https";
import type { Socket } from "node:net";
import { pipeline } from "node:stream";
import tls, { type TLSSocket } from "node:tls";
import { openFile } from "../../app/volumes.js";
import { code, requestError, TransferError } from "./errors.js";
import type { Request } from "./protocol.js";

/** Milliseconds after which a connection that nobody uses is closed. */
const idle = 60_000;

const options = { keepAlive: true, maxFreeSockets: 16, timeout: idle } as const;

const agents = {
  http: new http.Agent(options),
  https: new https.Agent(options),
  /** Of its own, so that a connection whose host was not checked is never used again where it must be. */
  unverifiedHost: new https.Agent(options),
};

/** What is different from one request of a transfer to the next, when the server redirects or asks for authentication. */
export interface Step {
  readonly url: URL;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly hasBody: boolean;
}

export interface Exchange {
  readonly response: http.IncomingMessage;
  /** What has broken the connection since; the response's stream does not tell. */
  readonly failure: () => NodeJS.ErrnoException | undefined;
}

/** Counts the bytes that cross the connection which a transfer uses at the time. */
export class Meter {
  #socket: Socket | undefined;
  #seen = 0;

  set socket(socket: Socket) {
    this.#socket = socket;
    this.#seen = this.#total(); // It may have served other requests before.
  }

  /** Bytes since it was last asked. */
  sinceLast(): number {
    const before = this.#seen;
    this.#seen = this.#total();
    return this.#seen - before;
  }

  #total(): number {
    return (this.#socket?.bytesRead ?? 0) + (this.#socket?.bytesWritten ?? 0);
  }
}

/** @throws {@link TransferError} */
export async function exchange(
  request: Request,
  step: Step,
  meter: Meter,
  signal: AbortSignal,
): Promise<Exchange> {
  signal.throwIfAborted();
  try {
    return await attempt(request, step, meter, signal, request.freshConnection);
  } catch (error) {
    // The server may have closed the connection while it was idle. A new one tells.
    if (!(error instanceof Stale)) throw requestError(error as Error);
    return attempt(request, step, meter, signal, true);
  }
}

class Stale extends Error {}

function attempt(
  request: Request,
  step: Step,
  meter: Meter,
  signal: AbortSignal,
  fresh: boolean,
): Promise<Exchange> {
  return new Promise((resolve, reject) => {
    const isTls = step.url.protocol === "https:";
    const sent = (isTls ? https : http).request(step.url, {
      method: step.method,
      headers: step.headers,
      agent: fresh ? false : isTls ? agents[request.verifyHost ? "https" : "unverifiedHost"] : agents.http,
      ...(isTls ? tlsOptions(request) : {}),
    });
    let failure: NodeJS.ErrnoException | undefined;
    const abort = (): void => void sent.destroy(signal.reason);
    signal.addEventListener("abort", abort);
    sent.on("close", () => signal.removeEventListener("abort", abort));
    sent.on("error", (error: NodeJS.ErrnoException) => {
      failure = error;
      const isStale = sent.reusedSocket && !fresh && (error.code === "ECONNRESET" || error.code === "EPIPE");
      reject(isStale && !signal.aborted ? new Stale() : requestError(error));
    });
    sent.on("socket", (socket) => {
      meter.socket = socket;
    });
    sent.on("response", (response) => resolve({ response, failure: () => failure }));
    // These would otherwise wait for ever.
    for (const event of ["connect", "upgrade"]) {
      sent.on(event, (_response, socket) => {
        socket.destroy();
        reject(new TransferError(code.weirdReply, "the server wants to speak another protocol"));
      });
    }
    if (isTls && request.verifyHost && !request.verifyPeer) checkHost(sent, step.url.hostname);
    sendBody(request, step, sent);
  });
}

function tlsOptions(request: Request): https.RequestOptions {
  return {
    rejectUnauthorized: request.verifyPeer,
    ...(request.certificates === null ? {} : { ca: request.certificates }),
    ...(request.verifyHost ? {} : { checkServerIdentity: () => undefined }),
  };
}

/** Node itself does not look at a certificate's names when its chain need not be verified. */
function checkHost(sent: http.ClientRequest, host: string): void {
  sent.on("socket", (socket) => {
    const tlsSocket = socket as TLSSocket;
    tlsSocket.once("secureConnect", () => {
      const error = tls.checkServerIdentity(host, tlsSocket.getPeerCertificate());
      if (error !== undefined) sent.destroy(error);
    });
  });
}

function sendBody({ body }: Request, { hasBody }: Step, sent: http.ClientRequest): void {
  if (!hasBody || body === null) {
    sent.end();
  } else if (body instanceof Uint8Array) {
    sent.setHeader("Content-Length", body.length);
    sent.end(body);
  } else {
    try {
      const fd = openFile(body, constants.O_RDONLY);
      const { size } = fstatSync(fd);
      sent.setHeader("Content-Length", size);
      const file = createReadStream("", { fd, start: 0, end: Math.max(0, size - 1) });
      pipeline(file, sent, (error) => error && sent.destroy(error));
    } catch (error) {
      sent.destroy(new TransferError(code.readError, (error as Error).message));
    }
  }
}
