/**
 * A program of url-transfer-thread.test.ts in a process of its own, with three transfers that get no answer. Writes a line of JSON:
 * how the one ended that it waits for, the events of the others, and how another transfer ends then.
 */

import type { RoUrlEvent } from "#src/brightscript/library/url-event.js";
import { RoUrlTransfer } from "#src/brightscript/library/url-transfer.js";
import { RoMessagePort } from "#src/components/message-port.js";

const [, , url = ""] = process.argv;

function transfer(to: string, port: object | null): RoUrlTransfer {
  const made = new RoUrlTransfer();
  made.setUrl(to);
  made.setMessagePort(port);
  return made;
}

const port = new RoMessagePort();
const others = [transfer(url, port), transfer(url, port)];
const begun = others.map((each) => each.asyncGetToString());
const waiting = transfer(begun.includes(false) ? url.replace("never", "chunks") : url, null);
const text = waiting.getToString();
const events = (begun.includes(false) ? [] : begun).map(() => {
  const event = port.waitMessage(5_000) as RoUrlEvent | null;
  return event && [event.getResponseCode(), event.getFailureReason()];
});
const more = port.waitMessage(50);
const last = transfer(url.replace("never", "chunks"), null);
console.log(
  JSON.stringify({
    begun,
    reason: text + waiting.getFailureReason(),
    events,
    more,
    reasons: others.map((each) => each.getFailureReason()),
    last: last.getToString(),
  }),
);
