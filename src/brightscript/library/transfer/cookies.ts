/** Cookies by RFC 6265, kept as long as the object that has them. */

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
  return cookies
    .filter((cookie) => !isExpired(cookie) && goesTo(cookie, url))
    .sort((a, b) => b.path.length - a.path.length)
    .map(({ name, value }) => `${name}=${value}`)
    .join("; ");
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

/** The cookies with another, which takes the place of one of the same name, domain and path; what has expired is left out. */
export function withCookie(cookies: readonly Cookie[], added: Cookie): Cookie[] {
  const others = cookies.filter(
    ({ name, domain, path }) => name !== added.name || domain !== added.domain || path !== added.path,
  );
  return [...others, added].filter((cookie) => !isExpired(cookie));
}

const isExpired = ({ expires }: Cookie): boolean => expires !== null && expires <= Date.now();

/** An address is within no other's domain. */
function isWithin(host: string, domain: string): boolean {
  return host === domain || (host.endsWith(`.${domain}`) && !/^[\d.]+$|:/.test(host));
}

function isBelow(path: string, parent: string): boolean {
  return path === parent || path.startsWith(parent.endsWith("/") ? parent : `${parent}/`);
}

/** A Set-Cookie header of a response from `url`; null for one that is malformed or not that server's to set. */
export function parseCookie(header: string, url: URL): Cookie | null {
  const [pair = "", ...rest] = header.split(";");
  const equals = pair.indexOf("=");
  const name = pair.slice(0, equals).trim();
  if (equals < 0 || name === "") return null;
  const attributes = new Map(
    rest.map((part) => {
      const [key = "", ...value] = part.split("=");
      return [key.trim().toLowerCase(), value.join("=").trim()];
    }),
  );
  const domain = (attributes.get("domain") ?? "").toLowerCase().replace(/^\./, "");
  const isForeign = domain !== "" && !isWithin(url.hostname, domain);
  // A domain without a dot would be a whole top-level domain.
  if (isForeign || (domain !== "" && domain !== url.hostname && !domain.includes("."))) return null;
  const path = attributes.get("path") ?? "";
  return {
    name,
    value: pair.slice(equals + 1).trim(),
    domain: domain === "" ? url.hostname : domain,
    hostOnly: domain === "",
    path: path.startsWith("/") ? path : url.pathname.slice(0, Math.max(url.pathname.lastIndexOf("/"), 1)),
    secure: attributes.has("secure"),
    expires: expiry(attributes),
  };
}

function expiry(attributes: ReadonlyMap<string, string>): number | null {
  const age = attributes.get("max-age");
  if (age !== undefined && /^-?\d+$/.test(age)) return Date.now() + Number(age) * 1000;
  const date = Date.parse(attributes.get("expires") ?? "");
  return Number.isNaN(date) ? null : date;
}
