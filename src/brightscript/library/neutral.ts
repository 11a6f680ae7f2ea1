/** Methods of a component that have nothing to tell here: they give what a device gives that has nothing to tell. */

// biome-ignore lint/suspicious/noExplicitAny: what the signature says of the arguments is checked at run time
type Answer = (...values: any[]) => unknown;

/** Puts the methods of a table, from signature to answer, on a component's class. */
export function defineNeutral(
  component: { prototype: object },
  answers: Readonly<Record<string, Answer>>,
): void {
  for (const [signature, value] of Object.entries(answers)) {
    Object.defineProperty(component.prototype, nameOf(signature), { value });
  }
}

/** The methods of a table as the reference in docs/ lists them: "roDeviceInfo.getDisplayType". */
export const neutralNames = (
  component: string,
  answers: Readonly<Record<string, Answer>>,
): readonly string[] => Object.keys(answers).map((signature) => `${component}.${nameOf(signature)}`);

const nameOf = (signature: string): string => signature.slice(0, signature.indexOf("("));
