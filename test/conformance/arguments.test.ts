import { constants } from "node:os";
import {
  createObject,
  RoByteArray,
  RoDataGramSocket,
  RoMessagePort,
  RoSocketAddress,
  RoSocketEvent,
  RoStreamSocket,
  wait,
} from "rosock";
import t, { type Test } from "tap";
import { arrived } from "../support/events.js";
import {
  address,
  closing,
  connectedPair,
  datagram,
  leftDescriptors,
  openDescriptors,
} from "../support/index.js";

const { errno } = constants;
const before = openDescriptors();

t.test("createObject: the name in any case, null for an unknown one", async (t) => {
  const kinds = { RoStreamSocket, RoDataGramSocket, RoSocketAddress, RoMessagePort, RoByteArray };
  for (const [name, kind] of Object.entries(kinds)) {
    for (const spelt of [name, name.toLowerCase(), name.toUpperCase(), `r${name.slice(1)}`]) {
      const made = createObject(spelt);
      t.ok(made instanceof kind, spelt);
    }
  }
  for (const name of [
    "",
    "roSocket",
    "roStreamSocket ",
    "roStreamSocket\0",
    "__proto__",
    "constructor",
    "toString",
  ]) {
    t.equal(createObject(name), null, JSON.stringify(name));
  }
});

type Kind = "integer" | "boolean" | "string" | "bytes" | "address" | "port";

/** Parameters of every method that has some; each kind's valid value is below. */
const ofSockets: Record<string, Kind[]> = {
  send: ["bytes", "integer", "integer"],
  sendStr: ["string"],
  receive: ["bytes", "integer", "integer"],
  receiveStr: ["integer"],
  setAddress: ["address"],
  setSendToAddress: ["address"],
  notifyReadable: ["boolean"],
  notifyWritable: ["boolean"],
  notifyException: ["boolean"],
  setMessagePort: ["port"],
  setTTL: ["integer"],
  setReuseAddr: ["boolean"],
  setOOBInline: ["boolean"],
  setSendBuf: ["integer"],
  setRcvBuf: ["integer"],
  setSendTimeout: ["integer"],
  setReceiveTimeout: ["integer"],
};
const without =
  "close getAddress getSendToAddress getReceivedFromAddress getCountRcvBuf getCountSendBuf status isReadable isWritable isException getID " +
  "eAgain eAlready eBadAddr eDestAddrReq eHostUnreach eInvalid eInProgress eWouldBlock eSuccess eOK getMessagePort " +
  "getTTL getReuseAddr getOOBInline getSendBuf getRcvBuf getSendTimeout getReceiveTimeout";
const tables: [string, () => object, Record<string, Kind[]>, string][] = [
  [
    "roStreamSocket",
    () => new RoStreamSocket(),
    {
      ...ofSockets,
      listen: ["integer"],
      setKeepAlive: ["boolean"],
      setLinger: ["integer"],
      setMaxSeg: ["integer"],
      setNoDelay: ["boolean"],
    },
    `${without} isListening connect accept isConnected eConnAborted eConnRefused eConnReset eIsConn eNotConn getKeepAlive getLinger getMaxSeg getNoDelay`,
  ],
  [
    "roDataGramSocket",
    () => new RoDataGramSocket(),
    {
      ...ofSockets,
      setBroadcast: ["boolean"],
      joinGroup: ["address"],
      dropGroup: ["address"],
      setMulticastLoop: ["boolean"],
      setMulticastTTL: ["integer"],
    },
    `${without} getBroadcast getMulticastLoop getMulticastTTL`,
  ],
  [
    "roSocketAddress",
    () => new RoSocketAddress(),
    { setAddress: ["string"], setHostName: ["string"], setPort: ["integer"] },
    "getAddress getHostName getPort isAddressValid",
  ],
  ["roMessagePort", () => new RoMessagePort(), { waitMessage: ["integer"] }, "getMessage peekMessage"],
];

