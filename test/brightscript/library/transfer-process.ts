/** A program of url-transfer-events.test.ts in a process, or worker, of its own: what it does with a URL that never answers. */
import { parentPort, workerData } from "node:worker_threads";
import { RoUrlTransfer } from "#src/brightscript/library/url-transfer.js";

const [, , doing = "", url = ""] =
  parentPort === null ? process.argv : ["", "", workerData.doing, workerData.url];
const transfer = new RoUrlTransfer();
transfer.setUrl(url);
if (doing === "begin") {
  console.log(transfer.asyncGetToString());
} else {
  if (parentPort === null) console.log("waiting");
  else parentPort.postMessage("waiting");
  transfer.getToString();
}
