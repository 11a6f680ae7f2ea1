/** roUrlTransfer: what was meant for one server is not told to another, wherever redirects lead. */
import t from "tap";
import { RoArray } from "#src/brightscript/library/array.js";
import { RoAssociativeArray } from "#src/brightscript/library/associative-array.js";
import { call } from "./call.js";
import { at, echo, outcome, portOf, startServers, transfer } from "./http.js";

t.before(() => startServers(t));

/** The same server by another name, and another server of the same name. */
const elsewhere = (path: string): [string, string][] => [
  ["another name", `http://localhost:${portOf("http")}/${path}`],
  ["another port", `http://127.0.0.1:${portOf("other")}/${path}`],
];

const redirect = (to: string, code = 302): string => at(`redirect?code=${code}&to=${encodeURIComponent(to)}`);

t.test("a user's name and password", async (t) => {
  for (const query of ["", "?qop=auth", "?algorithm=SHA-256&qop=auth"]) {
    for (const [where, url] of elsewhere(`digest${query}`)) {
      const made = transfer(redirect(url));
      call(made, "SetUserAndPassword", "me", "secret");
      t.equal(outcome(made).code, 401, `${where} ${query}`);
      call(made, "SetUrl", url);
      t.equal(call(made, "GetToString"), "welcome", "unless the program says so");
    }
    const made = transfer(redirect(`/digest${query}`));
    call(made, "SetUserAndPassword", "me", "secret");
    t.equal(call(made, "GetToString"), "welcome", "the same server");
  }
});

t.test("a name and a password in a URL are nobody's", async (t) => {
  const { host } = new URL(at(""));
  for (const url of [`http://me:secret@${host}/echo`, redirect(`http://me:secret@${host}/echo`)]) {
    t.equal(echo(call(transfer(url), "GetToString")).headers.authorization, undefined);
  }
});

t.test("headers that the program set", async (t) => {
  const secrets = { Authorization: "Bearer x", Cookie: "a=b", Host: "example.com" };
  const asked = (url: string) => {
    const made = transfer(url);
    for (const [name, value] of Object.entries(secrets)) call(made, "AddHeader", name, value);
    call(made, "AddHeader", "X-Other", "y");
    return echo(call(made, "GetToString")).headers;
  };
  for (const [where, url] of elsewhere("echo")) {
    const headers = asked(redirect(url, 307));
    t.same([headers.authorization, headers.cookie], [undefined, undefined], where);
    t.not(headers.host, "example.com");
    t.equal(headers["x-other"], "y");
  }
  const same = asked(redirect("/echo"));
  t.same([same.authorization, same.cookie, same.host], ["Bearer x", "a=b", "example.com"]);
  const back = asked(redirect(elsewhere(`redirect?to=${encodeURIComponent(at("echo"))}`)[1]![1]));
  t.same([back.authorization, back.cookie], ["Bearer x", "a=b"], "there and back, as curl does");
});

t.test("cookies go by their domain", async (t) => {
  const cookie = (Domain: string, more = {}) =>
    RoAssociativeArray.of({ Version: 1, Domain, Path: "/", Name: "n", Value: Domain, ...more });
  const made = transfer(redirect(elsewhere("echo")[0]![1]));
  call(made, "AddCookies", new RoArray([cookie("127.0.0.1"), cookie("localhost"), cookie("example.com")]));
  t.equal(echo(call(made, "GetToString")).headers.cookie, "n=localhost");
  const secure = transfer(at("echo"));
  call(secure, "AddCookies", new RoArray([cookie("127.0.0.1", { Secure: true })]));
  t.equal(echo(call(secure, "GetToString")).headers.cookie, undefined, "never without TLS");
});
