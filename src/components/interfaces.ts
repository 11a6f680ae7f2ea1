/**
 * The one table of what the components offer: argument checks (check.ts) and the reference in docs/ are made from it.
 * The source is Roku's reference pages.
 *
 * A method is written as in them: `name(argument as Type[, optional as Type]) as Type`; `[rest as Type...]` stands for any
 * number of arguments. Types are BrightScript's: Integer (32 bit), Boolean, String, Object (a component or invalid), Dynamic
 * (anything), Void.
 */

export const interfaces = {
  ifSocketConnection: [
    "listen(backlog as Integer) as Boolean",
    "isListening() as Boolean",
    "connect() as Boolean",
    "accept() as Object",
    "isConnected() as Boolean",
  ],
  ifSocket: [
    "send(data as Object|String, startIndex as Integer, length as Integer) as Integer",
    "sendStr(data as String) as Integer",
    "receive(data as Object, startIndex as Integer, length as Integer) as Integer",
    "receiveStr(length as Integer) as String",
    "close() as Void",
    "setAddress(address as Object) as Boolean",
    "getAddress() as Object",
    "setSendToAddress(address as Object) as Boolean",
    "getSendToAddress() as Object",
    "getReceivedFromAddress() as Object",
    "getCountRcvBuf() as Integer",
    "getCountSendBuf() as Integer",
    "status() as Integer",
  ],
  ifSocketAsync: [
    "isReadable() as Boolean",
    "isWritable() as Boolean",
    "isException() as Boolean",
    "notifyReadable(enable as Boolean) as Void",
    "notifyWritable(enable as Boolean) as Void",
    "notifyException(enable as Boolean) as Void",
    "getID() as Integer",
  ],
  ifSocketStatus: [
    "eAgain() as Boolean",
    "eAlready() as Boolean",
    "eBadAddr() as Boolean",
    "eDestAddrReq() as Boolean",
    "eHostUnreach() as Boolean",
    "eInvalid() as Boolean",
    "eInProgress() as Boolean",
    "eWouldBlock() as Boolean",
    "eSuccess() as Boolean",
    "eOK() as Boolean",
  ],
  ifSocketConnectionStatus: [
    "eConnAborted() as Boolean",
    "eConnRefused() as Boolean",
    "eConnReset() as Boolean",
    "eIsConn() as Boolean",
    "eNotConn() as Boolean",
  ],
  ifSocketConnectionOption: [
    "getKeepAlive() as Boolean",
    "setKeepAlive(enable as Boolean) as Boolean",
    "getLinger() as Integer",
    "setLinger(seconds as Integer) as Boolean",
    "getMaxSeg() as Integer",
    "setMaxSeg(size as Integer) as Boolean",
    "getNoDelay() as Boolean",
    "setNoDelay(enable as Boolean) as Boolean",
  ],
  ifSocketOption: [
    "getTTL() as Integer",
    "setTTL(hops as Integer) as Boolean",
    "getReuseAddr() as Boolean",
    "setReuseAddr(enable as Boolean) as Boolean",
    "getOOBInline() as Boolean",
    "setOOBInline(enable as Boolean) as Boolean",
    "getSendBuf() as Integer",
    "setSendBuf(size as Integer) as Boolean",
    "getRcvBuf() as Integer",
    "setRcvBuf(size as Integer) as Boolean",
    "getSendTimeout() as Integer",
    "setSendTimeout(seconds as Integer) as Boolean",
    "getReceiveTimeout() as Integer",
    "setReceiveTimeout(seconds as Integer) as Boolean",
  ],
  ifSocketCastOption: [
    "getBroadcast() as Boolean",
    "setBroadcast(enable as Boolean) as Boolean",
    "joinGroup(address as Object) as Boolean",
    "dropGroup(address as Object) as Boolean",
    "getMulticastLoop() as Boolean",
    "setMulticastLoop(enable as Boolean) as Boolean",
    "getMulticastTTL() as Integer",
    "setMulticastTTL(hops as Integer) as Boolean",
  ],
  ifSocketAddress: [
    "setAddress(address as String) as Boolean",
    "getAddress() as String",
    "setHostName(name as String) as Boolean",
    "getHostName() as String",
    "setPort(port as Integer) as Boolean",
    "getPort() as Integer",
    "isAddressValid() as Boolean",
  ],
  ifMessagePort: [
    "waitMessage(timeout as Integer) as Dynamic",
    "getMessage() as Dynamic",
    "peekMessage() as Dynamic",
  ],
  ifSetMessagePort: ["setMessagePort(port as Object) as Void"],
  ifGetMessagePort: ["getMessagePort() as Object"],
  ifSocketEvent: ["getSocketID() as Integer"],
  ifByteArray: [
    "writeFile(path as String[, start as Integer, length as Integer]) as Boolean",
    "readFile(path as String[, start as Integer, length as Integer]) as Boolean",
    "appendFile(path as String[, start as Integer, length as Integer]) as Boolean",
    "setResize(minSize as Integer, autoResize as Boolean) as Void",
    "toHexString() as String",
    "fromHexString(hex as String) as Void",
    "toBase64String() as String",
    "fromBase64String(text as String) as Void",
    "toAsciiString() as String",
    "fromAsciiString(text as String) as Void",
    "getSignedByte(index as Integer) as Integer",
    "getSignedLong(index as Integer) as Integer",
    "getCRC32([start as Integer, length as Integer]) as Integer",
    "isLittleEndianCPU() as Boolean",
  ],
  ifArray: [
    "push(value as Integer) as Void",
    "pop() as Dynamic",
    "peek() as Dynamic",
    "shift() as Dynamic",
    "unshift(value as Integer) as Void",
    "delete(index as Integer) as Boolean",
    "count() as Integer",
    "clear() as Void",
    "append(array as Object) as Void",
  ],
  ifArrayGet: ["getEntry(index as Integer) as Dynamic"],
  ifArraySet: ["setEntry(index as Integer, value as Integer) as Void"],
  ifArraySlice: ["slice([start as Integer, end as Integer]) as Object"],
  ifEnum: ["reset() as Void", "next() as Dynamic", "isNext() as Boolean", "isEmpty() as Boolean"],
} as const;

