/** What the machine says of itself: model, network, memory. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { networkInterfaces } from "node:os";
import { join } from "node:path";

/** What a file of the kernel's says; "" when there is none. */
function said(path: string): string {
  try {
    return readFileSync(path, "utf8").replace(/\0/g, "").trim();
  } catch {
    return "";
  }
}

function names(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

/** Of the device tree on boards, of the firmware (DMI) on PCs; the processor's architecture where there is neither. */
export const model = (): string =>
  said("/proc/device-tree/model") || said("/sys/class/dmi/id/product_name") || process.arch;

/** What tells this machine from others; "" when it is not known. */
export const machineId = (): string => said("/etc/machine-id") || said("/var/lib/dbus/machine-id");

/** "" when it is not known. */
export const vendor = (): string =>
  said("/sys/class/dmi/id/sys_vendor") || (said("/proc/device-tree/compatible").split(",")[0] ?? "");

export const hasUsb = (): boolean => names("/sys/bus/usb/devices").length > 0;

/** Whether any HDMI output has a display. */
export const hasDisplay = (): boolean =>
  names("/sys/class/drm").some(
    (name) => name.includes("HDMI") && said(join("/sys/class/drm", name, "status")) === "connected",
  );

/** The part of the memory that programs could still get, 0 to 1. */
export function memoryLeft(): number {
  const text = said("/proc/meminfo");
  const value = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(text)?.[1]);
  const left = value("MemAvailable") / value("MemTotal");
  return Number.isNaN(left) ? 1 : left;
}

interface Network {
  readonly name: string;
  readonly isWireless: boolean;
  /** The first IPv4 address. */
  readonly address: string;
  readonly addresses6: readonly string[];
  /** Of the default route; "" when it is not over this interface. */
  readonly gateway: string;
}

/** The interfaces that are up and have an IPv4 address, without loopback; that of the default route first. */
export function networks(): Network[] {
  const gateways = defaultGateways();
  const found: Network[] = [];
  for (const [name, addresses = []] of Object.entries(networkInterfaces())) {
    const outer = addresses.filter(({ internal }) => !internal);
    const address = outer.find(({ family }) => family === "IPv4")?.address;
    if (address === undefined) continue;
    found.push({
      name,
      isWireless: isWireless(name),
      address,
      addresses6: outer.filter(({ family }) => family === "IPv6").map((each) => each.address),
      gateway: gateways.get(name) ?? "",
    });
  }
  return found.sort((a, b) => Number(b.gateway !== "") - Number(a.gateway !== ""));
}

const isWireless = (name: string): boolean => existsSync(`/sys/class/net/${name}/phy80211`);

/** Whether there is a wired interface, connected or not. Those of the machine have a device, those that are made up have none. */
export const hasEthernet = (): boolean =>
  names("/sys/class/net").some((name) => existsSync(`/sys/class/net/${name}/device`) && !isWireless(name));

/** The addresses in /proc/net/route are in hexadecimal, in this machine's byte order; Node runs on little-endian ones only. */
function defaultGateways(): Map<string, string> {
  const gateways = new Map<string, string>();
  for (const line of said("/proc/net/route").split("\n")) {
    const [name = "", destination, gateway = ""] = line.split("\t");
    if (destination !== "00000000" || gateways.has(name)) continue;
    gateways.set(name, Buffer.from(gateway.trim(), "hex").reverse().join("."));
  }
  return gateways;
}

export const nameServers = (): string[] =>
  [...said("/etc/resolv.conf").matchAll(/^nameserver\s+(\S+)/gm)].map(([, address]) => address!);
