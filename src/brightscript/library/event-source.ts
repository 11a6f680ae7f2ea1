/** ifSetMessagePort and ifGetMessagePort for components that keep a port, whether or not they ever post to it. */
import { interfaces } from "../../components/interfaces.js";
import { RoMessagePort } from "../../components/message-port.js";
import { brsError } from "../runtime/errors.js";

export abstract class EventSource {
  #port: RoMessagePort | null = null;

  /** invalid takes the port away. */
  setMessagePort(port: object | null): void {
    if (port !== null && !RoMessagePort.is(port)) throw brsError("typeMismatch");
    this.#port = port;
  }

  getMessagePort(): RoMessagePort | null {
    return this.#port;
  }
}

const { ifSetMessagePort, ifGetMessagePort } = interfaces;
export const portInterfaces = { ifSetMessagePort, ifGetMessagePort } as const;
