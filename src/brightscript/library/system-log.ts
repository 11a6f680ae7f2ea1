/** roSystemLog: takes what is asked of it. There is no system log of a Roku's here, so no event ever comes. */
import { expose } from "../runtime/component.js";
import { EventSource, portInterfaces } from "./event-source.js";

export class RoSystemLog extends EventSource {
  enableType(_type: string): void {}
}

export const notTruthful: readonly string[] = ["roSystemLog.enableType"];

expose(RoSystemLog, "roSystemLog", {
  ifSystemLog: ["enableType(type as String) as Void", ...Object.values(portInterfaces).flat()],
});
