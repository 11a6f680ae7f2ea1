/**
 * BrightScript's values as JavaScript has them:
 *
 *     Integer           number, always of 32 bits       Boolean        boolean
 *     LongInteger       bigint, always of 64 bits       String         string (bytes that are no UTF-8: row S19)
 *     Float             Float                           invalid        null
 *     Double            Double                          uninitialized  undefined
 *     Function          function; `this` is `m`         Object         a component, see component.ts
 */

/** A single-precision number. */
export class Float {
  readonly value: number;
  constructor(value: number) {
    this.value = Math.fround(value);
  }
}

/** A double-precision number. */
export class Double {
  constructor(readonly value: number) {}
}

/** A function of the program's or of the library's; `this` is what BrightScript calls `m`, undefined for the global one. */
// biome-ignore lint/suspicious/noExplicitAny: the arguments' types are checked at run time
export type BrsFunction = ((this: any, ...values: any[]) => Value) & { signature?: Signature };

export interface Signature {
  /** In lower case; "$anon_1" and so on for anonymous functions. */
  readonly name: string;
  /** As the backtrace shows it: `main(args As Object) As Void`. */
  readonly text: string;
  /** Of the program's functions: which parameters take values with marks. */
  readonly marked?: readonly boolean[];
}

/** An intrinsic value as a component: roInt, roString and so on, made by createObject() and box(). */
export abstract class Boxed<T extends Value = Value> {
  constructor(public value: T) {}
}

export type Value =
  | undefined
  | null
  | boolean
  | number
  | bigint
  | string
  | Float
  | Double
  | BrsFunction
  | object;

/** A component's own value for an intrinsic one; anything else as it is. */
export const unboxed = (value: Value): Value => (value instanceof Boxed ? value.value : value);

/**
 * An intrinsic value with what type() tells of it: see compile/marks.ts. Only variables of compiled programs hold one, and only
 * type() gets it.
 */
export class Marked extends Boxed {
  constructor(
    value: Value,
    /** What `type(x)` says. */
    readonly type: string,
    /** What `type(x, 3)` says. */
    readonly type3: string,
  ) {
    super(value);
  }
}

/** A value without its mark. */
export const plain = (value: Value): Value => (value instanceof Marked ? value.value : value);

/** The name that type() gives. */
export function typeName(value: Value, version = 2): string {
  switch (typeof value) {
    case "number":
      return "Integer";
    case "string":
      return "String";
    case "boolean":
      return "Boolean";
    case "bigint":
      return "LongInteger";
    case "function":
      return "Function";
    case "undefined":
      return "<uninitialized>";
    default:
      if (value === null) return "Invalid";
      if (value instanceof Float) return "Float";
      if (value instanceof Double) return "Double";
      if (value instanceof Marked) return version === 3 ? value.type3 : value.type;
      return (value as { $$type?: string }).$$type ?? "Object";
  }
}
