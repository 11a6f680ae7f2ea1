/** A transfer from beginning to end: redirects, authentication, cookies. */
import type { IncomingMessage } from "node:http";
import { discard, receive, sizeOf } from "./body.js";
import { type Cookie, cookieHeader, parseCookie, withCookie } from "./cookies.js";
import { digestAuthorization } from "./digest.js";
import { bodyError, code, TransferError } from "./errors.js";
import { type Exchange, exchange, Meter, type Step } from "./exchange.js";
import type { Request, Result } from "./protocol.js";

const mostRedirects = 30;

const nothing: Uint8Array = new Uint8Array(0);

/** Never rejects. When `controller` aborts, its reason, a {@link TransferError}, is the result. */
export async function perform(request: Request, controller: AbortController): Promise<Result> {
  const meter = new Meter();
  const watch = watchRate(request.minimumRate, meter, controller);
  const transfer = new Transfer(request, meter, controller.signal);
  try {
    return await transfer.perform();
  } catch (error) {
    const cause = controller.signal.aborted ? controller.signal.reason : error;
    const { code: number, message } =
      cause instanceof TransferError ? cause : new TransferError(code.failedInit, (cause as Error).message);
    return { ...transfer.soFar(), code: number, reason: message, body: nothing };
  } finally {
    clearInterval(watch);
  }
}

function watchRate(
  { bytes, seconds }: Request["minimumRate"],
  meter: Meter,
  controller: AbortController,
): NodeJS.Timeout | undefined {
  if (bytes <= 0 || seconds <= 0) return undefined;
  return setInterval(() => {
    if (meter.sinceLast() >= bytes * seconds) return;
    const words = `less than ${bytes} bytes a second for ${seconds} s`;
    controller.abort(new TransferError(code.timedOut, words));
  }, seconds * 1000);
}

class Transfer {
  #cookies: readonly Cookie[] | null;
  #resumeAt = 0;
  #response: IncomingMessage | undefined;
  #address = "";

  constructor(
    private readonly request: Request,
    private readonly meter: Meter,
    private readonly signal: AbortSignal,
  ) {
    this.#cookies = request.cookies;
    if (request.resume && request.output !== null) this.#resumeAt = sizeOf(request.output);
  }

