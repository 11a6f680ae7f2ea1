/** Requests whose body is a file: the file is closed however they end. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import type { Location } from "#src/brightscript/app/volumes.js";
import type { Connection } from "#src/brightscript/library/transfer/connection.js";
import { Sending } from "#src/brightscript/library/transfer/sending.js";
import { leftDescriptors, openDescriptors } from "../../support/descriptors.js";

const root = mkdtempSync(join(tmpdir(), "sending-"));
const file = (name: string, size: number): Location => {
  writeFileSync(join(root, name), "x".repeat(size));
  return { volume: "tmp", root, names: [name] };
};
t.teardown(() => rmSync(root, { recursive: true }));

t.test("a head that cannot be made", async (t) => {
  const content = file("head", 1_000);
  const before = openDescriptors();
  const fail = (): never => {
    throw new Error("no head");
  };
  for (let i = 0; i < 5; i++) t.throws(() => new Sending({} as Connection, fail, content), /no head/);
  t.same(await leftDescriptors(before, 1_000), []);
});

for (const size of [0, 1_000_000]) {
  t.test(`a head that cannot be sent, before ${size} bytes`, async (t) => {
    const content = file("body", size);
    const before = openDescriptors();
    const unhandled: unknown[] = [];
    const note = (error: unknown): void => void unhandled.push(error);
    process.on("unhandledRejection", note);
    t.teardown(() => process.off("unhandledRejection", note));
    const reasons: Error[] = [];
    const write = (_: Uint8Array, done: (error: Error) => void): void => {
      setImmediate(done, new Error("gone"));
    };
    const connection = { socket: { write }, destroy: (reason: Error) => reasons.push(reason) };
    const sending = new Sending(connection as unknown as Connection, () => "head", content);
    await sending.end();
    await new Promise((resolve) => setTimeout(resolve, 50));
    t.match(reasons, [{ message: "gone" }]);
    t.equal(sending.isDone, false);
    t.same(unhandled, []);
    t.same(await leftDescriptors(before, 1_000), []);
  });
}
