/**
 * One of two peers that send each other datagrams, as on the reference page of roDataGramSocket: a message to the peer
 * from time to time, and whatever comes is printed.
 *
 *   node out/examples/udp-peer.js --port 5001 --peer 127.0.0.1:5002
 *   node out/examples/udp-peer.js --port 5002 --peer 127.0.0.1:5001
 */
import { hostname } from "node:os";
import { inspect } from "node:util";
import { RoDataGramSocket, RoMessagePort, RoSocketEvent, wait } from "rosock";
import { address, commandLine, fail, hostAndPort, integer, print, reason } from "./command-line.js";

const usage = `Usage: node out/examples/udp-peer.js --peer HOST:PORT [options]

Sends datagrams to a peer and prints those it receives.

  --peer HOST:PORT   who they go to
  --host ADDRESS     where they are received (0.0.0.0: at all addresses of this machine)
  --port NUMBER      0: the system chooses (54321)
  --text TEXT        what they say (Datagram from and this machine's name)
  --every SECONDS    how often (10)
  --help             shows this`;

const { values } = commandLine(usage, {
  options: {
    peer: { type: "string" },
    host: { type: "string", default: "0.0.0.0" },
    port: { type: "string", default: "54321" },
    text: { type: "string", default: `Datagram from ${hostname()}` },
    every: { type: "string", default: "10" },
  },
});
if (values.peer === undefined) fail("expected --peer HOST:PORT; see --help", 2);

const peer = hostAndPort(values.peer);
const bound = address(values.host, integer("--port", values.port, 0, 65535));
const pause = integer("--every", values.every, 1, 86400) * 1000;

const messagePort = new RoMessagePort();
const udp = new RoDataGramSocket();
udp.setMessagePort(messagePort);
if (!udp.setAddress(bound)) fail(`cannot receive on ${bound.getAddress()}: ${reason(udp)}`);
udp.setSendToAddress(peer);
udp.notifyReadable(true);
print(`Peer on ${udp.getAddress().getAddress()}, sends to ${peer.getAddress()}`);

let next = performance.now();
for (;;) {
  const left = Math.ceil(next - performance.now());
  if (left <= 0) {
    send();
    next += pause;
    continue;
  }
  const event = wait(left, messagePort); // Never 0 here, which would wait for ever.
  if (event instanceof RoSocketEvent) receive();
}

function send(): void {
  udp.sendStr(values.text);
  if (!udp.eOK()) print(`cannot send: ${reason(udp)}`);
}

function receive(): void {
  const message = udp.receiveStr(512);
  if (!udp.eSuccess()) return;
  print(`received ${inspect(message)} from ${udp.getReceivedFromAddress().getAddress()}`);
}
