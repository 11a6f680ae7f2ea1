/**
 * Any method of any component with any arguments, in any order: nothing but the documented TypeErrors is thrown, what comes back
 * is of the documented type, the status and the readiness stay true, and no descriptor is left.
 */

import { constants } from "node:os";
import fc from "fast-check";
import {
  RoByteArray,
  RoDataGramSocket,
  RoMessagePort,
  RoSocketAddress,
  RoSocketEvent,
  RoStreamSocket,
} from "rosock";
import {
  type Argument,
  type ComponentName,
  components,
  interfaces,
  type Method,
  parseMethod,
} from "#src/components/interfaces.js";
import { newDescriptors, openDescriptors } from "../support/descriptors.js";
import type { Socket } from "../support/sockets.js";
import { checkTruth, conditions, internals } from "./readiness.js";
import type { Report } from "./report.js";
import { fitting, type Pool, unfitting, type Value } from "./values.js";

type Component =
  | RoStreamSocket
  | RoDataGramSocket
  | RoSocketAddress
  | RoMessagePort
  | RoSocketEvent
  | RoByteArray;

const mostSockets = 12;

/** The status of a connect that is under way. */
const pending = new Set<number>([constants.errno.EINPROGRESS, constants.errno.EALREADY]);

class World implements Pool {
  readonly arrays = [
    new RoByteArray(),
    RoByteArray.from([1, 2, 3]),
    RoByteArray.from(new Uint8Array(70_000)),
  ];
  readonly addresses = [new RoSocketAddress(), at("127.0.0.1:9"), at("127.0.0.1:0")];
  readonly groups = [at("239.1.2.3"), at("224.0.0.255:5"), at("127.0.0.1")];
  readonly ports = [new RoMessagePort(), new RoMessagePort()];
  readonly events: RoSocketEvent[] = [];
  readonly streams: RoStreamSocket[] = [];
  readonly datagrams: RoDataGramSocket[] = [];
  readonly ids = new Set<number>();

  constructor() {
    const [listener, client, other] = [new RoStreamSocket(), new RoStreamSocket(), new RoStreamSocket()];
    listener.setAddress(at("127.0.0.1:0"));
    listener.listen(16);
    this.addresses.push(listener.getAddress());
    for (const socket of [client, other]) {
      socket.setSendToAddress(listener.getAddress());
      socket.connect();
    }
    listener.setMessagePort(this.ports[0]!);
    const accepted = listener.accept();
    if (accepted === null) throw new Error(`nothing to accept: ${listener.status()}`);
    client.setMessagePort(this.ports[1]!);
    for (const socket of [listener, client, accepted, other, new RoStreamSocket()]) this.addStream(socket);
    for (const port of [null, this.ports[0]!]) {
      const socket = new RoDataGramSocket();
      socket.setAddress(at("127.0.0.1:0"));
      this.addresses.push(socket.getAddress());
      socket.setMessagePort(port);
      this.datagrams.push(socket);
    }
    this.datagrams.push(new RoDataGramSocket());
    client.notifyWritable(true);
    const event = this.ports[1]!.waitMessage(1000);
    if (!(event instanceof RoSocketEvent)) throw new Error("no event of a writable socket");
    this.events.push(event);
  }

  addStream(socket: RoStreamSocket): void {
    if (this.ids.has(socket.getID())) throw new Error(`id ${socket.getID()} given out twice`);
    this.ids.add(socket.getID());
    if (this.streams.length < mostSockets) this.streams.push(socket);
    else closeSoon(socket);
  }

  /** Those of a kind. */
  of(component: ComponentName): Component[] {
    switch (component) {
      case "roStreamSocket":
        return this.streams;
      case "roDataGramSocket":
        return this.datagrams;
      case "roSocketAddress":
        return this.addresses;
      case "roMessagePort":
        return this.ports;
      case "roSocketEvent":
        return this.events;
      case "roByteArray":
        return this.arrays;
    }
  }

  get sockets(): Socket[] {
    return [...this.streams, ...this.datagrams];
  }

  end(): void {
    for (const socket of this.sockets) closeSoon(socket);
    for (const port of this.ports) port[Symbol.dispose]();
  }
}

function at(text: string): RoSocketAddress {
  const address = new RoSocketAddress();
  if (!address.setAddress(text)) throw new Error(`setAddress("${text}") failed`);
  return address;
}

