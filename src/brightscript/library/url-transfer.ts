/** roUrlTransfer: HTTP and HTTPS, made by a thread of its own (transfer/), while the program goes on or sleeps. */
import { identifierBlock, nextIdentifier } from "../../native.js";
import { decode, encode } from "../../text.js";
import { version } from "../app/version.js";
import { type Location, locate } from "../app/volumes.js";
import { expose } from "../runtime/component.js";
import { bytewise, textOf } from "./bytes.js";
import { portInterfaces } from "./event-source.js";
import { stat } from "./file-operations.js";
import { agentInterface, HttpAgent } from "./http-agent.js";
import { fetchAnswers, makeTransfer } from "./transfer/client.js";
import { code } from "./transfer/errors.js";
import { Operation } from "./transfer/operation.js";
import { type Credentials, failure, type Request, type Result } from "./transfer/protocol.js";
import { percentEncode } from "./uri.js";
import { RoUrlEvent } from "./url-event.js";
import { warn } from "./warn.js";

/** What a request sends, and where its response goes. null for a file: there can be none. */
interface Content {
  readonly method: string;
  readonly body?: Uint8Array | Location | null;
  readonly output?: Location | null;
}

/** When the program drops the object, the transfer stops, and no event comes of it. Without a port, too, a transfer goes on. */
export class RoUrlTransfer extends HttpAgent {
  readonly #identity = { number: nextIdentifier(), block: identifierBlock() };
  #url = "";
  #method = "";
  #encodings = false;
  #resume = false;
  #retainBody = false;
  #verifyPeer = true;
  #verifyHost = true;
  #freshConnection = false;
  #credentials: Credentials | null = null;
  #minimumRate = { bytes: 0, seconds: 0 };
  #failure = "";
  /** The last asynchronous transfer. */
  #operation: Operation | null = null;

  // ---- What is set ----

  /** A number that no other object or socket of the process has. */
  getIdentity(): number {
    return this.#identity.number;
  }

