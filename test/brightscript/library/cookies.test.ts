/** Cookies: which are taken from whom, and sent to whom. */
import t from "tap";
import {
  type Cookie,
  cookieHeader,
  cookiesFor,
  parseCookie,
  withCookie,
  withCookiesOf,
} from "#src/brightscript/library/transfer/cookies.js";

const from = new URL("https://www.example.com/a/b");
const parse = (header: string, url = from): Cookie | null => parseCookie(header, url);

t.test("Set-Cookie headers", async (t) => {
  const plain = {
    name: "n",
    value: "v",
    domain: "www.example.com",
    hostOnly: true,
    path: "/a",
    secure: false,
    expires: null,
  };
  const cases: Record<string, Partial<Cookie>> = {
    "n=v": {},
    " n = v ; Path=/": { path: "/" },
    "n=": { value: "" },
    "n=a=b; path=relative": { value: "a=b" },
    'n="v"; HttpOnly; SameSite=Lax; Unknown': { value: '"v"' },
    "n=v; SECURE": { secure: true },
    "n=v; Domain=example.com": { domain: "example.com", hostOnly: false },
    "n=v; domain=.EXAMPLE.com": { domain: "example.com", hostOnly: false },
    "n=v; Domain=www.example.com": { hostOnly: false },
    "n=v; Expires=Wed, 09 Jun 2100 10:18:14 GMT": { expires: Date.UTC(2100, 5, 9, 10, 18, 14) },
    "n=v; Expires=never": {},
  };
  for (const [header, different] of Object.entries(cases))
    t.same(parse(header), { ...plain, ...different }, header);
  t.equal(parse("n=v", new URL("http://h/"))!.path, "/");
  t.equal(parse("n=v", new URL("http://h/x"))!.path, "/");
});

t.test("headers that set nothing", async (t) => {
  for (const header of ["", "n", "=v", "; n=v"]) t.equal(parse(header), null, header);
  for (const domain of ["other.com", "com", "sub.www.example.com", "ample.com"]) {
    t.equal(parse(`n=v; Domain=${domain}`), null, domain);
  }
  for (const domain of ["co.uk", "com.au", "org.nz", "uk"]) {
    const url = new URL(`http://www.example.${domain}/`);
    t.equal(parse(`n=v; Domain=${domain}`, url), null, `${domain}: anybody's`);
    t.ok(parse(`n=v; Domain=example.${domain}`, url));
    t.match(parse(`n=v; Domain=${domain}`, new URL(`http://${domain}/`)), { hostOnly: true, domain });
  }
  for (const domain of ["web.de", "me.uk", "info.at", "go.fr", "id.me"]) {
    t.match(
      parse(`n=v; Domain=${domain}`, new URL(`https://www.${domain}/`)),
      { domain, hostOnly: false },
      domain,
    );
  }
  for (const domain of ["co.uk.", "uk.", ".co.uk.", "a.co.uk."]) {
    t.equal(parse(`n=v; Domain=${domain}`, new URL("http://a.co.uk./")), null, domain);
  }
  t.ok(parse("n=v; Domain=co.com", new URL("http://www.co.com/")));
  const plain = new URL("http://www.example.com/");
  t.equal(parse("n=v; Secure", plain), null, "secure, of a server without TLS");
  t.equal(parse("__Secure-n=v"), null);
  t.ok(parse("__Secure-n=v; Secure"));
  t.equal(parse("__Host-n=v; Secure; Path=/; Domain=example.com"), null);
  t.ok(parse("__Host-n=v; Secure; Path=/"));
  for (const header of ["n=\0", "n=a\x07", `n=${"x".repeat(4_096)}`, `n=v; Path=/${"x".repeat(5_000)}`]) {
    t.equal(parse(header), null, JSON.stringify(header.slice(0, 20)));
  }
  t.equal(parse("n=v; Domain=0.0.1", new URL("http://127.0.0.1/")), null, "part of an address");
});

t.test("age comes before date, and a past one removes", async (t) => {
  const age = parse("n=v; Max-Age=60; Expires=Wed, 09 Jun 2000 10:18:14 GMT")!;
  t.ok(Math.abs(age.expires! - Date.now() - 60_000) < 1_000);
  const held = withCookie([], parse("n=v")!);
  t.equal(held.length, 1);
  t.same(
    withCookie(held, parse("n=w")!).map(({ value }) => value),
    ["w"],
    "in place of the first",
  );
  t.equal(withCookie(held, parse("n=w; Path=/")!).length, 2, "of another path");
  t.same(withCookie(held, parse("n=; Max-Age=0")!), []);
});

t.test("limits", async (t) => {
  const url = (host: string): URL => new URL(`https://${host}/`);
  const sets = (count: number, more = ""): string[] =>
    Array.from({ length: count }, (_, index) => `n${index}=v${more}`);
  const names = (cookies: readonly Cookie[]): string[] => cookies.map(({ name }) => name);
  const many = withCookiesOf([], sets(60), url("a.com"));
  t.equal(many.length, 50, "of one response");
  const more = withCookiesOf(many, ["x=1", "y=2", "n49=new"], url("a.com"));
  t.equal(more.length, 50, "of one domain");
  t.notOk(names(more).includes("n0"), "the oldest go first");
  t.same(names(more).slice(-3), ["x", "y", "n49"]);
  let all: Cookie[] = [];
  for (let i = 0; i < 40; i++) all = withCookiesOf(all, sets(50), url(`h${i}.com`));
  t.equal(all.length, 1_000);
  t.equal(all.at(-1)?.domain, "h39.com");
  const large = withCookiesOf([], sets(50, "x".repeat(4_000)), url("a.com"));
  const header = cookieHeader(large, url("a.com"));
  t.ok(header.length > 8_000 && header.length <= 8_190, `${header.length}`);
  const secure = withCookiesOf([], ["n=s; Secure; Domain=a.com"], url("www.a.com"));
  const without = withCookiesOf(secure, ["n=t", "m=u"], new URL("http://www.a.com/"));
  t.same(names(without), ["n", "m"]);
  t.equal(without[0]?.value, "s", "not to be replaced by a server without TLS");
});

t.test("where they go", async (t) => {
  const cookies = [
    "host=1",
    "below=2; Domain=example.com; Path=/",
    "secret=3; Secure; Path=/",
    "deep=4; Path=/a/b",
  ].map((header) => parse(header)!);
  const sent: Record<string, string> = {
    "https://www.example.com/a": "host=1; below=2; secret=3",
    "http://www.example.com/a": "host=1; below=2",
    "http://www.example.com/a/b/c": "deep=4; host=1; below=2",
    "http://www.example.com/ab": "below=2",
    "http://other.example.com/a": "below=2",
    "http://example.com/": "below=2",
    "http://badexample.com/": "",
  };
  for (const [url, header] of Object.entries(sent)) t.equal(cookieHeader(cookies, new URL(url)), header, url);
  const names = (domain: string, path: string): string[] =>
    cookiesFor(cookies, domain, path).map(({ name }) => name);
  t.same(names("", ""), ["below", "secret"]);
  t.same(names("", "/a/b"), ["host", "below", "secret", "deep"]);
  t.same(names(".Example.com", "/a"), ["below"]);
});
