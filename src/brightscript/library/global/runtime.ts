/** The global functions for components, types, and other programs. */
import { globals } from "../../runtime/component.js";
import { brsError } from "../../runtime/errors.js";
import { typeName, type Value } from "../../runtime/values.js";
import { box } from "../boxed.js";
import { createComponent } from "../index.js";
import { lastCompileErrors, lastRuntimeError, run } from "./run.js";

/** Not loaded before it is needed: it needs these functions. */
function globalMembers(): object {
  return (require("../../runtime/index.js") as typeof import("../../runtime/index.js")).$.m;
}

export const runtimeFunctions = globals({
  "Box(value as Dynamic) as Object": box,
  "CreateObject(name as String[, values as Dynamic...]) as Object": (name: string, ...values: Value[]) =>
    createComponent(name, values),
  "Eval(code as String) as Dynamic": () => {
    throw brsError("noEval");
  },
  "GetGlobalAA() as Object": globalMembers,
  "GetLastRunCompileError() as Object": lastCompileErrors,
  "GetLastRunRuntimeError() as Integer": lastRuntimeError,
  "Run(file as Object|String[, values as Dynamic...]) as Dynamic": run,
  "Type(value as Dynamic[, version as Integer]) as String": typeName,
});
