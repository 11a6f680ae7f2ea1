/** What the components of intrinsic values have in common. */
import { format, formatNumber } from "../runtime/format.js";
import { isNumeric } from "../runtime/numbers.js";
import { Boxed, type Value } from "../runtime/values.js";
import { formatString } from "./format-string.js";

export abstract class Intrinsic<T extends Value> extends Boxed<T> {
  /** The value as text, or what a format string makes of it: each of its fields stands for the value. */
  toStr(template?: string): string {
    if (template !== undefined) return formatString(template, () => this.value);
    return isNumeric(this.value) ? formatNumber(this.value) : format(this.value);
  }
}

export const ifToStr = ["toStr([format as String]) as String"] as const;
