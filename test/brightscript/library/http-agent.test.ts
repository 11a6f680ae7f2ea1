/** roHttpAgent: the settings of transfers by themselves. */
import t from "tap";
import { RoArray } from "#src/brightscript/library/array.js";
import { RoAssociativeArray } from "#src/brightscript/library/associative-array.js";
import { $ } from "#src/brightscript/runtime/index.js";
import type { Value } from "#src/brightscript/runtime/values.js";
import { call, g } from "./call.js";
import { startProgram } from "./program.js";

const cookie = (Name: string, members: Record<string, Value> = {}) =>
  RoAssociativeArray.of({ Version: 0, Domain: "example.com", Path: "/", Name, Value: "v", ...members });
const namesOf = (cookies: Value): Value[] => (cookies as RoArray).items.map((each) => $.field(each, "name"));

t.test("it is a component of its own, with ifHttpAgent and nothing else", async (t) => {
  const agent = g.createobject!("roHttpAgent");
  t.equal(g.type!(agent), "roHttpAgent");
  t.not(g.getinterface!(agent, "ifHttpAgent"), null);
  t.equal(g.getinterface!(agent, "ifSetMessagePort"), null);
});

t.test("headers and certificates", async (t) => {
  startProgram(t, { pkg: { "none.pem": "no certificate" } });
  const agent = g.createobject!("roHttpAgent");
  t.equal(call(agent, "AddHeader", "X-Name", "value"), true);
  t.equal(call(agent, "AddHeader", "x-roku-reserved-other", "value"), false);
  t.equal(call(agent, "AddHeader", "no name", "value"), false);
  t.equal(call(agent, "SetHeaders", RoAssociativeArray.of({ a: "b", c: "d" })), true);
  t.equal(call(agent, "SetHeaders", null), false);
  t.equal(call(agent, "SetCertificatesFile", "common:/certs/ca-bundle.crt"), true);
  t.equal(call(agent, "SetCertificatesFile", "pkg:/none.pem"), false);
  t.equal(call(agent, "SetCertificatesDepth", 3), null);
  t.equal(call(agent, "InitClientCertificates"), false);
});

t.test("cookies, each agent's its own; without the secure ones on request", async (t) => {
  const [agent, other] = [g.createobject!("roHttpAgent"), g.createobject!("roHttpAgent")];
  const cookies = new RoArray([cookie("plain"), cookie("hidden", { Secure: true })]);
  t.equal(call(agent, "AddCookies", cookies), true);
  const get = (...values: Value[]) => namesOf(call(agent, "GetCookies", "example.com", "/", ...values));
  t.same(get(), ["plain", "hidden"]);
  t.same(get(true), ["plain", "hidden"]);
  t.same(get(false), ["plain"]);
  t.same(namesOf(call(other, "GetCookies", "", "/")), []);
  call(agent, "ClearCookies");
  t.same(get(), []);
});

t.test("a transfer's agent takes the same argument", async (t) => {
  const transfer = g.createobject!("roUrlTransfer");
  call(transfer, "AddCookies", new RoArray([cookie("plain"), cookie("hidden", { Secure: true })]));
  t.same(namesOf(call(transfer, "GetCookies", "", "/", false)), ["plain"]);
});
