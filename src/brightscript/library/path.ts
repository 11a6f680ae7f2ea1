/** roPath: a path that is taken apart, changed and checked; whether something is there plays no part. */
import { longestPath, namesIn } from "../app/volumes.js";
import { expose } from "../runtime/component.js";
import { Boxed } from "../runtime/values.js";
import { RoAssociativeArray } from "./associative-array.js";

/** As in Roku's description of its file system: no white space, nothing that does not print, none of < > : " | ? * */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what does not print
const forbidden = /[\s\u0000-\u001f\u007f<>:"|?*]/;

interface Parts {
  /** "tmp:" */
  readonly volume: string;
  readonly names: readonly string[];
}

function parse(path: string): Parts | null {
  if (path.length > longestPath) return null;
  const [, volume, rest] = /^((?:pkg|tmp|cachefs|common|ext[1-9]):)\/(.*)$/is.exec(path) ?? [];
  if (volume === undefined || forbidden.test(rest!)) return null;
  const names = namesIn(rest!);
  return names === null ? null : { volume, names };
}

/** The path where a string is wanted; "" for one that is not valid. */
export class RoPath extends Boxed<string> {
  #parts: Parts | null = null;

  constructor(path: string) {
    super("");
    this.setString(path);
  }

  /** An absolute path, or one from where the path is now. False when what comes of it is not valid. */
  change(path: string): boolean {
    const isAbsolute = /^[^/]*:/.test(path);
    this.setString(isAbsolute || this.#parts === null ? path : `${this.value}/${path}`);
    return this.isValid();
  }

  isValid(): boolean {
    return this.#parts !== null;
  }

  /** `pkg:/source/main.brs`: phy `pkg:`, parent `pkg:/source/`, filename `main.brs`, basename `main`, extension `.brs`. */
  split(): RoAssociativeArray {
    if (this.#parts === null) return RoAssociativeArray.of({});
    const { volume, names } = this.#parts;
    const filename = names.at(-1) ?? "";
    const dot = filename.lastIndexOf(".");
    const length = dot > 0 ? dot : filename.length;
    const parent = [volume, ...names.slice(0, -1), ""].join("/");
    return RoAssociativeArray.of({
      phy: volume,
      parent: names.length === 0 ? "" : parent,
      filename,
      basename: filename.slice(0, length),
      extension: filename.slice(length),
    });
  }

  getString(): string {
    return this.value;
  }

  setString(path: string): void {
    this.#parts = parse(path);
    this.value = this.#parts === null ? "" : `${this.#parts.volume}/${this.#parts.names.join("/")}`;
  }

  isEmpty(): boolean {
    return this.value === "";
  }
}

expose(RoPath, "roPath", {
  ifPath: ["change(path as String) as Boolean", "isValid() as Boolean", "split() as Object"],
  ifString: ["getString() as String", "setString(path as String) as Void", "isEmpty() as Boolean"],
});
