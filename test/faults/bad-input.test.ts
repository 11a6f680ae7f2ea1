import { inspect } from "node:util";
import * as rosock from "rosock";
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
import {
  type ComponentName,
  components,
  interfaces,
  type Method,
  parseMethod,
} from "#src/components/interfaces.js";
import { openAtRest } from "../support/at-rest.js";
import {
  accept,
  address,
  connectedPair,
  datagram,
  hang,
  leftDescriptors,
  listener,
  type Scope,
  streamSocket,
} from "../support/index.js";

const before = openAtRest();

type Call = (...values: unknown[]) => unknown;

const methodsOf = (name: ComponentName): Method[] =>
  components[name].flatMap((each) => interfaces[each].map((signature) => parseMethod(signature)));

/** A working instance of each component. No socket of them blocks. */
function instances(t: Scope): Record<ComponentName, object> {
  const event = new RoMessagePort();
  const { client, server } = connectedPair(t, { client: event, server: event });
  server.notifyReadable(true);
  client.sendStr("x");
  return {
    roStreamSocket: server,
    roDataGramSocket: datagram(t, new RoMessagePort()).socket,
    roSocketAddress: address("127.0.0.1:80"),
    roMessagePort: new RoMessagePort(),
    roSocketEvent: event.waitMessage(5_000) as RoSocketEvent,
    roByteArray: RoByteArray.from([1, 2, 3]),
  };
}

const hostile = {
  [inspect.custom]() {
    throw new Error("not to be asked");
  },
  get [Symbol.toStringTag]() {
    throw new Error("not to be asked");
  },
  valueOf() {
    throw new Error("not to be asked");
  },
  toString() {
    throw new Error("not to be asked");
  },
};
const nonsense = [undefined, Symbol("x"), 1n, () => 1];
const objects = [
  {},
  [],
  new Date(0),
  hostile,
  new Proxy({}, {}),
  new Map(),
  new Uint8Array(3),
  new Number(1),
  new String("x"),
];

/** What is no value of a type. */
const wrong: Record<string, unknown[]> = {
  Integer: [
    ...nonsense,
    ...objects,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    2 ** 31,
    -(2 ** 31) - 1,
    2 ** 32,
    2 ** 40,
    -(2 ** 53),
    1.5,
    -0.1,
    Number.MIN_VALUE,
    "1",
    "",
    null,
    true,
  ],
  Boolean: [...nonsense, ...objects, 0, 1, Number.NaN, "true", "", null],
  String: [...nonsense, ...objects, 0, null, true],
  Object: [...nonsense, 0, Number.NaN, "x", "", true],
  "Object|String": [...nonsense, 0, Number.NaN, true],
};

/** Values of a type, its ends among them. */
const right: Record<string, unknown[]> = {
  Integer: [0, 1, -1, -0, 255, 256, 65_535, 65_536, 2 ** 31 - 1, -(2 ** 31)],
  Boolean: [true, false],
  String: [
    "",
    "x",
    "\0",
    "a\0b",
    "\ud800",
    "\udcff",
    "😀\r\n",
    "x".repeat(70_000),
    "%s%n",
    "../../nowhere/x",
    "__proto__",
  ],
  Object: [null, ...objects],
  "Object|String": [null, ...objects, "text", "\0"],
};

function fits(type: string, value: unknown): boolean {
  if (type === "Void") return value === undefined;
  if (type === "Integer") return typeof value === "number" && (value | 0) === value;
  if (type === "Boolean" || type === "String") return typeof value === type.toLowerCase();
  return type === "Dynamic" || typeof value === "object";
}

const shown = (values: unknown[]) =>
  values.map((value) => (value === hostile ? "hostile" : inspect(value).slice(0, 30))).join(", ");

function isMisuse(t: Test, code: string, method: Method, values: unknown[], work: () => unknown): void {
  let thrown: unknown;
  try {
    work();
  } catch (error) {
    thrown = error;
  }
  const error = thrown as NodeJS.ErrnoException;
  if (!(error instanceof TypeError) || error.code !== code || !error.message.startsWith(method.signature)) {
    t.fail(
      `${method.name}(${shown(values)}): ${error === undefined ? "nothing was thrown" : `${error.name} ${error.code} ${error.message}`}`,
    );
  }
}

/** Values that a method may be called with, and would have, but for the argument `at`. */
const valid = (method: Method, at = -1) =>
  method.arguments.map((argument, index) => (index === at ? undefined : right[argument.type]![0]));