  async perform(): Promise<Result> {
    const { response, failure } = await this.#converse();
    const { statusCode = 0, statusMessage = "" } = response;
    const isError = statusCode >= 400;
    const reason = isError ? `${statusCode} ${statusMessage}`.trim() : "";
    let body = nothing;
    if (isError && !this.request.retainBody) {
      discard(response);
    } else {
      const { output, encodings, method } = this.request;
      const target = { output, resumeAt: this.#resumeAt, uncompress: encodings && method !== "HEAD" };
      try {
        body = await receive(response, target, this.signal);
      } catch (error) {
        throw bodyError(failure() ?? (error as Error));
      }
    }
    return { ...this.soFar(), code: statusCode, reason, body };
  }

  /** What is known whether or not the rest fails. */
  soFar(): Omit<Result, "code" | "reason" | "body"> {
    const raw = this.#response?.rawHeaders ?? [];
    const headers: [string, string][] = [];
    for (let i = 0; i < raw.length; i += 2) headers.push([raw[i]!, raw[i + 1]!]);
    return { headers, address: this.#address, cookies: this.#cookies };
  }

  /** Makes requests until a response is the answer. */
  async #converse(): Promise<Exchange> {
    let step = this.#firstStep();
    let authorization: string | null = null;
    for (let redirects = 0; ; ) {
      const dressed = this.#dressed(step, authorization);
      const exchanged = await exchange(this.request, dressed, this.meter, this.signal);
      const { response } = exchanged;
      this.#response = response;
      this.#address = (response.socket.remoteAddress ?? "").replace(/^::ffff:/, "");
      this.#keepCookies(response, step.url);
      const answer: string | null = authorization === null ? this.#authorization(response, step) : null;
      const next = answer === null ? redirected(response, step) : step;
      if (next === null) return exchanged;
      discard(response);
      authorization = answer;
      if (answer === null && ++redirects > mostRedirects) {
        throw new TransferError(code.tooManyRedirects, `more than ${mostRedirects} redirects`);
      }
      step = next;
    }
  }

  #firstStep(): Step {
    const { method, body } = this.request;
    return { url: parseUrl(this.request.url), method, headers: this.#headers(), hasBody: body !== null };
  }

  /** Those of the program, in place of ours of the same names. */
  #headers(): Record<string, string> {
    const { headers, body, encodings } = this.request;
    const all = new Map<string, [string, string]>();
    const set = (name: string, value: string) => all.set(name.toLowerCase(), [name, value]);
    set("Accept", "*/*");
    if (body !== null) set("Content-Type", "application/x-www-form-urlencoded");
    if (this.#resumeAt > 0) set("Range", `bytes=${this.#resumeAt}-`);
    else if (encodings) set("Accept-Encoding", "deflate, gzip");
    for (const [name, value] of headers) set(name, value);
    // How long the body is, we know better.
    all.delete("content-length");
    all.delete("transfer-encoding");
    return Object.fromEntries(all.values());
  }

  /** The step with the headers that are made for each. */
  #dressed(step: Step, authorization: string | null): Step {
    const headers = { ...step.headers };
    if (authorization !== null) headers.Authorization = authorization;
    const cookies = this.#cookies === null ? "" : cookieHeader(this.#cookies, step.url);
    if (cookies !== "" && !Object.keys(headers).some((name) => /^cookie$/i.test(name)))
      headers.Cookie = cookies;
    return { ...step, headers };
  }

  #authorization({ statusCode, headersDistinct }: IncomingMessage, { url, method }: Step): string | null {
    const { credentials } = this.request;
    if (statusCode !== 401 || credentials === null) return null;
    const challenges = headersDistinct["www-authenticate"] ?? [];
    return digestAuthorization(challenges, credentials, method, url.pathname + url.search);
  }

  #keepCookies(response: IncomingMessage, url: URL): void {
    if (this.#cookies === null) return;
    for (const header of response.headers["set-cookie"] ?? []) {
      const cookie = parseCookie(header, url);
      if (cookie !== null) this.#cookies = withCookie(this.#cookies, cookie);
    }
  }
}

function parseUrl(given: string): URL {
  const text = given.trim();
  try {
    const url = new URL(/^[a-z][a-z\d+.-]*:\/\//i.test(text) ? text : `http://${text}`);
    if (!/^https?:$/.test(url.protocol)) {
      throw new TransferError(code.unsupportedProtocol, `${url.protocol} is not supported`);
    }
    // Node would send them as they are: Basic authentication, which a Roku refuses.
    url.username = "";
    url.password = "";
    return url;
  } catch (error) {
    throw error instanceof TransferError
      ? error
      : new TransferError(code.malformedUrl, `malformed URL: ${given}`);
  }
}

/** The request that a redirect asks for, as libcurl makes it; null when there is no redirect. */
function redirected({ statusCode = 0, headers }: IncomingMessage, step: Step): Step | null {
  const { location } = headers;
  if (location === undefined || ![301, 302, 303, 307, 308].includes(statusCode)) return null;
  const url = parseUrl(URL.canParse(location, step.url.href) ? new URL(location, step.url).href : location);
  const becomesGet =
    (statusCode === 303 && step.method !== "HEAD") || (statusCode < 303 && step.method === "POST");
  return {
    url,
    method: becomesGet ? "GET" : step.method,
    hasBody: step.hasBody && !becomesGet,
    headers: url.origin === step.url.origin ? step.headers : withoutSecrets(step.headers),
  };
}

/** Another server is not told what was meant for the first. */
const withoutSecrets = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).filter(([name]) => !/^(authorization|cookie|host)$/i.test(name)),
  );
