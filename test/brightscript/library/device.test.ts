/** roDeviceInfo, roAppInfo, roAppManager, roSystemLog: what they say of the machine and of the app, and that it agrees with the system. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { hostname, networkInterfaces } from "node:os";
import { join } from "node:path";
import t from "tap";
import * as appInfo from "#src/brightscript/library/app-info.js";
import * as appManager from "#src/brightscript/library/app-manager.js";
import * as deviceInfo from "#src/brightscript/library/device-info.js";
import { createComponent } from "#src/brightscript/library/index.js";
import * as input from "#src/brightscript/library/input.js";
import * as memoryMonitor from "#src/brightscript/library/memory-monitor.js";
import * as systemLog from "#src/brightscript/library/system-log.js";
import { exposed } from "#src/brightscript/runtime/component.js";
import { typeName, type Value } from "#src/brightscript/runtime/values.js";
import { parseMethod } from "#src/components/interfaces.js";
import { call } from "./call.js";
import { startProgram } from "./program.js";

const device = createComponent("roDeviceInfo", [])!;
const ask = (name: string, ...values: Value[]): Value => call(device, name, ...values);
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** What a method's signature says it returns. */
const typesOf: Readonly<Record<string, readonly string[]>> = {
  Object: ["roAssociativeArray", "roArray", "roTimespan", "Invalid"],
  Dynamic: ["Boolean"],
  Void: ["Invalid"],
};

for (const name of ["roDeviceInfo", "roAppInfo", "roAppManager"]) {
  t.test(`${name}: every method answers with what its signature says`, async (t) => {
    startProgram(t);
    const component = createComponent(name, [])!;
    for (const signature of Object.values(exposed.get(name)!).flat()) {
      const method = parseMethod(signature);
      if (/port$/i.test(method.name)) continue;
      const values: Record<string, Value> = { String: "x", Boolean: true, Object: null };
      const answer = call(component, method.name, ...method.arguments.map(({ type }) => values[type]));
      t.ok(
        (typesOf[method.returns] ?? [method.returns]).includes(typeName(answer)),
        `${signature}: ${typeName(answer)}`,
      );
    }
  });
}

t.test("what says nothing about the machine is listed, and every name listed is a method", async (t) => {
  for (const { notTruthful } of [deviceInfo, appInfo, appManager, systemLog, input, memoryMonitor]) {
    for (const each of notTruthful) {
      const [component = "", method] = each.split(".");
      const methods = Object.values(exposed.get(component)!).flat();
      t.ok(
        methods.some((signature) => signature.startsWith(`${method}(`)),
        each,
      );
    }
  }
});

t.test("addresses and names are the system's", async (t) => {
  startProgram(t);
  const outer = Object.entries(networkInterfaces()).flatMap(([name, addresses = []]) =>
    addresses
      .filter(({ internal, family }) => !internal && family === "IPv4")
      .slice(0, 1)
      .map(({ address }) => [name, address] as const),
  );
  const addresses = ask("GetIPAddrs");
  t.equal(call(addresses, "Count"), outer.length);
  for (const [name, address] of outer) t.equal(call(addresses, "Lookup", name), address);
  t.equal(ask("GetLinkStatus"), outer.length > 0);
  t.equal(ask("GetConnectionType") === "", outer.length === 0);
  t.equal(
    call(ask("GetConnectionInfo"), "Lookup", "type"),
    outer.length === 0 ? null : ask("GetConnectionType"),
  );
  t.equal(ask("GetFriendlyName"), hostname());
  t.ok((ask("GetModel") as string).length > 0);
});

t.test("the gateway and the name servers", async (t) => {
  startProgram(t);
  const route = /^(\S+)\t00000000\t([0-9A-F]{8})\t/m.exec(readFileSync("/proc/net/route", "utf8"));
  const info = ask("GetConnectionInfo");
  t.equal(ask("GetInternetStatus"), route !== null && call(info, "Lookup", "name") === route[1]);
  if (route !== null) {
    const [, , gateway] = route;
    const expected = (gateway!.match(/../g) ?? []).reverse().map((part) => Number.parseInt(part, 16));
    t.equal(call(info, "Lookup", "gateway"), expected.join("."));
  }
  const server = /^nameserver\s+(\S+)/m.exec(readFileSync("/etc/resolv.conf", "utf8"))?.[1] ?? null;
  t.equal(call(info, "Lookup", "dns.0"), route === null ? null : server);
});

