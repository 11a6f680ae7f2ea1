/** The socket components, as programs see them: the same classes as in TypeScript. */
import { RoDataGramSocket } from "../../components/datagram-socket.js";
import { type ComponentName, components, interfaces } from "../../components/interfaces.js";
import { RoMessagePort } from "../../components/message-port.js";
import { RoSocketAddress } from "../../components/socket-address.js";
import { RoSocketEvent } from "../../components/socket-event.js";
import { RoStreamSocket } from "../../components/stream-socket.js";
import { expose } from "../runtime/component.js";
import type { Value } from "../runtime/values.js";

/** What the table says of a component. */
export const tableOf = (name: ComponentName): Record<string, readonly string[]> =>
  Object.fromEntries(components[name].map((each) => [each, interfaces[each]]));

expose(RoStreamSocket, "roStreamSocket", tableOf("roStreamSocket"));
expose(RoDataGramSocket, "roDataGramSocket", tableOf("roDataGramSocket"));
expose(RoSocketAddress, "roSocketAddress", tableOf("roSocketAddress"));
expose(RoSocketEvent, "roSocketEvent", tableOf("roSocketEvent"));
/** What programs can do with a port besides: its events as an enumeration, in which nothing is before the next one. */
const portMethods: Readonly<Record<string, unknown>> & ThisType<RoMessagePort> = {
  reset(): void {},

  next(): unknown {
    return this.getMessage();
  },

  isNext(): boolean {
    return this.peekMessage() !== null;
  },

  isEmpty(): boolean {
    return this.peekMessage() === null;
  },

  /** For `for each`: the events that are there, until there is none. */
  *$$each(): Iterator<Value> {
    for (let event = this.getMessage(); event !== null; event = this.getMessage()) yield event;
  },
};
for (const [name, value] of Object.entries(portMethods)) {
  Object.defineProperty(RoMessagePort.prototype, name, { value, configurable: true });
}

expose(RoMessagePort, "roMessagePort", {
  ifMessagePort: [...interfaces.ifMessagePort, "postMessage(value as Dynamic) as Void"],
  ifEnum: interfaces.ifEnum,
});

export { RoDataGramSocket, RoMessagePort, RoSocketAddress, RoStreamSocket };
