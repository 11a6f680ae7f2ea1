/** roUrlTransfer: what it asks of a server, and what it makes of the answer. */
import { createHash } from "node:crypto";
import { readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { RoArray } from "#src/brightscript/library/array.js";
import { RoAssociativeArray } from "#src/brightscript/library/associative-array.js";
import { RoDateTime } from "#src/brightscript/library/date-time.js";
import type { Value } from "#src/brightscript/runtime/values.js";
import { call, errorOf } from "./call.js";
import { at, echo, newPort, next, outcome, portOf, startServers, transfer } from "./http.js";
import { startProgram } from "./program.js";

t.before(() => startServers(t));

t.test("GetToString", async (t) => {
  const made = transfer(at("echo?a=b%20c"));
  const seen = echo(call(made, "GetToString"));
  t.equal(seen.method, "GET");
  t.equal(seen.url, "/echo?a=b%20c");
  t.match(seen.headers, { accept: "*/*", "user-agent": /^rosock\/\d/, host: `127.0.0.1:${portOf("http")}` });
  t.equal(seen.headers["accept-encoding"], undefined);
  t.equal(call(made, "GetFailureReason"), "");
  t.equal(echo(call(made, "GetToString")).from, seen.from, "the connection is kept");
  call(made, "EnableFreshConnection", true);
  t.not(echo(call(made, "GetToString")).from, seen.from);
  call(made, "SetUrl", at("chunks"));
  t.equal(call(made, "GetToString"), "first, second");
  call(made, "SetUrl", `127.0.0.1:${portOf("http")}/echo`);
  t.equal(echo(call(made, "GetToString")).url, "/echo", "a URL without a scheme");
});

t.test("what SetUrl and its kin keep", async (t) => {
  const made = transfer("x y");
  t.equal(call(made, "GetUrl"), "x y");
  t.equal(call(made, "GetRequest"), "");
  call(made, "SetRequest", "PUT");
  t.equal(call(made, "GetRequest"), "PUT");
  const ids = new Set([made, transfer(""), transfer("")].map((each) => call(each, "GetIdentity")));
  t.equal(ids.size, 3);
  t.equal(
    errorOf(() => call(made, "SetUrl", 5)),
    0x18,
  );
  t.equal(
    errorOf(() => call(made, "SetMessagePort", made)),
    0x18,
  );
  const port = newPort();
  call(made, "SetPort", port);
  t.equal(call(made, "GetMessagePort"), port);
});

t.test("escapes", async (t) => {
  const made = transfer("");
  t.equal(call(made, "Escape", "a b&c=ü~-._\udcff"), "a%20b%26c%3D%C3%BC~-._%FF");
  t.equal(call(made, "UrlEncode", "a b"), "a%20b");
  t.equal(call(made, "Unescape", "a%20b%26%C3%BC%ff%zz%2"), "a b&ü\udcff%zz%2");
});

t.test("methods and bodies", async (t) => {
  startProgram(t, { pkg: { "body.bin": "from a file" } });
  const made = transfer(at("echo"));
  const port = newPort();
  call(made, "SetMessagePort", port);
  const asked = (name: string, ...values: Value[]) => {
    t.equal(call(made, name, ...values), true, name);
    return echo(call(next(port), "GetString"));
  };
  t.match(asked("AsyncPostFromString", "ü\udcff"), {
    method: "POST",
    body: "\xc3\xbc\xff",
    headers: { "content-type": "application/x-www-form-urlencoded", "content-length": "3" },
  });
  t.match(asked("AsyncPostFromString", ""), { method: "POST", bytes: 0, headers: { "content-length": "0" } });
  t.match(asked("AsyncPostFromFile", "pkg:/body.bin"), { method: "POST", body: "from a file" });
  call(made, "SetRequest", "PUT");
  t.match(asked("AsyncPostFromString", "x"), { method: "PUT", body: "x" });
  call(made, "SetRequest", "DELETE");
  t.match(asked("AsyncGetToString"), { method: "DELETE", bytes: 0 });
  call(made, "SetRequest", "NOT A METHOD");
  t.equal(outcome(made).code, -43);
  call(made, "SetRequest", "CONNECT");
  t.ok((outcome(made).code as number) < 0);
  call(made, "SetRequest", "");
  t.equal(call(made, "PostFromString", "x"), 200);
  t.equal(call(made, "PostFromFile", "pkg:/body.bin"), 200);
  for (const path of ["pkg:/none", "/etc/passwd", "pkg:/"]) {
    t.equal(call(made, "PostFromFile", path), -26, path);
    t.equal(call(made, "AsyncPostFromFile", path), false);
  }
});

t.test("redirects", async (t) => {
  const made = transfer(at("redirect?left=3"));
  t.equal(echo(call(made, "GetToString")).url, "/echo");
  const methods: [code: number, method: string, bytes: number][] = [
    [301, "GET", 0],
    [302, "GET", 0],
    [303, "GET", 0],
    [307, "POST", 4],
    [308, "POST", 4],
  ];
  const port = newPort();
  for (const [code, method, bytes] of methods) {
    const post = transfer(at(`redirect?code=${code}`), port);
    call(post, "AsyncPostFromString", "body");
    t.match(echo(call(next(port), "GetString")), { method, bytes }, `POST, ${code}`);
  }
  t.equal(outcome(transfer(at("redirect?left=30"))).code, 200);
  t.equal(outcome(transfer(at("redirect?left=31"))).code, -47);
  t.equal(outcome(transfer(at("redirect?to=ftp://x/"))).code, -1);
  t.equal(outcome(transfer(at("redirect?to=http://["))).code, -3);
});

t.test("another server is not told what was meant for the first", async (t) => {
  const there = encodeURIComponent(`http://localhost:${portOf("http")}/echo`);
  for (const [to, value] of [
    [there, undefined],
    ["/echo", "Bearer x"],
  ] as const) {
    const made = transfer(at(`redirect?to=${to}`));
    call(made, "AddHeader", "Authorization", "Bearer x");
    call(made, "AddHeader", "X-Other", "y");
    const { headers } = echo(call(made, "GetToString"));
    t.equal(headers.authorization, value);
    t.equal(headers["x-other"], "y");
  }
});

t.test("headers", async (t) => {
  const made = transfer(at("echo"));
  t.equal(call(made, "AddHeader", "X-One", "1"), true);
  t.equal(call(made, "AddHeader", "x-one", "2"), true);
  t.equal(call(made, "AddHeader", "User-Agent", "me"), true);
  t.equal(call(made, "AddHeader", "Content-Length", "1000"), true);
  t.equal(call(made, "AddHeader", "X-Text", "grüß\udcff"), true);
  for (const [name, value] of [
    ["X", "a\r\nY: b"],
    ["X", "\0"],
    ["X y", "z"],
    ["", "z"],
    ["X:", "z"],
    ["X-Roku-Reserved-Other", "z"],
  ]) {
    t.equal(call(made, "AddHeader", name, value), false, JSON.stringify([name, value]));
  }
  t.equal(call(made, "AddHeader", "X-Roku-Reserved-Dev-Id", "mine"), true);
  const { headers } = echo(call(made, "GetToString"));
  t.match(headers, { "x-one": "2", "user-agent": "me", "x-roku-reserved-dev-id": /^[0-9a-f]{40}$/ });
  t.equal(Buffer.from(headers["x-text"], "latin1").toString("hex"), "6772c3bcc39fff");
  t.equal(headers["content-length"], undefined);
  t.equal(call(made, "SetHeaders", RoAssociativeArray.of({ "X-Two": "2" })), true);
  const after = echo(call(made, "GetToString")).headers;
  t.equal(after["x-one"], undefined, "in place of the others");
  t.equal(after["x-two"], "2");
  t.equal(call(made, "SetHeaders", RoAssociativeArray.of({ "X-Roku-Reserved-x": "2" })), false);
  t.equal(call(made, "SetHeaders", null), false);
});

t.test("compressed bodies", async (t) => {
  const text = "The quick brown fox. ".repeat(100);
  for (const name of ["gzip", "deflate"]) {
    const made = transfer(at(`compressed?with=${name}`));
    t.equal(call(made, "GetToString"), "not asked for");
    t.equal(call(made, "EnableEncodings", true), true);
    t.equal(call(made, "GetToString"), text, name);
    t.equal(call(call(made, "Head"), "GetResponseCode"), 200);
    call(made, "SetUrl", at(`compressed?with=${name}&wrong=empty`));
    t.same(outcome(made), { code: 200, reason: "", body: "" }, "no body at all");
    for (const wrong of ["cut", "garbage"]) {
      call(made, "SetUrl", at(`compressed?with=${name}&wrong=${wrong}`));
      t.equal(outcome(made).code, -61, `${name}, ${wrong}`);
    }
  }
  const made = transfer(at("compressed?with=gzip&anyway"));
  t.not(call(made, "GetToString"), text, "not asked for: left as it is");
});

t.test("to files", async (t) => {
  const { tmp, data } = startProgram(t);
  const size = 5_000_003;
  const made = transfer(at(`large?bytes=${size}`));
  t.equal(call(made, "GetToFile", "tmp:/large"), 200);
  const sha = (bytes: Buffer): string => createHash("sha1").update(bytes).digest("hex");
  const expected = sha(Buffer.alloc(size, "0123456789"));
  t.equal(sha(readFileSync(join(tmp, "large"))), expected);

  const port = newPort();
  const post = transfer(at("echo"), port);
  t.equal(call(post, "AsyncPostFromFileToFile", "tmp:/large", "cachefs:/answer"), true);
  const event = next(port);
  t.equal(call(event, "GetResponseCode"), 200);
  t.equal(call(event, "GetString"), "");
  t.match(echo(readFileSync(join(data, "cachefs", "answer"), "utf8")), { bytes: size, sha: expected });

  call(made, "SetUrl", at("large?bytes=5"));
  t.equal(call(made, "GetToFile", "tmp:/large"), 200, "over a longer one");
  t.equal(readFileSync(join(tmp, "large"), "utf8"), "01234");
  call(made, "SetUrl", at("status?code=500"));
  t.equal(call(made, "GetToFile", "tmp:/large"), 500);
  t.equal(readFileSync(join(tmp, "large"), "utf8"), "01234", "an error's body is not kept");
  call(made, "RetainBodyOnError", true);
  t.equal(call(made, "GetToFile", "tmp:/large"), 500);
  t.equal(readFileSync(join(tmp, "large"), "utf8"), "an error's body");

  call(made, "SetUrl", at("echo"));
  writeFileSync(join(data, "secret"), "secret");
  symlinkSync(join(data, "secret"), join(tmp, "link"));
  for (const path of ["pkg:/x", "/tmp/x", "tmp:/none/x", "tmp:/..", "tmp:/link", "tmp:/"]) {
    t.equal(call(made, "GetToFile", path), -23, path);
  }
  t.equal(readFileSync(join(data, "secret"), "utf8"), "secret");
  t.equal(call(made, "AsyncGetToFile", "pkg:/x"), false);
  t.equal(call(made, "GetToFile", "tmp:/large"), 200, "and on it goes");
});

t.test("going on where a file ends", async (t) => {
  const { tmp } = startProgram(t);
  const file = join(tmp, "file");
  const whole = Buffer.alloc(100_000, "0123456789");
  const made = transfer(at(`large?bytes=${whole.length}`));
  call(made, "EnableResume", true);
  t.equal(call(made, "GetToFile", "tmp:/file"), 200, "no file yet");
  writeFileSync(file, whole.subarray(0, 60_000));
  t.equal(call(made, "GetToFile", "tmp:/file"), 206);
  t.ok(readFileSync(file).equals(whole));
  t.equal(call(made, "GetToFile", "tmp:/file"), 416, "nothing is left");
  t.ok(readFileSync(file).equals(whole));
  call(made, "SetUrl", at("large?bytes=5&elsewhere"));
  t.equal(call(made, "GetToFile", "tmp:/file"), -33, "a part that nobody asked for");
  t.ok(readFileSync(file).equals(whole));
  call(made, "SetUrl", at("compressed?with=gzip"));
  t.equal(call(made, "GetToFile", "tmp:/file"), 200, "a server that gives it all");
  t.equal(readFileSync(file, "utf8"), "not asked for");
});

t.test("cookies", async (t) => {
  const cookie = ["a=1", "b=2; Path=/other", "c=3; Max-Age=0", "d=4; Domain=example.com", "e=5; Secure"];
  const url = at(`setCookies?${cookie.map((each) => `cookie=${encodeURIComponent(each)}`).join("&")}`);
  const made = transfer(url);
  t.equal(echo(call(made, "GetToString")).headers.cookie, undefined, "not enabled");
  call(made, "EnableCookies");
  t.equal(echo(call(made, "GetToString")).headers.cookie, "a=1", "sent after the redirect already");
  const names = (domain: string, path: string): Value[] =>
    (call(made, "GetCookies", domain, path) as RoArray).items.map((each) => call(each, "Lookup", "Name"));
  t.same(names("", "/other"), ["a", "b"]);
  t.same(names("127.0.0.1", "/"), ["a"], "and none that is secure, of a server without TLS");
  t.same(names("example.com", "/"), []);

  const expires = new RoDateTime();
  const add = (...cookies: object[]): Value => call(made, "AddCookies", new RoArray(cookies));
  const of = RoAssociativeArray.of;
  t.equal(add(of({ Version: 1, Domain: "127.0.0.1", Path: "/", Name: "f", Value: "6" })), true);
  expires.fromSecondsLong(BigInt(Math.floor(Date.now() / 1000) + 1_000));
  t.equal(add(of({ Domain: "127.0.0.1", Path: "/echo", Name: "g", Value: "7", Expires: expires })), true);
  t.equal(add(of({ Domain: "127.0.0.1", Path: "/", Name: "h", Value: "\r\nX: y" })), false);
  t.equal(add(of({ Name: "h" })), false);
  const lookalike = new RoAssociativeArray();
  for (const [name, value] of [
    ["Domain", "127.0.0.1"],
    ["Path", "/echo"],
    ["Name", "i"],
    ["Value", "\u010d\u010aX: ü"],
  ]) {
    lookalike.set(name!, value!);
  }
  const apart = transfer(at("echo"));
  call(apart, "AddCookies", new RoArray([lookalike]));
  const { headers } = echo(call(apart, "GetToString"));
  t.equal(Buffer.from(headers.cookie, "latin1").toString(), "i=\u010d\u010aX: ü", "bytes, not line ends");
  t.equal(headers.x, undefined);
  const [kept] = (call(apart, "GetCookies", "", "/echo") as RoArray).items;
  t.equal(call(kept, "Lookup", "Value"), "\u010d\u010aX: ü");
  call(made, "SetUrl", at("echo"));
  t.equal(echo(call(made, "GetToString")).headers.cookie, "g=7; a=1; f=6");
  const [found] = (call(made, "GetCookies", "127.0.0.1", "/echo") as RoArray).items.slice(-1);
  t.equal(call(call(found, "Lookup", "Expires"), "AsSeconds"), expires.asSeconds());
  call(made, "ClearCookies");
  t.equal(echo(call(made, "GetToString")).headers.cookie, undefined);
});

t.test("Digest authentication", async (t) => {
  for (const query of [
    "",
    "?qop=auth",
    "?qop=auth-int,auth&algorithm=SHA-256",
    "?algorithm=MD5-sess&qop=auth",
  ]) {
    const made = transfer(at(`digest${query}`));
    t.equal(call(made, "GetToString"), "", "without a name");
    t.equal(call(made, "SetUserAndPassword", "me", "secret"), true);
    t.equal(call(made, "GetToString"), "welcome", query);
    call(made, "SetUserAndPassword", "me", "wrong");
    t.equal(outcome(made).code, 401, "asked once more, not for ever");
  }
  for (const query of ["?qop=auth-int", "?algorithm=SHA-512"]) {
    const made = transfer(at(`digest${query}`));
    call(made, "SetUserAndPassword", "me", "secret");
    t.equal(outcome(made).code, 401, query);
  }
  const foreign = transfer(at("digest"));
  call(foreign, "SetUserAndPassword", "\u010d\u010aX: y", "secret");
  t.equal(outcome(foreign).code, 401, "sent as bytes");
  call(foreign, "SetUserAndPassword", "me\r\nX: y", "secret");
  t.equal(outcome(foreign).code, -43, "or not at all");
  const made = transfer(at("echo").replace("//", "//me:secret@"));
  t.equal(echo(call(made, "GetToString")).headers.authorization, undefined, "never Basic");
});

t.test("what takes its orders and does nothing", async (t) => {
  const made = transfer("");
  call(made, "SetHttpVersion", "http2");
  call(made, "SetCertificatesDepth", 3);
  t.equal(call(made, "InitClientCertificates"), false);
  t.match(call(made, "GetUserAgent"), /^rosock\/\d+\.\d+\.\d+$/);
});