t.test("uptime and memory", async (t) => {
  const system = Number(readFileSync("/proc/uptime", "utf8").split(" ")[0]) * 1000;
  const uptime = Number(ask("GetUptimeMillisecondsAsLong"));
  t.ok(Math.abs(uptime - system) < 5_000, `${uptime}, ${system}`);
  t.match(ask("GetGeneralMemoryLevel"), /^(normal|low|critical)$/);
  t.equal(ask("IsClockValid"), true);
});

t.test("identifiers stay with the data directory, and differ by purpose", async (t) => {
  const first = startProgram(t);
  const names = ["GetChannelClientId", "GetRIDA"];
  const ids = names.map((name) => ask(name));
  for (const id of ids) t.match(id, uuid);
  t.not(ids[0], ids[1]);
  t.equal(ask("GetClientTrackingId"), ids[0]);
  t.equal(ask("GetAdvertisingId"), ids[1]);
  t.match(readFileSync(join(first.data, "identity"), "utf8"), /^[0-9a-f]{64}\n$/);
  startProgram(t);
  t.not(ask("GetRIDA"), ids[1], "of another data directory");
  startProgram(t, { data: first.data });
  t.same(
    names.map((name) => ask(name)),
    ids,
  );
  t.match(ask("GetRandomUUID"), uuid);
  t.not(ask("GetRandomUUID"), ask("GetRandomUUID"));
});

t.test("a directory that cannot be written to gives identifiers for the time being", async (t) => {
  startProgram(t, { data: "/dev/null/none" });
  const id = ask("GetRIDA");
  t.match(id, uuid);
  t.equal(ask("GetRIDA"), id);
});

t.test("locale and time zone are those of the environment", async (t) => {
  const script = `
    const { RoDeviceInfo } = require(${JSON.stringify(require.resolve("#src/brightscript/library/device-info.js"))});
    const info = new RoDeviceInfo();
    console.log(info.getCurrentLocale(), info.getCountryCode(), info.getPreferredCaptionLanguage(), info.getClockFormat(),
      info.getTimeZone());`;
  const answer = (env: Record<string, string>): string =>
    execFileSync(process.execPath, ["-e", script], {
      env: { PATH: process.env.PATH, ...env },
      encoding: "utf8",
    }).trim();
  t.equal(answer({ LANG: "de_DE.UTF-8", TZ: "Europe/Berlin" }), "de_DE DE de 24h Europe/Berlin");
  t.equal(answer({ LANG: "de_DE.UTF-8", LC_ALL: "en_US.UTF-8", TZ: "UTC" }), "en_US US en 12h UTC");
  t.equal(answer({ LANG: "C", TZ: "UTC" }), "en_US US en 12h UTC");
});

t.test("the manifest's values", async (t) => {
  startProgram(t, {
    manifest: { title: "A title", major_version: "1", minor_version: "2", build_version: "3", x: "y" },
  });
  const info = createComponent("roAppInfo", []);
  const GetDevID = "34c6fceca75e456f25e7e99531e2425c6c1de443"; // as of a device without a key
  const answers = { GetTitle: "A title", GetVersion: "1.2.3", GetID: "dev", IsDev: true, GetDevID };
  for (const [name, value] of Object.entries(answers)) t.equal(call(info, name), value, name);
  t.equal(call(info, "GetValue", "X"), "y");
  t.equal(call(info, "GetValue", "none"), "");
  startProgram(t);
  t.equal(call(info, "GetTitle"), "test", "the program's name, without a title");
});

t.test("roAppManager knows for how long the process has been running", async (t) => {
  const before = Math.floor(performance.now());
  const uptime = call(createComponent("roAppManager", []), "GetUptime");
  const milliseconds = call(uptime, "TotalMilliseconds") as number;
  t.ok(milliseconds >= before && milliseconds <= performance.now(), `${milliseconds}`);
});

t.test("ports are kept", async (t) => {
  const port = createComponent("roMessagePort", []);
  for (const component of [device, createComponent("roSystemLog", [])]) {
    call(component, "SetMessagePort", port);
    t.equal(call(component, "GetMessagePort"), port);
  }
  call(createComponent("roSystemLog", []), "EnableType", "bandwidth.minute");
  t.equal(ask("EnableLinkStatusEvent", true), false, "no such event will come");
});
