/** Argument checks, made from the table of interfaces: a mistake is a TypeError that says what was expected. */
// biome-ignore-all lint/complexity/noArguments: rest parameters would make an array at every call
import { type ComponentName, components, interfaces, type Method, parseMethod } from "./interfaces.js";

type Component = abstract new (...values: never[]) => object;
type Body = (this: unknown, ...values: unknown[]) => unknown;

/** What a value of a type is, in words. */
const expected: Record<string, string> = {
  Integer: "a 32-bit Integer",
  Boolean: "a Boolean",
  String: "a String",
  Object: "a component or null",
  "Object|String": "an RoByteArray, a String or null",
};

/** An integer of 32 bits. */
export const isInteger = (value: unknown): value is number =>
  typeof value === "number" && (value | 0) === value;

function fits(type: string, value: unknown): boolean {
  switch (type) {
    case "Integer":
      return isInteger(value);
    case "Boolean":
      return typeof value === "boolean";
    case "String":
      return typeof value === "string";
    case "Object":
      return typeof value === "object";
    default:
      return typeof value === "object" || typeof value === "string";
  }
}

/** The error for an argument that cannot be used, of the shape that Node's have. */
export function misuse(message: string, code = "ERR_INVALID_ARG_TYPE"): TypeError {
  return Object.assign(new TypeError(message), { code });
}

/** A value in a message. An object is not asked what it looks like: it may answer with an error of its own. */
function shown(value: unknown): string {
  if (value === null) return "null";
  if (typeof value === "object") return "an object";
  if (typeof value === "function") return "a function";
  const text = typeof value === "string" ? JSON.stringify(value) : String(value);
  return text.length > 80 ? `${text.slice(0, 80)}...` : text;
}

/** What is wrong with a call that was refused. */
function mistake(method: Method, component: Component, self: unknown, values: ArrayLike<unknown>): TypeError {
  const { signature, required } = method;
  if (!(self instanceof component))
    return misuse(`${signature}: called on something that is no ${component.name}`);
  const most = method.arguments.length;
  if (values.length < required || values.length > most) {
    const count = required === most ? `${most}` : `${required} to ${most}`;
    const noun = count === "1" ? "argument" : "arguments";
    return misuse(`${signature}: expected ${count} ${noun}, got ${values.length}`, "ERR_MISSING_ARGS");
  }
  const index = Array.from(values).findIndex((value, i) => !fits(method.arguments[i]!.type, value));
  const { name, type } = method.arguments[index]!;
  return misuse(`${signature}: expected ${name} to be ${expected[type]}, got ${shown(values[index])}`);
}

/** One function for each number of arguments: what is called for every message must not collect them into arrays. */
function checked(method: Method, component: Component, body: Body): Body {
  const [a, b, c] = method.arguments.map((argument) => argument.type);
  if (method.required !== method.arguments.length) {
    return function (this: unknown, ...values: unknown[]) {
      const wrong = values.length < method.required || values.length > method.arguments.length;
      if (
        wrong ||
        !(this instanceof component) ||
        !values.every((value, i) => fits(method.arguments[i]!.type, value))
      ) {
        throw mistake(method, component, this, values);
      }
      return body.apply(this, values);
    };
  }
  if (a === undefined) {
    return function (this: unknown) {
      if (arguments.length !== 0 || !(this instanceof component)) {
        throw mistake(method, component, this, arguments);
      }
      return body.call(this);
    };
  }
  if (b === undefined) {
    return function (this: unknown, first: unknown) {
      if (arguments.length !== 1 || !(this instanceof component) || !fits(a, first)) {
        throw mistake(method, component, this, arguments);
      }
      return body.call(this, first);
    };
  }
  if (c === undefined) {
    return function (this: unknown, first: unknown, second: unknown) {
      if (arguments.length !== 2 || !(this instanceof component) || !fits(a, first) || !fits(b, second)) {
        throw mistake(method, component, this, arguments);
      }
      return body.call(this, first, second);
    };
  }
  return function (this: unknown, first: unknown, second: unknown, third: unknown) {
    const fit = fits(a, first) && fits(b, second) && fits(c, third);
    if (arguments.length !== 3 || !(this instanceof component) || !fit) {
      throw mistake(method, component, this, arguments);
    }
    return body.call(this, first, second, third);
  };
}

function define(holder: object, name: string, value: Body): void {
  Object.defineProperty(value, "name", { value: name });
  Object.defineProperty(holder, name, { value, configurable: true, writable: true, enumerable: false });
}

/** Puts the checks before the methods of a component's class. */
export function checkArguments(name: ComponentName, component: Component): void {
  const prototype = component.prototype as Record<string, Body>;
  for (const interfaceName of components[name]) {
    for (const signature of interfaces[interfaceName]) {
      const method = parseMethod(signature);
      define(prototype, method.name, checked(method, component, prototype[method.name]!));
    }
  }
}
