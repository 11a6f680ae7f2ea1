/** Two boxes of an inventory, of which one cannot be reached; a box that nobody knows. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { answers, Deployment, echoPort, limit, testOnBox } from "../support.js";

t.setTimeout(limit);

testOnBox("an inventory", {}, async (t, box, app) => {
  const inventory = join(app, "boxes");
  const settings = `identity=${box.key} known-hosts=${box.knownHosts}`;
  const good = `root@127.0.0.1:${box.port(22)}`;
  writeFileSync(inventory, `${good} ${settings}\nroot@127.0.0.1:1 ${settings} # nobody is there\n`);
  const words = ["--inventory", inventory, "--app", app, "--name", "echo", "--health", `port:${echoPort}`];
  const { status, output } = await new Deployment(words, ["host=0.0.0.0"]).end();
  t.equal(status, 1, "one failed");
  t.match(output, /127\.0\.0\.1:1 +FAILED: .*refused/i);
  t.match(output, /is healthy/);
  t.match(output, /1 of 2 boxes done\nfailed: root@127.0.0.1:1\n$/);
  t.ok(await answers(box), "the other one is done all the same");

  const stranger = ["--host", good, "--identity", box.key, "--known-hosts", "/dev/null", "--app", app];
  const unknown = await new Deployment(stranger).end();
  t.equal(unknown.status, 1);
  t.match(unknown.output, /FAILED: Host key verification failed/);
});
