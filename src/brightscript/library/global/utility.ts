/** The global functions for time, ports, interfaces and what else has no group of its own. */
import { uptime } from "node:os";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { RoMessagePort } from "../../../components/message-port.js";
import { sweep, sweepBeforeSleep } from "../../../sweeping.js";
import { globals, type Protocol } from "../../runtime/component.js";
import { brsError, cannotCast } from "../../runtime/errors.js";
import type { BrsFunction, Value } from "../../runtime/values.js";
import { RoAssociativeArray } from "../associative-array.js";
import { box } from "../boxed.js";
import { Interface, interfaceOf, interfaceWith } from "../interface.js";

const never = new Int32Array(new SharedArrayBuffer(4));

/** The thread sleeps in the kernel. */
function sleep(milliseconds: number): void {
  sweepBeforeSleep(milliseconds);
  Atomics.wait(never, 0, 0, Math.max(0, milliseconds));
}

function wait(timeout: number, port: (Protocol & RoMessagePort) | null): Value {
  if (!port?.$$interfaces?.includes("ifMessagePort")) throw brsError("notWaitable");
  return port.waitMessage(timeout) as Value;
}

/** Sockets that nothing refers to any more are closed then. What Roku counts has no like here. */
function runGarbageCollector(): RoAssociativeArray {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
  sweep();
  return RoAssociativeArray.of({ COUNT: 0, ORPHANED: 0, ROOT: 0 });
}

/** Not loaded before it is needed: it comes with the parser for XML. */
function translate(text: string): string {
  return (require("../translations.js") as typeof import("../translations.js")).translate(text);
}

/** Calls a method of one of the object's interfaces. */
function objFun(value: Value, iface: Value, name: string, ...values: Value[]): Value {
  if (!(iface instanceof Interface)) throw cannotCast(iface, "Interface");
  const found = interfaceOf(box(value), iface.name);
  if (found === null) throw brsError("noInterface");
  const method = (found as unknown as Record<string, BrsFunction | undefined>)[`$${name.toLowerCase()}`];
  if (method === undefined) throw brsError("noMember");
  return method.apply(found, values);
}

export const utilityFunctions = globals({
  "FindMemberFunction(value as Dynamic, name as String) as Object": (value: Value, name: string) =>
    interfaceWith(box(value), name),
  "GetInterface(value as Dynamic, name as String) as Object": (value: Value, name: string) =>
    interfaceOf(box(value), name),
  "ObjFun(object as Dynamic, interface as Dynamic, name as String[, values as Dynamic...]) as Dynamic":
    objFun,
  "RebootSystem() as Void": () => {}, // as on a device, where it is disabled
  "RunGarbageCollector() as Object": runGarbageCollector,
  "Sleep(milliseconds as Integer) as Void": sleep,
  "Tr(text as String) as String": translate,
  "UpTime(dummy as Integer) as Float": () => uptime(),
  "Wait(timeout as Integer, port as Object) as Dynamic": wait,
});
