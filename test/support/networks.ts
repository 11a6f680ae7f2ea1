/** Two networks joined by one cable, a peer in each. They are gone, with all that was done to them, when the peers have ended. */

import { execFileSync } from "node:child_process";
import { Peer, peerInNetwork } from "./peer.js";
import type { Scope } from "./sockets.js";

export interface Networks {
  /** At 10.99.0.1, interface "near". */
  near: Peer;
  /** At 10.99.0.2, interface "far". */
  far: Peer;
  /** Runs commands of the shell in the network of `near`, and gives what they print. */
  inNear(commands: string): string;
  inFar(commands: string): string;
}

const enter = (pid: number) => ["nsenter", "-t", `${pid}`, "-U", "-n", "--preserve-credentials"];

function run(pid: number, commands: string): string {
  const [command = "", ...words] = [...enter(pid), "sh", "-ec", commands];
  return execFileSync(command, words, { encoding: "utf8", timeout: 60_000 });
}

/** See skipWithoutNetworks. */
export function twoNetworks(t: Scope): Networks {
  const near = peerInNetwork(
    t,
    `ip link add name near type veth peer name far
     ip address add 10.99.0.1/24 dev near
     ip link set near up`,
  );
  near.call(() => {}); // It is there.
  const wrapper = [...enter(near.pid), "unshare", "-n", "sh", "-ec", 'ip link set lo up\nexec "$@"', "sh"];
  const far = new Peer(wrapper);
  t.teardown(() => far.end());
  far.call(() => {});
  run(near.pid, `ip link set far netns ${far.pid}`);
  run(far.pid, "ip address add 10.99.0.2/24 dev far\nip link set far up");
  return {
    near,
    far,
    inNear: (commands) => run(near.pid, commands),
    inFar: (commands) => run(far.pid, commands),
  };
}
