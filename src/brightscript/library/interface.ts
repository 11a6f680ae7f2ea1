/** Interfaces as values: what GetInterface() gives, and `object.ifName`. */
import { parseMethod } from "../../components/interfaces.js";
import { exposed, type Protocol } from "../runtime/component.js";
import type { BrsFunction, Value } from "../runtime/values.js";

type Methods = Readonly<Record<string, BrsFunction>>;

/** One interface of an object: its methods, called on the object. */
export class Interface {
  declare readonly $$type: string;
  constructor(
    readonly object: object,
    readonly name: string,
  ) {}

  $$text(): string {
    return `<Interface: ${this.name}>`;
  }
}

Object.defineProperty(Interface.prototype, "$$type", { value: "Interface" });

/** By the name of the component, then by that of the interface in lower case. */
const classes = new Map<string, Map<string, new (object: object) => Interface>>();

function classesOf(prototype: Protocol): Map<string, new (object: object) => Interface> {
  const made = new Map<string, new (object: object) => Interface>();
  for (const [name, signatures] of Object.entries(exposed.get(prototype.$$type) ?? {})) {
    class Implementation extends Interface {
      constructor(object: object) {
        super(object, name);
      }
    }
    for (const signature of signatures) {
      const method = `$${parseMethod(signature).name.toLowerCase()}`;
      const body = (prototype as unknown as Methods)[method]!;
      Object.defineProperty(Implementation.prototype, method, {
        value(this: Interface, ...values: Value[]) {
          return body.apply(this.object, values);
        },
      });
    }
    made.set(name.toLowerCase(), Implementation);
  }
  classes.set(prototype.$$type, made);
  return made;
}

/** An interface of a component by its name, in any case; invalid when the component has none of that name. */
export function interfaceOf(object: object, name: string): Interface | null {
  const prototype = Object.getPrototypeOf(object) as Protocol;
  const Implementation = (classes.get(prototype.$$type) ?? classesOf(prototype)).get(name.toLowerCase());
  return Implementation === undefined ? null : new Implementation(object);
}

/** The interface that has a method of this name, in any case; invalid when none has. */
export function interfaceWith(object: object, method: string): Interface | null {
  const interfaces = exposed.get((object as Protocol).$$type) ?? {};
  for (const [name, signatures] of Object.entries(interfaces)) {
    const has = signatures.some((each) => parseMethod(each).name.toLowerCase() === method.toLowerCase());
    if (has) return interfaceOf(object, name);
  }
  return null;
}
