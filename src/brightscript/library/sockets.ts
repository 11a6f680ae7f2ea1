/** The socket components, as programs see them: the same classes as in TypeScript. */
import { RoDataGramSocket } from "../../components/datagram-socket.js";
import { type ComponentName, components, interfaces } from "../../components/interfaces.js";
import { RoMessagePort } from "../../components/message-port.js";
import { RoSocketAddress } from "../../components/socket-address.js";
import { RoSocketEvent } from "../../components/socket-event.js";
import { RoStreamSocket } from "../../components/stream-socket.js";
import { type Enumeration, enumeration, expose } from "../runtime/component.js";
import type { Value } from "../runtime/values.js";

/** What the table says of a component. */
export const tableOf = (name: ComponentName): Record<string, readonly string[]> =>
  Object.fromEntries(components[name].map((each) => [each, interfaces[each]]));

expose(RoStreamSocket, "roStreamSocket", tableOf("roStreamSocket"));
expose(RoDataGramSocket, "roDataGramSocket", tableOf("roDataGramSocket"));
expose(RoSocketAddress, "roSocketAddress", tableOf("roSocketAddress"));
expose(RoSocketEvent, "roSocketEvent", tableOf("roSocketEvent"));
/** A port as an enumeration: what was taken does not come again. */
const enumerating: Readonly<Record<string, () => unknown>> & ThisType<RoMessagePort> = {
  reset() {},
  next() {
    return this.getMessage();
  },
  isNext() {
    return this.peekMessage() !== null;
  },
  isEmpty() {
    return this.peekMessage() === null;
  },
};
for (const [name, value] of Object.entries(enumerating)) {
  Object.defineProperty(RoMessagePort.prototype, name, { value, configurable: true });
}

expose(RoMessagePort, "roMessagePort", {
  ifMessagePort: [...interfaces.ifMessagePort, "postMessage(value as Dynamic) as Void"],
  ifEnum: interfaces.ifEnum,
});

/** For `for each`: the events that are there, until there is none. */
Object.defineProperty(RoMessagePort.prototype, "$$each", {
  value(this: RoMessagePort): Enumeration {
    return enumeration(messages(this));
  },
});

function* messages(port: RoMessagePort): Iterator<Value> {
  for (let event = port.getMessage(); event !== null; event = port.getMessage()) yield event as Value;
}

export { RoDataGramSocket, RoMessagePort, RoSocketAddress, RoStreamSocket };
