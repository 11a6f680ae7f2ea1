/** XML elements as text. */
import type { RoXMLElement } from "./xml.js";

const REFERENCES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\t": "&#9;",
  "\n": "&#10;",
  "\r": "&#13;",
};

const escapeText = (text: string): string => text.replace(/[&<>\r]/g, (each) => REFERENCES[each]!);

/** A parser makes spaces of other white space in an attribute, if it does not stand as a reference. */
const escapeAttribute = (text: string): string => text.replace(/[&<>"\t\n\r]/g, (each) => REFERENCES[each]!);

/** The element and all within it, without added white space. Attributes are in the order of their names. */
export function writeXml(root: RoXMLElement): string {
  const parts: string[] = [];
  // Not recursive: documents may be nested deeper than the stack is.
  const pending: (RoXMLElement | string)[] = [root];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (typeof node === "string") {
      parts.push(node);
      continue;
    }
    parts.push(`<${node.name}`);
    for (const [name, text] of node.textAttributes()) parts.push(` ${name}="${escapeAttribute(text)}"`);
    if (node.nodes.length === 0) {
      parts.push("/>");
      continue;
    }
    parts.push(">");
    pending.push(`</${node.name}>`);
    for (let i = node.nodes.length - 1; i >= 0; i--) {
      const child = node.nodes[i]!;
      pending.push(typeof child === "string" ? escapeText(child) : child);
    }
  }
  return parts.join("");
}
