/** roXMLElement and roXMLList. */
import { join, whole } from "../../text.js";
import { type Enumeration, enumeration, expose, exposed, type Protocol } from "../runtime/component.js";
import { unboxed, type Value } from "../runtime/values.js";
import { RoAssociativeArray } from "./associative-array.js";
import { box } from "./boxed.js";
import { RoList } from "./list.js";
import { writeXml } from "./xml-writer.js";

const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>';

/** An element of an XML document: a name, attributes, and text and elements in a row. */
export class RoXMLElement implements Partial<Protocol> {
  /** No two texts stand side by side. */
  nodes: (RoXMLElement | string)[] = [];
  #attributes: RoAssociativeArray | undefined;
  /** What #attributes is to be made of: most elements of a large document are never asked for theirs. */
  #parsed: Readonly<Record<string, string>>;

  constructor(
    public name = "",
    attributes: Readonly<Record<string, string>> = {},
  ) {
    this.#parsed = attributes;
  }

  /** The attributes in the order of their names; not what is no text, which the program may have put there. */
  textAttributes(): [name: string, text: string][] {
    const made = this.#attributes;
    if (made === undefined) return Object.entries(this.#parsed).sort(([a], [b]) => (a < b ? -1 : 1));
    const all = made.keys().items.map((key) => [key, unboxed(made.get(key as string))]);
    return all.filter((each): each is [string, string] => typeof each[1] === "string");
  }

  /** Becomes the root element of `xml`. False: it is no well-formed document, and the element stays as it was. */
  parse(xml: string): boolean {
    const { parseXml } = require("./xml-parser.js") as typeof import("./xml-parser.js");
    const root = parseXml(xml);
    if (root === undefined) return false;
    this.#become(root);
    return true;
  }

  /** The child elements, or else the text, or else invalid. */
  getBody(): Value {
    const text = this.getText();
    return this.getChildElements() ?? (text === "" ? null : box(text));
  }

  /** The element's own: changing them changes it. */
  getAttributes(): RoAssociativeArray {
    this.#attributes ??= RoAssociativeArray.of(this.#parsed);
    return this.#attributes;
  }

  getName(): string {
    return this.name;
  }

  /** All the text that is right in the element, not that of its children. */
  getText(): string {
    return whole(this.nodes.filter((node) => typeof node === "string").join(""));
  }

  /** A new list, or invalid when there are none. */
  getChildElements(): RoXMLList | null {
    const children = this.#children();
    return children.length > 0 ? new RoXMLList(children) : null;
  }

  /** The child elements and the text between, or invalid when there are no child elements. */
  getChildNodes(): RoList | null {
    return this.#children().length > 0 ? new RoList(this.nodes.map(box)) : null;
  }

  getNamedElements(name: string): RoXMLList {
    return new RoXMLList(this.#children().filter((child) => child.name === name));
  }

  getNamedElementsCi(name: string): RoXMLList {
    const wanted = name.toLowerCase();
    return new RoXMLList(this.#children().filter((child) => child.name.toLowerCase() === wanted));
  }

  isName(name: string): boolean {
    return this.name === name;
  }

  hasAttribute(name: string): boolean {
    return this.getAttributes().get(name) !== undefined;
  }

  setName(name: string): void {
    this.name = name;
  }

  addAttribute(name: string, value: string): void {
    this.getAttributes().set(name, value);
  }

  /** Replaces all that the element contains by a text; by nothing, when `body` is none. */
  setBody(body: object | string | null): void {
    this.nodes = [];
    if (typeof body === "string") this.addText(body);
  }

  addText(text: string): void {
    const last = this.nodes.length - 1;
    const before = this.nodes[last];
    if (typeof before === "string") this.nodes[last] = join(before, text);
    else if (text !== "") this.nodes.push(text);
  }

  addBodyElement(): RoXMLElement {
    return this.addElement("");
  }

  addElement(name: string): RoXMLElement {
    const child = new RoXMLElement(name);
    this.nodes.push(child);
    return child;
  }

  addElementWithBody(name: string, body: object | string | null): RoXMLElement {
    const child = this.addElement(name);
    child.setBody(body);
    return child;
  }

  clear(): void {
    this.#become(new RoXMLElement());
  }

  genXML(header: boolean): string {
    return this.genXMLHdr(header ? DECLARATION : "");
  }

  genXMLHdr(header: string): string {
    return header + writeXml(this);
  }

  /** `xml.child` */
  $$field(name: string): RoXMLList {
    return this.getNamedElementsCi(name);
  }

  /** `xml@name` */
  $$attribute(name: string): Value {
    return this.getAttributes().get(name) ?? null;
  }

  $$each(): Enumeration {
    return enumeration(this.#children().values());
  }

  /** Takes what a new element has. */
  #become(element: RoXMLElement): void {
    this.name = element.name;
    this.nodes = element.nodes;
    this.#attributes = undefined;
    this.#parsed = element.#parsed;
  }

  #children(): RoXMLElement[] {
    return this.nodes.filter((node) => typeof node === "object");
  }
}

/** A list, as a rule of elements. What it says of attributes, text and children it says when it has one element only. */
export class RoXMLList extends RoList {
  getAttributes(): RoAssociativeArray | null {
    return this.#only?.getAttributes() ?? null;
  }

  getText(): string {
    return this.#only?.getText() ?? "";
  }

  getChildElements(): RoXMLList | null {
    return this.#only?.getChildElements() ?? null;
  }

  /** The children of that name of every element in the list. */
  getNamedElements(name: string): RoXMLList {
    return new RoXMLList(this.#elements().flatMap((element) => element.getNamedElements(name).items));
  }

  getNamedElementsCi(name: string): RoXMLList {
    return new RoXMLList(this.#elements().flatMap((element) => element.getNamedElementsCi(name).items));
  }

  /** The one item, or the list itself. */
  simplify(): Value {
    return this.length === 1 ? this.getEntry(0) : this;
  }

  /** `list.child` */
  $$field(name: string): RoXMLList {
    return this.getNamedElementsCi(name);
  }

  /** `list@name` */
  $$attribute(name: string): Value {
    return this.#only?.$$attribute(name) ?? null;
  }

  get #only(): RoXMLElement | undefined {
    const first = this.at(0);
    return this.length === 1 && first instanceof RoXMLElement ? first : undefined;
  }

  #elements(): RoXMLElement[] {
    return this.items.filter((item) => item instanceof RoXMLElement);
  }
}

expose(RoXMLElement, "roXMLElement", {
  ifXMLElement: [
    "parse(xml as String) as Boolean",
    "getBody() as Object",
    "getAttributes() as Object",
    "getName() as String",
    "getText() as String",
    "getChildElements() as Object",
    "getChildNodes() as Object",
    "getNamedElements(name as String) as Object",
    "getNamedElementsCi(name as String) as Object",
    "isName(name as String) as Boolean",
    "hasAttribute(name as String) as Boolean",
    "setName(name as String) as Void",
    "addAttribute(name as String, value as String) as Void",
    "setBody(body as Object|String) as Void",
    "addText(text as String) as Void",
    "addBodyElement() as Object",
    "addElement(name as String) as Object",
    "addElementWithBody(name as String, body as Object|String) as Object",
    "clear() as Void",
    "genXML(header as Boolean) as String",
    "genXMLHdr(header as String) as String",
  ],
});

expose(RoXMLList, "roXMLList", {
  ...exposed.get("roList"),
  ifXMLList: [
    "getAttributes() as Object",
    "getText() as String",
    "getChildElements() as Object",
    "getNamedElements(name as String) as Object",
    "getNamedElementsCi(name as String) as Object",
    "simplify() as Object",
  ],
});
