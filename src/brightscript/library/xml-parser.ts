/** Text as a tree of XML elements. */
import { SaxesParser } from "saxes";
import { RoXMLElement } from "./xml.js";

/**
 * The root element, or undefined when the text is no well-formed document. Prefixes of namespaces stay part of the names;
 * comments, processing instructions and the document type are left out, and entities other than XML's own are an error.
 */
export function parseXml(text: string): RoXMLElement | undefined {
  const parser = new SaxesParser({ xmlns: false, position: false });
  const open: RoXMLElement[] = [];
  let root: RoXMLElement | undefined;
  const addText = (part: string): void => open.at(-1)?.addText(part);
  parser.on("opentag", ({ name, attributes }) => {
    const element = new RoXMLElement(name, attributes);
    open.at(-1)?.nodes.push(element);
    root ??= element;
    open.push(element);
  });
  parser.on("closetag", () => dropIndentation(open.pop()!));
  parser.on("text", addText);
  parser.on("cdata", addText);
  try {
    parser.write(text).close();
  } catch {
    return undefined;
  }
  return root;
}

/** White space around child elements is how the document is laid out; by itself in an element it is text. */
function dropIndentation(element: RoXMLElement): void {
  if (!element.nodes.some((node) => typeof node === "object")) return;
  element.nodes = element.nodes.filter((node) => typeof node === "object" || /[^\t\n\r ]/.test(node));
}
