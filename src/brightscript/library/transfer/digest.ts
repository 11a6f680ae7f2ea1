/** HTTP Digest access authentication (RFC 7616), without the body's integrity (qop=auth-int). */
import { createHash, randomBytes } from "node:crypto";
import { encode } from "../../../text.js";
import { hasControl } from "./head.js";
import type { Credentials } from "./protocol.js";

/** Characters of a header. */
const maxChallenge = 8 * 1024;

const hashes: Readonly<Record<string, string>> = { MD5: "md5", "SHA-256": "sha256" };

/**
 * The Authorization header that answers a response's WWW-Authenticate headers; null when there is no challenge that it could
 * answer. `target` is the request's path and query.
 */
export function digestAuthorization(
  challenges: readonly string[],
  credentials: Credentials,
  method: string,
  target: string,
): string | null {
  const [user, password] = [bytewise(credentials.user), bytewise(credentials.password)];
  for (const header of challenges) {
    const parts = challenge(header);
    if (parts === null) continue;
    const { realm = "", nonce = "", opaque, algorithm = "MD5", qop } = parts;
    const [, name = "", session] = /^(.*?)(-sess)?$/i.exec(algorithm.toUpperCase())!;
    const hash = hashes[name];
    const hasAuth = qop?.split(",").some((each) => each.trim() === "auth") ?? false;
    if (hash === undefined || (qop !== undefined && !hasAuth)) continue;
    const digest = (text: string): string => createHash(hash).update(text, "latin1").digest("hex");
    const cnonce = randomBytes(16).toString("hex");
    let secret = digest(`${user}:${realm}:${password}`);
    if (session !== undefined) secret = digest(`${secret}:${nonce}:${cnonce}`);
    const request = digest(`${method}:${target}`);
    const middle = hasAuth ? `${nonce}:00000001:${cnonce}:auth` : nonce;
    const fields = [
      `username=${quoted(user)}`,
      `realm=${quoted(realm)}`,
      `nonce=${quoted(nonce)}`,
      `uri=${quoted(target)}`,
      `response="${digest(`${secret}:${middle}:${request}`)}"`,
      `algorithm=${algorithm}`,
    ];
    if (opaque !== undefined) fields.push(`opaque=${quoted(opaque)}`);
    if (hasAuth) fields.push("qop=auth", "nc=00000001");
    if (hasAuth || session !== undefined) fields.push(`cnonce="${cnonce}"`);
    return `Digest ${fields.join(", ")}`;
  }
  return null;
}

/** As headers have text: a character for each byte. */
const bytewise = (text: string): string => Buffer.from(encode(text)).toString("latin1");

const quoted = (text: string): string => `"${text.replace(/["\\]/g, "\\$&")}"`;

/**
 * The parameters of the Digest challenge in a header; null when there is none that can be answered. Others may follow there: of
 * two parameters of a name the first counts.
 */
function challenge(header: string): Record<string, string> | null {
  // Parameters go back in a header, which cannot have control characters.
  if (header.length > maxChallenge || hasControl(header)) return null;
  const [, rest] = /(?:^|,)\s*digest\s+(.*)$/i.exec(header) ?? [];
  if (rest === undefined) return null;
  // Linear: a name begins where a word does, and a quotation that has no end ends with the header.
  const pairs = rest.matchAll(/(?<!\w)(\w+)\s*=\s*(?:"((?:[^"\\]|\\.)*)\\?(?:"|$)|([^\s,]+))/g);
  return Object.fromEntries(
    [...pairs]
      .reverse()
      .map(([, name, quotedValue, token]) => [
        name!.toLowerCase(),
        quotedValue?.replace(/\\(.)/g, "$1") ?? token!,
      ]),
  );
}
