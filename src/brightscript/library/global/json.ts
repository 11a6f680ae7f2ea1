/** The global functions for JSON. */
import { globals } from "../../runtime/component.js";
import { formatJson } from "../json-format.js";
import { parseJson } from "../json-parse.js";

export const jsonFunctions = globals({
  "FormatJson(value as Dynamic[, flags as Dynamic]) as String": formatJson,
  "ParseJson(text as String[, flags as String]) as Dynamic": parseJson,
});
