/** Digest authentication: which challenges are answered. */
import t from "tap";
import { digestAuthorization } from "#src/brightscript/library/transfer/digest.js";

const answer = (...challenges: string[]): string | null =>
  digestAuthorization(challenges, { user: "me", password: "secret" }, "GET", "/");

t.test("parameters, however they are written", async (t) => {
  const cases: Record<string, string> = {
    'Digest realm="a b", nonce="n"': 'realm="a b", nonce="n"',
    "Digest realm=a,nonce=bm9uY2U==": 'realm="a", nonce="bm9uY2U=="',
    'Digest realm = "a" ,\tNONCE= "n"': 'realm="a", nonce="n"',
    'Digest realm="a"nonce="n"': 'realm="a", nonce="n"',
    'Digest realm="a\\"b", nonce="c\\\\"': 'realm="a\\"b", nonce="c\\\\"',
    'Basic realm="x", Digest realm="a", nonce="n", Basic realm="y"': 'realm="a", nonce="n"',
    'Digest nonce="n", realm="no end': 'realm="no end", nonce="n"',
  };
  for (const [header, parameters] of Object.entries(cases))
    t.ok(answer(header)?.includes(parameters), header);
  t.match(answer('Digest nonce="n", qop="auth-int , auth"'), /qop=auth, nc=00000001/);
});

t.test("a challenge that could not be sent back is none", async (t) => {
  for (const name of ["realm", "nonce", "opaque"]) {
    for (const char of ["\x01", "\r", "\x7f"])
      t.equal(answer(`Digest nonce="n", ${name}="a${char}b"`), null, name);
  }
  t.match(answer('Digest realm="\x01"', 'Digest realm="other"'), /realm="other"/);
});

t.test("a very long challenge is none", async (t) => {
  const long = (size: number): string => `Digest nonce="${"n".repeat(size - 15)}"`;
  t.ok(answer(long(8_192)));
  t.equal(answer(long(8_193)), null);
  const begin = performance.now();
  t.equal(answer(`Digest ${"a".repeat(150_000)}`, `Digest qop="${" ".repeat(150_000)}"`), null);
  const time = performance.now() - begin;
  t.ok(time < 2_000, `${time}`);
});
