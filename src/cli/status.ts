/** How the command ends. A program whose Main returns a number other than 0 has that as its status, as far as it fits a byte. */
export const status = {
  /** The program ended: by `end`, or by returning from Main. */
  ended: 0,
  /** It could not be started: an error in its sources or its package. */
  notStarted: 1,
  /** It ended with a run-time error. */
  runtimeError: 2,
  /** It came to a `stop`. */
  stopped: 3,
  /** The command was not called as it should be: EX_USAGE of sysexits.h. */
  usage: 64,
} as const;