for (const name of Object.keys(components) as ComponentName[]) {
  t.test(`wrong types and wrong counts: ${name}`, async (t) => {
    const made = instances(t);
    const target = made[name] as Record<string, Call>;
    let count = 0;
    for (const method of methodsOf(name)) {
      const call: Call = (...values) => target[method.name]!(...values);
      const most = method.arguments.length;
      const all = valid(method);
      for (let given = 0; given < method.required; given++) {
        isMisuse(t, "ERR_MISSING_ARGS", method, all.slice(0, given), () => call(...all.slice(0, given)));
        count++;
      }
      for (const given of [most + 1, most + 2, 100]) {
        const values = [...all, ...new Array(given - most).fill(0)];
        isMisuse(t, "ERR_MISSING_ARGS", method, values, () => call(...values));
        count++;
      }
      for (const [at, argument] of method.arguments.entries()) {
        for (const value of wrong[argument.type]!) {
          const values = valid(method, at);
          values[at] = value;
          isMisuse(t, "ERR_INVALID_ARG_TYPE", method, values, () => call(...values));
          count++;
        }
      }
    }
    t.ok(count >= 3, `${count} mistakes`);
    // Nothing was harmed, nothing was changed.
    if (target instanceof RoStreamSocket) {
      t.equal(target.status(), 0);
      t.equal(target.receiveStr(10), "x");
      t.equal(target.sendStr("y"), 1);
      t.equal(target.isConnected(), true);
    }
    if (target instanceof RoDataGramSocket) {
      target.setSendToAddress(target.getAddress());
      t.equal(target.sendStr("y"), 1);
      t.equal(target.receiveStr(10), "y");
    }
    if (target instanceof RoSocketAddress) t.equal(target.getAddress(), "127.0.0.1:80");
    if (target instanceof RoMessagePort) t.equal(target.getMessage(), null);
    if (target instanceof RoByteArray) t.strictSame([...target], [1, 2, 3]);
  });

  t.test(`called on something else: ${name}`, async (t) => {
    const made = instances(t);
    const { prototype } = { ...rosock, RoSocketEvent }[
      (name[0]!.toUpperCase() + name.slice(1)) as "RoByteArray"
    ];
    const others = [
      undefined,
      null,
      1,
      {},
      hostile,
      Object.create(prototype),
      new Proxy(instances(t)[name], {}),
      prototype,
    ];
    others.push(...Object.values(made).filter((instance) => !(instance instanceof prototype.constructor)));
    for (const method of methodsOf(name)) {
      for (const [index, other] of others.entries()) {
        const values = valid(method);
        try {
          (prototype as unknown as Record<string, Call>)[method.name]!.call(other, ...values);
        } catch (error) {
          if (!(error instanceof TypeError)) t.fail(`${method.name} on number ${index}: ${inspect(error)}`);
        }
      }
    }
    const socket = made.roStreamSocket as RoStreamSocket;
    t.equal(socket.receiveStr(10), "x");
    t.equal((made.roDataGramSocket as RoDataGramSocket).getAddress().isAddressValid(), true);
  });
}

/** Every combination, but not more than there is any use in. */
function combinations(method: Method): unknown[][] {
  let all: unknown[][] = [[]];
  for (const { type } of method.arguments) {
    const values = right[type]!;
    all = all.flatMap((start) => values.map((value) => [...start, value]));
  }
  return all;
}

const states: [string, (t: Scope) => [RoStreamSocket, RoDataGramSocket]][] = [
  ["fresh", (t) => [streamSocket(t, new RoMessagePort()), udp(t)]],
  [
    "connected",
    (t) => {
      const { client } = connectedPair(t, { client: new RoMessagePort() });
      return [client, datagram(t, new RoMessagePort()).socket];
    },
  ],
  ["listening", (t) => [listener(t, new RoMessagePort()).socket, udp(t)]],
  [
    "closed",
    (t) => {
      const [stream, datagrams] = [streamSocket(t), udp(t)];
      stream.setAddress(address(0));
      for (const socket of [stream, datagrams]) socket.close();
      return [stream, datagrams];
    },
  ],
];

function udp(t: Scope): RoDataGramSocket {
  const { socket } = datagram(t);
  socket.setMessagePort(new RoMessagePort());
  return socket;
}

