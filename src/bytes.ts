export let storageOf: (bytes: Bytes) => Uint8Array;
/** The addon's slot (see native.ts) that they were in last. */
export let slotOf: (bytes: Bytes) => number;
export let setSlot: (bytes: Bytes, slot: number) => void;

/**
 * Memory that receive and send work on, as sockets pass it to the addon. It shows nothing of itself: a program that gets hold of
 * one, say by replacing a method of a socket's, gets no memory by it.
 */
export class Bytes {
  readonly #storage: Uint8Array;
  #slot = 0;

  constructor(storage: Uint8Array) {
    this.#storage = storage;
  }

  static {
    storageOf = (bytes) => bytes.#storage;
    slotOf = (bytes) => bytes.#slot;
    setSlot = (bytes, slot) => {
      bytes.#slot = slot;
    };
  }
}
