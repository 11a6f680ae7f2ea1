import { spawn } from "node:child_process";
import { openDescriptors } from "./descriptors.js";

/** openDescriptors() for files that start programs: with the first pipe, Node opens a descriptor in reserve, which it keeps. */
export function openAtRest(): Map<number, string> {
  spawn("true", { stdio: ["ignore", "pipe", "ignore"] }).stdout.resume();
  return openDescriptors();
}
