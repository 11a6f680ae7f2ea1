/** ifHttpAgent: headers, certificates and cookies. */
import { locate } from "../app/volumes.js";
import { expose } from "../runtime/component.js";
import { toText } from "../runtime/convert.js";
import { unboxed } from "../runtime/values.js";
import { developerId } from "./app-info.js";
import { RoArray } from "./array.js";
import { RoAssociativeArray } from "./associative-array.js";
import { bytewise, textOf } from "./bytes.js";
import { RoDateTime } from "./date-time.js";
import { EventSource } from "./event-source.js";
import { readText } from "./file-operations.js";
import { type Cookie, cookiesFor, withCookie } from "./transfer/cookies.js";

const reserved = "x-roku-reserved-";

/** As bytes: how Node's http takes it. null: it cannot be a header's. */
function headerValue(value: string): string | null {
  const bytes = bytewise(value);
  return /^[\t\x20-\x7e\x80-\xff]*$/.test(bytes) ? bytes : null;
}

export abstract class HttpAgent extends EventSource {
  /** By the name in lower case. */
  #headers = new Map<string, readonly [name: string, value: string]>();
  protected cookies: readonly Cookie[] = [];
  #cookiesEnabled = false;
  /** PEM; null: those that Node comes with. */
  #certificates: string | null = null;

  /** What of a transfer's request is set here. */
  protected get agent() {
    return {
      headers: [...this.#headers.values()],
      certificates: this.#certificates,
      cookies: this.#cookiesEnabled ? this.cookies : null,
    };
  }

  /** Takes in what transfers that have ended have brought. */
  protected catchUp(): void {}

  /** Of two values for one header the later counts. False: it can be no header, or is reserved. */
  addHeader(name: string, value: string): boolean {
    const key = name.toLowerCase();
    const isDeveloper = key === `${reserved}dev-id`;
    if (key.startsWith(reserved) && !isDeveloper) return false;
    const bytes = headerValue(isDeveloper ? developerId : value);
    if (bytes === null || !/^[\w!#$%&'*+.^`|~-]+$/.test(name)) return false;
    this.#headers.set(key, [name, bytes]);
    return true;
  }

  /** Sets these headers in place of all others. False: one of them was refused, the others are set. */
  setHeaders(headers: object | null): boolean {
    if (!(headers instanceof RoAssociativeArray)) return false;
    this.#headers.clear();
    const names = headers.keys().items as string[];
    return names.map((name) => this.addHeader(name, toText(headers.get(name)))).every(Boolean);
  }

  /** False: there is no certificate of a Roku's here to identify with. */
  initClientCertificates(): boolean {
    return false;
  }

  /** The authorities to trust, in place of those that Node comes with, which are common:/certs/ca-bundle.crt, too. */
  setCertificatesFile(path: string): boolean {
    if (locate(path, "read")?.volume === "common") {
      this.#certificates = null;
      return true;
    }
    const text = readText(path);
    if (!text.includes("-----BEGIN CERTIFICATE-----")) return false;
    this.#certificates = text;
    return true;
  }

  setCertificatesDepth(_depth: number): void {}

  enableCookies(): void {
    this.#cookiesEnabled = true;
  }

  /** roAssociativeArrays; `domain` "": of all domains; `secure` false: without those that only HTTPS carries. */
  getCookies(domain: string, path: string, secure = true): RoArray {
    this.catchUp();
    const found = cookiesFor(this.cookies, domain, path).filter((cookie) => secure || !cookie.secure);
    return RoArray.of(found.map(cookieMembers));
  }

  /** False: not all of them are cookies, and none is added. */
  addCookies(cookies: object | null): boolean {
    this.catchUp();
    if (!(cookies instanceof RoArray)) return false;
    const parsed = cookies.items.map(cookieOf);
    if (parsed.includes(null)) return false;
    for (const cookie of parsed as Cookie[]) this.cookies = withCookie(this.cookies, cookie);
    this.#cookiesEnabled = true;
    return true;
  }

  clearCookies(): void {
    this.catchUp();
    this.cookies = [];
  }
}

function cookieMembers({ name, value, domain, path, secure, expires }: Cookie): RoAssociativeArray {
  const members = RoAssociativeArray.of({
    Version: 0,
    Domain: domain,
    Path: path,
    Name: textOf(name),
    Value: textOf(value),
    Secure: secure,
  });
  if (expires !== null) members.set("Expires", RoDateTime.at(expires));
  return members;
}

function cookieOf(members: unknown): Cookie | null {
  if (!(members instanceof RoAssociativeArray)) return null;
  const text = (key: string, missing?: string): string | undefined => {
    const value = unboxed(members.get(key)) ?? missing;
    const bytes = typeof value === "string" ? headerValue(value) : null;
    return bytes === null || /[;\t]/.test(bytes) ? undefined : bytes;
  };
  const [name, value, domain, path] = [text("Name"), text("Value"), text("Domain"), text("Path", "/")];
  if (!name || value === undefined || !domain || path === undefined) return null;
  const expires = members.get("Expires");
  return {
    name,
    value,
    domain: domain.toLowerCase().replace(/^\./, ""),
    hostOnly: false,
    path: path.startsWith("/") ? path : "/",
    secure: unboxed(members.get("Secure")) === true,
    expires: expires instanceof RoDateTime ? expires.asMillisecondsLong() : null,
  };
}

export const agentInterface = {
  ifHttpAgent: [
    "addHeader(name as String, value as String) as Boolean",
    "setHeaders(headers as Object) as Boolean",
    "initClientCertificates() as Boolean",
    "setCertificatesFile(path as String) as Boolean",
    "setCertificatesDepth(depth as Integer) as Void",
    "enableCookies() as Void",
    "getCookies(domain as String, path as String[, secure as Boolean]) as Object",
    "addCookies(cookies as Object) as Boolean",
    "clearCookies() as Void",
  ],
} as const;

/** roHttpAgent: such settings by themselves. */
export class RoHttpAgent extends HttpAgent {}

expose(RoHttpAgent, "roHttpAgent", agentInterface);
