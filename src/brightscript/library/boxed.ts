/** The intrinsic types as components: what createObject("roInt") and box() make. */
import { expose } from "../runtime/component.js";
import { formatFunction } from "../runtime/format.js";
import { type BrsFunction, Double, Float, type Value } from "../runtime/values.js";
import { Intrinsic, ifToStr } from "./intrinsic.js";
import { RoString } from "./string.js";

class RoInt extends Intrinsic<number> {
  getInt(): number {
    return this.value;
  }

  setInt(value: number): void {
    this.value = value;
  }
}

class RoLongInteger extends Intrinsic<bigint> {
  getLongInt(): bigint {
    return this.value;
  }

  setLongInt(value: bigint): void {
    this.value = value;
  }
}

class RoFloat extends Intrinsic<Float> {
  getFloat(): Float {
    return this.value;
  }

  setFloat(value: number): void {
    this.value = new Float(value);
  }
}

class RoDouble extends Intrinsic<Double> {
  getDouble(): Double {
    return this.value;
  }

  setDouble(value: number): void {
    this.value = new Double(value);
  }
}

class RoBoolean extends Intrinsic<boolean> {
  getBoolean(): boolean {
    return this.value;
  }

  setBoolean(value: boolean): void {
    this.value = value;
  }
}

class RoInvalid extends Intrinsic<null> {}

export class RoFunction extends Intrinsic<BrsFunction | null> {
  override toStr(template?: string): string {
    return this.value === null || template !== undefined ? super.toStr(template) : formatFunction(this.value);
  }

  getSub(): BrsFunction | null {
    return this.value;
  }

  setSub(value: BrsFunction): void {
    this.value = value;
  }
}

expose(RoInt, "roInt", {
  ifInt: ["getInt() as Integer", "setInt(value as Integer) as Void"],
  ifIntOps: ifToStr,
  ifToStr,
});
expose(RoLongInteger, "roLongInteger", {
  ifLongInt: ["getLongInt() as LongInteger", "setLongInt(value as LongInteger) as Void"],
  ifToStr,
});
expose(RoFloat, "roFloat", {
  ifFloat: ["getFloat() as Float", "setFloat(value as Float) as Void"],
  ifToStr,
});
expose(RoDouble, "roDouble", {
  ifDouble: ["getDouble() as Double", "setDouble(value as Double) as Void"],
  ifToStr,
});
expose(RoBoolean, "roBoolean", {
  ifBoolean: ["getBoolean() as Boolean", "setBoolean(value as Boolean) as Void"],
  ifToStr,
});
expose(RoInvalid, "roInvalid", { ifToStr });
expose(RoFunction, "roFunction", {
  ifFunction: ["getSub() as Function", "setSub(value as Function) as Void"],
  ifToStr,
});

/** Nothing tells one from another. */
const invalid = new RoInvalid(null);

/** An intrinsic value as a component, an object as it is: what box() gives. */
export function box(value: Value): object {
  switch (typeof value) {
    case "number":
      return new RoInt(value);
    case "bigint":
      return new RoLongInteger(value);
    case "string":
      return new RoString(value);
    case "boolean":
      return new RoBoolean(value);
    case "function":
      return new RoFunction(value as BrsFunction);
    default:
      if (value instanceof Float) return new RoFloat(value);
      if (value instanceof Double) return new RoDouble(value);
      return value ?? invalid;
  }
}
