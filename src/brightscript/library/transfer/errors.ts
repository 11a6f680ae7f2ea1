/** Why a transfer failed, by libcurl's numbers: what a Roku's roUrlEvent gives, negative. */

export const code = {
  unsupportedProtocol: -1,
  failedInit: -2,
  malformedUrl: -3,
  couldNotResolve: -6,
  couldNotConnect: -7,
  weirdReply: -8,
  partialFile: -18,
  writeError: -23,
  readError: -26,
  timedOut: -28,
  rangeError: -33,
  tlsConnect: -35,
  badArgument: -43,
  tooManyRedirects: -47,
  hostVerification: -51,
  gotNothing: -52,
  sendError: -55,
  receiveError: -56,
  certificate: -60,
  contentEncoding: -61,
  bodyTooLarge: -63,
} as const;

export class TransferError extends Error {
  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

type NodeError = NodeJS.ErrnoException | AggregateError;

const byCode: Readonly<Record<string, number>> = {
  ENOTFOUND: code.couldNotResolve,
  EAI_AGAIN: code.couldNotResolve,
  EAI_FAIL: code.couldNotResolve,
  ECONNREFUSED: code.couldNotConnect,
  EHOSTUNREACH: code.couldNotConnect,
  ENETUNREACH: code.couldNotConnect,
  EADDRNOTAVAIL: code.couldNotConnect,
  EPIPE: code.sendError,
  ETIMEDOUT: code.timedOut,
  EPROTO: code.tlsConnect,
  ERR_TLS_CERT_ALTNAME_INVALID: code.hostVerification,
  ERR_INVALID_HTTP_TOKEN: code.badArgument,
  ERR_INVALID_CHAR: code.badArgument,
  ERR_UNESCAPED_CHARACTERS: code.malformedUrl,
  // The first bytes are no status line; what follows a good one is another matter.
  HPE_INVALID_CONSTANT: code.unsupportedProtocol,
};

/** OpenSSL's reasons for refusing a chain of certificates, by which Node names its errors. */
const refusedChain = /CERT|^UNABLE_TO_|SIGNED|^INVALID_(CA|PURPOSE)|^PATH_LENGTH|^HOSTNAME_MISMATCH/;

/** An error of Node's before any of the response has come. */
export function requestError(error: NodeError): TransferError {
  if (error instanceof TransferError) return error;
  // Of several addresses that were tried, the first tells.
  const [first = error] = error instanceof AggregateError ? (error.errors as Error[]) : [];
  const { code: name = "", syscall, message } = first as NodeJS.ErrnoException;
  return new TransferError(byCode[name] ?? byKind(name, syscall), message);
}

function byKind(name: string, syscall: string | undefined): number {
  // Node's way to tell that the connection was closed in an orderly way.
  if (name === "ECONNRESET" && syscall === undefined) return code.gotNothing;
  if (name.startsWith("HPE_")) return code.weirdReply;
  if (/^ERR_(SSL|TLS)_/.test(name)) return code.tlsConnect;
  return refusedChain.test(name) ? code.certificate : code.receiveError;
}

/** An error while the body came. */
export function bodyError(error: NodeJS.ErrnoException): TransferError {
  if (error instanceof TransferError) return error;
  const { code: name = "", syscall, message } = error;
  if (syscall === "write") return new TransferError(code.writeError, message);
  if (name.startsWith("Z_")) return new TransferError(code.contentEncoding, message);
  const isCut = (name === "ECONNRESET" && syscall === undefined) || name === "ERR_STREAM_PREMATURE_CLOSE";
  return new TransferError(isCut ? code.partialFile : code.receiveError, message);
}
