import { createSocket } from "node:dgram";
import { once } from "node:events";
import t from "tap";
import { waitFor } from "../support/index.js";
import { example, refusal } from "./example.js";

// Only the loopback interface is spoken to: nobody else's devices are asked.
const loopback = ["--interface", "127.0.0.1"];

for (const name of ["ssdp-discovery", "ssdp-discovery.brs"]) {
  t.test(`${name}: one answers, the other finds it`, async (t) => {
    const answering = example(t, name, ...loopback, "--answer");
    await answering.printed(/Answering searches for urn:rosock:device:example:1/);
    const searches = [[], ["--target", "urn:rosock:device:example:1"], ["--target", "roku:ecp"]].map(
      (words) => example(t, name, ...loopback, "--seconds", "1", ...words),
    );
    t.strictSame(await Promise.all(searches.map((search) => search.ended())), [0, 0, 0]);
    const found =
      /^127\.0\.0\.1:1900 {2}urn:rosock:device:example:1 {2}http:\/\/.*:8060\/\n1 answer in 1 s\n$/;
    t.match(searches[0]!.output, found);
    t.match(searches[1]!.output, found);
    t.equal(searches[2]!.output, "0 answers in 1 s\n");
    answering.kill("SIGTERM");
    t.equal(await answering.ended(), "SIGTERM");
    t.match(answering.output, /(\nanswered 127\.0\.0\.1:\d+){2}\n$/);
  });

  t.test(`${name}: an answer that means the terminal harm`, async (t) => {
    const hostile = createSocket({ type: "udp4", reuseAddr: true });
    t.teardown(() => hostile.close());
    hostile.bind(1900);
    await once(hostile, "listening");
    hostile.addMembership("239.255.255.250", "127.0.0.1");
    hostile.on("message", (_data, from) => {
      hostile.send("HTTP/1.1 200 OK\r\nlocation: a\u001b[2Jb\r\n\r\n", from.port, from.address);
      hostile.send("nonsense", from.port, from.address);
      hostile.send("", from.port, from.address);
    });
    const search = example(t, name, ...loopback, "--seconds", "1");
    await waitFor(() => search.output.endsWith(" s\n"), "the search to end");
    t.match(search.output, /^127\.0\.0\.1:1900 {2}- {2}a\n1 answer in 1 s\n$/);
  });
}

t.test("what it refuses", async (t) => {
  t.strictSame(
    await Promise.all([
      refusal(t, "ssdp-discovery", "--seconds", "soon"),
      refusal(t, "ssdp-discovery", "--interface", "192.0.2.77"),
      refusal(t, "ssdp-discovery.brs", "--seconds", "soon"),
      refusal(t, "ssdp-discovery.brs", "--interface", "192.0.2.77"),
    ]),
    [
      '2 ssdp-discovery: --seconds must be a number from 1 to 3600, not "soon"',
      "1 ssdp-discovery: cannot use 192.0.2.77:0: address not available",
      "2 ssdp-discovery: --seconds must be a number, at least 1",
      "1 ssdp-discovery: cannot use 192.0.2.77:0: error 99",
    ],
  );
});