  /** Refused while a transfer is under way, with a line on the console. */
  setUrl(url: string): void {
    if (!this.#refuses("SetUrl")) this.#url = url;
  }

  getUrl(): string {
    return this.#url;
  }

  /** A method in place of GET, HEAD or POST; "" for these. */
  setRequest(method: string): void {
    this.#method = method;
  }

  getRequest(): string {
    return this.#method;
  }

  retainBodyOnError(retain: boolean): boolean {
    this.#retainBody = retain;
    return true;
  }

  /** For HTTP Digest authentication; there is no Basic, as on a Roku. */
  setUserAndPassword(user: string, password: string): boolean {
    this.#credentials = { user, password };
    return true;
  }

  /** Ends a transfer, with -28, of which on average less than so many bytes a second have come or gone in a period. */
  setMinimumTransferRate(bytes: number, seconds: number): boolean {
    this.#minimumRate = { bytes, seconds };
    return true;
  }

  /** gzip and deflate. Off at first. */
  enableEncodings(enable: boolean): boolean {
    this.#encodings = enable;
    return true;
  }

  /** Has a transfer to a file go on where the file ends. Off at first. */
  enableResume(enable: boolean): boolean {
    this.#resume = enable;
    return true;
  }

  /** Whether the server's certificate must come from an authority that is trusted. On at first. */
  enablePeerVerification(enable: boolean): boolean {
    this.#verifyPeer = enable;
    return true;
  }

  /** Whether the server's certificate must be for its host. On at first. */
  enableHostVerification(enable: boolean): boolean {
    this.#verifyHost = enable;
    return true;
  }

  /** Has each transfer make a connection of its own. */
  enableFreshConnection(enable: boolean): boolean {
    this.#freshConnection = enable;
    return true;
  }

  /** HTTP/1.1 is spoken, whatever is asked for. */
  setHttpVersion(_version: string): void {}

  getUserAgent(): string {
    return `rosock/${version}`;
  }

  /** Of the last transfer; "" when nothing went wrong. */
  getFailureReason(): string {
    this.catchUp();
    return this.#failure;
  }

  // ---- Text ----

  escape(text: string): string {
    return percentEncode(text);
  }

  urlEncode(text: string): string {
    return percentEncode(text);
  }

  /** Bytes that are no UTF-8 are kept as row S19 says; a percent sign without two hexadecimal digits stays as it is. */
  unescape(text: string): string {
    const byte = (_: string, digits: string): string => String.fromCharCode(Number.parseInt(digits, 16));
    return textOf(bytewise(text).replace(/%([0-9a-f]{2})/gi, byte));
  }

  // ---- Transfers that the program waits for ----

  /** The body; "" when there is none, and when the transfer failed. */
  getToString(): string {
    const { body } = this.#make("GetToString", { method: "GET" });
    return decode(body, 0, body.length);
  }

  /** The HTTP status, or an error number of libcurl's, negative; so are those of the next two. */
  getToFile(path: string): number {
    return this.#make("GetToFile", { method: "GET", output: locate(path, "write") }).code;
  }

  postFromString(text: string): number {
    return this.#make("PostFromString", { method: "POST", body: encode(text) }).code;
  }

  postFromFile(path: string): number {
    return this.#make("PostFromFile", { method: "POST", body: sourceOf(path) }).code;
  }

  /** A roUrlEvent; invalid when another transfer is under way. */
  head(): RoUrlEvent | null {
    if (this.#refuses("Head")) return null;
    return new RoUrlEvent(this.#identity.number, this.#make("Head", { method: "HEAD" }));
  }

  // ---- Transfers whose end is told to the port. False: another one is under way, or there can be no such file. ----

  asyncGetToString(): boolean {
    return this.#begin("AsyncGetToString", { method: "GET" });
  }

  asyncGetToFile(path: string): boolean {
    return this.#begin("AsyncGetToFile", { method: "GET", output: locate(path, "write") });
  }

  asyncPostFromString(text: string): boolean {
    return this.#begin("AsyncPostFromString", { method: "POST", body: encode(text) });
  }

  asyncPostFromFile(path: string): boolean {
    return this.#begin("AsyncPostFromFile", { method: "POST", body: sourceOf(path) });
  }

  asyncPostFromFileToFile(from: string, to: string): boolean {
    const content = { method: "POST", body: sourceOf(from), output: locate(to, "write") };
    return this.#begin("AsyncPostFromFileToFile", content);
  }

  asyncHead(): boolean {
    return this.#begin("AsyncHead", { method: "HEAD" });
  }

  /** Its event comes with -10001 and "Cancelled", unless it was delivered already. */
  asyncCancel(): boolean {
    fetchAnswers();
    this.#operation?.cancel();
    return true;
  }

  // ---- The port ----

  /** An event that was not delivered yet goes to the new port. */
  override setMessagePort(port: object | null): void {
    super.setMessagePort(port);
    this.#operation?.setPort(this.getMessagePort());
  }

  setPort(port: object | null): void {
    this.setMessagePort(port);
  }

  // ---- How it is done ----

  /** Whether there is a transfer under way, about which a Roku says a line. */
  #refuses(method: string): boolean {
    fetchAnswers();
    if (this.#operation?.isUnderWay !== true) return false;
    warn(`roUrlTransfer.${method}: Asynchronous operation in progress`);
    return true;
  }

  #request({ method, body, output }: Content): Request {
    this.catchUp();
    const { headers, ...agent } = this.agent;
    return {
      ...agent,
      headers: [["User-Agent", this.getUserAgent()], ...headers],
      url: this.#url,
      method: this.#method === "" ? method : this.#method,
      body: body ?? null,
      output: output ?? null,
      resume: this.#resume,
      encodings: this.#encodings,
      retainBody: this.#retainBody,
      verifyPeer: this.#verifyPeer,
      verifyHost: this.#verifyHost,
      credentials: this.#credentials,
      minimumRate: this.#minimumRate,
      freshConnection: this.#freshConnection,
    };
  }

  #make(name: string, content: Content): Result {
    if (this.#refuses(name)) {
      const result = failure(code.failedInit, "another transfer of this object is under way");
      this.#failure = result.reason;
      return result;
    }
    const result =
      impossible(content) ??
      makeTransfer(this.#request(content)) ??
      failure(code.failedInit, "the system has no descriptor or no thread left");
    this.#take(result);
    return result;
  }

  #begin(name: string, content: Content): boolean {
    if (this.#refuses(name)) return false;
    const result = impossible(content);
    if (result === null) {
      this.#operation = Operation.begin(
        this,
        this.#identity.number,
        this.#request(content),
        this.getMessagePort(),
      );
      if (this.#operation !== null) return true;
    }
    this.#take(result ?? failure(code.failedInit, "the system has no descriptor or no thread left"));
    return false;
  }

  /** What the last asynchronous transfer came to. */
  protected override catchUp(): void {
    fetchAnswers();
    const result = this.#operation?.takeResult() ?? null;
    if (result !== null) this.#take(result);
  }

  #take({ reason, cookies }: Result): void {
    this.#failure = reason;
    if (cookies !== null) this.cookies = cookies;
  }
}

/** A file to send; null when there is none. */
const sourceOf = (path: string): Location | null =>
  stat(path)?.isDirectory === false ? locate(path, "read") : null;

/** The failure of what cannot even be begun. */
function impossible({ body, output }: Content): Result | null {
  if (body === null) return failure(code.readError, "there is no such file");
  return output === null ? failure(code.writeError, "there can be no such file") : null;
}

/** Methods that take what they are told, and do nothing about it. */
export const notTruthful: readonly string[] = [
  "roUrlTransfer.setCertificatesDepth",
  "roUrlTransfer.setHttpVersion",
];

expose(RoUrlTransfer, "roUrlTransfer", {
  ifUrlTransfer: [
    "getIdentity() as Integer",
    "setUrl(url as String) as Void",
    "getUrl() as String",
    "setRequest(method as String) as Void",
    "getRequest() as String",
    "retainBodyOnError(retain as Boolean) as Boolean",
    "setUserAndPassword(user as String, password as String) as Boolean",
    "setMinimumTransferRate(bytes as Integer, seconds as Integer) as Boolean",
    "enableEncodings(enable as Boolean) as Boolean",
    "enableResume(enable as Boolean) as Boolean",
    "enablePeerVerification(enable as Boolean) as Boolean",
    "enableHostVerification(enable as Boolean) as Boolean",
    "enableFreshConnection(enable as Boolean) as Boolean",
    "setHttpVersion(version as String) as Void",
    "getUserAgent() as String",
    "getFailureReason() as String",
    "escape(text as String) as String",
    "urlEncode(text as String) as String",
    "unescape(text as String) as String",
    "getToString() as String",
    "getToFile(path as String) as Integer",
    "postFromString(text as String) as Integer",
    "postFromFile(path as String) as Integer",
    "head() as Dynamic",
    "asyncGetToString() as Boolean",
    "asyncGetToFile(path as String) as Boolean",
    "asyncPostFromString(text as String) as Boolean",
    "asyncPostFromFile(path as String) as Boolean",
    "asyncPostFromFileToFile(from as String, to as String) as Boolean",
    "asyncHead() as Boolean",
    "asyncCancel() as Boolean",
  ],
  ...agentInterface,
  ...portInterfaces,
  ifSetMessagePort: [...portInterfaces.ifSetMessagePort, "setPort(port as Object) as Void"],
});
