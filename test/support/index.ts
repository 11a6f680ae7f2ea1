export * from "./descriptors.js";
export * from "./kernel.js";
export * from "./peer.js";
export * from "./remote.js";
export * from "./sockets.js";
export * from "./time.js";
export * from "./tools.js";