/** Without waiting. */
function closeSoon(socket: Socket): void {
  const port = new RoMessagePort();
  socket.setMessagePort(port);
  socket.close();
  port[Symbol.dispose]();
}

interface Step {
  readonly component: ComponentName;
  readonly index: number;
  readonly method: Method;
  readonly values: readonly Value[];
  /** Why it must fail; null: it must not throw. */
  readonly mistake: "ERR_MISSING_ARGS" | "ERR_INVALID_ARG_TYPE" | null;
}

class Call {
  constructor(readonly step: Step) {}
  toString(): string {
    const { component, index, method, values } = this.step;
    return `${component}${index}.${method.name}(${values.map(String).join(", ")})`;
  }
}

function calls(component: ComponentName, method: Method): fc.Arbitrary<Call> {
  const fit = (argument: Argument) => fitting(component, method, argument);
  const made = (mistake: Step["mistake"], values: fc.Arbitrary<Value[]>): fc.Arbitrary<Call> =>
    fc
      .tuple(fc.nat({ max: mostSockets - 1 }), values)
      .map(([index, list]) => new Call({ component, index, method, values: list, mistake }));
  const tuple = (list: readonly Argument[]) => fc.tuple(...list.map(fit)) as fc.Arbitrary<Value[]>;
  const { arguments: all, required } = method;

  const options = [{ arbitrary: made(null, tuple(all)), weight: 8 }];
  if (required < all.length)
    options.push({ arbitrary: made(null, tuple(all.slice(0, required))), weight: 4 });
  const tooMany = fc.tuple(...all.map(fit), fit({ name: "", type: "Integer" })) as fc.Arbitrary<Value[]>;
  options.push({ arbitrary: made("ERR_MISSING_ARGS", tooMany), weight: 1 });
  if (required > 0) {
    options.push({ arbitrary: made("ERR_MISSING_ARGS", tuple(all.slice(0, required - 1))), weight: 1 });
  }
  all.forEach((argument, position) => {
    const values = fc.tuple(...all.map((each, i) => (i === position ? unfitting(argument) : fit(each))));
    options.push({ arbitrary: made("ERR_INVALID_ARG_TYPE", values as fc.Arbitrary<Value[]>), weight: 1 });
  });
  return fc.oneof(...options);
}

/** Methods more often than others: those without which nothing happens. */
const often = new Set([
  "send",
  "sendStr",
  "receive",
  "receiveStr",
  "accept",
  "connect",
  "setMessagePort",
  "waitMessage",
]);

function allCalls(): fc.Arbitrary<Call> {
  const options: { arbitrary: fc.Arbitrary<Call>; weight: number }[] = [];
  for (const component of Object.keys(components) as ComponentName[]) {
    const isSocket = component === "roStreamSocket" || component === "roDataGramSocket";
    for (const name of components[component]) {
      for (const signature of interfaces[name]) {
        const method = parseMethod(signature);
        const weight = isSocket || component === "roMessagePort" ? (often.has(method.name) ? 12 : 3) : 1;
        options.push({ arbitrary: calls(component, method), weight });
      }
    }
  }
  return fc.oneof(...options);
}

/** Whether a call could keep this thread waiting: it is left out then. */
function mayWait(world: World, object: Component, call: Call, values: readonly unknown[]): boolean {
  const { method, mistake } = call.step;
  if (mistake !== null || !(object instanceof RoStreamSocket || object instanceof RoDataGramSocket))
    return false;
  if (object.getMessagePort() !== null) return false;
  switch (method.name) {
    case "accept":
    case "receive":
    case "receiveStr":
      return !conditions(object).in;
    case "send":
    case "sendStr": {
      if (object instanceof RoDataGramSocket) return false;
      const length = method.name === "send" ? Number(values[2]) : String(values[0]).length;
      return length > 500 || object.getCountSendBuf() > 0 || !conditions(object).out;
    }
    case "connect": {
      // One more than a listener's backlog waits for ever.
      const to = object.getSendToAddress().getPort();
      return world.streams.some((other) => other.isListening() && other.getAddress().getPort() === to);
    }
    case "close":
      return object.getCountSendBuf() > 0;
    default:
      return false;
  }
}

const closedOnes = new WeakSet<Socket>();

const isInteger = (value: unknown): boolean => typeof value === "number" && (value | 0) === value;

