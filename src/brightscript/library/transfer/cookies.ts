/** Cookies by RFC 6265 with libcurl's limits, kept as long as the object that has them. */
import { hasControl } from "./head.js";

/** Characters of a cookie's name and value together, and of a Set-Cookie header. */
const maxCookie = 4096;
const maxHeader = 5000;
/** Cookies that a response may set; of a domain; and all together. */
const maxSet = 50;
const maxOfDomain = 50;
const maxKept = 1000;
/** Cookies, and characters of all of them, that are sent in a request. */
const maxSent = 150;
const maxSentLength = 8190;

export interface Cookie {
  readonly name: string;
  readonly value: string;
  /** In lower case, without a dot in front. */
  readonly domain: string;
  /** It goes to this host only, not to those below it. */
  readonly hostOnly: boolean;
  readonly path: string;
  readonly secure: boolean;
  /** Milliseconds since 1970; null: it does not expire. */
  readonly expires: number | null;
}

/** The header to send to a URL; "" when there is nothing to send. The longest path comes first. */
export function cookieHeader(cookies: readonly Cookie[], url: URL): string {
  let header = "";
  const sent = cookies
    .filter((cookie) => !isExpired(cookie) && goesTo(cookie, url))
    .sort((a, b) => b.path.length - a.path.length);
  for (const { name, value } of sent.slice(0, maxSent)) {
    const longer = `${header}${header === "" ? "" : "; "}${name}=${value}`;
    if (longer.length > maxSentLength) break;
    header = longer;
  }
  return header;
}

function goesTo({ domain, hostOnly, path, secure }: Cookie, url: URL): boolean {
  const isDomain = hostOnly ? url.hostname === domain : isWithin(url.hostname, domain);
  return isDomain && isBelow(url.pathname, path) && (!secure || url.protocol === "https:");
}

/** Those that apply to a domain, "" for all, and a path. */
export function cookiesFor(cookies: readonly Cookie[], domain: string, path: string): Cookie[] {
  const host = domain.toLowerCase().replace(/^\./, "");
  return cookies.filter(
    (cookie) =>
      !isExpired(cookie) &&
      (host === "" || isWithin(host, cookie.domain)) &&
      isBelow(path === "" ? "/" : path, cookie.path),
  );
}

/**
 * The cookies with another, which takes the place of one of the same name, domain and path. What has expired is left out, and
 * what was set first where there are too many.
 */
export function withCookie(cookies: readonly Cookie[], added: Cookie): Cookie[] {
  const isOther = ({ name, domain, path }: Cookie): boolean =>
    name !== added.name || domain !== added.domain || path !== added.path;
  const all = [...cookies.filter(isOther), added].filter((cookie) => !isExpired(cookie));
  const isSibling = ({ domain }: Cookie): boolean => domain === added.domain;
  const tooMany = all.filter(isSibling).length - maxOfDomain;
  const kept = tooMany > 0 ? withoutFirst(all, isSibling) : all;
  return kept.length > maxKept ? kept.slice(1) : kept;
}

function withoutFirst(cookies: Cookie[], matches: (cookie: Cookie) => boolean): Cookie[] {
  const index = cookies.findIndex(matches);
  return cookies.filter((_, at) => at !== index);
}

/** The cookies with those that a response from `url` sets. */
export function withCookiesOf(cookies: readonly Cookie[], headers: readonly string[], url: URL): Cookie[] {
  let all = [...cookies];
  for (const header of headers.slice(0, maxSet)) {
    const cookie = parseCookie(header, url);
    if (cookie !== null && !overwritesSecure(all, cookie, url)) all = withCookie(all, cookie);
  }
  return all;
}

/** Whoever can answer in place of a server without TLS must not replace what it set with TLS. */
function overwritesSecure(cookies: readonly Cookie[], { name, domain }: Cookie, url: URL): boolean {
  const isRelated = (other: string): boolean => isWithin(other, domain) || isWithin(domain, other);
  return (
    url.protocol !== "https:" &&
    cookies.some((each) => each.secure && each.name === name && isRelated(each.domain))
  );
}

const isExpired = ({ expires }: Cookie): boolean => expires !== null && expires <= Date.now();

/** An address is within no other's domain. */
function isWithin(host: string, domain: string): boolean {
  return host === domain || (host.endsWith(`.${domain}`) && !isAddress(host));
}

function isBelow(path: string, parent: string): boolean {
  return path === parent || path.startsWith(parent.endsWith("/") ? parent : `${parent}/`);
}

/** A Set-Cookie header of a response from `url`; null for one that is malformed, too long, or not that server's to set. */
export function parseCookie(header: string, url: URL): Cookie | null {
  if (header.length > maxHeader) return null;
  const [pair = "", ...rest] = header.split(";");
  const equals = pair.indexOf("=");
  const name = pair.slice(0, equals).trim();
  const value = pair.slice(equals + 1).trim();
  if (equals < 0 || name === "" || name.length + value.length > maxCookie) return null;
  if (hasControl(name) || hasControl(value)) return null;
  const attributes = new Map(
    rest.map((part) => {
      const [key = "", ...more] = part.split("=");
      return [key.trim().toLowerCase(), more.join("=").trim()];
    }),
  );
  const given = (attributes.get("domain") ?? "").toLowerCase().replace(/^\./, "");
  // With a dot at its end it would be no public suffix, and no other host's domain.
  if (given.endsWith(".")) return null;
  // A server whose own name is a public suffix may set cookies for itself.
  const domain = isPublicSuffix(given) && given === url.hostname ? "" : given;
  if (domain !== "" && (!isWithin(url.hostname, domain) || isPublicSuffix(domain))) return null;
  const secure = attributes.has("secure");
  if (secure && url.protocol !== "https:") return null;
  const path = attributes.get("path") ?? "";
  if (/^__secure-/i.test(name) && !secure) return null;
  if (/^__host-/i.test(name) && (!secure || domain !== "" || path !== "/")) return null;
  return {
    name,
    value,
    domain: domain === "" ? url.hostname : domain,
    hostOnly: domain === "",
    path: path.startsWith("/") ? path : url.pathname.slice(0, Math.max(url.pathname.lastIndexOf("/"), 1)),
    secure,
    expires: expiry(attributes),
  };
}

/** The names under which most registries of two-letter domains give out others. Less common ones are also hosts, such as web.de. */
const secondLevel = /^(ac|co|com|edu|gov|mil|net|org)\.[a-z]{2}$/;

/**
 * Whether anybody can have a name under a domain: the top-level ones, and those that look like a registry's. The list of all
 * public suffixes has 15,000 lines, more than the rest of a transfer's code; a cookie for a domain that only it knows is taken.
 */
const isPublicSuffix = (domain: string): boolean =>
  domain !== "" && !isAddress(domain) && (!domain.includes(".") || secondLevel.test(domain));

const isAddress = (host: string): boolean => /^[\d.]+$|:/.test(host);

function expiry(attributes: ReadonlyMap<string, string>): number | null {
  const age = attributes.get("max-age");
  if (age !== undefined && /^-?\d+$/.test(age)) return Date.now() + Number(age) * 1000;
  const date = Date.parse(attributes.get("expires") ?? "");
  return Number.isNaN(date) ? null : date;
}
