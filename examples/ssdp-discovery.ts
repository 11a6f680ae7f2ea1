/**
 * Finds the devices of a network by SSDP, as apps find a Roku: asks the group 239.255.255.250:1900 who is there, and prints
 * the answers of the next seconds. With --answer it is one who is there.
 *
 *   node out/examples/ssdp-discovery.js --target roku:ecp
 *
 * On one machine:
 *
 *   node out/examples/ssdp-discovery.js --interface 127.0.0.1 --answer
 *   node out/examples/ssdp-discovery.js --interface 127.0.0.1
 */
import { hostname } from "node:os";
import { RoDataGramSocket, RoMessagePort, RoSocketAddress, RoSocketEvent, wait } from "rosock";
import { address, commandLine, fail, integer, print, reason } from "./command-line.js";

const usage = `Usage: node out/examples/ssdp-discovery.js [options]

Prints who answers an SSDP search.

  --seconds NUMBER      how long answers are waited for (3)
  --target TYPE         what is searched for (ssdp:all)
  --interface ADDRESS   the address of the network interface to use (the system's choice)
  --answer              answers searches instead, as a device would
  --help                shows this`;

const groupAddress = "239.255.255.250:1900";
const ownType = "urn:rosock:device:example:1";
const mostBytes = 2048;

const { values } = commandLine(usage, {
  options: {
    seconds: { type: "string", default: "3" },
    target: { type: "string", default: "ssdp:all" },
    interface: { type: "string", default: "0.0.0.0" },
    answer: { type: "boolean", default: false },
  },
});
const seconds = integer("--seconds", values.seconds, 1, 3600);
const group = address(groupAddress);
const local = address(values.interface);
local.setPort(0);

const port = new RoMessagePort();
if (values.answer) answer();
else search();

function search(): void {
  const socket = boundTo(local); // Which also makes it send by that interface.
  socket.setSendToAddress(group);
  socket.sendStr(
    message("M-SEARCH * HTTP/1.1", {
      HOST: groupAddress,
      MAN: '"ssdp:discover"',
      MX: String(Math.min(seconds, 5)),
      ST: values.target,
    }),
  );
  if (!socket.eOK()) fail(`cannot send to ${groupAddress}: ${reason(socket)}`);

  const end = performance.now() + seconds * 1000;
  let count = 0;
  for (let left = seconds * 1000; left > 0; left = Math.ceil(end - performance.now())) {
    if (wait(left, port) === null) continue;
    const text = socket.receiveStr(mostBytes);
    if (!text.startsWith("HTTP/1.1 200 ")) continue;
    print(
      `${socket.getReceivedFromAddress().getAddress()}  ${header(text, "ST")}  ${header(text, "LOCATION")}`,
    );
    count++;
  }
  print(`${count} ${count === 1 ? "answer" : "answers"} in ${seconds} s`);
}

function answer(): never {
  // One address of this machine gets no group's datagrams, so this socket is bound to all of them. It is given those
  // of every group that the machine has joined; and what joins is a socket on the wanted interface.
  const everywhere = new RoSocketAddress();
  everywhere.setPort(group.getPort());
  const socket = boundTo(everywhere);
  const member = boundTo(local);
  if (!member.joinGroup(group)) fail(`cannot join ${groupAddress}: ${reason(member)}`);
  print(`Answering searches for ${ownType} on ${groupAddress}`);

  for (;;) {
    const event = wait(0, port);
    if (event instanceof RoSocketEvent && event.getSocketID() === socket.getID()) reply(socket);
    else member.receiveStr(mostBytes); // Whatever a stranger sends there would be reported again and again.
  }
}

function reply(socket: RoDataGramSocket): void {
  const text = socket.receiveStr(mostBytes);
  const target = header(text, "ST");
  if (!text.startsWith("M-SEARCH ") || (target !== ownType && target !== "ssdp:all")) return;
  const from = socket.getReceivedFromAddress();
  socket.setSendToAddress(from);
  socket.sendStr(
    message("HTTP/1.1 200 OK", {
      "CACHE-CONTROL": "max-age=1800",
      EXT: "",
      LOCATION: `http://${hostname()}:8060/`,
      ST: ownType,
      USN: `uuid:rosock::${ownType}`,
    }),
  );
  print(`answered ${from.getAddress()}${socket.eOK() ? "" : `: ${reason(socket)}`}`);
}

function boundTo(where: RoSocketAddress): RoDataGramSocket {
  const socket = new RoDataGramSocket();
  socket.setMessagePort(port);
  socket.notifyReadable(true);
  if (!socket.setAddress(where)) fail(`cannot use ${where.getAddress()}: ${reason(socket)}`);
  return socket;
}

function message(start: string, headers: Record<string, string>): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${start}\r\n${lines.join("")}\r\n`;
}

/** A header's value, as far as it is visible ASCII: a stranger's answer must not reach the terminal as it is. */
function header(text: string, name: string): string {
  return new RegExp(`^${name}: *([ -~]*)`, "im").exec(text)?.[1] ?? "-";
}
