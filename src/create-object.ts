/** The components by name, with their arguments checked. */
import { RoByteArray } from "./components/byte-array.js";
import { checkArguments, misuse } from "./components/check.js";
import { RoDataGramSocket } from "./components/datagram-socket.js";
import { type Message, RoMessagePort } from "./components/message-port.js";
import { RoSocketAddress } from "./components/socket-address.js";
import { RoSocketEvent } from "./components/socket-event.js";
import { RoStreamSocket } from "./components/stream-socket.js";

checkArguments("roStreamSocket", RoStreamSocket);
checkArguments("roDataGramSocket", RoDataGramSocket);
checkArguments("roSocketAddress", RoSocketAddress);
checkArguments("roMessagePort", RoMessagePort);
checkArguments("roSocketEvent", RoSocketEvent);
checkArguments("roByteArray", RoByteArray);

/** The components that programs make; all are made without arguments. */
export interface Components {
  roStreamSocket: RoStreamSocket;
  roDataGramSocket: RoDataGramSocket;
  roSocketAddress: RoSocketAddress;
  roMessagePort: RoMessagePort;
  roByteArray: RoByteArray;
}

const constructors = new Map<string, new () => object>([
  ["rostreamsocket", RoStreamSocket],
  ["rodatagramsocket", RoDataGramSocket],
  ["rosocketaddress", RoSocketAddress],
  ["romessageport", RoMessagePort],
  ["robytearray", RoByteArray],
]);

/** A new component by its name, in any case; null for a name that is not known. */
export function createObject<Name extends keyof Components>(name: Name): Components[Name];
export function createObject(name: string): Components[keyof Components] | null;
export function createObject(name: string): object | null {
  if (typeof name !== "string") {
    throw misuse("createObject(name as String): expected name to be a String");
  }
  const Component = constructors.get(name.toLowerCase());
  return Component === undefined ? null : new Component();
}

/**
 * The next event of a port, or null after `timeout` milliseconds; 0 waits for ever. The thread sleeps meanwhile: see
 * RoMessagePort.waitMessage, and waitMessageAsync for programs that must not block.
 */
export function wait<Value>(timeout: number, port: RoMessagePort<Value>): Message<Value> | null {
  if (!RoMessagePort.is(port)) {
    throw misuse("wait(timeout as Integer, port as Object): expected port to be an RoMessagePort");
  }
  return port.waitMessage(timeout);
}
