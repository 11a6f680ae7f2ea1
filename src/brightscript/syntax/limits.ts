/**
 * How much of a kind is compiled. What is nested more deeply could overflow the stack: the compiler's, or V8's when it reads the
 * code.
 */
const limits = {
  blocks: [250, "blocks within one another"],
  brackets: [250, "brackets within one another"],
  depth: [1000, "operators, calls and accesses within one another"],
  conditions: [500, "conditions in one IF"],
  indexes: [100, "indexes in one pair of brackets"],
  parameters: [63, "parameters of one function"],
  arguments: [63, "arguments in one call"],
} as const satisfies Record<string, readonly [number, string]>;

export type LimitName = keyof typeof limits;

export const exceeds = (count: number, name: LimitName): boolean => count > limits[name][0];

/** What a diagnostic says of more than that. */
export function tooMany(name: LimitName): string {
  const [most, what] = limits[name];
  return `More than ${most} ${what}; at most ${most} are compiled`;
}