export type InterfaceName = keyof typeof interfaces;

/** Which component has which interface. */
export const components = {
  roStreamSocket: [
    "ifSocketConnection",
    "ifSocket",
    "ifSocketAsync",
    "ifSocketStatus",
    "ifSocketConnectionStatus",
    "ifSocketConnectionOption",
    "ifSocketOption",
    "ifSetMessagePort",
    "ifGetMessagePort",
  ],
  roDataGramSocket: [
    "ifSocket",
    "ifSocketAsync",
    "ifSocketStatus",
    "ifSocketOption",
    "ifSocketCastOption",
    "ifSetMessagePort",
    "ifGetMessagePort",
  ],
  roSocketAddress: ["ifSocketAddress"],
  roMessagePort: ["ifMessagePort"],
  roSocketEvent: ["ifSocketEvent"],
  roByteArray: ["ifByteArray", "ifArray", "ifArrayGet", "ifArraySet", "ifArraySlice", "ifEnum"],
} as const satisfies Record<string, readonly InterfaceName[]>;

export type ComponentName = keyof typeof components;

export type TypeName =
  | "Integer"
  | "LongInteger"
  | "Float"
  | "Double"
  | "Boolean"
  | "String"
  | "Object"
  | "Object|String"
  | "Function"
  | "Dynamic"
  | "Void";

export interface Argument {
  readonly name: string;
  readonly type: TypeName;
}

export interface Method {
  readonly name: string;
  readonly arguments: readonly Argument[];
  /** How many of the arguments must be given. */
  readonly required: number;
  /** Whether the last argument may be given any number of times. */
  readonly rest: boolean;
  readonly returns: TypeName;
  /** As it stands in the table. */
  readonly signature: string;
}

/** A line of the table, taken apart. */
export function parseMethod(signature: string): Method {
  const [, name, list, returns] = /^(\w+)\((.*)\) as (\w+)$/.exec(signature)!;
  const [required = "", optional = ""] = list!.split("[");
  const split = (text: string): Argument[] =>
    [...text.matchAll(/(\w+) as ([\w|]+)/g)].map(([, argument, type]) => ({
      name: argument!,
      type: type as TypeName,
    }));
  const needed = split(required);
  return {
    name: name!,
    arguments: [...needed, ...split(optional)],
    required: needed.length,
    rest: optional.includes("..."),
    returns: returns as TypeName,
    signature,
  };
}
