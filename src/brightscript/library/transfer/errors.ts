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
  /** A Roku's own. */
  cancelled: -10001,
} as const;

export class TransferError extends Error {
  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

const nameOf = (error: Error): string => (error as NodeJS.ErrnoException).code ?? "";

/** The number and the words for a connection that could not be made. */
export function connectError(error: Error): [code: number, message: string] {
  return [nameOf(error) === "ETIMEDOUT" ? code.timedOut : code.couldNotConnect, error.message];
}

/** OpenSSL's reasons for refusing a chain of certificates, by which Node names its errors. */
const refusedChain = /CERT|^UNABLE_TO_|SIGNED|^INVALID_(CA|PURPOSE)|^PATH_LENGTH|^HOSTNAME_MISMATCH/;

/** An error between the connection and the end of TLS's handshake. */
export function tlsError(error: Error): TransferError {
  const isCertificate = refusedChain.test(nameOf(error)) && !/^ERR_/.test(nameOf(error));
  return new TransferError(isCertificate ? code.certificate : code.tlsConnect, error.message);
}

/** An error of an open connection. */
export function socketError(error: Error): TransferError {
  if (error instanceof TransferError) return error;
  const { syscall } = error as NodeJS.ErrnoException;
  const name = nameOf(error);
  if (name === "ETIMEDOUT") return new TransferError(code.timedOut, error.message);
  const isSending = name === "EPIPE" || (syscall === "write" && name !== "ECONNRESET");
  return new TransferError(isSending ? code.sendError : code.receiveError, error.message);
}

/** An error on the way from the connection to memory or a file. */
export function bodyError(error: Error): TransferError {
  if (error instanceof TransferError) return error;
  const name = nameOf(error);
  const isZlib = name.startsWith("Z_") || name === "ERR_BUFFER_TOO_LARGE";
  const number = isZlib ? code.contentEncoding : code.writeError;
  return new TransferError(number, error.message);
}
