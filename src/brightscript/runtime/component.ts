/**
 * Components as BrightScript programs see them.
 *
 * A compiled program calls `socket.Receive(…)` as a method `$receive` of the object. expose() makes these from a table of
 * signatures (see components/interfaces.ts): they check and convert the arguments as BrightScript does, then call the method
 * of the class. What else a component can do it says with methods of the {@link Protocol}.
 */
import { type Method, parseMethod } from "../../components/interfaces.js";
import { convert } from "./convert.js";
import { brsError, type ErrorName } from "./errors.js";
import { type BrsFunction, Double, Float, type Value } from "./values.js";

/** What the language does with an object besides calling its methods; each is optional. */
export interface Protocol {
  /** The name that type() gives. Set by expose(). */
  readonly $$type: string;
  /** The names of its interfaces. Set by expose(). */
  readonly $$interfaces: readonly string[];
  /** `object[key]` */
  $$index?(key: Value): Value;
  /** `object[key] = value` */
  $$setIndex?(key: Value, value: Value): void;
  /** `object.name`; the name is in lower case. */
  $$field?(name: string): Value;
  /** `object.name = value`; the name as the program spells it. */
  $$setField?(name: string, value: Value): void;
  /** `object@name`; the name as the program spells it. */
  $$attribute?(name: string): Value;
  /** A member function that is no method of the component: what an roAssociativeArray holds. The name is in lower case. */
  $$member?(name: string): Value;
  /** What print shows of it in place of `<Component: name>`. */
  $$text?(): string;
  /** For `for each`: from the start. */
  $$each?(): Enumeration;
  /** What print shows within brackets: names ("" for none) and values. */
  $$members?(): {
    brackets: readonly [string, string];
    entries: Iterable<readonly [name: string, value: Value]>;
  };
}

/** What `for each` goes through. */
export interface Enumeration {
  /** Whether there is another value. */
  $$more(): boolean;
  /** The next value, when there is one. */
  $$take(): Value;
}

/** The values that an iterator gives. */
export function enumeration(values: Iterator<Value>): Enumeration {
  let next: IteratorResult<Value> | undefined;
  return {
    $$more: () => {
      next ??= values.next();
      return !next.done;
    },
    $$take: () => {
      const { value } = next ?? values.next();
      next = undefined;
      return value as Value;
    },
  };
}

// biome-ignore lint/suspicious/noExplicitAny: a class with any methods
type Class = abstract new (...values: any[]) => object;
// biome-ignore lint/suspicious/noExplicitAny: what the table says of them is checked at run time
type Body = (this: any, ...values: any[]) => unknown;

/** Gives what a method returned the type that its signature says, where that takes more than invalid for nothing. */
function result(type: string): ((value: unknown) => Value) | undefined {
  switch (type) {
    case "Float":
      return (value) => (typeof value === "number" ? new Float(value) : (value as Value));
    case "Double":
      return (value) => (typeof value === "number" ? new Double(value) : (value as Value));
    case "LongInteger":
      return (value) => (typeof value === "number" ? BigInt(value) : (value as Value));
    default:
      return undefined;
  }
}

/**
 * A function that compiled programs call: counts, checks and converts its arguments. There is one for each number of arguments,
 * since what is called for every message must not collect them into arrays.
 */
export function callable(method: Method, body: Body, miscounted: ErrorName = "wrongCount"): BrsFunction {
  const converters = method.arguments.map(({ type }) => convert[type]);
  const { required, rest } = method;
  const most = rest ? Number.POSITIVE_INFINITY : converters.length;
  const [a, b, c] = converters;
  const last = converters.at(-1)!;
  const returned = result(method.returns);
  let call: BrsFunction;
  if (required !== most || most > 3) {
    call = function (...values) {
      if (values.length < required || values.length > most) throw brsError(miscounted);
      for (let i = 0; i < values.length; i++) values[i] = (converters[i] ?? last)(values[i]);
      return (body.apply(this, values) ?? null) as Value;
    };
  } else if (a === undefined) {
    call = function () {
      // biome-ignore lint/complexity/noArguments: see above
      if (arguments.length !== 0) throw brsError(miscounted);
      return (body.call(this) ?? null) as Value;
    };
  } else if (b === undefined) {
    call = function (first) {
      // biome-ignore lint/complexity/noArguments: see above
      if (arguments.length !== 1) throw brsError(miscounted);
      return (body.call(this, a(first)) ?? null) as Value;
    };
  } else if (c === undefined) {
    call = function (first, second) {
      // biome-ignore lint/complexity/noArguments: see above
      if (arguments.length !== 2) throw brsError(miscounted);
      return (body.call(this, a(first), b(second)) ?? null) as Value;
    };
  } else {
    call = function (first, second, third) {
      // biome-ignore lint/complexity/noArguments: see above
      if (arguments.length !== 3) throw brsError(miscounted);
      return (body.call(this, a(first), b(second), c(third)) ?? null) as Value;
    };
  }
  if (returned !== undefined) {
    const inner = call;
    call = function (...values) {
      return returned(inner.apply(this, values));
    };
  }
  call.signature = { name: method.name, text: method.signature };
  return call;
}

/** What is known of the exposed components, for type(), GetInterface() and the reference in docs/. */
export const exposed = new Map<string, Readonly<Record<string, readonly string[]>>>();

/** Makes a class a component that programs can use: its name, and the signatures of its interfaces' methods. */
export function expose(
  component: Class,
  name: string,
  interfaces: Readonly<Record<string, readonly string[]>>,
): void {
  const prototype = component.prototype as Record<string, unknown>;
  exposed.set(name, interfaces);
  const define = (key: string, value: unknown): void => {
    Object.defineProperty(prototype, key, { value, configurable: true, writable: true, enumerable: false });
  };
  define("$$type", name);
  define("$$interfaces", Object.keys(interfaces));
  for (const signature of Object.values(interfaces).flat()) {
    const method = parseMethod(signature);
    const body = prototype[method.name];
    if (typeof body !== "function") throw new TypeError(`${name} has no method ${method.name}`);
    define(`$${method.name.toLowerCase()}`, callable(method, body as Body, "wrongComponentCount"));
  }
}

/** Global functions, from signature to function: as compiled programs call them, by their names in lower case. */
export function globals(table: Readonly<Record<string, Body>>): Record<string, BrsFunction> {
  return Object.fromEntries(
    Object.entries(table).map(([signature, body]) => {
      const method = parseMethod(signature);
      return [method.name.toLowerCase(), callable(method, body)];
    }),
  );
}
