/** How a program ends by its own will. No `catch` of the program's sees it. */
import { BrsError, errors, type Innermost } from "./errors.js";
import type { Value } from "./values.js";

/** Thrown to end the program from anywhere within it. */
export class End extends Error {
  /** The status that a shell gives to a command that a closed pipe ended. */
  static readonly outputClosed = 141;

  /** @param status - that of the process */
  constructor(readonly status = 0) {
    super("end");
  }
}

/** `stop`, where there is no debugger to stop in. */
export class Stop extends BrsError {
  constructor() {
    super(...errors.stop);
  }
}

/** `end` */
export function end(): never {
  throw new End();
}

type Locals = Innermost["locals"];

/** What comes of a `stop`: the end of the program, unless this returns. */
let atStop = (stop: Stop, _locals: Locals, _m: Value): void => {
  throw stop;
};

/** Says what comes of a `stop`, which is given with the variables there. */
export function onStop(work: typeof atStop): void {
  atStop = work;
}

/** `stop` */
export const stop = (locals: Locals, m: Value): void => atStop(new Stop(), locals, m);

/**
 * Whether what was thrown is that there is no addon here, or no home directory: nothing that the program did, so its console has no
 * error of it.
 */
export const isUnusable = (thrown: unknown): boolean =>
  unusable.has((thrown as Partial<NodeJS.ErrnoException>).code);

const unusable: ReadonlySet<string | undefined> = new Set(["ERR_ROSOCK_ADDON", "ERR_ROSOCK_HOME"]);

/** Whether what was thrown is to end the program. */
export const isEnd = (thrown: unknown): boolean =>
  thrown instanceof End || thrown instanceof Stop || isUnusable(thrown);
