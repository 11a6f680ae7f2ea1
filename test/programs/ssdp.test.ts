import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import t, { type Test } from "tap";
import { waitFor } from "../support/index.js";
import { garbage } from "./peers.js";
import { isIdle, type RunningProgram, run } from "./running.js";

t.jobs = 4;

interface Group {
  /** "239.255.77.1:port" */
  hostPort: string;
  portNumber: number;
  /** A member at 127.0.0.1; what it hears is in `heard`. */
  member: Socket;
  heard: string[];
}

let groups = 0;

/** A group of the loopback interface that no other test uses. */
async function group(t: Test): Promise<Group> {
  const free = createSocket("udp4").bind(0);
  await once(free, "listening");
  const portNumber = free.address().port;
  free.close();
  const host = `239.255.77.${++groups}`;
  const member = createSocket({ type: "udp4", reuseAddr: true });
  t.teardown(() => member.close());
  await once(member.bind(portNumber), "listening");
  member.addMembership(host, "127.0.0.1");
  member.setMulticastInterface("127.0.0.1");
  const heard: string[] = [];
  member.on("message", (data) => heard.push(data.toString("latin1")));
  return { hostPort: `${host}:${portNumber}`, portNumber, member, heard };
}

const interfaceWords = { interface: "127.0.0.1" };

function search(t: Test, { hostPort }: Group, values: Record<string, string | number> = {}): RunningProgram {
  return run(t, ["ssdp/search.brs", "ssdp/message.brs"], {
    group: hostPort,
    seconds: 20,
    ...interfaceWords,
    ...values,
  });
}

function device(t: Test, { hostPort }: Group, name: string, seconds = 60): RunningProgram {
  return run(t, ["ssdp/device.brs", "ssdp/message.brs"], {
    group: hostPort,
    name,
    seconds,
    ...interfaceWords,
  });
}

const kind = "urn:rosock:device:test:1";

t.test("searches find the devices that are there, each once", { buffered: true }, async (t) => {
  const place = await group(t);
  const devices = ["one", "two"].map((name) => device(t, place, name));
  for (const one of devices) await one.printed(/^there as/m);
  const searches = [
    search(t, place, { most: 2 }),
    search(t, place, { most: 2, target: kind }),
    search(t, place, { seconds: 0.5, target: "roku:ecp" }),
  ];
  for (const one of searches) t.equal(await one.ended(), 0);
  const found = searches.map((one) => one.output.split("\n").sort());
  const all = [
    "",
    "2 found",
    `uuid:one::${kind} at http://127.0.0.1:8060/`,
    `uuid:two::${kind} at http://127.0.0.1:8060/`,
  ];
  t.strictSame(found, [all, all, ["", "0 found"]]);
  for (const one of devices) {
    t.match(one.output, /(\nanswered 127\.0\.0\.1:\d+){2}\n$/);
    t.ok(one.sound, one.errors);
  }
});

t.test("what goes over the wire", { buffered: true }, async (t) => {
  const place = await group(t);
  const one = device(t, place, "one", 0.6);
  await waitFor(() => place.heard.length === 1, "the announcement");
  search(t, place, { target: "x:y", seconds: 0.1 });
  t.equal(await one.ended(), 0);
  await waitFor(() => place.heard.length === 3, "the search");
  t.match(one.output, /\ngone\n$/);
  const lines = place.heard.map((text) => {
    t.ok(text.endsWith("\r\n\r\n"));
    return text.slice(0, -4).split("\r\n");
  });
  const announced = lines.filter((each) => each[0] === "NOTIFY * HTTP/1.1").map((each) => each.sort());
  const notification = (what: string) =>
    [
      "NOTIFY * HTTP/1.1",
      `HOST: ${place.hostPort}`,
      "LOCATION: http://127.0.0.1:8060/",
      `NT: ${kind}`,
      `NTS: ssdp:${what}`,
      `USN: uuid:one::${kind}`,
    ].sort();
  t.strictSame(announced, [notification("alive"), notification("byebye")]);
  t.strictSame(
    lines.find((each) => each[0] === "M-SEARCH * HTTP/1.1")?.sort(),
    ["M-SEARCH * HTTP/1.1", `HOST: ${place.hostPort}`, 'MAN: "ssdp:discover"', "MX: 1", "ST: x:y"].sort(),
  );
});