const valid: Record<Kind, () => unknown> = {
  integer: () => 1,
  boolean: () => true,
  string: () => "127.0.0.1",
  bytes: () => RoByteArray.from([1, 2, 3]),
  address: () => address("127.0.0.1:0"),
  port: () => new RoMessagePort(),
};
const primitives = [undefined, true, 1, Number.NaN, "text", 1n, Symbol.iterator];
const wrong: Record<Kind, unknown[]> = {
  integer: [
    ...[undefined, null, true, "1", 1n, {}, [], Symbol.iterator],
    ...[Number.NaN, Number.POSITIVE_INFINITY, 1.5, 2 ** 31, -(2 ** 31) - 1, 2 ** 40, -(2 ** 40), 2 ** 53],
  ],
  boolean: [undefined, null, 0, 1, "true", {}, [], 1n],
  string: [undefined, null, 1, true, {}, [], new String("127.0.0.1"), Symbol.iterator, 1n],
  bytes: primitives,
  address: primitives,
  port: [...primitives, {}, [], () => {}, address("127.0.0.1:0"), new Date()],
};

type Methods = Record<string, (...values: unknown[]) => unknown>;

/** The call throws a TypeError with the code, which says something, and nothing but that happens. */
function refuses(t: Test, made: object, name: string, values: unknown[], code: RegExp, what: string): void {
  try {
    (made as Methods)[name]!(...values);
    t.fail(`${what} is accepted`);
  } catch (error) {
    const { code: found = "", message } = error as NodeJS.ErrnoException;
    if (!(error instanceof TypeError) || !code.test(found) || message.length < 20) {
      t.equal(`${error}, ${found}`, `a TypeError, ${code}`, what);
    }
  }
}

const describe = (value: unknown): string =>
  typeof value === "bigint" ? `${value}n` : String(JSON.stringify(value) ?? String(value));

for (const [component, make, methods, argumentless] of tables) {
  t.test(`${component}: a wrong number of arguments is a TypeError`, async (t) => {
    const made = make();
    for (const [name, kinds] of Object.entries(methods)) {
      const values = kinds.map((kind) => valid[kind]());
      for (let count = 0; count < values.length; count += 1) {
        refuses(
          t,
          made,
          name,
          values.slice(0, count),
          /^ERR_MISSING_ARGS$/,
          `${name} with ${count} arguments`,
        );
      }
      refuses(t, made, name, [...values, 1], /^ERR_/, `${name} with one too many`);
    }
    for (const name of argumentless.split(" ")) refuses(t, made, name, [1], /^ERR_/, `${name}(1)`);
    t.pass();
  });

  t.test(`${component}: a wrong type is a TypeError`, async (t) => {
    const made = make();
    let tried = 0;
    for (const [name, kinds] of Object.entries(methods)) {
      for (const [index, kind] of kinds.entries()) {
        for (const bad of wrong[kind]) {
          if (name === "send" && bad === "text") continue;
          const values = kinds.map((each) => valid[each]());
          values[index] = bad;
          const what = `${name}, argument ${index + 1}: ${describe(bad)}`;
          refuses(t, made, name, values, /^ERR_INVALID_ARG_TYPE$/, what);
          tried += 1;
        }
      }
    }
    t.ok(tried > 15, `${tried} calls`);
  });
}

t.test("what was expected is in the message", async (t) => {
  const socket = closing(t, new RoStreamSocket()) as unknown as Methods;
  t.throws(() => socket.receiveStr!("7"), { message: /receiveStr.*integer/i });
  t.throws(() => socket.receiveStr!(2 ** 40), { message: /receiveStr.*integer/i });
  t.throws(() => socket.notifyReadable!(1), { message: /notifyReadable.*boolean/i });
  t.throws(() => socket.sendStr!(1), { message: /sendStr.*string/i });
  t.throws(() => socket.setMessagePort!({}), { message: /setMessagePort.*roMessagePort/i });
  t.throws(() => socket.setAddress!("127.0.0.1:80"), { message: /setAddress.*(object|roSocketAddress)/i });
  t.throws(() => socket.send!(1, 0, 1), { message: /send.*(object|roByteArray)/i });
});

