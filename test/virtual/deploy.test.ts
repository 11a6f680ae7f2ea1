/** The box that is like most: a 64-bit kernel and 32-bit programs. */
import t from "tap";
import { life } from "./life.js";
import { limit, skipWithoutBox } from "./support.js";

const kind = "arm-on-arm64";

t.setTimeout(limit);
t.test(`a deployment's life: ${kind}`, { skip: skipWithoutBox(kind), timeout: limit }, (t) =>
  life(t, kind, "arm"),
);
