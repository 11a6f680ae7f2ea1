/** The components that programs make by name, each loaded when the first of its kind is made. */
import { type Method, parseMethod } from "../../components/interfaces.js";
import { callable } from "../runtime/component.js";
import { type BrsFunction, Double, Float, type Value } from "../runtime/values.js";
import { warn } from "./warn.js";

// biome-ignore lint/suspicious/noExplicitAny: the arguments are as the signature says
type Maker = (...values: any[]) => object | null;

function of<Arguments extends unknown[]>(
  Component: new (...values: Arguments) => object,
): (...values: Arguments) => object {
  return (...values) => new Component(...values);
}

/** A component that holds a value of its own until another is set. */
function intrinsic(value: Value): () => Maker {
  return () => {
    const { box } = require("./boxed.js") as typeof import("./boxed.js");
    return () => box(value);
  };
}

/** From a component's name and arguments to what loads its module and gives what makes one. */
const makers: Readonly<Record<string, () => Maker>> = {
  "roAppInfo()": () => of((require("./app-info.js") as typeof import("./app-info.js")).RoAppInfo),
  "roAppManager()": () => of((require("./app-manager.js") as typeof import("./app-manager.js")).RoAppManager),
  "roAppMemoryMonitor()": () =>
    of((require("./memory-monitor.js") as typeof import("./memory-monitor.js")).RoAppMemoryMonitor),
  "roArray(size as Integer, resizable as Boolean)": () => {
    const { RoArray } = require("./array.js") as typeof import("./array.js");
    return (size: number, resizable: boolean) => new RoArray([], size, resizable);
  },
  "roAssociativeArray()": () =>
    of((require("./associative-array.js") as typeof import("./associative-array.js")).RoAssociativeArray),
  "roBoolean()": intrinsic(false),
  "roByteArray()": () => of((require("./byte-array.js") as typeof import("./byte-array.js")).RoByteArray),
  "roDataGramSocket()": () => of((require("./sockets.js") as typeof import("./sockets.js")).RoDataGramSocket),
  "roDateTime()": () => of((require("./date-time.js") as typeof import("./date-time.js")).RoDateTime),
  "roDeviceCrypto()": () =>
    of((require("./device-crypto.js") as typeof import("./device-crypto.js")).RoDeviceCrypto),
  "roDeviceInfo()": () => of((require("./device-info.js") as typeof import("./device-info.js")).RoDeviceInfo),
  "roDouble()": intrinsic(new Double(0)),
  "roDsa()": () => of((require("./dsa.js") as typeof import("./dsa.js")).RoDsa),
  "roEVPCipher()": () => of((require("./evp-cipher.js") as typeof import("./evp-cipher.js")).RoEVPCipher),
  "roEVPDigest()": () => of((require("./evp-digest.js") as typeof import("./evp-digest.js")).RoEVPDigest),
  "roFileSystem()": () => of((require("./file-system.js") as typeof import("./file-system.js")).RoFileSystem),
  "roFloat()": intrinsic(new Float(0)),
  "roFunction()": () => {
    const { RoFunction } = require("./boxed.js") as typeof import("./boxed.js");
    return () => new RoFunction(null);
  },
  "roHMAC()": () => of((require("./hmac.js") as typeof import("./hmac.js")).RoHMAC),
  "roHttpAgent()": () => of((require("./http-agent.js") as typeof import("./http-agent.js")).RoHttpAgent),
  "roInput()": () => of((require("./input.js") as typeof import("./input.js")).RoInput),
  "roInt()": intrinsic(0),
  "roIntrinsicDouble()": intrinsic(new Double(0)),
  "roInvalid()": intrinsic(null),
  "roList()": () => of((require("./list.js") as typeof import("./list.js")).RoList),
  "roLocalization()": () =>
    of((require("./localization.js") as typeof import("./localization.js")).RoLocalization),
  "roLongInteger()": intrinsic(0n),
  "roMessagePort()": () => of((require("./sockets.js") as typeof import("./sockets.js")).RoMessagePort),
  "roPath(path as String)": () => of((require("./path.js") as typeof import("./path.js")).RoPath),
  "roRegex(pattern as String, flags as String)": () =>
    (require("./regex.js") as typeof import("./regex.js")).createRegex,
  "roRegistry()": () => of((require("./registry.js") as typeof import("./registry.js")).RoRegistry),
  "roRegistrySection(name as String)": () =>
    of((require("./registry.js") as typeof import("./registry.js")).RoRegistrySection),
  "roRSA()": () => of((require("./rsa.js") as typeof import("./rsa.js")).RoRSA),
  "roSocketAddress()": () => of((require("./sockets.js") as typeof import("./sockets.js")).RoSocketAddress),
  "roStreamSocket()": () => of((require("./sockets.js") as typeof import("./sockets.js")).RoStreamSocket),
  "roString()": intrinsic(""),
  "roSystemLog()": () => of((require("./system-log.js") as typeof import("./system-log.js")).RoSystemLog),
  "roTimespan()": () => of((require("./timespan.js") as typeof import("./timespan.js")).RoTimespan),
  "roUrlTransfer()": () =>
    of((require("./url-transfer.js") as typeof import("./url-transfer.js")).RoUrlTransfer),
  "roUserInfo()": () => of((require("./user-info.js") as typeof import("./user-info.js")).RoUserInfo),
  "roUtils()": () => of((require("./utils.js") as typeof import("./utils.js")).RoUtils),
  "roXMLElement()": () => of((require("./xml.js") as typeof import("./xml.js")).RoXMLElement),
  "roXMLList()": () => of((require("./xml.js") as typeof import("./xml.js")).RoXMLList),
};

interface Entry {
  readonly method: Method;
  readonly load: () => Maker;
  make?: BrsFunction;
}

const entries = new Map<string, Entry>();
for (const [signature, load] of Object.entries(makers)) {
  const method = parseMethod(`${signature} as Object`);
  entries.set(method.name.toLowerCase(), { method, load });
}

/** The names of all components that programs make, as the reference spells them. Loads them, for what wants to look at all. */
export function loadAll(): string[] {
  return Array.from(entries.values(), ({ method, load }) => {
    load();
    return method.name;
  });
}

/** Whether there is a component of that name, in any case. */
export const hasComponent = (name: string): boolean => entries.has(name.toLowerCase());

/** For these whatever is given besides the name is ignored. */
const intrinsics: ReadonlySet<string> = new Set([
  "roBoolean",
  "roDouble",
  "roFloat",
  "roInt",
  "roIntrinsicDouble",
  "roInvalid",
  "roLongInteger",
  "roString",
]);

/**
 * A new component by its name, in any case. Invalid, and a line on the console, when there is none of that name, or when nothing
 * is given of what it needs; any other wrong number is a run-time error.
 */
export function createComponent(name: string, values: readonly Value[]): object | null {
  const entry = entries.get(name.toLowerCase());
  if (entry === undefined) {
    warn(`Runtime: unknown component "${name}"`);
    return null;
  }
  if (values.length === 0 && entry.method.required > 0) {
    warn(`Runtime: "${name}": invalid number of parameters`);
    return null;
  }
  entry.make ??= callable(entry.method, entry.load(), "wrongComponentCount");
  return entry.make(...(intrinsics.has(entry.method.name) ? [] : values)) as object | null;
}
