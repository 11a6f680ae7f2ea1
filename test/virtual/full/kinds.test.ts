/** The other kinds of boxes. */
import t from "tap";
import { life } from "../life.js";
import { limit, skipWithoutBox } from "../support.js";

t.setTimeout(2 * limit);
for (const kind of ["arm", "arm64"] as const) {
  t.test(`a deployment's life: ${kind}`, { skip: skipWithoutBox(kind), timeout: limit }, (t) =>
    life(t, kind, kind),
  );
}
