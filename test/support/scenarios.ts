/** What the fault tests do some hundred times and the long tests some thousand times. */

import { readFileSync } from "node:fs";
import { constants } from "node:os";
import { RoMessagePort, type RoStreamSocket } from "rosock";
import type { Test } from "tap";
import { staysQuiet } from "./events.js";
import type { Peer } from "./peer.js";
import { type ProgramContext, program, workerProgram } from "./program.js";
import { accept, connected, datagram, eventID, listener } from "./sockets.js";
import { hang } from "./time.js";

const { ECONNRESET, EMFILE } = constants.errno;

/** So many connections from a peer that ends and resets them in every state, through one port. */
export function resetStorm(t: Test, other: Peer, rounds: number): void {
  const port = new RoMessagePort();
  // Long enough that no connection is dropped for want of room: one that is reset then would never be seen.
  const { socket: listening, portNumber } = listener(t, port, 4_096);
  listening.notifyReadable(true);
  other.start(
    async ({ net }, portNumber, rounds) => {
      for (let round = 0; round < rounds; round++) {
        const socket = net.connect(portNumber, "127.0.0.1", () => {
          if (round % 3 !== 0) socket.write("x".repeat((round % 300) * 10));
          const leave = () => (round % 5 === 4 ? socket.end() : socket.resetAndDestroy());
          if (round % 4 === 0) leave();
          else setTimeout(leave, round % 7);
        });
        socket.on("error", () => {});
        socket.resume();
        if (round % 10 === 9) await new Promise((resolve) => setTimeout(resolve, 1));
      }
    },
    portNumber,
    rounds,
  );
  const open = new Map<number, RoStreamSocket>();
  let [ends, resets] = [0, 0];
  const strange: number[] = [];
  let finished = 0;
  while (finished < rounds) {
    const id = eventID(port);
    if (id === null) break;
    if (id === listening.getID()) {
      for (let socket = listening.accept(); socket; socket = listening.accept()) {
        open.set(socket.getID(), socket);
        socket.notifyReadable(true);
        socket.notifyWritable(open.size % 2 === 0);
      }
      continue;
    }
    const socket = open.get(id);
    if (!socket) throw new Error("an event of a socket that was closed");
    // Linux tells of a reset once: to the send or to the receive, whichever comes first.
    socket.sendStr("answer");
    const sending = socket.status();
    if (socket.receiveStr(1_000) !== "" || socket.eAgain()) continue;
    const receiving = socket.status();
    if (receiving === ECONNRESET || sending === ECONNRESET) resets++;
    else if (receiving === 0) ends++;
    else strange.push(receiving);
    socket.close();
    open.delete(id);
    finished++;
  }
  t.equal(finished, rounds);
  t.equal(open.size, 0);
  t.strictSame(strange, []);
  t.ok(resets > 0 && ends > 0, `${resets} resets, ${ends} ends`);
  t.ok(staysQuiet(port));
  const client = connected(t, portNumber);
  t.equal(accept(t, listening).sendStr("still well"), 10);
  t.equal(client.receiveStr(20), "still well");
}

/** A server that may have 64 descriptors, with so many clients, of which some 200 are there at a time. */
export async function serveUnderLimit(t: Test, other: Peer, clients: number): Promise<void> {
  const poor = program(
    t,
    ({ rosock, address, say }, clients: number, EMFILE: number) => {
      const port = new rosock.RoMessagePort();
      const listening = new rosock.RoStreamSocket();
      listening.setAddress(address("127.0.0.1:0"));
      listening.listen(500);
      listening.setMessagePort(port);
      listening.notifyReadable(true);
      say(listening.getAddress().getPort());
      const open = new Map<number, InstanceType<typeof rosock.RoStreamSocket>>();
      const seen = { served: 0, most: 0, starved: 0, other: 0 };
      while (seen.served < clients) {
        const event = rosock.wait(10_000, port) as { getSocketID(): number } | null;
        if (!event) break;
        if (event.getSocketID() === listening.getID()) {
          const socket = listening.accept();
          if (socket) {
            socket.notifyReadable(true);
            open.set(socket.getID(), socket);
            seen.most = Math.max(seen.most, open.size);
          } else if (listening.status() === EMFILE) seen.starved++;
          else if (!listening.eAgain()) seen.other = listening.status();
          continue;
        }
        const socket = open.get(event.getSocketID())!;
        const text = socket.receiveStr(100);
        if (text) socket.sendStr(text);
        else {
          socket.close();
          open.delete(event.getSocketID());
          seen.served++;
        }
      }
      say(seen);
    },
    [clients, EMFILE],
    ["sh", "-c", 'ulimit -n 64 && exec "$0" "$@"'],
  );
  const portNumber = (await poor.next()) as number;
  const answering = other.start(
    async ({ net, once }, portNumber, clients) => {
      const visit = async (name: string) => {
        const socket = net.connect(portNumber, "127.0.0.1");
        await once(socket, "connect");
        socket.write(name);
        const echo = await once(socket, "data");
        // It stays for a moment, so that the descriptors run out.
        await new Promise((resolve) => setTimeout(resolve, 50));
        socket.end();
        return String(echo) === name;
      };
      let [next, answered] = [0, 0];
      const line = async () => {
        while (next < clients) if (await visit(`client ${next++}`)) answered++;
      };
      await Promise.all(Array.from({ length: 200 }, line));
      return answered;
    },
    portNumber,
    clients,
  );
  t.equal(answering.result(), clients);
  const seen = (await poor.next()) as { served: number; most: number; starved: number; other: number };
  t.equal(seen.served, clients);
  t.equal(seen.other, 0);
  t.ok(seen.most < 64 && seen.most > 20, `${seen.most} at once`);
  t.ok(seen.starved > 0, "the descriptors did run out");
}