for (const [state, make] of states) {
  t.test(`32-bit integers at their ends, foreign objects and hostile text: sockets, ${state}`, async (t) => {
    const bytes = RoByteArray.from([1, 2, 3]);
    right.Object = [null, ...objects, bytes, address("127.0.0.1:1"), address("239.1.2.3:4")];
    right["Object|String"] = [...right.Object, "text", "\0"];
    const waits: number[] = [];
    for (const name of ["roStreamSocket", "roDataGramSocket"] as const) {
      let socket = make(t)[name === "roStreamSocket" ? 0 : 1];
      for (const method of methodsOf(name)) {
        for (const values of combinations(method)) {
          // Foreign objects for a port are mistakes, which were made above; without a port it would block.
          if (method.name === "setMessagePort") continue;
          const start = performance.now();
          const result = (socket as unknown as Record<string, Call>)[method.name]!(...values);
          waits.push(performance.now() - start);
          if (!fits(method.returns, result)) t.fail(`${method.name}(${shown(values)}): ${inspect(result)}`);
          if (method.name === "close" || method.name === "listen")
            socket = make(t)[name === "roStreamSocket" ? 0 : 1];
          if (bytes.count() > 70_000) bytes.clear();
        }
      }
      socket.close();
    }
    t.ok(waits.length > 1_000, `${waits.length} calls`);
    t.ok(Math.max(...waits) < hang, `the longest took ${Math.max(...waits)} ms`);
    const { socket, hostPort } = listener(t);
    const client = streamSocket(t);
    client.setSendToAddress(address(hostPort));
    t.equal(client.connect(), true);
    t.equal(accept(t, socket).sendStr("well"), 4);
    t.equal(client.receiveStr(10), "well", "the others go on");
  });
}

t.test("32-bit integers at their ends and hostile text: byte arrays and addresses", async (t) => {
  // Some of the text is a fine name for a file.
  const folder = process.cwd();
  process.chdir(t.testdir());
  t.teardown(() => process.chdir(folder));
  right.Object = [null, ...objects, RoByteArray.from([7])];
  let calls = 0;
  for (const name of ["roByteArray", "roSocketAddress"] as const) {
    for (const method of methodsOf(name)) {
      for (const values of combinations(method)) {
        // These are names that could be looked up.
        if (name === "roSocketAddress" && (values[0] === "x" || values[0] === "__proto__")) continue;
        const target = name === "roByteArray" ? RoByteArray.from([1, 2, 3]) : new RoSocketAddress();
        const result = (target as unknown as Record<string, Call>)[method.name]!(...values);
        calls++;
        if (!fits(method.returns, result)) t.fail(`${method.name}(${shown(values)}): ${inspect(result)}`);
      }
    }
  }
  t.ok(calls > 1_000, `${calls} calls`);
});

t.test("32-bit integers at their ends: waiting", async (t) => {
  const port = new RoMessagePort();
  for (const timeout of [-1, -(2 ** 31), 1]) {
    t.equal(port.waitMessage(timeout), null, `${timeout}`);
    t.equal(wait(timeout, port), null, `${timeout}`);
  }
  for (const timeout of [0, 2 ** 31 - 1]) {
    port.postMessage("come");
    t.equal(port.waitMessage(timeout), "come");
    const waiting = port.waitMessageAsync(timeout);
    port.postMessage("in time");
    t.equal(await waiting, "in time", `${timeout}`);
  }
});

t.test("bad input: createObject, wait and waitMessageAsync", async (t) => {
  for (const name of [
    "",
    "x",
    "roStreamSocke",
    "roStreamSocket ",
    "rostreamsocket\0",
    "__proto__",
    "constructor",
    "toString",
    "x".repeat(100_000),
  ]) {
    t.equal((createObject as Call)(name), null, name.slice(0, 20));
  }
  const port = new RoMessagePort();
  for (const value of [...nonsense, ...objects, null, 0, true]) {
    t.throws(() => (createObject as Call)(value), TypeError);
    t.throws(() => (wait as Call)(1, value), TypeError);
    if (value !== 0) t.throws(() => (wait as Call)(value, port), TypeError);
    t.throws(() => streamSocket(t).setMessagePort((value ?? 0) as RoMessagePort), TypeError);
    if (value === 0) continue;
    await t.rejects(async () => (port.waitMessageAsync as Call).call(port, value), TypeError);
  }
});

t.test("foreign objects: a forged port is refused, and leaves the socket as it was", async (t) => {
  const { client, server } = connectedPair(t);
  const fake = Object.create(RoMessagePort.prototype) as RoMessagePort;
  server.notifyReadable(true);
  const wasRefused = () => {
    try {
      server.setMessagePort(fake);
    } catch (error) {
      return error instanceof TypeError;
    }
    return false;
  };
  t.equal(wasRefused(), true);
  t.equal(server.getMessagePort(), null);
  t.throws(() => wait(1, fake), TypeError);
  client.sendStr("x");
  t.equal(server.receiveStr(1), "x");
});

t.test("no descriptor is left", async (t) => {
  right.Object = [];
  right["Object|String"] = [];
  t.strictSame(await leftDescriptors(before), []);
});
