/**
 * roAppMemoryMonitor: the process's memory and its limit, which is that of its control group, or else the machine's. No event
 * ever comes: programs are told that none is enabled, and then ask, or use roDeviceInfo, as on devices that have no such event.
 */
import { freemem, totalmem } from "node:os";
import { getHeapStatistics } from "node:v8";
import { expose } from "../runtime/component.js";
import { integerFrom } from "../runtime/numbers.js";
import { RoAssociativeArray } from "./associative-array.js";
import { EventSource, portInterfaces } from "./event-source.js";

/** Bytes. Without a control group's limit the system gives 0, or a number larger than any memory. */
function limit(): number {
  const constrained = process.constrainedMemory() ?? 0;
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
}

const used = (): number => process.memoryUsage.rss();

const kilobytes = (bytes: number): number => integerFrom(Math.max(0, bytes) / 1024);

export class RoAppMemoryMonitor extends EventSource {
  /** False: no such event will come. */
  enableMemoryWarningEvent(_enable: boolean): boolean {
    return false;
  }

  /** How much of its limit the process uses, in percent. */
  getMemoryLimitPercent(): number {
    return integerFrom(Math.min(100, (used() / limit()) * 100));
  }

  /** Kilobytes that the process could still get: what is left of its limit, or of the machine's memory if that is less. */
  getChannelAvailableMemory(): number {
    return kilobytes(Math.min(limit() - used(), freemem()));
  }

  /** Kilobytes; in the background it may use as much. The last is what the JavaScript engine may hold at most. */
  getChannelMemoryLimit(): RoAssociativeArray {
    const most = kilobytes(limit());
    return RoAssociativeArray.of({
      maxForegroundMemory: most,
      maxBackgroundMemory: most,
      maxRokuManagedHeapMemory: Math.min(most, kilobytes(getHeapStatistics().heap_size_limit)),
    });
  }
}

export const notTruthful: readonly string[] = ["roAppMemoryMonitor.enableMemoryWarningEvent"];

expose(RoAppMemoryMonitor, "roAppMemoryMonitor", {
  ifAppMemoryMonitor: [
    "enableMemoryWarningEvent(enable as Boolean) as Boolean",
    "getMemoryLimitPercent() as Integer",
    "getChannelAvailableMemory() as Integer",
    "getChannelMemoryLimit() as Object",
  ],
  ...portInterfaces,
});