t.test("answers that are cut off, empty, garbage, hostile", { buffered: true }, async (t) => {
  const place = await group(t);
  place.member.on("message", (_data, from) => {
    const answers = [
      "",
      "HTTP/1.1 200 OK",
      "HTTP/1.1 200 OK\r\nUSN: cut",
      "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
      "HTTP/1.1 404 Not Found\r\nUSN: wrong\r\n\r\n",
      "NOTIFY * HTTP/1.1\r\nUSN: news\r\n\r\n",
      "HTTP/1.1 200 OK\r\nusn: \x1b[2Jx\r\nLocation:a\x9bb\r\n\r\n",
      "HTTP/1.1 200 OK\r\nUSN: twice\r\n\r\n",
      "HTTP/1.1 200 OK\r\nUSN: twice\r\n\r\n",
      `HTTP/1.1 200 OK\r\nUSN: ${"x".repeat(3000)}\r\n\r\n`,
    ].map((text) => Buffer.from(text, "latin1"));
    for (const answer of [
      ...answers,
      garbage(1000),
      garbage(60_000),
      Buffer.from("HTTP/1.1 200 \r\nUSN: last\r\n\r\n"),
    ]) {
      place.member.send(answer, from.port, from.address);
    }
  });
  const searching = search(t, place, { most: 3 });
  t.equal(await searching.ended(), 0);
  t.equal(searching.output, "?[2Jx at a?b\ntwice at ?\nlast at ?\n3 found\n");
  t.equal(searching.errors, "");
});

t.test("a device is asked nonsense, then left alone", { buffered: true }, async (t) => {
  const place = await group(t);
  const one = device(t, place, "one");
  await one.printed(/^there as/m);
  const asking = createSocket("udp4");
  t.teardown(() => asking.close());
  await once(asking.bind(0, "127.0.0.1"), "listening");
  const answers: string[] = [];
  asking.on("message", (data) => answers.push(data.toString("latin1")));
  const ask = (text: string | Buffer) =>
    asking.send(text as Buffer, place.portNumber, place.hostPort.split(":")[0]!);
  ask("");
  ask(garbage(1400));
  ask('M-SEARCH * HTTP/1.1\r\nMAN: "ssdp:discover"\r\nST: ssdp:all\r\n'); // Cut off.
  ask("M-SEARCH * HTTP/1.1\r\nST: ssdp:all\r\n\r\n");
  ask("M-SEARCH * HTTP/1.1\r\nMAN: ssdp:discover\r\nST: ssdp:all\r\n\r\n");
  ask('M-SEARCH * HTTP/1.0\r\nMAN: "ssdp:discover"\r\nST: ssdp:all\r\n\r\n');
  ask('M-SEARCH * HTTP/1.1\r\nMAN: "ssdp:discover"\r\nST: other\r\n\r\n');
  ask(`M-SEARCH * HTTP/1.1\r\nst:${kind}\r\nman:"ssdp:discover"\r\n\r\n`);
  await one.printed(/answered/);
  t.match(one.output, /^there as .*\n(nonsense from 127\.0\.0\.1:\d+, \d+\n){3}answered 127\.0\.0\.1:\d+\n$/);
  await waitFor(() => answers.length > 0, "the answer");
  t.equal(answers.length, 1);
  t.match(answers[0], /^HTTP\/1\.1 200 OK\r\n(.+\r\n)+\r\n$/);
  const idle = await one.idles();
  t.ok(isIdle(idle), JSON.stringify(idle));
  t.ok(one.sound, one.errors);
});