t.test("a wrong argument does not harm the socket", async (t) => {
  const { client, server } = connectedPair(t);
  client.sendStr("abc");
  arrived(server, 3);
  t.equal(server.setTTL(0), false);
  const methods = server as unknown as Methods;
  for (const call of [
    () => methods.receiveStr!(),
    () => methods.receiveStr!("1"),
    () => methods.receive!(new RoByteArray(), 0),
    () => methods.sendStr!(7),
    () => methods.setMessagePort!({}),
    () => methods.close!(1),
  ]) {
    t.throws(call, TypeError);
    t.equal(server.status(), errno.EINVAL, "the status is what it was");
  }
  t.equal(server.receiveStr(10), "abc");
  t.equal(server.getMessagePort(), null);
  t.equal(server.sendStr("back"), 4);
  t.equal(client.receiveStr(10), "back");
});

t.test("null and objects of another kind give the method's failure value", async (t) => {
  const { client } = connectedPair(t);
  const udp = datagram(t).socket;
  const foreign = [null, {}, [], new Date(), new RoMessagePort(), new Uint8Array(4)];
  for (const object of foreign as never[]) {
    for (const socket of [client, udp]) {
      for (const [name, expected, call] of [
        ["send", -1, () => socket.send(object, 0, 1)],
        ["receive", -1, () => socket.receive(object, 0, 1)],
        ["setAddress", false, () => socket.setAddress(object)],
        ["setSendToAddress", false, () => socket.setSendToAddress(object)],
      ] as const) {
        t.ok(socket.setOOBInline(false));
        t.equal(call(), expected, name);
        t.equal(socket.status(), errno.EINVAL, name);
      }
    }
    t.equal(udp.joinGroup(object), false);
    t.equal(udp.status(), errno.EINVAL);
    t.equal(udp.dropGroup(object), false);
  }
  t.equal(client.send(address("127.0.0.1:0") as never, 0, 1), -1);
  t.equal(client.setSendToAddress(new RoByteArray() as never), false);
  t.equal(client.isConnected(), true);
});

t.test("setMessagePort(null) takes the port away", async (t) => {
  const socket = closing(t, new RoStreamSocket());
  const port = new RoMessagePort();
  socket.setMessagePort(port);
  t.equal(socket.getMessagePort(), port);
  socket.setMessagePort(null);
  t.equal(socket.getMessagePort(), null);
});

t.test("wait() and createObject() check their arguments", async (t) => {
  const port = new RoMessagePort();
  const loose = { wait, createObject } as unknown as Methods;
  for (const values of [[], [1]]) {
    refuses(t, loose, "wait", values, /^ERR_(MISSING_ARGS|INVALID_ARG_TYPE)$/, `wait with ${values.length}`);
  }
  for (const bad of wrong.integer)
    refuses(t, loose, "wait", [bad, port], /ARG_TYPE$/, `wait(${describe(bad)})`);
  for (const bad of [...wrong.port, null])
    refuses(t, loose, "wait", [1, bad], /ARG_TYPE$/, `port ${describe(bad)}`);
  refuses(t, loose, "createObject", [], /^ERR_(MISSING_ARGS|INVALID_ARG_TYPE)$/, "createObject()");
  for (const bad of wrong.string) {
    refuses(t, loose, "createObject", [bad], /ARG_TYPE$/, `createObject(${describe(bad)})`);
  }
  for (const bad of wrong.integer) {
    await t.rejects(
      async () => port.waitMessageAsync(bad as never),
      TypeError,
      `waitMessageAsync(${describe(bad)})`,
    );
  }
  await t.rejects(async () => port.waitMessageAsync(1, { signal: "x" } as never), TypeError);
  t.equal(port.getMessage(), null);
});

t.test("roSocketEvent", async (t) => {
  const port = new RoMessagePort();
  const { server } = connectedPair(t, { server: port });
  server.notifyWritable(true);
  const event = wait(1_000, port) as RoSocketEvent;
  t.ok(event instanceof RoSocketEvent);
  t.equal(event.getSocketID(), server.getID());
  refuses(t, event, "getSocketID", [1], /^ERR_/, "getSocketID(1)");
});

t.test("no descriptor left behind", async (t) => {
  t.same(await leftDescriptors(before), []);
});
