/** Roku's socket components for Linux. See the reference in docs/. */
import { assertSupported } from "./supported.js";

assertSupported(); // Before the rest, which old runtimes cannot parse.

export { RoByteArray } from "./components/byte-array.js";
export { RoDataGramSocket } from "./components/datagram-socket.js";
export { type Message, RoMessagePort } from "./components/message-port.js";
export { RoSocketAddress } from "./components/socket-address.js";
export { RoSocketEvent } from "./components/socket-event.js";
export type { SocketError } from "./components/status.js";
export { RoStreamSocket } from "./components/stream-socket.js";
export { type Components, createObject, wait } from "./create-object.js";
