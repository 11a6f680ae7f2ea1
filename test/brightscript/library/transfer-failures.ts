/** A program of url-transfer-thread.test.ts in a process of its own, all of whose transfers fail. Writes a line of JSON. */

import type { RoUrlEvent } from "#src/brightscript/library/url-event.js";
import { RoUrlTransfer } from "#src/brightscript/library/url-transfer.js";
import { RoMessagePort } from "#src/components/message-port.js";

const [, , url = ""] = process.argv;

function made(port: object | null): RoUrlTransfer {
  const transfer = new RoUrlTransfer();
  transfer.setUrl(url);
  transfer.setMessagePort(port);
  return transfer;
}

const waited = [1, 2, 3, 4].map(() => {
  const transfer = made(null);
  return transfer.getToString() + transfer.getFailureReason();
});
const port = new RoMessagePort();
const transfers = [1, 2, 3, 4].map(() => made(port));
for (const each of transfers) each.asyncGetToString();
const events = transfers.map(() => {
  const event = port.waitMessage(10_000) as RoUrlEvent | null;
  return event && [event.getResponseCode(), event.getFailureReason()];
});
console.log(JSON.stringify({ waited, events }));
