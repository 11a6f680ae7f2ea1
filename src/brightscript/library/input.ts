/** roInput and its event: what is sent to a running app from the network or said to it. Nothing sends anything yet. */
import { expose } from "../runtime/component.js";
import type { RoAssociativeArray } from "./associative-array.js";
import { EventSource, portInterfaces } from "./event-source.js";

export class RoInput extends EventSource {
  /** False: nobody speaks to the app here. */
  enableTransportEvents(): boolean {
    return false;
  }

  /** False: there is no event of that id. */
  eventResponse(_response: object | null): boolean {
    return false;
  }
}

export class RoInputEvent {
  readonly #info: RoAssociativeArray;

  constructor(info: RoAssociativeArray) {
    this.#info = info;
  }

  isInput(): boolean {
    return true;
  }

  /** The names and values that were sent. */
  getInfo(): RoAssociativeArray {
    return this.#info;
  }
}

export const notTruthful: readonly string[] = ["roInput.enableTransportEvents", "roInput.eventResponse"];

expose(RoInput, "roInput", {
  ifInput: [
    ...Object.values(portInterfaces).flat(),
    "enableTransportEvents() as Boolean",
    "eventResponse(response as Object) as Boolean",
  ],
});
expose(RoInputEvent, "roInputEvent", { ifInputEvent: ["isInput() as Boolean", "getInfo() as Object"] });