/** How many datagrams the kernel had no room for, of the socket with that port. */
export function dropped(portNumber: number): number {
  const hexadecimal = portNumber.toString(16).toUpperCase().padStart(4, "0");
  const row = new RegExp(`^ *\\d+: [0-9A-F]{8}:${hexadecimal} .* (\\d+)$`, "m");
  return Number(row.exec(readFileSync("/proc/net/udp", "utf8").replaceAll(/ +$/gm, ""))?.[1]);
}

/** So many datagrams in a row from a peer: in order, each once, and all but those the kernel dropped. */
export function receiveBurst(t: Test, other: Peer, count: number): void {
  const port = new RoMessagePort();
  const { socket, portNumber } = datagram(t, port);
  socket.setRcvBuf(4_000_000);
  socket.notifyReadable(true);
  const sending = other.start(
    async ({ dgram }, portNumber, count) => {
      const sender = dgram.createSocket("udp4");
      for (let number = 0; number < count; number++) {
        const text = `${number} ${"x".repeat(number % 300)}`;
        const last = new Promise((resolve) => sender.send(text, portNumber, "127.0.0.1", resolve));
        if (number % 100 === 99) await last;
      }
      sender.close();
    },
    portNumber,
    count,
  );
  let received = 0;
  let last = -1;
  const wrong: string[] = [];
  // When the sender is done and all is quiet, what has not come will not come.
  for (let over = false; !over; ) {
    over = sending.done();
    if (eventID(port, 50) === null) continue;
    over = false;
    for (let text = socket.receiveStr(1_000); text !== ""; text = socket.receiveStr(1_000)) {
      const number = Number.parseInt(text, 10);
      if (number <= last || text !== `${number} ${"x".repeat(number % 300)}`) wrong.push(text);
      last = number;
      received++;
    }
    if (!socket.eAgain()) wrong.push(`status ${socket.status()}`);
  }
  sending.result();
  t.strictSame(wrong, []);
  t.equal(received + dropped(portNumber), count);
  t.ok(received > count / 10, `${received} received`);
}

/** Every call, again and again. */
function busy({ rosock, address, say }: ProgramContext, portNumber: number): void {
  const port = new rosock.RoMessagePort();
  const bytes = rosock.RoByteArray.from(new Uint8Array(10_000));
  say("busy");
  for (let turn = 0; ; turn++) {
    const socket = new rosock.RoStreamSocket();
    if (turn % 2 === 0) socket.setMessagePort(port);
    for (const notify of ["notifyReadable", "notifyWritable", "notifyException"] as const)
      socket[notify](true);
    socket.setSendToAddress(address(`127.0.0.1:${portNumber}`));
    socket.connect();
    socket.send(bytes, 0, 10_000);
    port.getMessage();
    port.waitMessage(1);
    if (turn % 2 === 0) socket.receive(bytes, 0, 100);
    const udp = new rosock.RoDataGramSocket();
    udp.setAddress(address("127.0.0.1:0"));
    udp.setMessagePort(port);
    udp.setSendToAddress(udp.getAddress());
    udp.sendStr("to myself");
    udp.receiveStr(100);
    if (turn % 3 !== 0) socket.close();
    if (turn % 5 !== 0) udp.close();
  }
}

/** So many workers, each ended while it is busy. */
export async function endWorkers(t: Test, other: Peer, rounds: number): Promise<void> {
  const portNumber = other.call(async ({ net, once }) => {
    const server = net.createServer((socket) => socket.on("error", () => {}).resume());
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return (server.address() as { port: number }).port;
  });
  for (let round = 0; round < rounds; round++) {
    const child = workerProgram(t, busy, portNumber);
    t.equal(await child.next(), "busy");
    await new Promise((resolve) => setTimeout(resolve, (round * 7) % 31));
    const start = performance.now();
    await child.worker.terminate();
    t.ok(performance.now() - start < hang);
  }
  const { hostPort } = listener(t);
  t.equal(connected(t, hostPort).isConnected(), true, "the others go on");
}