function checkResult(method: Method, result: unknown): void {
  const right =
    method.returns === "Integer"
      ? isInteger(result)
      : method.returns === "Boolean"
        ? typeof result === "boolean"
        : method.returns === "String"
          ? typeof result === "string"
          : method.returns === "Void"
            ? result === undefined
            : method.returns === "Object"
              ? typeof result === "object"
              : true;
  if (!right) throw new Error(`it gave ${String(result)}, not ${method.returns}`);
}

/** Rows S29 and S46, and the error methods against the status. */
function checkStatus(socket: Socket, method: Method, before: number, result: unknown): void {
  const status = socket.status();
  if (!isInteger(status) || status < 0 || status > 4095) throw new Error(`status ${status}`);
  if (socket.eSuccess() !== (status === 0)) throw new Error(`eSuccess against status ${status}`);
  if ((socket.lastError()?.errno ?? 0) !== -status) throw new Error(`lastError against status ${status}`);
  if (/^(is|notify|getCount|getID|e[A-Z])/.test(method.name)) {
    // Except that asking shows how a pending connect has ended.
    if (status !== before && !pending.has(before))
      throw new Error(`the status went from ${before} to ${status}`);
  } else if (result === -1 || (result === false && /^(set|join|drop|listen|connect)/.test(method.name))) {
    if (status === 0 && method.name !== "setSendToAddress")
      throw new Error(`it gave ${result}, and the status is 0`);
  }
}

/** What must be so of a closed socket, whatever is called (row S46). */
function checkClosed(socket: Socket, method: Method, result: unknown): void {
  const dead: unknown[] = [-1, "", 0, false, null, undefined];
  if (
    method.name === "getID" ||
    method.name === "status" ||
    /^e[A-Z]|Address$|MessagePort$/.test(method.name)
  )
    return;
  if (!dead.includes(result)) throw new Error(`a closed socket gave ${String(result)}`);
  const { fd } = internals(socket);
  if (fd !== -1) throw new Error(`a closed socket has descriptor ${fd}`);
}

function perform(world: World, call: Call): void {
  const { component, index, method, values, mistake } = call.step;
  const list = world.of(component);
  const object = list[index % list.length]!;
  const given = values.map((value) => value.of(world));
  if (mayWait(world, object, call, given)) return;
  const socket = object instanceof RoStreamSocket || object instanceof RoDataGramSocket ? object : null;
  const before = socket?.status() ?? 0;
  const closed = socket !== null && closedOnes.has(socket);
  let result: unknown;
  try {
    result = (object as unknown as Record<string, (...values: unknown[]) => unknown>)[method.name]!(...given);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const foreignPort = method.name === "setMessagePort" && code === "ERR_INVALID_ARG_TYPE";
    if (error instanceof TypeError && (code === mistake || (mistake === null && foreignPort))) {
      if (socket && socket.status() !== before && !pending.has(before))
        throw new Error("a mistake set the status");
      if (!message.startsWith(`${method.name}(`)) throw new Error(`the message is "${message}"`);
      return;
    }
    throw error;
  }
  if (mistake !== null) throw new Error(`expected a TypeError with ${mistake}`);
  checkResult(method, result);
  if (socket !== null) {
    if (method.name === "close") closedOnes.add(socket);
    checkStatus(socket, method, before, result);
    if (closed) checkClosed(socket, method, result);
  }
  if (result instanceof RoStreamSocket) world.addStream(result);
  if (result instanceof RoSocketEvent) checkEvent(world, object as RoMessagePort, result);
}

/** What was delivered is of a socket that is set to the port and has something to tell (row S35). */
function checkEvent(world: World, port: RoMessagePort, event: RoSocketEvent): void {
  const socket = world.sockets.find((one) => one.getID() === event.getSocketID());
  if (socket === undefined || internals(socket).fd === -1) throw new Error("an event of a closed socket");
  if (socket.getMessagePort() !== port) throw new Error("an event of another port's socket");
}

export function callsProperty(report: Report): fc.IAsyncProperty<[Call[]]> {
  return fc.asyncProperty(
    fc.array(allCalls(), { minLength: 1, maxLength: 150, size: "max" }),
    async (list) => {
      report.begin();
      const before = openDescriptors();
      const world = new World();
      try {
        for (const call of list) {
          report.step(call);
          perform(world, call);
          for (const socket of world.sockets) checkTruth(socket);
        }
      } finally {
        world.end();
      }
      const left = newDescriptors(before);
      if (left.length > 0) throw new Error(`left open: ${left.join(", ")}`);
    },
  );
}
