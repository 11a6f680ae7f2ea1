/** roInput, its event, roHttpAgent and roUserInfo: small components that programs make at their start. */
import t from "tap";
import { RoAssociativeArray } from "#src/brightscript/library/associative-array.js";
import { RoInputEvent } from "#src/brightscript/library/input.js";
import { call, g } from "./call.js";

t.test("roInput keeps its port, and nothing comes", async (t) => {
  const input = g.createobject!("roInput");
  const port = g.createobject!("roMessagePort");
  t.equal(call(input, "GetMessagePort"), null);
  call(input, "SetMessagePort", port);
  t.equal(call(input, "GetMessagePort"), port);
  t.equal(call(input, "EnableTransportEvents"), false);
  t.equal(call(input, "EventResponse", RoAssociativeArray.of({ id: "1", status: "success" })), false);
  t.equal(g.wait!(10, port), null);
});

t.test("an roInputEvent gives what was sent", async (t) => {
  const port = g.createobject!("roMessagePort");
  const sent = RoAssociativeArray.of({ action: "start", x: "100" });
  call(port, "PostMessage", new RoInputEvent(sent));
  const event = g.wait!(1000, port);
  t.equal(g.type!(event), "roInputEvent");
  t.equal(call(event, "IsInput"), true);
  t.equal(call(event, "GetInfo"), sent);
  t.equal(g.createobject!("roInputEvent"), null, "made by ports only");
});

t.test("roUserInfo: no profile of a kid's or a teen's", async (t) => {
  const profile = call(g.createobject!("roUserInfo"), "GetCurrentProfile");
  t.equal(g.type!(profile), "roProfile");
  t.equal(call(profile, "GetProfileType"), "none");
  t.equal(g.createobject!("roProfile"), null, "given by roUserInfo only");
});
