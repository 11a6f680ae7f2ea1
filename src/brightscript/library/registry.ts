/** roRegistry and roRegistrySection: what an app keeps from run to run. */
import { expose } from "../runtime/component.js";
import { toText } from "../runtime/convert.js";
import { unboxed } from "../runtime/values.js";
import { RoAssociativeArray } from "./associative-array.js";
import { RoList } from "./list.js";
import * as store from "./registry-store.js";
import { Sequence } from "./sequence.js";

export class RoRegistry {
  delete(section: string): boolean {
    return store.removeSection(section);
  }

  /** Makes the changes of all sections last; without it they are kept until the program ends. */
  flush(): boolean {
    return store.flush();
  }

  getSectionList(): RoList {
    return RoList.of(store.sectionNames());
  }

  /** Bytes, of 32 KiB. */
  getSpaceAvailable(): number {
    return Math.max(0, store.spaceAvailable());
  }
}

export class RoRegistrySection {
  constructor(private readonly name: string) {}

  /** The key's value; "" when there is none. */
  read(key: string): string {
    return store.section(this.name).get(key) ?? "";
  }

  /** The values of those keys that there are. A list of keys, too, is taken: getKeyList() gives one. */
  readMulti(keys: object | null): RoAssociativeArray {
    const found = RoAssociativeArray.of({});
    if (!(keys instanceof Sequence)) return found;
    for (const key of keys.items.map(toText)) {
      const value = store.section(this.name).get(key);
      if (value !== undefined) found.set(key, value);
    }
    return found;
  }

  /** False when there is no room for it. */
  write(key: string, value: string): boolean {
    return store.write(this.name, new Map([[key, value]]));
  }

  /** All of the values, or, when there is no room for them or one is no string, none. */
  writeMulti(values: object | null): boolean {
    if (!(values instanceof RoAssociativeArray)) return false;
    const texts = new Map<string, string>();
    for (const key of values.keys().items as string[]) {
      const value = unboxed(values.get(key));
      if (typeof value !== "string") return false;
      texts.set(key, value);
    }
    return store.write(this.name, texts);
  }

  delete(key: string): boolean {
    return store.removeKey(this.name, key);
  }

  exists(key: string): boolean {
    return store.section(this.name).has(key);
  }

  flush(): boolean {
    return store.flush();
  }

  getKeyList(): RoList {
    return RoList.of([...store.section(this.name).keys()]);
  }
}

expose(RoRegistry, "roRegistry", {
  ifRegistry: [
    "delete(section as String) as Boolean",
    "flush() as Boolean",
    "getSectionList() as Object",
    "getSpaceAvailable() as Integer",
  ],
});

expose(RoRegistrySection, "roRegistrySection", {
  ifRegistrySection: [
    "read(key as String) as String",
    "readMulti(keys as Object) as Object",
    "write(key as String, value as String) as Boolean",
    "writeMulti(values as Object) as Boolean",
    "delete(key as String) as Boolean",
    "exists(key as String) as Boolean",
    "flush() as Boolean",
    "getKeyList() as Object",
  ],
});
