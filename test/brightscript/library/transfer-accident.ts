/**
 * Required before everything else in the programs of url-transfer-thread.test.ts: what goes wrong in their transferring threads, by
 * the environment variable ACCIDENT. MARK names a file that is made when it has, once for all threads.
 */
import { existsSync, writeFileSync } from "node:fs";
import { Socket } from "node:net";
import { isMainThread } from "node:worker_threads";

const { ACCIDENT = "", MARK = "" } = process.env;

const accidents: Readonly<Record<string, () => void>> = {
  exit: () => process.exit(3),
  throw() {
    throw new Error("thrown");
  },
  reject: () => void Promise.reject(new Error("thrown")),
  memory() {
    const held: object[] = [];
    const fill = (): void => {
      for (let i = 0; i < 10_000; i++) held.push({ i, more: [i] });
      setImmediate(fill);
    };
    fill();
  },
};

/** Does something once so many transfers are under way. */
function whenConnecting(count: number, work: () => void): void {
  const { connect } = Socket.prototype;
  let connecting = 0;
  Socket.prototype.connect = function (...values: unknown[]) {
    if (++connecting === count) setImmediate(work);
    return connect.apply(this, values as Parameters<typeof connect>);
  };
}

if (!isMainThread && !existsSync(MARK)) {
  writeFileSync(MARK, "");
  if (ACCIDENT === "start") process.exit(3);
  else whenConnecting(3, accidents[ACCIDENT]!);
}
