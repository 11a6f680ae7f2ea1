/** The names of variables and functions: what their ends say, and how JavaScript has them. */
import type { TypeName } from "./tree.js";

/** Type designators: the type, and the letter that stands for it in JavaScript. */
const designators: Readonly<Record<string, readonly [TypeName, string]>> = {
  "%": ["integer", "i"],
  "&": ["longinteger", "l"],
  "!": ["float", "f"],
  "#": ["double", "d"],
  $: ["string", "s"],
};

const words = (...lines: readonly string[]): ReadonlySet<string> => new Set(lines.join(" ").split(" "));

/** Words that are no names of variables in BrightScript. */
const keywords = words(
  "and box createobject dim else elseif end endfor endfunction endif endsub endwhile eval exit exitwhile false for",
  "function getglobalaa getlastruncompileerror getlastrunruntimeerror goto if invalid let line_num next not objfun or",
  "pos print rem return step stop sub tab then throw to true type while",
);

/** Names that mean something else in strict JavaScript. */
const reserved = words(
  "arguments async await break case catch class const continue debugger default delete do else enum eval export",
  "extends false finally for function if implements import in instanceof interface let new null of package private",
  "protected public return static super switch this throw true try typeof undefined var void while with yield",
);

/** Whether a text, in lower case, can be a variable's name. */
export const isName = (text: string): boolean => /^[a-z_]\w*[%&!#$]?$/.test(text) && !keywords.has(text);

/** The type that a variable's name ends with. */
export const typeOfDesignator = (name: string): TypeName | undefined => designators[name.at(-1)!]?.[0];

/** A name as JavaScript's: `a$` is `a$s`, `new` is `new$`. No two have the same. */
export function identifier(name: string): string {
  const letter = designators[name.at(-1)!]?.[1];
  if (letter !== undefined) return `${name.slice(0, -1)}$${letter}`;
  return reserved.has(name) ? `${name}$` : name;
}

/** A name after a dot, where JavaScript reserves none. */
export const property = (name: string): string => (reserved.has(name) ? name : identifier(name));
