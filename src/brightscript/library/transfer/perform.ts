/** A transfer from beginning to end: redirects, authentication, cookies. */
import { decode } from "../../../text.js";
import { receive, sizeOf } from "./body.js";
import { type Cookie, cookieHeader, withCookiesOf } from "./cookies.js";
import { digestAuthorization } from "./digest.js";
import { bodyError, code, TransferError } from "./errors.js";
import { exchange, type Response, type Step } from "./exchange.js";
import { valuesOf } from "./head.js";
import { Meter, watchRate } from "./meter.js";
import type { Request, Result } from "./protocol.js";

const maxRedirects = 30;

/** The text that bytes are, a character each. */
const textOf = (bytes: string): string => decode(Buffer.from(bytes, "latin1"), 0, bytes.length);

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
    return { ...transfer.soFar(), code: number, reason: message, body: new Uint8Array(0) };
  } finally {
    clearInterval(watch);
  }
}

class Transfer {
  #cookies: readonly Cookie[] | null;
  #resumeAt = 0;
  #response: Response | undefined;
  /** Where the program's request goes; nobody else is told its secrets. */
  #origin = "";

  constructor(
    private readonly request: Request,
    private readonly meter: Meter,
    private readonly signal: AbortSignal,
  ) {
    this.#cookies = request.cookies;
    if (request.resume && request.output !== null) this.#resumeAt = sizeOf(request.output);
  }

  async perform(): Promise<Result> {
    const response = await this.#converse();
    const isError = response.status >= 400;
    const reason = isError ? `${response.status} ${textOf(response.reason)}`.trim() : "";
    let body: Uint8Array = new Uint8Array(0);
    if (isError && !this.request.retainBody) {
      response.discard();
    } else {
      const { output, encodings, method } = this.request;
      const target = { output, resumeAt: this.#resumeAt, uncompress: encodings && method !== "HEAD" };
      try {
        body = await receive(response, target, this.signal);
      } catch (error) {
        response.abandon();
        throw bodyError(error as Error);
      }
    }
    return { ...this.soFar(), code: response.status, reason, body };
  }

  /** What is known whether or not the rest fails. */
  soFar(): Omit<Result, "code" | "reason" | "body"> {
    const { headers = [], address = "" } = this.#response ?? {};
    return { headers, address, cookies: this.#cookies };
  }

  /** Makes requests until a response is the answer. */
  async #converse(): Promise<Response> {
    let step = this.#firstStep();
    this.#origin = step.url.origin;
    let authorization: string | null = null;
    for (let redirects = 0; ; ) {
      const dressed = this.#dressed(step, authorization);
      const response = await exchange(this.request, dressed, this.meter, this.signal);
      this.#response = response;
      if (this.#cookies !== null) {
        this.#cookies = withCookiesOf(this.#cookies, valuesOf(response, "set-cookie"), step.url);
      }
      const answer: string | null = authorization === null ? this.#authorization(response, step) : null;
      const next = answer === null ? redirected(response, step) : step;
      if (next === null) return response;
      response.discard();
      authorization = answer;
      if (answer === null && ++redirects > maxRedirects) {
        throw new TransferError(code.tooManyRedirects, `more than ${maxRedirects} redirects`);
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
    const isOurs = this.#isOrigin(step.url);
    const headers = isOurs ? { ...step.headers } : withoutSecrets(step.headers);
    if (authorization !== null) headers.Authorization = authorization;
    const cookies = this.#cookies === null ? "" : cookieHeader(this.#cookies, step.url);
    if (cookies !== "" && !Object.keys(headers).some((name) => /^cookie$/i.test(name)))
      headers.Cookie = cookies;
    return { ...step, headers };
  }

  /** The user's name and password are for the server that the program named: host, port and scheme. */
  #isOrigin(url: URL): boolean {
    return url.origin === this.#origin;
  }

  #authorization(response: Response, { url, method }: Step): string | null {
    const { credentials } = this.request;
    if (response.status !== 401 || credentials === null || !this.#isOrigin(url)) return null;
    const challenges = valuesOf(response, "www-authenticate");
    return digestAuthorization(challenges, credentials, method, url.pathname + url.search);
  }
}

function parseUrl(given: string): URL {
  const text = given.trim();
  try {
    return checked(new URL(/^[a-z][a-z\d+.-]*:\/\//i.test(text) ? text : `http://${text}`));
  } catch (error) {
    throw error instanceof TransferError
      ? error
      : new TransferError(code.malformedUrl, `malformed URL: ${given.slice(0, 200)}`);
  }
}

function checked(url: URL): URL {
  if (!/^https?:$/.test(url.protocol)) {
    throw new TransferError(code.unsupportedProtocol, `expected http: or https:, not ${url.protocol}`);
  }
  // To send them would be Basic authentication, which a Roku refuses.
  url.username = "";
  url.password = "";
  url.hash = "";
  return url;
}

/** The request that a redirect asks for, as libcurl makes it; null when there is no redirect. */
function redirected(response: Response, step: Step): Step | null {
  const { status } = response;
  const location = valuesOf(response, "location").findLast((value) => value !== "");
  if (location === undefined || status < 300 || status > 399) return null;
  const becomesGet =
    (status === 303 && step.method !== "HEAD") ||
    ((status === 301 || status === 302) && step.method === "POST");
  return {
    url: target(location, step.url),
    method: becomesGet ? "GET" : step.method,
    hasBody: step.hasBody && !becomesGet,
    headers: step.headers,
  };
}

/** Where a Location, which is bytes, leads from `base`. */
function target(location: string, base: URL): URL {
  const escaped = location.replace(
    /[\x80-\xff]/g,
    (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  if (!URL.canParse(escaped, base.href)) {
    throw new TransferError(code.malformedUrl, `a redirect to a malformed URL: ${location.slice(0, 200)}`);
  }
  return checked(new URL(escaped, base));
}

/** What the program set for the server that it named is nothing for another. */
const withoutSecrets = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).filter(
      ([name]) => !/^(authorization|cookie|host|proxy-authorization)$/i.test(name),
    ),
  );
