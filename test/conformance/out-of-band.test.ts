import { RoMessagePort, type RoStreamSocket } from "rosock";
import t from "tap";
import {
  connected,
  connectedPair,
  descriptorOf,
  eventID,
  leftDescriptors,
  openDescriptors,
  peer,
  sendUrgent,
  skipWithout,
  socketOption,
  waitForSync,
} from "../support/index.js";

const before = openDescriptors();
const skip = skipWithout("python3");

function descriptor(socket: RoStreamSocket): number {
  return descriptorOf(socket.getAddress().getAddress(), socket.getSendToAddress().getAddress());
}

/** Reads piece by piece until there is nothing; what each call gave. */
function pieces(socket: RoStreamSocket): string[] {
  const read: string[] = [];
  for (let piece = socket.receiveStr(100); piece !== ""; piece = socket.receiveStr(100)) read.push(piece);
  return read;
}

t.test("S28 an urgent byte is an exception and an event of notifyException", { skip }, async (t) => {
  const port = new RoMessagePort();
  const { client, server } = connectedPair(t, { server: port });
  server.notifyException(true);
  t.equal(server.isException(), false);
  client.sendStr("normal");
  waitForSync(() => server.isReadable(), "the data");
  t.equal(server.isException(), false, "normal data is none");
  t.equal(eventID(port, 30), null);
  sendUrgent(descriptor(client), "!");
  t.equal(eventID(port), server.getID());
  t.equal(server.isException(), true);
});

t.test("S28 notifyException turned on when the urgent byte is there already", { skip }, async (t) => {
  const port = new RoMessagePort();
  const { client, server } = connectedPair(t, { server: port });
  sendUrgent(descriptor(client), "!");
  waitForSync(() => server.isException(), "the urgent byte");
  t.equal(port.getMessage(), null);
  server.notifyException(true);
  t.equal(eventID(port), server.getID());
  server.notifyException(false);
  t.equal(eventID(port, 30), null, "and turned off there are no more");
});

t.test("S28 the exception comes again while the byte is unread, and goes with it", { skip }, async (t) => {
  const port = new RoMessagePort();
  const { client, server } = connectedPair(t, { server: port });
  server.notifyException(true);
  client.sendStr("before");
  sendUrgent(descriptor(client), "!");
  client.sendStr("after");
  t.equal(eventID(port), server.getID());
  t.equal(eventID(port), server.getID(), "again, since nothing was read");
  const received: string[] = [];
  waitForSync(() => received.push(...pieces(server)) >= 2, "the data");
  t.strictSame(received, ["before", "after"], "a receive stops where the byte was");
  t.equal(server.isException(), false);
  t.equal(eventID(port, 30), null);
});

for (const isInline of [false, true]) {
  const places: Record<string, { first: string; last: string; inline: string }> = {
    before: { first: "", last: "ab", inline: "!ab" },
    between: { first: "ab", last: "cd", inline: "ab!cd" },
    after: { first: "ab", last: "", inline: "ab!" },
  };
  for (const [place, { first, last, inline }] of Object.entries(places)) {
    const title = `S28 an urgent byte ${place} normal data, ${isInline ? "inline" : "not inline"}`;
    t.test(title, { skip }, async (t) => {
      const port = new RoMessagePort();
      const { client, server } = connectedPair(t, { server: port });
      t.equal(server.getOOBInline(), false, "off by default");
      t.equal(server.setOOBInline(isInline), true);
      t.equal(server.getOOBInline(), isInline);
      if (place === "between") {
        t.strictSame(socketOption(descriptor(server), "SOL_SOCKET", "SO_OOBINLINE"), [isInline ? 1 : 0]);
      }
      client.sendStr(first);
      sendUrgent(descriptor(client), "!");
      client.sendStr(last);
      waitForSync(() => server.isException(), "the urgent byte");
      const expected = isInline ? inline : first + last;
      let received = "";
      const isAll = () => {
        received += pieces(server).join("");
        return received.length >= expected.length;
      };
      waitForSync(isAll, "the data");
      t.equal(received, expected);
      t.equal(server.eAgain(), true);
    });
  }
}

t.test("S28 the end and a reset are no exceptions", async (t) => {
  const other = peer(t);
  for (const end of ["end", "resetAndDestroy"]) {
    const portNumber = other.call(async ({ net, state, once }, end) => {
      state.server = net.createServer((socket) => {
        socket.on("error", () => {});
        socket.once("data", () => (socket as unknown as Record<string, () => void>)[end]!());
      });
      state.server.listen(0, "127.0.0.1");
      await once(state.server, "listening");
      return state.server.address().port as number;
    }, end);
    const port = new RoMessagePort();
    const socket = connected(t, portNumber, port);
    socket.notifyException(true);
    socket.sendStr("finish");
    waitForSync(() => socket.isReadable(), end);
    t.equal(socket.isException(), false, end);
    t.equal(eventID(port, 30), null, end);
    socket.notifyReadable(true);
    t.equal(eventID(port), socket.getID(), `${end} is readable`);
    other.call(({ state }) => void state.server.close());
  }
});

t.test("no descriptor is left", async (t) => {
  t.strictSame(await leftDescriptors(before), []);
});
