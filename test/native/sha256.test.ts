/** SHA-256, compared with Node's. */

import { createHash } from "node:crypto";
import t from "tap";
import { sha256 } from "#src/native.js";

t.test("of any length", async (t) => {
  const bytes = Buffer.from(Array.from({ length: 100_003 }, (_, i) => (i * 7919) >> 3));
  const ends = [...Array(260).keys(), 4095, 4096, 65_535, 65_536, 65_537, bytes.length];
  const differ = ends.filter((end) => {
    const part = bytes.subarray(3, 3 + end);
    return sha256(part) !== createHash("sha256").update(part).digest("hex");
  });
  t.same(differ, []);
  t.equal(sha256(Buffer.from("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
});
